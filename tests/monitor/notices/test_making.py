"""A message whose making raises concerns itself alone: the others leave, operators are told, it is made once mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.crawling.portals import keep_portal
from ledger.database import Ledger, LedgerError
from ledger.messages.incidents import list_incidents
from ledger.models import PortalRow
from ledger.states import IncidentKind, IncidentOutcome
from monitor.evidence.facts import evidence_of
from monitor.letters.office import office_letter
from monitor.loop import tick
from monitor.notices.making import Making
from monitor.weekly.write import summary_of
from tests.monitor.factory import OFFICE, OPERATORS, World, at, write_register
from tests.monitor.notices.test_over_several_districts import ALL_THREE, CITY, LINSHUI, two, write_two_districts
from tests.monitor.reading_mail import text_of

__all__ = ["two"]
DISTRICTS = "云山区", "临水区"


def raising(real: Callable[..., Any], broken: Callable[..., bool]) -> Callable[..., Any]:
    """The function, which raises where its arguments are those that break it."""

    def make(*given: Any, **named: Any) -> Any:
        if broken(*given, **named):
            raise ZeroDivisionError("nobody thought of this")
        return real(*given, **named)

    return make


def for_linshui(session: object, register: object, contents: Any, *_: object) -> bool:
    return str(contents.office) == "临水区"


def to(inbox: Inbox, recipient: str) -> list[str]:
    return [str(mail["Subject"]) for mail in inbox.messages() if str(mail["To"]) == recipient]


def unmade(ledger: Ledger, *, resolved: bool = False) -> list[str]:
    with ledger.read() as session:
        rows = [one for one in list_incidents(session, resolved=resolved) if one.kind is IncidentKind.LETTER_UNMADE]
        return [one.sentence for one in rows]


@pytest.mark.usefixtures("two")
def test_a_letter_that_raises_holds_up_nobody_and_is_made_once_mended(
    mailing: Settings, ledger: Ledger, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = office_letter
    monkeypatch.setattr("monitor.notices.letters.office_letter", raising(real, for_linshui))
    for minute in (10, 11, 12):
        tick(mailing, ledger, at(f"2020-02-03 08:{minute}"))
    assert to(inbox, OFFICE) and to(inbox, CITY) and not to(inbox, LINSHUI)
    assert unmade(ledger) == [
        "给临水区的通知生成不了（ZeroDivisionError：nobody thought of this）；其他通知照常发出，改好后自动补上"
    ]
    (told,) = [text_of(mail) for mail in inbox.messages() if str(mail["To"]) == OPERATORS]
    assert "有通知生成不了" in told and "给临水区的通知生成不了" in told
    monkeypatch.setattr("monitor.notices.letters.office_letter", real)
    for minute in (13, 14):
        tick(mailing, ledger, at(f"2020-02-03 08:{minute}"))
    assert len(to(inbox, OFFICE)) == len(to(inbox, LINSHUI)) == 1
    assert unmade(ledger) == [] and len(unmade(ledger, resolved=True)) == 1
    assert "已能生成" in text_of([mail for mail in inbox.messages() if str(mail["To"]) == OPERATORS][-1])


@pytest.mark.usefixtures("two")
def test_who_is_left_out_in_quiet_hours_is_not_mended(
    mailing: Settings, ledger: Ledger, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = ALL_THREE.replace("DISTRICTS", "all").replace(
        "{district: 临水区,", "{district: 临水区, delivery: {quiet: {begin: 22, end: 6}},"
    )
    write_register(mailing.home, offices=quiet)
    real = office_letter
    monkeypatch.setattr("monitor.notices.letters.office_letter", raising(real, for_linshui))
    tick(mailing, ledger, at("2020-02-03 08:10"))
    assert len(unmade(ledger)) == 1
    monkeypatch.setattr("monitor.notices.letters.office_letter", real)
    tick(mailing, ledger, at("2020-02-03 22:30"))
    assert len(unmade(ledger)) == 1 and not to(inbox, LINSHUI)
    assert not any("已能生成" in text_of(mail) for mail in inbox.messages())
    tick(mailing, ledger, at("2020-02-04 08:10"))
    assert to(inbox, LINSHUI) and unmade(ledger) == []


def test_nobody_waits_for_ever_for_a_message_that_is_wanted_no_more(mailing: Settings, ledger: Ledger) -> None:
    register = load_register(mailing.home)

    def turn(day: str, make: Callable[[], int] | None) -> None:
        making = Making("letters", "通知")
        if make is not None:
            making.one("临水区", make)
        making.settle(ledger, register, at(f"{day} 08:10"))

    def fails() -> int:
        raise ZeroDivisionError

    turn("2020-02-03", fails)
    turn("2020-02-05", fails)
    for day, make in (("2020-02-06", None), ("2020-02-19", lambda: 0)):
        turn(day, make)
        assert len(unmade(ledger)) == 1
    turn("2020-02-20", None)
    with ledger.read() as session:
        (one,) = list_incidents(session, resolved=True)
    assert one.detail["outcome"] == IncidentOutcome.QUIET and one.resolution == "14天来没有再需要生成"
    turn("2020-02-21", fails)
    turn("2020-02-21", lambda: 1)
    assert unmade(ledger) == [] and len(unmade(ledger, resolved=True)) == 2


@pytest.mark.usefixtures("two")
def test_a_summary_that_raises_leaves_the_letter_of_the_day_and_the_others(
    mailing: Settings, ledger: Ledger, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_summaries = ALL_THREE.replace("DISTRICTS", "all").replace(
        "{to: office@linshui.example, weekly: false}", LINSHUI
    )
    write_register(mailing.home, offices=with_summaries)
    real = summary_of
    monkeypatch.setattr(
        "monitor.weekly.write.summary_of",
        raising(real, lambda session, register, office, *_, **__: office.key == "临水区"),
    )
    tick(mailing, ledger, at("2020-02-03 08:10"))
    assert [subject for subject in to(inbox, CITY) if "周报" in subject]
    assert to(inbox, OFFICE) and len(to(inbox, LINSHUI)) == 1 and "周报" not in to(inbox, LINSHUI)[0]
    assert ["给临水区的周报" in sentence for sentence in unmade(ledger)] == [True]
    monkeypatch.setattr("monitor.weekly.write.summary_of", real)
    tick(mailing, ledger, at("2020-02-03 08:11"))
    assert "周报" in to(inbox, LINSHUI)[1] and unmade(ledger) == []


def test_what_comes_at_once_and_what_is_taken_back(
    mailing: Settings, ledger: Ledger, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_two_districts(mailing.home)
    offices = ALL_THREE.replace("DISTRICTS", "[云山区]").replace(
        "weekday: 1}", "weekday: 1, delivery: {pace: at_once}}"
    )
    write_register(mailing.home, offices=offices)
    for name in ("yunshan", "linshui"):
        world = World(ledger, name)
        for agency, column in ((f"{name}-dongjie", "streets"), (f"{name}-government", "departments")):
            world.article(agency, 2019, "2020-01-17", column=column, page_label="2020-01-16")
        for day in (1, 2):
            world.look(f"2020-02-0{day} 03:00")
    real = office_letter
    monkeypatch.setattr("monitor.notices.write.office_letter", raising(real, for_linshui))
    tick(mailing, ledger, at("2020-02-03 08:10"))
    assert to(inbox, OFFICE) and not to(inbox, LINSHUI) and len(unmade(ledger)) == 1
    monkeypatch.setattr("monitor.notices.write.office_letter", real)
    tick(mailing, ledger, at("2020-02-03 08:11"))
    assert to(inbox, LINSHUI) and unmade(ledger) == []
    # Both reports were there all the time: what was told is taken back, for the one office later.
    monkeypatch.setattr("monitor.notices.corrections.office_letter", raising(real, for_linshui))
    for name in ("yunshan", "linshui"):
        World(ledger, name).article(
            f"{name}-culture", 2019, "2020-01-20", column="departments", page_label="2020-01-20"
        )
    tick(mailing, ledger, at("2020-02-03 10:00"))
    assert len(to(inbox, OFFICE)) == 2 and len(to(inbox, LINSHUI)) == 1 and len(unmade(ledger)) == 1
    monkeypatch.setattr("monitor.notices.corrections.office_letter", real)
    tick(mailing, ledger, at("2020-02-03 10:01"))
    assert len(to(inbox, LINSHUI)) == 2 and unmade(ledger) == []


@pytest.mark.usefixtures("two")
def test_a_letter_whose_evidence_raises_leaves_without_it(
    mailing: Settings, ledger: Ledger, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.notices.enclosing.evidence_of", raising(evidence_of, lambda *_: True))
    tick(mailing, ledger, at("2020-02-03 08:10"))
    assert to(inbox, OFFICE) and to(inbox, LINSHUI) and unmade(ledger) == []


def test_what_was_written_of_it_is_taken_back_and_what_concerns_everybody_is_raised(ledger: Ledger) -> None:
    making = Making("letters", "通知")
    with ledger.write() as session:
        keep_portal(session, "before", at("2020-02-03"))

        def breaks() -> int:
            keep_portal(session, "of-it", at("2020-02-03"))
            raise ZeroDivisionError

        assert making.one(LINSHUI, breaks, session) == 0
        assert making.one(OFFICE, lambda: 1, session) == 1
    with ledger.read() as session:
        assert session.scalars(select(PortalRow.portal)).all() == ["before"]
    for error in (ConfigurationError("", "", ""), LedgerError(), OperationalError("", None, Exception())):

        def fails(error: Exception = error) -> int:
            raise error

        with pytest.raises(type(error)):
            making.one(OFFICE, fails)

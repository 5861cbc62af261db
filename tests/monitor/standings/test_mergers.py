"""Agencies that were founded, merged or dissolved in between: who owes what, and nobody is accused who is no more."""

from __future__ import annotations

import pytest

from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from ledger.messages.incidents import list_incidents
from ledger.models import StandingRow
from monitor.loop import tick
from tests.monitor.factory import World, at, write_register
from tests.monitor.reading_mail import text_of, told

OLD, NEW = "yunshan-culture", "yunshan-sport"
NAMES = {OLD: "云山区文化局", NEW: "云山区文化体育局"}
REGISTER = """
district: 云山区
portal: yunshan
watched: {{first: 2019}}
agencies:
  - {{id: yunshan-culture, name: 云山区文化局, short: 区文化局, kind: department{old}}}
  - {{id: yunshan-sport, name: 云山区文化体育局, short: 区文体局, kind: department{new}}}
"""


def register(settings: Settings, old: str = "", new: str = "") -> None:
    write_register(settings.home, agencies=REGISTER.format(old=old, new=new))


def standings(ledger: Ledger) -> dict[str, tuple[str, str]]:
    with ledger.read() as session:
        rows = [session.get_one(StandingRow, (agency, 2019)) for agency in (OLD, NEW)]
        return {row.agency: (row.standing.value, row.sentence) for row in rows}


def two_looks(world: World) -> None:
    world.look("2020-02-01")
    world.look("2020-02-02")


def subjects(inbox: Inbox) -> list[str]:
    return [str(mail["Subject"]) for mail in told(inbox)]


@pytest.mark.parametrize(
    ("old", "sentence"),
    [
        (
            ", dissolved: 2020-01-31, successor: yunshan-sport",
            "该机关已于2020年1月31日并入云山区文化体育局，2019年度报告由云山区文化体育局编制",
        ),
        (", dissolved: 2019-11-05", "该机关已于2019年11月5日撤销"),
        (", last_year: 2018, successor: yunshan-sport", "2018年度之后不再编制年度报告，由云山区文化体育局编制"),
        (", founded: 2020-01-02", "该机关于2020年1月2日成立，不编制2019年度报告"),
    ],
)
def test_who_is_no_more_when_it_is_due_owes_nothing(
    old: str, sentence: str, mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    register(mailing, old)
    world.article(NEW, 2019, "2020-01-20", page_label="2020-01-20")
    two_looks(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    assert standings(ledger)[OLD] == ("exempt", sentence)
    assert standings(ledger)[NEW][0] == "on_time"
    assert subjects(inbox) == []


def test_founded_within_the_year_owes_its_report(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    register(mailing, new=", founded: 2019-12-31")
    world.article(OLD, 2019, "2020-01-20", page_label="2020-01-20")
    two_looks(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    assert standings(ledger)[NEW][0] == "missing"
    assert subjects(inbox) == ["区文体局未公布〔2019年报〕"]


def test_a_report_in_the_name_of_who_was_merged_may_be_its_successor_s(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    register(mailing, ", dissolved: 2020-01-10, successor: yunshan-sport")
    article = world.article(OLD, 2019, "2020-01-20", title="云山区文化局2019年度报告", page_label="2020-01-20")
    two_looks(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    assert standings(ledger)[OLD][0] == "exempt"
    assert standings(ledger)[NEW] == (
        "unverifiable",
        "应在栏目中有未能归属或打开的内容：《云山区文化局2019年度报告》（以并入本机关的云山区文化局的名义公布），在核对之前不能认定未公布",
    )
    assert subjects(inbox) == []
    world.change(article, withdrawn_at=at("2020-02-03"))
    world.look("2020-02-03")
    tick(mailing, ledger, at("2020-02-03 13:00"))
    assert standings(ledger)[NEW][0] == "missing"


def test_who_was_accused_before_the_register_knew_gets_a_correction(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    register(mailing)
    world.article(NEW, 2019, "2020-01-20", page_label="2020-01-20")
    two_looks(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    register(mailing, ", dissolved: 2019-12-15, successor: yunshan-sport")
    tick(mailing, ledger, at("2020-02-03 13:00"))
    assert subjects(inbox) == ["区文化局未公布〔2019年报〕", "区文化局更正：“未公布”不成立〔2019年报〕"]
    assert "该机关已于2019年12月15日并入云山区文化体育局" in text_of(told(inbox)[1])
    with ledger.read() as session:
        assert list_incidents(session) == []


def test_who_is_dissolved_later_is_not_reminded_any_more_and_keeps_its_standing(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    register(mailing)
    world.article(NEW, 2019, "2020-01-20", page_label="2020-01-20")
    two_looks(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    register(mailing, ", dissolved: 2020-02-06, successor: yunshan-sport")
    for day in ("2020-02-05", "2020-02-06", "2020-02-09", "2020-03-09"):
        tick(mailing, ledger, at(f"{day} 13:00"))
    assert standings(ledger)[OLD][0] == "missing"
    assert subjects(inbox) == ["区文化局未公布〔2019年报〕"]
    with ledger.read() as session:
        (incident,) = list_incidents(session, resolved=True)
    assert (incident.resolution, incident.resolved_at) == (
        "该机关已撤销，不再催办；状况仍保留在台账中",
        at("2020-02-06 13:00"),
    )


@pytest.mark.parametrize(
    ("old", "wrong"),
    [
        (", dissolved: 2020-01-10, successor: yunshan-nobody", "承接机关“yunshan-nobody”不在名册中"),
        (", successor: yunshan-sport", "还须写撤销日期"),
        (", dissolved: 2020-01-10, successor: yunshan-culture", "不能是它自己"),
        (", founded: 2020-01-10, dissolved: 2020-01-10", "须在成立日期 founded 之后"),
    ],
)
def test_a_register_that_cannot_be_is_refused(old: str, wrong: str, sqlite_settings: Settings) -> None:
    register(sqlite_settings, old)
    with pytest.raises(ConfigurationError, match=wrong):
        load_register(sqlite_settings.home)

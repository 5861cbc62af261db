"""Reminders until the world changes or a person says something; announced downtime of portals."""

from __future__ import annotations

import pytest

from cli.demo.inbox import Inbox
from config.maintenance import load_maintenance
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from ledger.messages.incident_notes import note_incident, notes_about
from ledger.messages.incidents import list_incidents
from ledger.states import FindingState, IncidentNoteKind, PortalState
from monitor.calendar import day_of
from monitor.loop import tick
from tests.monitor.factory import OFFICE, OFFICES, OPERATORS, World, at, write_register
from tests.monitor.reading_mail import text_of, told

CULTURE = "yunshan-culture"


def missing(world: World) -> None:
    """区文旅局 is missing from 2 February on; 东街街道 was in time."""
    world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    world.look("2020-02-01")
    world.look("2020-02-02")


def live(settings: Settings, ledger: Ledger, *days: str) -> None:
    """A tick at 7:30 and at 9:00 of some days of 2020: what is said too early is said on the next of them."""
    for day in days:
        for hour in ("07:30", "09:00"):
            tick(settings, ledger, at(f"2020-{day} {hour}"))


def mails(inbox: Inbox) -> list[tuple[str, str, str]]:
    return [(str(day_of(m["Date"].datetime)), str(m["To"]), str(m["Subject"])) for m in told(inbox)]


@pytest.mark.parametrize("pace", ["at_once", "daily"])
def test_what_reminders_did_not_mend_goes_to_a_second_address(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, pace: str
) -> None:
    office = "{to: office@yunshan.example, weekly: false}"
    second = "{to: leader@yunshan.example, from_reminder: 2}"
    write_register(mailing.home, offices=OFFICES.replace(office, f"{office}, {second}").replace("at_once", pace))
    article = world.article("yunshan-dongjie", 2019, "2020-02-03", column="streets", page_label="2020-01-16")
    finding = world.finding(world.version(article, "2020-02-03"), "yunshan-dongjie", 2019, "2020-02-03")
    live(mailing, ledger, "02-03", "02-04", "02-11", "02-12", "02-25", "02-26")
    by_leader = [subject for _, to, subject in mails(inbox) if to == "leader@yunshan.example"]
    again = [subject for _, to, subject in mails(inbox) if to == OFFICE and "第2次催办" in subject]
    assert len(again) == 1 and by_leader == again  # no news, no first reminder, no summary
    world.version(article, "2020-02-27", "corrected")
    world.change_finding(finding, state=FindingState.RESOLVED, resolved_at=at("2020-02-27 07:00"))
    live(mailing, ledger, "02-27", "02-28", "03-02", "03-20")
    by_leader = [subject for _, to, subject in mails(inbox) if to == "leader@yunshan.example"]
    assert by_leader[1:] == ["东街街道已更正〔2019年报〕"]


@pytest.mark.parametrize("pace", ["at_once", "daily"])
def test_a_second_address_is_told_that_a_report_was_published_late(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, pace: str
) -> None:
    office = "{to: office@yunshan.example, weekly: false}"
    second = "{to: leader@yunshan.example, from_reminder: 2}"
    write_register(mailing.home, offices=OFFICES.replace(office, f"{office}, {second}").replace("at_once", pace))
    missing(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    live(mailing, ledger, "02-03", "02-10", "02-11", "02-24", "02-25", "02-26")
    reminded = [subject for _, to, subject in mails(inbox) if to == "leader@yunshan.example"]
    assert len(reminded) == 1 and "未公布（第2次催办）" in reminded[0]
    world.article(CULTURE, 2019, "2020-03-02", page_label="2020-03-02")
    live(mailing, ledger, "03-02", "03-03", "03-04", "03-25", "03-26")
    (told_of_the_end,) = [mail for mail in told(inbox)[1:] if str(mail["To"]) == "leader@yunshan.example"][1:]
    assert "区文旅局" in str(told_of_the_end["Subject"]) and "未公布" not in str(told_of_the_end["Subject"])
    assert "现在的状况为“逾期公布”" in text_of(told_of_the_end)
    # Who was told of it as news is told of the late report as news, and not of the end besides.
    ends = [text_of(mail) for mail in told(inbox) if str(mail["To"]) == OFFICE and "现在的状况为" in text_of(mail)]
    assert ends == []


def test_what_stays_open_is_told_again_at_growing_intervals(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    missing(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    live(mailing, ledger, "02-03", "02-08", "02-09", "02-10", "02-16", "02-22", "02-23", "02-24", "03-03", "03-13")
    live(mailing, ledger, "03-23", "03-24", "03-25", "03-29")
    # 9 February is a Sunday: on Monday, and from then on.
    assert mails(inbox) == [
        ("2020-02-02", OFFICE, "区文旅局未公布〔2019年报〕"),
        ("2020-02-10", OFFICE, "区文旅局逾期10天未公布（第1次催办）〔2019年报〕"),
        ("2020-02-24", OFFICE, "区文旅局逾期24天未公布（第2次催办）〔2019年报〕"),
        ("2020-03-25", OFFICE, "区文旅局逾期54天未公布（第3次催办）〔2019年报〕"),
    ]
    text = text_of(told(inbox)[1])
    assert "区文旅局2019年：" in text and "请督促该机关尽快公布" in text and "2020年2月2日首次通知" in text
    world.article(CULTURE, 2019, "2020-03-30", page_label="2020-03-30")
    live(mailing, ledger, "03-30", "03-31", "04-06", "04-30", "05-10")
    last = [(day, subject) for day, _, subject in mails(inbox) if "区文旅局" in subject][-1]
    assert last == ("2020-03-30", "区文旅局逾期59天公布〔2019年报〕")
    assert not any("区文旅局" in text_of(mail) for mail in told(inbox)[-1:] if "催办" in str(mail["Subject"]))


@pytest.mark.parametrize(("kind", "reminded"), [("acknowledge", []), ("snooze", ["2020-02-21"]), ("note", None)])
def test_a_person_s_word_ends_the_reminders_and_not_the_incident(
    kind: str, reminded: list[str] | None, mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    missing(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    with ledger.write() as session:
        (incident,) = list_incidents(session)
        until = at("2020-02-21 00:00") if kind == "snooze" else None
        now = at("2020-02-03")
        assert note_incident(session, incident.id, IncidentNoteKind(kind), "王敏", "已电话催办", now, until) is incident
        assert note_incident(session, 999, IncidentNoteKind.NOTE, "王敏", "没有这一项", now) is None
    live(mailing, ledger, "02-03", "02-08", "02-09", "02-10", "02-20", "02-21", "02-22", "02-23", "02-24", "03-01")
    days = [day for day, _, subject in mails(inbox) if "催办" in subject]
    assert days == (["2020-02-10", "2020-02-24"] if reminded is None else reminded)
    with ledger.read() as session:
        assert [one.resolved_at for one in list_incidents(session)] == [None]
        (word,) = notes_about(session, [incident.id])[incident.id]
    assert (word.said_by, word.why, word.said_at) == ("王敏", "已电话催办", at("2020-02-03"))


def test_an_office_that_wants_none_gets_none_and_a_season_that_is_over_raises_none(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, offices=OFFICES.replace("{pace: at_once}", "{pace: at_once, reminders: []}"))
    missing(world)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    live(mailing, ledger, "02-09", "02-10")
    assert not any("催办" in subject for _, _, subject in mails(inbox))
    write_register(mailing.home)
    tick(mailing, ledger, at("2021-01-01 09:00"))
    assert not any("催办" in subject for _, _, subject in mails(inbox))


def test_announced_downtime_opens_nothing_until_it_is_over(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    path = mailing.home / "config" / "maintenance.yaml"
    path.write_text("windows:\n- {portal: yunshan, begin: 2020-01-05, end: 2020-01-09, reason: 迁移公告}\n", "utf-8")
    for day in range(5, 11):
        world.look(f"2020-01-{day:02}", found=PortalState.UNREACHABLE, sentence="连接超时")
        tick(mailing, ledger, at(f"2020-01-{day:02} 13:00"))
    assert mails(inbox) == [("2020-01-10", OPERATORS, "【年报·运行】云山区人民政府门户网站：门户不能查看")]
    path.write_text("windows:\n- {portal: yunshan, begin: 2020-01-05, end: 2020-01-04, reason: 迁移}\n", "utf-8")
    with pytest.raises(ConfigurationError, match="早于开始"):
        load_maintenance(mailing.home)


def test_a_portal_s_reminders_wait_for_the_end_of_its_maintenance(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    for day in (3, 4, 5):
        world.look(f"2020-01-{day:02}", found=PortalState.UNREACHABLE, sentence="连接超时")
    tick(mailing, ledger, at("2020-01-05 13:00"))
    path = mailing.home / "config" / "maintenance.yaml"
    path.write_text("windows:\n- {portal: yunshan, begin: 2020-01-10, end: 2020-01-14, reason: 迁移公告}\n", "utf-8")
    live(mailing, ledger, *(f"01-{day:02}" for day in range(6, 17)))
    assert mails(inbox) == [
        ("2020-01-05", OPERATORS, "【年报·运行】云山区人民政府门户网站：门户不能查看"),
        ("2020-01-15", OPERATORS, "【年报·运行】仍未解决：1个事项"),
    ]

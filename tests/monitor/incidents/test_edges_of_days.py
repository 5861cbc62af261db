"""Where days, clocks and names end: midnight, leap day, two clocks, a new name, a report twice, early, away and back.

Each with the standing and every mail that the office gets.
"""

from __future__ import annotations

import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cli.demo.inbox import Inbox
from config.deadlines import load_deadlines
from config.settings import Settings
from config.yaml_file import ConfigurationError, data_file
from ledger.database import Ledger
from ledger.messages.incidents import list_incidents
from ledger.models import StandingRow
from monitor.loop import tick
from tests.monitor.factory import AGENCIES, World, at, write_register
from tests.monitor.reading_mail import text_of, told

CULTURE, DONGJIE = "yunshan-culture", "yunshan-dongjie"
NAME = "云山区文化和旅游局2019年政府信息公开工作年度报告"


@pytest.fixture
def season(world: World) -> World:
    """东街街道 was in time, so that only 区文旅局 is in question."""
    world.article(DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    return world


def standing(ledger: Ledger, agency: str = CULTURE) -> str:
    with ledger.read() as session:
        return session.get_one(StandingRow, (agency, 2019)).standing.value


def subjects(inbox: Inbox) -> list[str]:
    return [str(mail["Subject"]) for mail in told(inbox)]


@pytest.mark.parametrize(
    ("published", "expected", "mails"),
    [
        ("2020-01-31 23:59:59", "on_time", []),
        ("2020-02-01 00:00:00", "late", ["区文旅局逾期1天公布〔2019年报〕"]),
        ("2020-02-29 23:59:59", "late", ["区文旅局逾期29天公布〔2019年报〕"]),
        ("2019-12-20 10:00:00", "on_time", []),
    ],
)
def test_a_second_decides_and_nothing_else(
    published: str, expected: str, mails: list[str], mailing: Settings, ledger: Ledger, season: World, inbox: Inbox
) -> None:
    tick(mailing, ledger, at("2020-01-20"))
    season.article(CULTURE, 2019, "2020-02-29 23:59:59", record_id=published, entered=published)
    tick(mailing, ledger, at("2020-03-01"))
    tick(mailing, ledger, at("2020-03-02"))
    assert (standing(ledger), subjects(inbox)) == (expected, mails)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Shanghai"])
def test_wherever_the_machine_stands_the_day_is_shanghai_s(
    zone: str,
    mailing: Settings,
    ledger: Ledger,
    season: World,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    request.addfinalizer(time.tzset)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    here = ZoneInfo(zone)
    # 1 February 00:00 in Shanghai is 16:00 of 31 January in London: the looks count from that second on.
    season.look("2020-01-31 23:59:59")
    season.look("2020-02-01 00:00:00")
    tick(mailing, ledger, at("2020-02-01 00:30").astimezone(here))
    assert standing(ledger) == "unverifiable"
    season.look("2020-02-01 12:00")
    tick(mailing, ledger, at("2020-02-01 12:10").astimezone(here))
    assert (standing(ledger), subjects(inbox)) == ("missing", ["区文旅局未公布〔2019年报〕"])
    assert "2020年2月1日12:10" in text_of(told(inbox)[0])
    # Put there at 23:59 of the due day in Shanghai, which some clocks call 31 January and some 1 February.
    season.article(CULTURE, 2019, "2020-02-01 13:00", entered="2020-01-31 23:59")
    tick(mailing, ledger, at("2020-02-01 13:10").astimezone(here))
    assert (standing(ledger), subjects(inbox)[1:]) == ("on_time", ["区文旅局更正：“未公布”不成立〔2019年报〕"])


def test_a_due_date_that_only_leap_years_have_is_refused(settings: Settings) -> None:
    text = (
        data_file("deadlines.yaml", None).read_text("utf-8").replace("month: 1\n    day: 31", "month: 2\n    day: 29")
    )
    (settings.home / "config" / "deadlines.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match="日期不存在"):
        load_deadlines(settings.home)


def test_two_clocks_an_hour_apart_tell_once(mailing: Settings, ledger: Ledger, season: World, inbox: Inbox) -> None:
    season.look("2020-02-01 00:00")
    season.look("2020-02-01 12:00")
    for minutes in range(0, 180, 20):
        now = at("2020-02-01 12:30") + timedelta(minutes=minutes)
        for clock in (now, now - timedelta(hours=1)):
            tick(mailing, ledger, clock)
    assert (standing(ledger), subjects(inbox)) == ("missing", ["区文旅局未公布〔2019年报〕"])


def test_a_new_name_in_january_is_the_same_agency(
    mailing: Settings, ledger: Ledger, season: World, inbox: Inbox
) -> None:
    tick(mailing, ledger, at("2020-01-05"))
    old = "name: 云山区文化和旅游局, short: 区文旅局, kind: department}"
    renamed = "name: 云山区文旅体局, short: 区文旅体局, kind: department, aliases: [云山区文化和旅游局]}"
    assert old in AGENCIES
    write_register(mailing.home, agencies=AGENCIES.replace(old, renamed))
    season.look("2020-02-01")
    season.look("2020-02-02")
    tick(mailing, ledger, at("2020-02-02 13:00"))
    assert subjects(inbox) == ["区文旅体局未公布〔2019年报〕"]
    season.article(CULTURE, 2019, "2020-02-03", entered="2020-01-20", title="云山区文化和旅游局2019年年度报告")
    tick(mailing, ledger, at("2020-02-03 13:00"))
    tick(mailing, ledger, at("2020-02-04 13:00"))
    assert standing(ledger) == "on_time"
    assert subjects(inbox)[1:] == ["区文旅体局更正：“未公布”不成立〔2019年报〕"]


def test_published_twice_is_published_once_and_the_first_counts(
    mailing: Settings, ledger: Ledger, season: World, inbox: Inbox
) -> None:
    season.article(CULTURE, 2019, "2020-01-20", page_label="2020-01-19")
    season.article(CULTURE, 2019, "2020-02-10", page_label="2020-02-10", title="同一份报告再次公布")
    tick(mailing, ledger, at("2020-02-10 13:00"))
    tick(mailing, ledger, at("2020-02-11 13:00"))
    assert (standing(ledger), subjects(inbox)) == ("on_time", [])


def test_of_two_publications_one_may_go(mailing: Settings, ledger: Ledger, season: World, inbox: Inbox) -> None:
    first = season.article(CULTURE, 2019, "2020-01-20", page_label="2020-01-19")
    season.article(CULTURE, 2019, "2020-02-10", page_label="2020-02-10", title="同一份报告再次公布")
    season.change(first, withdrawn_at=at("2020-02-12"))
    tick(mailing, ledger, at("2020-02-12 13:00"))
    tick(mailing, ledger, at("2020-02-13 13:00"))
    assert (standing(ledger), subjects(inbox)) == ("on_time", [])


def test_put_back_at_another_address_after_the_due_date_is_not_late(
    mailing: Settings, ledger: Ledger, season: World, inbox: Inbox
) -> None:
    first = season.article(CULTURE, 2019, "2020-01-20", page_label="2020-01-19")
    tick(mailing, ledger, at("2020-01-20 13:00"))
    season.change(first, withdrawn_at=at("2020-02-05"))
    tick(mailing, ledger, at("2020-02-05 13:00"))
    assert standing(ledger) == "withdrawn"
    season.article(CULTURE, 2019, "2020-02-10", page_label="2020-02-10", title="改正后再次公布")
    tick(mailing, ledger, at("2020-02-10 13:00"))
    tick(mailing, ledger, at("2020-02-11 13:00"))
    assert (standing(ledger), subjects(inbox)) == (
        "on_time",
        ["区文旅局报告撤下〔2019年报〕", "区文旅局已恢复〔2019年报〕"],
    )


def test_published_in_the_year_it_reports_on_is_in_time(
    mailing: Settings, ledger: Ledger, season: World, inbox: Inbox
) -> None:
    tick(mailing, ledger, at("2019-12-25"))
    season.article(CULTURE, 2019, "2019-12-25 10:00", page_label="2019-12-24")
    tick(mailing, ledger, at("2019-12-31 23:59:59"))
    with ledger.read() as session:
        assert session.get(StandingRow, (CULTURE, 2019)) is None, "nothing is owed before the season"
    tick(mailing, ledger, at("2020-01-01 00:00:00"))
    tick(mailing, ledger, at("2020-02-03 13:00"))
    assert (standing(ledger), subjects(inbox)) == ("on_time", [])


def test_withdrawn_and_put_back_is_two_mails_in_one_thread(
    mailing: Settings, ledger: Ledger, season: World, inbox: Inbox
) -> None:
    article = season.article(CULTURE, 2019, "2020-01-20", page_label="2020-01-19")
    tick(mailing, ledger, at("2020-01-20 13:00"))
    season.change(article, withdrawn_at=at("2020-01-25"))
    tick(mailing, ledger, at("2020-01-25 13:00"))
    assert standing(ledger) == "withdrawn"
    season.change(article, withdrawn_at=None)
    tick(mailing, ledger, at("2020-01-27 13:00"))
    tick(mailing, ledger, at("2020-01-28 13:00"))
    assert (standing(ledger), subjects(inbox)) == (
        "on_time",
        ["区文旅局报告撤下〔2019年报〕", "区文旅局已恢复〔2019年报〕"],
    )
    assert told(inbox)[1]["In-Reply-To"] == told(inbox)[0]["Message-ID"]
    with ledger.read() as session:
        assert list_incidents(session) == []

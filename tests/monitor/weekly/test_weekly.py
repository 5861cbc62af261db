"""The weekly summary: when it comes, what it says, and that it says nothing false of what could not be seen."""

from __future__ import annotations

from typing import Any

import pytest

from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.insert import insert_or_ignore
from ledger.models import Incident
from ledger.standings.summary import has_open_matters
from ledger.states import PortalState
from monitor.loop import tick
from monitor.weekly.summary import weekly_of
from monitor.weekly.write import office_of
from tests.monitor.factory import DISTRICT, OFFICE, World, at
from tests.monitor.reading_mail import text_of, words_of


def weeklies(inbox: Inbox) -> list[str]:
    return [str(message["Subject"]) for message in inbox.messages() if "周报" in message["Subject"]]


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        # Monday before eight: not yet; at eight: once, however often the monitor turns.
        (["2020-01-13 07:59"], 0),
        (["2020-01-13 08:00", "2020-01-13 08:01", "2020-01-17 12:00"], 1),
        # Nobody was there on Monday: on Wednesday. Next Monday the next one.
        (["2020-01-15 03:00", "2020-01-20 08:00"], 2),
        # Before the season and after it.
        (["2019-12-30 09:00"], 0),
        (["2020-04-13 09:00"], 1),
        (["2020-04-20 09:00"], 0),
    ],
)
def test_it_comes_once_a_week_in_season(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, moments: list[str], expected: int
) -> None:
    world.article("yunshan-government", 2019, "2020-01-02")
    for moment in moments:
        world.look(moment)
        tick(mailing, ledger, at(moment))
    assert len(weeklies(inbox)) == expected


def test_a_day_off_moves_it_and_out_of_season_it_is_a_line_a_month(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    def arrived(*moments: str) -> list[str]:
        before = len(inbox.messages())
        for moment in moments:
            world.look(moment, reports={})
            tick(mailing, ledger, at(moment))
        return [str(one["Subject"]) for one in inbox.messages()[before:] if one["To"] == OFFICE]

    # Monday 27 January 2020 lies in the Spring Festival, which ended on 3 February, also a Monday.
    assert arrived("2020-01-27 09:00", "2020-01-28 09:00") == []
    assert arrived("2020-02-03 09:00") == ["云山区周报2月3日：没有未了的事项〔2019年报〕"]
    # Monday 1 June is the first summary of a month in which nothing runs; on 6 October the holidays are not over.
    assert arrived("2020-05-25 09:00") == []
    assert arrived("2020-06-01 09:00", "2020-06-02 09:00") == ["云山区月报6月1日：没有未了的事项"]
    line = text_of(inbox.messages()[-1])
    assert "截至2020年6月1日9:00，云山区没有未了的事项。" in line and "台账" not in line
    assert list(inbox.messages()[-1].iter_attachments()) == []
    assert arrived("2020-06-08 09:00", "2020-10-05 09:00", "2020-10-08 09:00") == []
    assert arrived("2020-10-09 09:00", "2020-10-12 09:00") == ["云山区月报10月9日：没有未了的事项"]


def test_a_district_that_cannot_be_watched_is_never_silent(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.look("2020-08-10 08:00", reports={})
    tick(mailing, ledger, at("2020-08-10 09:00"))
    assert weeklies(inbox) == []
    world.look("2020-08-17 07:00", found=PortalState.BLOCKED, sentence="返回验证页面")
    tick(mailing, ledger, at("2020-08-17 09:00"))
    assert weeklies(inbox) == ["云山区周报8月17日：门户未能查看"]
    text = text_of(inbox.messages()[-1])
    assert "云山区人民政府门户网站：访问被拦截（2020年8月17日7:00起）。返回验证页面" in text
    # Nobody looked for a week: that is no better.
    world.look("2020-08-17 10:00", reports={})
    tick(mailing, ledger, at("2020-08-31 09:00"))
    assert weeklies(inbox)[1:] == ["云山区周报8月31日：门户未能查看"]


def test_it_says_where_the_season_stands(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    world.look("2020-01-30")
    street = world.article("yunshan-dongjie", 2019, "2020-01-30", column="streets", page_label="2020-01-30")
    world.finding(world.version(street, "2020-01-30"), "yunshan-dongjie", 2019, "2020-01-30")
    world.look("2020-02-01")
    world.look("2020-02-02")
    tick(mailing, ledger, at("2020-02-03 09:00"))
    message = next(m for m in inbox.messages() if "周报" in m["Subject"])
    assert (message["To"], message["Subject"]) == (
        OFFICE,
        "云山区周报2月3日：1家未公布，1份报告待处理〔2019年报〕",
    )
    for words in (text_of(message), " ".join(words_of(message).split())):
        assert "2020年3月31日" in words and "还有57天" in words
        assert "2020年1月31日" in words and "已过3天" in words
        assert "云山区人民政府东街街道办事处" in words and "2020年1月30日公布" in words
        assert "云山区文化和旅游局" in words and "逾期3天" in words
        assert "距期限57天" in words
        assert "各类申请人之和＝0，总计栏填报1，相差1" in words
    assert "合计：应公布3，已公布1（按时1，逾期0，日期待核0），未公布1，未能核实0" in text_of(message)
    assert "未能正常查看的门户" not in text_of(message)


def test_what_could_not_be_seen_is_not_called_missing(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    for day in (1, 2, 3):
        world.look(f"2020-02-{day:02}", found=PortalState.BLOCKED, sentence="返回验证页面")
    tick(mailing, ledger, at("2020-02-03 12:30"))
    message = next(m for m in inbox.messages() if "周报" in m["Subject"])
    words = text_of(message)
    assert "未公布0，未能核实2" in words
    assert "未能核实（2，不等于未公布）" in words
    assert "云山区人民政府门户网站：访问被拦截（2020年2月1日12:00起）。返回验证页面" in words
    assert "家未公布" not in message["Subject"]


def test_a_past_week_is_told_from_the_history(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    world.look("2020-02-01")
    world.look("2020-02-02")
    tick(mailing, ledger, at("2020-02-02 13:00"))
    world.look("2020-02-12")
    article = world.article("yunshan-culture", 2019, "2020-02-12", page_label="2020-02-11")
    world.finding(world.version(article, "2020-02-12"), "yunshan-culture", 2019, "2020-02-12")
    tick(mailing, ledger, at("2020-02-12 13:00"))
    register = load_register(mailing.home)
    with ledger.read() as session:
        then = weekly_of(session, register, office_of(register, DISTRICT), at("2020-02-03 08:00"))
        now = weekly_of(session, register, office_of(register, DISTRICT), at("2020-02-12 13:00"))
    assert then is not None and now is not None
    assert (then.seasons[0].total["missing"], then.seasons[0].total["late"], then.seasons[0].problems) == (2, 0, [])
    assert (now.seasons[0].total["missing"], now.seasons[0].total["late"], len(now.seasons[0].problems)) == (1, 1, 1)


def test_it_goes_on_while_something_is_open_but_not_into_the_next_season(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.look("2020-02-01")
    world.look("2020-02-02")
    for moment, expected in (("2020-02-03 13:00", 1), ("2020-11-02 13:00", 2), ("2021-01-04 13:00", 3)):
        world.look(moment)
        tick(mailing, ledger, at(moment))
        assert len(weeklies(inbox)) == expected
    assert weeklies(inbox)[1:] == [
        "云山区周报11月2日：2家未公布〔2019年报〕",
        "云山区周报1月4日：没有未了的事项〔2020年报〕",
    ]


@pytest.mark.parametrize(
    ("kind", "rule", "open_"),
    [("finding", "P05", False), ("finding", "T05", True), ("late", None, False), ("missing", None, True)],
)
def test_what_nobody_can_put_right_does_not_keep_it_going(
    ledger: Ledger, kind: str, rule: str | None, open_: bool
) -> None:
    row: dict[str, Any] = {"kind": kind, "subject": "s", "audience": "office", "level": "warning", "sentence": ""}
    row |= {"district": DISTRICT, "agency": None, "year": 2019, "opened_at": at("2020-02-03")}
    row["detail"] = {"rule": rule} if rule else {}
    with ledger.write() as session:
        insert_or_ignore(session, Incident, [row])
    with ledger.read() as session:
        assert has_open_matters(session, DISTRICT, 2019, at("2020-06-01")) is open_
        assert not has_open_matters(session, DISTRICT, 2018, at("2020-06-01"))

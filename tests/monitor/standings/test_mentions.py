"""What names an agency beside its report: it stands in the way of an accusation, until a person has looked at it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import PortalRow
from ledger.standings.confirmations import confirm_column
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import Standing
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from monitor.standings.proof import Lack
from tests.monitor.factory import PORTAL, World, at

CULTURE = "yunshan-culture"


def mention(text: str, name: str, year: int | None = None, **more: Any) -> dict[str, Any]:
    """A piece of a list page that names the agency, as an account has it."""
    return {
        "kind": "link",
        "text": text,
        "name": name,
        "agencies": [CULTURE],
        "year": year,
        "report": "年报" in text or "年度报告" in text,
        "to_open": name == "to_open",
    } | more


def judge(settings: Settings, ledger: Ledger, now: str) -> StandingThen:
    register = load_register(settings.home)
    update_obligations(ledger, register, at(now))
    update_standings(ledger, register, at(now), apart=settings.looks_apart)
    with ledger.read() as session:
        return next(row for row in standings_at(session, years=[2019]) if row.agency == CULTURE)


@pytest.mark.parametrize(
    ("said", "blocks"),
    [
        (mention("一图读懂区文旅局2019年年报", "interpretation", 2019), True),
        (mention("区文旅局2019年预算", "other_document", 2019), True),
        (mention("区文旅局公布年报", "about_report"), True),
        (mention("区文旅局2020年公布政府信息公开年报", "about_report", 2020), True),
        (mention("区文旅局", "to_open"), True),
        (mention("一图读懂区文旅局2017年年报", "interpretation", 2017), False),
        (mention("区文旅局2020年工作要点", "other_document", 2020), False),
        (mention("区文旅局召开会议", "other_subject"), False),
        (mention("一图读懂区财政局2019年年报", "interpretation", 2019, agencies=["yunshan-finance"]), False),
    ],
)
def test_what_may_be_about_the_report_of_the_year_blocks(
    settings: Settings, ledger: Ledger, world: World, said: dict[str, Any], blocks: bool
) -> None:
    for day in ("2020-02-01", "2020-02-02"):
        world.look(day, mentions=[said])
    row = judge(settings, ledger, "2020-02-02 13:00")
    assert row.standing is (Standing.UNVERIFIABLE if blocks else Standing.MISSING)
    if blocks:
        assert row.evidence["lacking"] == Lack.MENTIONED
        assert f"“{said['text']}”" in row.sentence


def test_who_was_opened_and_recognised_as_a_report_of_another_year_is_in_nobody_s_way(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    address = "http://www.yunshan.example/bm/culture.html"
    for day in ("2020-02-01", "2020-02-02"):
        world.look(day, mentions=[mention("区文旅局", "to_open", address=address)])
    assert judge(settings, ledger, "2020-02-02 13:00").standing is Standing.UNVERIFIABLE
    world.article(CULTURE, 2018, "2020-02-01", place=address)
    assert judge(settings, ledger, "2020-02-02 14:00").standing is Standing.MISSING


def test_a_person_who_saw_it_clears_it_and_nothing_that_comes_later(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    seen = mention("一图读懂区文旅局2019年年报", "interpretation", 2019)
    for day in ("2020-02-01", "2020-02-02"):
        world.look(day, mentions=[seen])
    judge(settings, ledger, "2020-02-02 13:00")
    with ledger.write() as session:
        confirm_column(session, PORTAL, "departments", 2019, by="张三", why="核对过", now=at("2020-02-02 15:00"))
    assert judge(settings, ledger, "2020-02-02 16:00").standing is Standing.MISSING
    world.look("2020-02-03", mentions=[seen, mention("区文旅局年报", "about_report")])
    assert judge(settings, ledger, "2020-02-03 13:00").standing is Standing.UNVERIFIABLE


def test_two_looks_of_one_day_count_where_they_are_far_enough_apart(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    for moment in ("2020-02-01 01:00", "2020-02-01 02:00", "2020-02-01 12:59"):
        world.look(moment)
    assert judge(settings, ledger, "2020-02-01 13:00").evidence["lacking"] == Lack.ONE_LOOK
    world.look("2020-02-01 13:00")
    row = judge(settings, ledger, "2020-02-01 13:10")
    assert row.standing is Standing.MISSING
    assert row.evidence["looks"] == {
        "部门年报": [at("2020-02-01 01:00").isoformat(), at("2020-02-01 13:00").isoformat()]
    }
    hasty = settings.model_copy(update={"looks_apart_hours": 24})
    assert judge(hasty, ledger, "2020-02-01 13:20").evidence["lacking"] == Lack.ONE_LOOK


def test_the_sentence_says_what_is_lacking_and_when_it_will_come(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    with ledger.write() as session:
        session.execute(update(PortalRow).values(next_due_at=at("2020-02-01 09:00")))
    assert "下次查看将于2020年2月1日9:00以后进行" in judge(settings, ledger, "2020-02-01 00:10").sentence
    world.look("2020-02-01 09:00")
    with ledger.write() as session:
        session.execute(update(PortalRow).values(next_due_at=at("2020-02-01 10:00")))
    row = judge(settings, ledger, "2020-02-01 09:30")
    assert "尚未查满两次" in row.sentence
    # The round at ten reads what is new; the whole list is read again after 20 hours.
    assert "第2次完整查看将于2020年2月2日5:00以后进行" in row.sentence
    world.look("2020-02-02 05:00", mentions=[mention("区文旅局年报", "about_report")])
    row = judge(settings, ledger, "2020-02-02 06:00")
    assert "区文旅局年报" in row.sentence
    assert "下次完整查看将于2020年2月3日1:00以后进行" in row.sentence

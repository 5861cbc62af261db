"""Standings: every state of the contract, and that nobody is accused without proof."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.standings.questions import StandingThen, obligations_in, standings_at
from ledger.states import ArticleOutcome, PortalState, Standing
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.monitor.factory import DISTRICT, World, at, write_register

CULTURE = "yunshan-culture"


def judge(settings: Settings, ledger: Ledger, now: str, agency: str = CULTURE, year: int = 2019) -> StandingThen:
    register = load_register(settings.home)
    update_obligations(ledger, register, at(now))
    update_standings(ledger, register, at(now))
    with ledger.read() as session:
        found = standings_at(session, years=[year])
    return next(row for row in found if row.agency == agency)


def test_pending_until_the_last_second_of_the_due_day(settings: Settings, ledger: Ledger, world: World) -> None:
    assert judge(settings, ledger, "2020-01-31 23:59:59").standing is Standing.PENDING
    after = judge(settings, ledger, "2020-02-01 00:00:00")
    assert after.standing is Standing.UNVERIFIABLE
    assert "尚未巡查过" in after.sentence


def test_a_government_has_until_the_end_of_march(settings: Settings, ledger: Ledger, world: World) -> None:
    row = judge(settings, ledger, "2020-03-31 23:59:59", "yunshan-government")
    assert (row.standing, row.due) == (Standing.PENDING, date(2020, 3, 31))


@pytest.mark.parametrize(
    ("first_seen", "looks", "evidence", "expected", "published"),
    [
        # Seen by ourselves in the last second: in time, whatever the page says.
        ("2020-01-31 23:59:59", [], {"visible_date": "2020-02-05"}, Standing.ON_TIME, date(2020, 1, 31)),
        # A statement between the making of the record and our first sighting is the day.
        (
            "2020-01-20",
            ["2020-01-19"],
            {"record_id": "2020-01-16 16:21", "page_label": "2020-01-17 09:00"},
            Standing.ON_TIME,
            date(2020, 1, 17),
        ),
        # Published on the afternoon of the due day, found the next morning.
        ("2020-02-01 09:00", ["2020-01-31 09:00"], {"page_label": "2020-01-31"}, Standing.ON_TIME, date(2020, 1, 31)),
        # The first look ever was in June; every witness says January.
        ("2020-06-01", [], {"page_label": "2020-01-20", "address": "2020-01-20"}, Standing.ON_TIME, date(2020, 1, 20)),
        # Late by all evidence.
        (
            "2020-02-10",
            ["2020-02-05"],
            {"page_label": "2020-02-09 10:00", "record_id": "2020-02-09 09:58"},
            Standing.LATE,
            date(2020, 2, 9),
        ),
        # The first look was in February; the page itself says that it came after the due date.
        ("2020-02-10", [], {"visible_date": "2020-02-09"}, Standing.LATE, date(2020, 2, 9)),
        # No witness but our own eyes: not there on 5 February, there on the 10th.
        ("2020-02-10", ["2020-02-05"], {}, Standing.LATE, date(2020, 2, 10)),
        # The draft is older, but the page itself says February, and we saw that it was not there.
        (
            "2020-02-10",
            ["2020-02-05"],
            {"record_id": "2020-01-30 09:00", "visible_date": "2020-02-09"},
            Standing.LATE,
            date(2020, 2, 9),
        ),
        # The page says January, but a look in February did not find it.
        ("2020-02-10", ["2020-02-05"], {"page_label": "2020-01-30"}, Standing.DATE_DISPUTED, None),
        # The page says 20 January, but it was not there on the 31st: published around midnight, perhaps in time.
        ("2020-02-01 09:00", ["2020-01-31 09:00"], {"page_label": "2020-01-20"}, Standing.DATE_DISPUTED, None),
        # Label and record id straddle the due date.
        ("2020-02-10", [], {"page_label": "2020-01-30", "record_id": "2020-02-09 08:00"}, Standing.DATE_DISPUTED, None),
        # A migrated old report: never late, also where no date of its own survived.
        ("2021-06-01", [], {"visible_date": "2020-01-15", "address": "2021-05-19"}, Standing.DATE_DISPUTED, None),
        ("2021-06-01", [], {"record_id": "2020-12-17 08:00", "address": "2020-12-17"}, Standing.DATE_DISPUTED, None),
        ("2021-06-01", [], {"visible_date": "2020-12-17"}, Standing.DATE_DISPUTED, None),
        # How long ago it was can say in time, and never late: a stored page goes on saying it.
        ("2020-02-10", [], {"list_age": "2020-01-30"}, Standing.ON_TIME, date(2020, 1, 30)),
        ("2020-02-10", [], {"list_age": "2020-02-09"}, Standing.DATE_DISPUTED, None),
        ("2020-02-10", [], {"list_age": "2020-01-30", "visible_date": "2020-02-09"}, Standing.DATE_DISPUTED, None),
        ("2020-02-10", [], {"list_age": "2020-02-09", "list_date": "2020-01-30"}, Standing.ON_TIME, date(2020, 1, 30)),
        # Nothing says anything.
        ("2020-06-01", [], {}, Standing.DATE_DISPUTED, None),
        # Somebody entered it with its date.
        ("2020-03-01", ["2020-02-05"], {"entered": "2020-01-30"}, Standing.ON_TIME, date(2020, 1, 30)),
    ],
)  # fmt: skip
def test_the_date_is_judged_from_its_evidence(
    settings: Settings,
    ledger: Ledger,
    world: World,
    first_seen: str,
    looks: list[str],
    evidence: dict[str, Any],
    expected: Standing,
    published: date | None,
) -> None:
    for look in looks:
        world.look(look)
    world.look(first_seen)
    world.article(CULTURE, 2019, first_seen, **evidence)
    row = judge(settings, ledger, "2021-07-01")
    assert (row.standing, row.published) == (expected, published), row.sentence


def test_missing_needs_two_complete_healthy_looks_after_the_due_date(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    world.look("2020-01-30")
    world.look("2020-01-31 23:59:59")
    row = judge(settings, ledger, "2020-02-05")
    assert row.standing is Standing.UNVERIFIABLE
    assert "期限之后尚未完整查看过" in row.sentence
    world.look("2020-02-01 00:00:00")
    world.look("2020-02-02", complete=False)
    world.look("2020-02-03", found=PortalState.LAYOUT_CHANGED)
    world.look("2020-02-04", columns=("streets",))
    row = judge(settings, ledger, "2020-02-05")
    assert row.standing is Standing.UNVERIFIABLE
    assert "尚未查满两次" in row.sentence
    world.look("2020-02-05")
    row = judge(settings, ledger, "2020-02-05")
    assert row.standing is Standing.MISSING
    assert "2020年2月5日12:00" in row.sentence
    # Blocked later: what was seen stays seen.
    world.look("2020-02-06", found=PortalState.BLOCKED, sentence="返回验证页面")
    assert judge(settings, ledger, "2020-02-06").standing is Standing.MISSING


def test_behind_a_blocked_portal_nobody_is_missing(settings: Settings, ledger: Ledger, world: World) -> None:
    for day in range(1, 10):
        world.look(f"2020-02-{day:02}", found=PortalState.BLOCKED, sentence="返回验证页面")
    row = judge(settings, ledger, "2020-02-10")
    assert row.standing is Standing.UNVERIFIABLE
    assert "返回验证页面" in row.sentence


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ({"agency": None, "year": None}, Standing.UNVERIFIABLE),
        ({"agency": None, "year": 2019}, Standing.UNVERIFIABLE),
        ({"agency": CULTURE, "year": 2019, "outcome": ArticleOutcome.NOT_FOUND}, Standing.UNVERIFIABLE),
        ({"agency": CULTURE, "year": None, "column": "streets"}, Standing.UNVERIFIABLE),
        # Of another year, agency or column, older than the year, or no report at all: says nothing of this one.
        ({"agency": None, "year": 2017}, Standing.MISSING),
        ({"agency": None, "year": None, "visible_date": "2018-03-15"}, Standing.MISSING),
        ({"agency": None, "year": None, "column": "streets"}, Standing.MISSING),
        ({"agency": "yunshan-new", "year": None}, Standing.MISSING),
        ({"agency": None, "year": None, "outcome": ArticleOutcome.NOT_A_REPORT}, Standing.MISSING),
    ],
)  # fmt: skip
def test_what_could_be_the_report_keeps_an_agency_from_being_missing(
    settings: Settings, ledger: Ledger, world: World, article: dict[str, Any], expected: Standing
) -> None:
    values = {"outcome": ArticleOutcome.UNASSIGNED, "title": "某单位年度报告", "reason": "名册中没有这个机关"} | article
    for look in ("2020-01-10", "2020-02-01", "2020-02-02"):
        world.look(look)
    world.article(first_seen="2020-01-10", **values)
    row = judge(settings, ledger, "2020-02-03")
    assert row.standing is expected, row.sentence


def test_a_withdrawn_report_that_is_put_back_elsewhere_is_judged_by_its_first_place(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    article = world.article(CULTURE, 2019, "2020-01-15", page_label="2020-01-15")
    world.look("2020-02-02")
    world.change(article, withdrawn_at=at("2020-02-20"))
    row = judge(settings, ledger, "2020-02-20")
    assert (row.standing, row.published) == (Standing.WITHDRAWN, date(2020, 1, 15))
    world.look("2020-03-01")
    world.article(CULTURE, 2019, "2020-03-01", title="新址", page_label="2020-03-01")
    assert judge(settings, ledger, "2020-03-01").standing is Standing.ON_TIME


def test_who_owes_nothing_is_exempt_with_the_reason(settings: Settings, ledger: Ledger, world: World) -> None:
    row = judge(settings, ledger, "2020-02-05", "yunshan-new")
    assert (row.standing, row.sentence) == (Standing.EXEMPT, "自2023年度起编制年度报告")
    row = judge(settings, ledger, "2025-02-05", "yunshan-new", 2024)
    assert (row.standing, row.sentence) == (Standing.EXEMPT, "2024年组建中，并入区政府办公室报告")


def test_the_register_is_followed(settings: Settings, ledger: Ledger, world: World) -> None:
    judge(settings, ledger, "2020-01-01 00:00:00")
    register = load_register(settings.home)
    assert update_obligations(ledger, register, at("2020-01-02")) == 0
    assert update_standings(ledger, register, at("2020-01-02")) == 0
    write_register(
        settings.home,
        agencies="""
district: 云山区
portal: yunshan
watched: {first: 2019}
agencies:
  - {id: yunshan-culture, name: 云山区文化广电旅游局, short: 区文广旅局, kind: department}
""",
    )
    assert judge(settings, ledger, "2020-01-03").name == "云山区文化广电旅游局"
    gone = judge(settings, ledger, "2020-01-03", "yunshan-dongjie")
    assert (gone.standing, gone.sentence) == (Standing.EXEMPT, "该机关已不在机关名册中")


def test_nothing_is_owed_before_the_season_begins(settings: Settings, ledger: Ledger) -> None:
    register = load_register(settings.home)
    update_obligations(ledger, register, at("2019-12-31 23:59:59"))
    with ledger.read() as session:
        assert obligations_in(session, DISTRICT) == []
    update_obligations(ledger, register, at("2020-01-01 00:00:00"))
    with ledger.read() as session:
        assert {obligation.year for _, obligation in obligations_in(session, DISTRICT)} == {2019}


def test_what_stood_on_a_day_is_known_for_ever(settings: Settings, ledger: Ledger, world: World) -> None:
    judge(settings, ledger, "2020-01-10")
    world.look("2020-02-01")
    world.look("2020-02-02")
    judge(settings, ledger, "2020-02-02")
    world.look("2020-02-10")
    world.article(CULTURE, 2019, "2020-02-10", page_label="2020-02-09")
    judge(settings, ledger, "2020-02-10")
    with ledger.read() as session:
        stood = [
            next(row.standing for row in standings_at(session, at(day), years=[2019]) if row.agency == CULTURE)
            for day in ("2020-01-10", "2020-02-01", "2020-02-02", "2020-02-09", "2020-02-10", "2025-01-01")
        ]
        assert standings_at(session, at("2020-01-09")) == []
    assert stood == [
        Standing.PENDING,
        Standing.PENDING,
        Standing.MISSING,
        Standing.MISSING,
        Standing.LATE,
        Standing.LATE,
    ]


@pytest.mark.parametrize(("looks", "expected"), [([], Standing.DATE_DISPUTED), (["2020-02-05"], Standing.LATE)])
def test_a_revised_version_is_late_only_where_we_saw_that_nothing_was_there(
    settings: Settings, ledger: Ledger, world: World, looks: list[str], expected: Standing
) -> None:
    for look in (*looks, "2020-02-10"):
        world.look(look)
    title = "云山区文化和旅游局2019年政府信息公开工作年度报告（修订版）"
    world.article(CULTURE, 2019, "2020-02-10", title=title, visible_date="2020-02-09")
    assert judge(settings, ledger, "2021-07-01").standing is expected


@pytest.mark.parametrize(("former", "expected"), [(2, Standing.LATE), (3, Standing.DATE_DISPUTED)])
def test_the_day_that_many_former_reports_have_too_is_that_of_a_move(
    settings: Settings, ledger: Ledger, world: World, former: int, expected: Standing
) -> None:
    world.look("2020-02-10")
    for year in range(2019 - former, 2020):
        world.article(CULTURE, year, "2020-02-10", visible_date="2020-02-09")
    assert judge(settings, ledger, "2021-07-01").standing is expected

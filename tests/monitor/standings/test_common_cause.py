"""Many agencies that turn missing at once: nobody is accused, the operators are asked, and their word counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Incident, Notice
from ledger.standings.confirmations import confirm_column
from ledger.standings.questions import standings_at
from ledger.states import Audience, IncidentKind, Standing
from monitor.loop import tick
from monitor.standings.common_cause import Found, Sweep
from monitor.standings.facts import AgencyFacts
from monitor.standings.proof import ColumnFacts, Lack
from tests.monitor.factory import OFFICE, OPERATORS, PORTAL, World, at, write_register

NAMES = [f"yunshan-{number:02}" for number in range(30)]


@pytest.fixture
def mailing(sqlite_settings: Settings, inbox: Inbox) -> Settings:
    """A district of 30 agencies, whose mail arrives."""
    rows = "".join(
        f"  - {{id: {name}, name: 云山区第{name[-2:]}局, short: 第{name[-2:]}局, kind: department}}\n" for name in NAMES
    )
    write_register(
        sqlite_settings.home,
        agencies=f"district: 云山区\nportal: yunshan\nwatched: {{first: 2018}}\nagencies:\n{rows}",
    )
    return sqlite_settings.model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})


def published(world: World, year: int, agencies: Sequence[str], day: str) -> None:
    for name in agencies:
        world.article(name, year, day, page_label=day)


def season(world: World, missing: int, *, last_missing: int = 0) -> None:
    """Two seasons, of which ``missing`` agencies had no report on 2 February 2020, and of the one before fewer."""
    for day in ("2019-01-10", "2019-02-01", "2019-02-02", "2020-01-10", "2020-02-01", "2020-02-02"):
        world.look(day)
    published(world, 2018, NAMES[last_missing:], "2019-01-10")
    published(world, 2019, NAMES[missing:], "2020-01-10")


def run(mailing: Settings, ledger: Ledger, *moments: str) -> None:
    for moment in moments:
        tick(mailing, ledger, at(moment))


def stood(ledger: Ledger, year: int = 2019) -> dict[str, Standing]:
    with ledger.read() as session:
        return {row.agency: row.standing for row in standings_at(session, years=[year])}


def counted(ledger: Ledger, standing: Standing) -> int:
    return sum(found is standing for found in stood(ledger).values())


def opened(ledger: Ledger, kind: IncidentKind) -> list[Incident]:
    with ledger.read() as session:
        return list(session.scalars(select(Incident).where(Incident.kind == kind)))


def to_office(ledger: Ledger) -> list[str]:
    with ledger.read() as session:
        return [row.subject for row in session.scalars(select(Notice).where(Notice.recipient == OFFICE))]


def test_ten_of_thirty_at_once_accuse_nobody_until_a_person_says_so(
    mailing: Settings, ledger: Ledger, world: World
) -> None:
    season(world, missing=10)
    run(mailing, ledger, "2020-01-10", "2020-02-02 13:00", "2020-02-02 14:00", "2020-02-03 13:00")
    assert counted(ledger, Standing.UNVERIFIABLE) == 10
    assert counted(ledger, Standing.MISSING) == 0
    with ledger.read() as session:
        row = next(row for row in standings_at(session, years=[2019]) if row.agency == NAMES[0])
    assert row.evidence["lacking"] == Lack.COMMON_CAUSE
    assert "30个机关中有10个同时查不到2019年度报告" in row.sentence
    (incident,) = opened(ledger, IncidentKind.COMMON_CAUSE)
    assert (incident.audience, incident.resolved_at) == (Audience.OPERATORS, None)
    assert "10个机关" in incident.sentence
    with ledger.read() as session:
        assert [row.recipient for row in session.scalars(select(Notice))] == [OPERATORS]

    with ledger.write() as session:
        confirm_column(session, PORTAL, "departments", 2019, by="张三", why="核对过", now=at("2020-02-03 15:00"))
    run(mailing, ledger, "2020-02-03 16:00")
    assert counted(ledger, Standing.MISSING) == 10
    (incident,) = opened(ledger, IncidentKind.COMMON_CAUSE)
    assert incident.resolved_at == at("2020-02-03 16:00")
    assert len(opened(ledger, IncidentKind.MISSING)) == 10
    assert to_office(ledger)


def test_three_of_thirty_are_accused_as_before(mailing: Settings, ledger: Ledger, world: World) -> None:
    season(world, missing=3)
    run(mailing, ledger, "2020-01-10", "2020-02-02 13:00")
    assert [name for name, standing in stood(ledger).items() if standing is Standing.MISSING] == NAMES[:3]
    assert opened(ledger, IncidentKind.COMMON_CAUSE) == []


def test_who_was_as_late_last_season_is_no_surprise(mailing: Settings, ledger: Ledger, world: World) -> None:
    season(world, missing=10, last_missing=8)
    # They published in March 2019: on 2 February their reports were not there.
    published(world, 2018, NAMES[:8], "2019-03-10")
    run(mailing, ledger, "2020-01-10", "2020-02-02 13:00")
    assert counted(ledger, Standing.MISSING) == 10
    assert opened(ledger, IncidentKind.COMMON_CAUSE) == []


def test_a_later_look_that_finds_most_of_them_explains_it(mailing: Settings, ledger: Ledger, world: World) -> None:
    season(world, missing=10)
    run(mailing, ledger, "2020-01-10", "2020-02-02 13:00")
    world.look("2020-02-04")
    published(world, 2019, NAMES[2:10], "2020-02-04")
    run(mailing, ledger, "2020-02-04 13:00")
    assert counted(ledger, Standing.MISSING) == 2
    (incident,) = opened(ledger, IncidentKind.COMMON_CAUSE)
    assert incident.resolved_at is not None


def test_a_word_from_before_the_due_date_confirms_nothing(mailing: Settings, ledger: Ledger, world: World) -> None:
    season(world, missing=10)
    run(mailing, ledger, "2020-01-10")
    with ledger.write() as session, pytest.raises(LookupError):
        confirm_column(session, PORTAL, "nowhere", 2019, by="张三", why="核对过", now=at("2020-02-03"))
    with ledger.write() as session:
        confirm_column(session, PORTAL, "departments", 2019, by="张三", why="核对过", now=at("2020-01-20"))
    run(mailing, ledger, "2020-02-02 13:00")
    assert counted(ledger, Standing.MISSING) == 0


DUE, NOW = date(2020, 1, 31), at("2020-02-02 13:00")


def of_district(name: str, agencies: int, missing: int, family: str) -> list[Found]:
    """What a sweep found of a district, the first agencies missing."""
    columns = (ColumnFacts("年报", (), None, family),)
    return [
        Found(
            AgencyFacts(f"{name}-{number}", 2019, DUE, columns=columns),
            Standing.MISSING if number < missing else Standing.ON_TIME,
            None,
        )
        for number in range(agencies)
    ]


def swept(*districts: tuple[str, int, int, str]) -> dict[tuple[str, int], str]:
    sweep = Sweep(0.2)
    for district in districts:
        sweep.add(district[0], of_district(*district), (), NOW, None)
    return {key: cause.name for key, cause in sweep.held_back().items()}


def test_a_family_that_fails_on_many_small_portals_accuses_nobody_on_any_of_them() -> None:
    """In no district are there five; together they are too many, and all who turn missing there have one cause."""
    small = [(f"小{number}区", 6, 3, "trs") for number in range(5)]
    assert swept(*small[:1]) == {}
    held = swept(*small, ("静区", 30, 2, "static-list"))
    assert set(held.values()) == {"family:trs"}
    assert len(held) == 15


def test_one_portal_of_a_family_that_fails_does_not_hold_back_the_others() -> None:
    held = swept(("云区", 54, 54, "trs"), ("山区", 54, 3, "trs"), ("水区", 54, 2, "trs"))
    assert set(held.values()) == {"district:云区"}
    assert len(held) == 54

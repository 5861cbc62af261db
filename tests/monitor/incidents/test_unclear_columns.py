"""A column that may not have been understood: the operators look, nobody is accused."""

from __future__ import annotations

from collections.abc import Sequence

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
from tests.monitor.factory import OFFICE, PORTAL, World, at, write_register

NAMES = [f"yunshan-{number:02}" for number in range(20)]


@pytest.fixture
def mailing(sqlite_settings: Settings, inbox: Inbox) -> Settings:
    """A district of 20 agencies, whose mail arrives."""
    rows = "".join(
        f"  - {{id: {name}, name: 云山区第{name[-2:]}局, short: 第{name[-2:]}局, kind: department}}\n" for name in NAMES
    )
    write_register(
        sqlite_settings.home,
        agencies=f"district: 云山区\nportal: yunshan\nwatched: {{first: 2018}}\nagencies:\n{rows}",
    )
    return sqlite_settings.model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})


def last_season(world: World, early: int) -> None:
    """The season of 2018: so many had published by 10 January 2019, the others on the 28th."""
    for day in ("2019-01-05", "2019-01-28"):
        world.look(day, reports={2018: NAMES})
    for number, name in enumerate(NAMES):
        day = "2019-01-05" if number < early else "2019-01-28"
        world.article(name, 2018, day, page_label=day)


def unclear(ledger: Ledger) -> list[Incident]:
    with ledger.read() as session:
        rows = session.scalars(select(Incident).where(Incident.kind == IncidentKind.COLUMN_UNCLEAR))
        return list(rows.all())


def standings(ledger: Ledger) -> Sequence[Standing]:
    with ledger.read() as session:
        return [row.standing for row in standings_at(session, years=[2019])]


def test_a_season_that_begins_with_nobody_where_many_stood_is_a_reason_to_look(
    mailing: Settings, ledger: Ledger, world: World
) -> None:
    last_season(world, early=8)
    tick(mailing, ledger, at("2019-02-01 09:00"))
    world.look("2020-01-05", reports={2018: NAMES})
    tick(mailing, ledger, at("2020-01-05 09:00"))
    (incident,) = unclear(ledger)
    assert incident.audience is Audience.OPERATORS
    assert "去年此时已有8个机关" in incident.sentence
    # The season goes on as silently: nobody is accused, and nobody is told a second time.
    for day in ("2020-02-01", "2020-02-02", "2020-02-03"):
        world.look(day, reports={2018: NAMES})
    tick(mailing, ledger, at("2020-02-03 09:00"))
    assert set(standings(ledger)) == {Standing.UNVERIFIABLE}
    assert [one.id for one in unclear(ledger)] == [incident.id]
    with ledger.read() as session:
        assert not session.scalars(
            select(Notice).where(Notice.recipient == OFFICE, Notice.subject.contains("未公布"))
        ).all()
    # A report is recognised there: that is the end of it.
    world.look("2020-02-04", reports={2018: NAMES, 2019: NAMES[:1]})
    world.article(NAMES[0], 2019, "2020-02-04", page_label="2020-02-04")
    tick(mailing, ledger, at("2020-02-04 09:00"))
    (incident,) = unclear(ledger)
    assert incident.resolved_at == at("2020-02-04 09:00")


def test_fewer_than_a_fifth_at_that_day_last_year_are_no_reason(
    mailing: Settings, ledger: Ledger, world: World
) -> None:
    last_season(world, early=4)
    tick(mailing, ledger, at("2019-02-01 09:00"))
    world.look("2020-01-05", reports={2018: NAMES})
    tick(mailing, ledger, at("2020-01-05 09:00"))
    assert unclear(ledger) == []


def test_a_first_season_without_any_report_is_told_once_it_is_overdue(
    mailing: Settings, ledger: Ledger, world: World
) -> None:
    for day in ("2019-01-10", "2019-02-01", "2019-02-02"):
        world.look(day, reports={2017: NAMES})
    tick(mailing, ledger, at("2019-01-10 09:00"))
    assert unclear(ledger) == []
    tick(mailing, ledger, at("2019-02-02 09:00"))
    (incident,) = unclear(ledger)
    assert "20个机关" in incident.sentence
    assert "没有认出任何机关该年度的报告" in incident.sentence
    with ledger.write() as session:
        confirm_column(session, PORTAL, "departments", 2018, by="张三", why="核对过", now=at("2019-02-02 15:00"))
    tick(mailing, ledger, at("2019-02-02 16:00"))
    (incident,) = unclear(ledger)
    assert incident.resolved_at == at("2019-02-02 16:00")


def test_what_was_not_understood_is_told_and_accuses_nobody(mailing: Settings, ledger: Ledger, world: World) -> None:
    left = [{"kind": "link", "text": "某报告", "name": "unknown", "agencies": [NAMES[3]], "year": 2018}]
    for day in ("2019-01-10", "2019-02-01", "2019-02-02"):
        world.look(day, reports={2018: NAMES[4:]}, left=left)
    for name in (*NAMES[:3], *NAMES[4:]):
        world.article(name, 2018, "2019-01-10", page_label="2019-01-10")
    tick(mailing, ledger, at("2019-02-02 09:00"))
    (incident,) = unclear(ledger)
    assert "某报告" in incident.sentence
    with ledger.read() as session:
        (row,) = [row for row in standings_at(session, years=[2018]) if row.agency == NAMES[3]]
    assert row.standing is Standing.UNVERIFIABLE

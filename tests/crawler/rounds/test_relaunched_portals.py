"""A third of the portals change their layout the day after the reports were due: nobody is accused, one incident a cause.

Each district has one agency that published on the last evening, which only the new layout shows, and one that truly
published nothing. Where the layout stayed, both come out as they are.
"""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

import crawler.rounds.loop
import monitor.loop
from config.settings import Settings
from ledger.database import open_ledger
from ledger.models import Incident, StandingChange
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import Audience, IncidentKind, Standing
from tests.crawler.times import shanghai
from tests.portals.lists.pages import article, items
from tests.portals.lists.plan import YEAR, District, Listed, make_district
from tests.portals.lists.serving import Asked, ListPortal, ListServer, Reply, html, write_office

AGENCIES = 16
BEFORE = (shanghai(2026, 1, 29, 9), shanghai(2026, 1, 31, 9))
AFTER = tuple(shanghai(2026, 2, day, 9) for day in (1, 2, 3, 4, 6))
_LIST = "/gknb/index.html"
_NOTICES = tuple(
    f"关于{what}的通知" for what in ("春节值班", "安全生产", "植树活动", "政务服务", "防汛演练", "消防检查")
)


def _place(row: Listed) -> str:
    return f"/article/{row.number}.html"


def _page(inner: str) -> Reply:
    return html(f"<html><head><meta charset='utf-8'><title>政府信息公开年报</title></head><body>{inner}</body></html>")


def plain(rows: list[Listed]) -> Reply:
    """The list as it was."""
    return _page(f"<h2>政府信息公开年报</h2><ul>{items(rows, _place)}</ul>")


def shell(_rows: list[Listed]) -> Reply:
    """Rows that a script fetches, nobody knows from where."""
    return _page('<div id="app"><div class="list"></div></div><script src="/static/js/app.5f3c.js"></script>')


def moved(_rows: list[Listed]) -> Reply:
    """A page that says where the list is now."""
    return _page(
        '<p>本站已改版，请访问<a href="/n/zwgk/">新版政务公开专栏</a>。</p><ul><li><a href="/n/">首页</a></li></ul>'
    )


def newest(rows: list[Listed]) -> Reply:
    """The newest ten in the old look, the others behind a search."""
    return _page(f"<h2>最新年报</h2><ul>{items(rows[:10], _place)}</ul><p>其余年报请使用站内检索。</p>")


def others(rows: list[Listed]) -> Reply:
    """As many rows as before, about something else."""
    said = [replace(row, title=_NOTICES[row.number % len(_NOTICES)], number=row.number + 500) for row in rows]
    return _page(f"<h2>通知公告</h2><ul>{items(said, _place)}</ul>")


LAYOUTS: Mapping[str, Callable[[list[Listed]], Reply]] = {
    "shell": shell,
    "moved": moved,
    "newest": newest,
    "others": others,
} | {f"same{number}": plain for number in range(8)}


@dataclass
class Site:
    """A portal whose list is another one from 1 February on."""

    district: District
    layout: Callable[[list[Listed]], Reply]
    now: datetime = BEFORE[0]

    def answer(self, asked: Asked) -> Reply | None:
        """The list of this moment, and the articles."""
        shown = [row for row in self.district.rows if row.moment <= self.now]
        if asked.path == _LIST:
            return (self.layout if self.now >= AFTER[0] else plain)(shown)
        row = next((row for row in shown if _place(row) == asked.path), None)
        return article(self.district, row) if row is not None else None


def _site(name: str, number: int) -> Site:
    district = make_district(name, number, AGENCIES, late=0)
    last = district.rows[0]
    rows = [replace(last, day=date(2026, 1, 31)), *district.rows[1:]]
    return Site(replace(district, rows=rows), LAYOUTS[name])


@dataclass(frozen=True)
class Season:
    """How it ended: standings by agency, who was ever called missing, and the incidents."""

    sites: Mapping[str, Site]
    standings: Mapping[str, StandingThen]
    accused: frozenset[str]
    incidents: tuple[Incident, ...]

    def of(self, name: str) -> list[Incident]:
        """The incidents of a portal and its district."""
        return [
            one
            for one in self.incidents
            if one.detail.get("portal") == name or one.district == self.sites[name].district.name
        ]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    settings = Settings(home=tmp_path_factory.mktemp("relaunched"), allow_private_addresses=True)
    sites = {name: _site(name, number) for number, name in enumerate(LAYOUTS)}
    portals = {name: ListPortal(site.district, site.answer, {"address": _LIST}) for name, site in sites.items()}
    with ListServer(portals) as server, closing(open_ledger(settings)) as ledger:
        write_office(settings.home, portals, server.addresses)
        for moment in (*BEFORE, *AFTER):
            for site in sites.values():
                site.now = moment
            crawler.rounds.loop.tick(settings, ledger, moment)
            monitor.loop.tick(settings, ledger, moment)
        with ledger.read() as session:
            yield Season(
                sites,
                {row.agency: row for row in standings_at(session, years=[YEAR])},
                frozenset(session.scalars(select(StandingChange.agency).where(StandingChange.now == Standing.MISSING))),
                tuple(session.scalars(select(Incident)).all()),
            )


CHANGED = [name for name in LAYOUTS if LAYOUTS[name] is not plain]
SAME = [name for name in LAYOUTS if LAYOUTS[name] is plain]


@pytest.mark.parametrize("name", CHANGED)
def test_where_the_layout_changed_nobody_is_accused_of_anything(season: Season, name: str) -> None:
    district = season.sites[name].district
    assert not season.accused & set(district.units)
    found = {agency: season.standings[agency].standing for agency in district.units}
    evening = district.rows[0].agency if name != "newest" else None
    for agency, standing in found.items():
        known = agency not in (evening, *district.missing)
        assert standing is (Standing.ON_TIME if known else Standing.UNVERIFIABLE), season.standings[agency].sentence


@pytest.mark.parametrize("name", CHANGED)
def test_one_cause_is_one_incident_of_the_operators(season: Season, name: str) -> None:
    (incident,) = season.of(name)
    assert (incident.audience, incident.kind) == (Audience.OPERATORS, IncidentKind.PORTAL)


@pytest.mark.parametrize("name", SAME)
def test_where_it_stayed_who_is_missing_is_missing_and_nobody_else(season: Season, name: str) -> None:
    district = season.sites[name].district
    assert season.accused & set(district.units) == district.missing
    assert {agency: season.standings[agency].standing.value for agency in district.units} == district.standings
    assert [(one.kind, one.agency) for one in season.of(name)] == [(IncidentKind.MISSING, *district.missing)]

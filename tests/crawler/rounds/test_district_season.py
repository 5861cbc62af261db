"""A season of 485 agencies on thirty-nine portals, sound ones and troubled ones, and what a crawl makes of it.

Every address, agency, year, document and standing that is compared here was written down when the portals were built
(tests/portals/season), and asks nothing of the crawler.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

import monitor.loop
from cli.demo.server import Asked
from config.settings import Settings, load_settings
from crawler.rounds.loop import crawl_now, tick
from crawler.storing.result import RoundResult
from ledger.archive import open_archive
from ledger.crawling import portals
from ledger.database import Ledger, open_ledger
from ledger.models import (
    Article,
    Document,
    DroppedLink,
    Evidence,
    Fetch,
    FindingRow,
    Incident,
    Look,
    PageState,
    PortalRow,
    StandingRow,
    Version,
    Work,
)
from ledger.states import Audience, EvidenceSource, IncidentKind, PortalState
from monitor.calendar import day_of
from tests.portals.season.plan import YEAR
from tests.portals.season.world import BEFORE, FIRST, PAUSED, SECOND, Season, season
from workers.steps import run
from workers.worker_context import open_worker_context

pytestmark = pytest.mark.timeout(1800)


@dataclass(frozen=True)
class Crawled:
    """The season after one crawl, a second one on the next day, and the monitor's turn."""

    season: Season
    ledger: Ledger
    settings: Settings

    def path(self, portal: str, address: str) -> str:
        """The address without that of its portal."""
        return address.removeprefix(self.season.server.addresses.get(portal, ""))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    home = tmp_path_factory.mktemp("season")
    more = {"allow_private_addresses": True, "fetch_timeout_seconds": 5.0}
    settings = load_settings(home=home).model_copy(update=more)
    with season(home) as made:
        ledger = open_ledger(settings)
        crawl_now(settings, ledger, [one.portal for one in made.before], BEFORE)
        with ledger.write() as session:
            portals.keep_portal(session, PAUSED, BEFORE)
            portals.pause(session, PAUSED, "换届改版", BEFORE)
        made.change_layouts()
        tick(settings, ledger, FIRST)
        yield Crawled(made, ledger, settings)
        ledger.close()


@dataclass(frozen=True)
class Unchanged:
    """A round over the same world six hours later: what was asked, the results, and the rows before and after."""

    crawled: Crawled
    asked: list[Asked]
    results: list[RoundResult]
    before: dict[str, list[Any]]
    after: dict[str, list[Any]]

    @property
    def lost(self) -> set[str]:
        """The portals on which an article could not be fetched."""
        return {
            made.portal
            for made in self.crawled.season.districts
            if "not_found" in {one.outcome for one in made.articles.values()}
        }


@pytest.fixture(scope="module")
def unchanged(crawled: Crawled) -> Unchanged:
    healthy = [made.portal for made in crawled.season.districts if made.state == "healthy"]
    before = rows(crawled.ledger)
    crawled.season.server.forget()
    results = crawl_now(crawled.settings, crawled.ledger, healthy, FIRST + timedelta(hours=6))
    return Unchanged(crawled, list(crawled.season.server.asked), results, before, rows(crawled.ledger))


def rows(ledger: Ledger) -> dict[str, list[Any]]:
    """Every row that a round writes, without its times and the sentence on the last round."""
    times = {
        "sentence",
        "last_seen_at",
        "fetched_at",
        "next_due_at",
        "last_round_at",
        "next_attempt_at",
        "dispatched_at",
    }
    found = {}
    with ledger.read() as session:
        for table in (Article, Evidence, Document, Version, Fetch, DroppedLink, PageState, Work, PortalRow):
            names = [column.name for column in table.__table__.columns if column.name not in times]
            found[table.__name__] = sorted(
                (tuple(str(getattr(row, name)) for name in names) for row in session.scalars(select(table))), key=str
            )
    return found


@pytest.fixture(scope="module")
def watched(crawled: Crawled, unchanged: Unchanged) -> Crawled:
    """A second crawl on the next day, and the monitor's turn."""
    others = [made.portal for made in crawled.season.districts if made.portal != "slow"]
    crawl_now(crawled.settings, crawled.ledger, others, SECOND)
    read_copies(crawled)
    monitor.loop.tick(crawled.settings, crawled.ledger, SECOND)
    return crawled


def read_copies(crawled: Crawled) -> None:
    """Reads the documents of every report that has more than one; reading the others would take minutes."""
    with crawled.ledger.read() as session:
        several = (
            select(Article.agency)
            .join(Version, Version.article_id == Article.id)
            .where(Article.year == YEAR)
            .group_by(Article.agency)
            .having(func.count(Version.id) > 1)
        )
        works = session.scalars(
            select(Work.id)
            .join(Version, Version.id == Work.version_id)
            .join(Article, Article.id == Version.article_id)
            .where(Article.agency.in_(several))
        ).all()
    with open_worker_context(crawled.settings) as worker_context:
        for work in works:
            run(worker_context, work, SECOND, worker="w")


def test_the_season_is_as_large_as_it_has_to_be(crawled: Crawled) -> None:
    districts = crawled.season.districts
    assert sum(len(made.units) for made in districts) >= 400
    assert sum(made.state == "healthy" for made in districts) >= 17
    reports = [one for made in districts for one in made.articles.values() if one.year == YEAR]
    assert len(reports) >= 300
    kinds = {path.rpartition(".")[2] for one in reports for role, path in one.documents if role == "attachment"}
    assert kinds == {"pdf", "docx", "doc", "wps", "rtf", "ofd", "zip"}


def test_one_crawl_finds_every_report_and_nothing_that_is_none(crawled: Crawled) -> None:
    with crawled.ledger.read() as session:
        rows = session.scalars(select(Article)).all()
    found: dict[str, set[tuple[Any, ...]]] = {made.portal: set() for made in crawled.season.districts}
    for row in rows:
        found[row.portal].add((crawled.path(row.portal, row.address), row.outcome.value, row.agency, row.year))
    for made in crawled.season.districts:
        planned = {(one.path, one.outcome, one.agency, one.year) for one in made.articles.values()}
        assert (made.portal, found[made.portal] - planned, planned - found[made.portal]) == (made.portal, set(), set())


def test_every_document_is_taken_from_where_it_is(crawled: Crawled) -> None:
    with crawled.ledger.read() as session:
        rows = session.execute(
            select(Article.portal, Article.address, Version.role, Version.address)
            .join(Version, Version.article_id == Article.id)
            .where(Article.year == YEAR)
        ).all()
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for portal, address, role, place in rows:
        article = found.setdefault((portal, crawled.path(portal, address)), set())
        article.add((role.value, crawled.path(portal, place)))
    planned = {
        (made.portal, one.path): {(role, place) for role, place in one.documents}
        for made in crawled.season.districts
        for one in made.articles.values()
        if one.documents
    }
    assert found == planned


def test_what_is_no_report_is_kept_with_the_reason(crawled: Crawled) -> None:
    with crawled.ledger.read() as session:
        rows = session.scalars(select(DroppedLink)).all()
    for made in crawled.season.districts:
        dropped = {crawled.path(row.portal, row.address) for row in rows if row.portal == made.portal}
        assert (made.portal, dropped) == (made.portal, made.dropped)
    assert all(row.reason for row in rows)


def test_every_portal_is_found_in_its_state_and_says_so_in_one_sentence(crawled: Crawled) -> None:
    with crawled.ledger.read() as session:
        rows = {row.portal: row for row in session.scalars(select(PortalRow))}
        looks = session.scalars(select(Look).where(Look.begun_at == FIRST)).all()
    assert {name: row.state.value if row.state else None for name, row in rows.items()} == {
        made.portal: made.state for made in crawled.season.districts
    }
    for row in rows.values():
        assert row.sentence and "\n" not in row.sentence
    for look in looks:
        assert (look.portal, look.found is PortalState.HEALTHY, bool(look.sentence)) in {
            (look.portal, True, False),
            (look.portal, False, True),
        }


def test_the_last_answer_of_a_portal_in_trouble_is_kept(crawled: Crawled) -> None:
    archive = open_archive(crawled.settings)
    with crawled.ledger.read() as session:
        for portal in ("captcha", "firewall", "home-page", "english-error", "server-error"):
            fetch = session.scalars(select(Fetch).where(Fetch.portal == portal).order_by(Fetch.id.desc())).first()
            assert fetch is not None and fetch.sha256 is not None, portal
            assert archive.get(fetch.sha256), portal


def test_a_second_round_over_an_unchanged_world_asks_once_a_list_page_and_for_no_article(unchanged: Unchanged) -> None:
    for made in unchanged.crawled.season.districts:
        asked = [one for one in unchanged.asked if one.portal == made.portal and one.path != "/robots.txt"]
        if made.state != "healthy":
            assert (made.portal, asked) == (made.portal, [])
            continue
        # Only what could not be fetched is asked for again.
        lost = [one.path for one in asked if not one.conditional]
        assert (made.portal, lost) == (
            made.portal,
            [path for path in made.articles if made.articles[path].outcome == "not_found"],
        )
        paths = [one.path for one in asked if one.conditional]
        assert (made.portal, len(paths)) == (made.portal, len(set(paths)))
        assert {one.status for one in asked if one.conditional} == {304}
        found = [one for one in made.articles.values() if one.outcome in ("report", "unassigned")]
        pages = {one.path for one in found} | {path for one in found for _, path in one.documents}
        assert (made.portal, pages & set(paths)) == (made.portal, set())


def test_a_second_round_over_an_unchanged_world_reads_no_body(unchanged: Unchanged) -> None:
    for result in unchanged.results:
        figures = result.figures
        assert (result.portal, result.found) == (result.portal, PortalState.HEALTHY)
        assert (result.portal, figures["new_articles"], figures["new_versions"]) == (result.portal, 0, 0)
        if result.portal not in unchanged.lost:
            assert (result.portal, figures["bytes"], figures["requests"]) == (result.portal, 0, figures["unchanged"])


def test_a_second_round_over_an_unchanged_world_writes_nothing_but_the_time(unchanged: Unchanged) -> None:
    for table, rows_before in unchanged.before.items():
        # The answer to what was asked for again because it could not be fetched is kept.
        before = [row for row in rows_before if table != "Fetch" or row[1] not in unchanged.lost]
        after = [row for row in unchanged.after[table] if table != "Fetch" or row[1] not in unchanged.lost]
        assert (table, set(after) - set(before), set(before) - set(after)) == (table, set(), set())
        assert len(after) == len(before)


def test_every_agency_stands_as_it_is_and_nobody_is_missing_because_of_a_portal(watched: Crawled) -> None:
    with watched.ledger.read() as session:
        rows = {row.agency: row for row in session.scalars(select(StandingRow).where(StandingRow.year == YEAR))}
    other = {
        unit.id: (rows[unit.id].standing.value, made.standings[unit.id])
        for made in watched.season.districts
        for unit in made.units
        if rows[unit.id].standing.value != made.standings[unit.id]
    }
    assert other == {}
    missing = {agency for agency, row in rows.items() if row.standing.value == "missing"}
    healthy = {unit.id for made in watched.season.districts if made.state == "healthy" for unit in made.units}
    assert len(missing) == 17
    assert missing <= healthy | {"mentougou-s02"}  # whose own column was read completely


def test_the_day_of_publication_is_the_planned_one(watched: Crawled) -> None:
    with watched.ledger.read() as session:
        rows = {row.agency: row for row in session.scalars(select(StandingRow).where(StandingRow.year == YEAR))}
    told = 0
    for made in watched.season.districts:
        for agency, at in made.published.items():
            if agency in rows and rows[agency].standing.value in ("on_time", "late"):
                assert (agency, rows[agency].published) == (agency, day_of(at))
                told += 1
    assert told >= 300


def test_the_rules_of_publication_find_what_is_wrong_and_nothing_else(watched: Crawled) -> None:
    with watched.ledger.read() as session:
        found = session.execute(select(FindingRow.rule, FindingRow.agency).where(FindingRow.rule.like("P%"))).all()
    planned = {pair for made in watched.season.districts for pair in made.findings}
    assert {tuple(row) for row in found} == planned
    assert {rule for rule, _ in planned} == {"P03", "P04", "P06", "P07"}
    assert len(found) == len(planned)


def test_records_made_anew_and_old_reports_raise_nothing(watched: Crawled) -> None:
    with watched.ledger.read() as session:
        incidents = session.scalars(select(Incident).where(Incident.audience == Audience.OFFICE)).all()
        moved = session.scalars(
            select(Evidence.value)
            .join(Article, Article.id == Evidence.article_id)
            .where(Article.agency == "miyun-t03", Article.year == YEAR, Evidence.source == EvidenceSource.ADDRESS)
        ).all()
    assert {one.year for one in incidents} == {YEAR}
    late = {one.agency for one in incidents if one.kind is IncidentKind.LATE}
    planned = {unit for made in watched.season.districts for unit, stands in made.standings.items() if stands == "late"}
    assert late == planned
    assert [value.partition("_")[0] for value in moved] == ["t20260202"]

"""The two portals of the story, and the crawler's rounds over them as rows of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.agencies import AgencyEntry
from config.in_force import load_register
from config.settings import Settings
from config.time_zone import SHANGHAI
from crawler.accounts.account import ColumnAccount, PageAccount, Piece
from crawler.rounds import claims
from crawler.storing.result import RoundResult
from ledger.archive import Archive
from ledger.crawling import articles, portals
from ledger.crawling.account_kinds import PieceKind, PieceName
from ledger.database import Ledger
from ledger.models import Article, PortalRow, Version
from ledger.states import ArticleOutcome, EvidenceSource, PortalState, RoundState, VersionRole
from tests.monitor.two_years.happenings import Happening, OnPortals, Shown, shown_on
from tests.monitor.two_years.reports import report
from workers import dispatch

CRAWLER = "crawler"
COLUMNS = {"government": "governments", "department": "departments", "subdistrict": "streets", "town": "streets"}
_VERSIONS = select(Version.article_id, Version.address, Version.content_sha256).join(
    Article, Article.id == Version.article_id
)


@dataclass
class Page:
    """A report as a portal shows it."""

    agency: AgencyEntry
    column: str
    address: str
    shown: Shown
    dated: datetime
    precise: bool
    content: bytes
    media_type: str
    hidden: bool = False

    @property
    def title(self) -> str:
        """What the list calls it."""
        return self.shown.title or f"{self.agency.name}{self.shown.year}年政府信息公开工作年度报告"


@dataclass
class Portal:
    """One portal: its pages by agency, year and copy, and how it answers."""

    name: str
    pages: dict[tuple[str, int, int], Page] = field(default_factory=dict)
    state: PortalState = PortalState.HEALTHY
    sentence: str = ""
    away: dict[str, int] = field(default_factory=dict)

    def missed(self, gone: Iterable[str]) -> bool:
        """Notes which reports a look did not find; whether one went, came back, or is not yet given up."""
        before, self.away = self.away, {address: self.away.get(address, 0) + 1 for address in gone}
        return set(before) != set(self.away) or any(looks <= articles.GONE_TIMES for looks in self.away.values())

    def show(self, agency: AgencyEntry, shown: Shown, since: datetime, district: Iterable[AgencyEntry]) -> None:
        """Shows a report; where one of the same copy stands, it is replaced in its place, its date staying."""
        key = (agency.id, shown.year, shown.copy_number)
        parts = tuple(one.name for one in district if one.id != agency.id) if agency.kind == "government" else ()
        content, media_type = report(agency.name, shown.year, shown.like, parts)
        dated, precise = shown_on(shown, since.astimezone(SHANGHAI).date())
        before = self.pages.get(key)
        if before is not None:
            dated, precise = before.dated, before.precise
        column = COLUMNS[agency.kind]
        name = f"{agency.id}-{shown.year}-{shown.copy_number}.html"
        address = f"http://www.{self.name}.example/{column}/{name}"
        self.pages[key] = Page(agency, column, address, shown, dated, precise, content, media_type)


def _account(portal: Portal, column: str) -> PageAccount:
    """The account of a column's list: every row is a report, or one that cannot be assigned."""
    pieces = [
        Piece(
            PieceKind.LINK,
            page.title,
            PieceName.REPORT,
            page.address,
            frozenset() if page.shown.unassigned else frozenset({page.agency.id}),
            None if page.shown.unassigned else page.shown.year,
        )
        for page in portal.pages.values()
        if page.column == column and not page.hidden
    ]
    return PageAccount(f"http://www.{portal.name}.example/{column}/", tuple(pieces))


def _list_page(portal: Portal, column: str, account: PageAccount, now: datetime) -> dict[str, object]:
    return account.as_row() | {
        "portal": portal.name,
        "column": column,
        "sha256": account.sha256,
        "first_seen_at": now,
    }


class Crawler:
    """Makes rounds as the real one does: claims what is due, writes what it finds, gives it back due again."""

    def __init__(self, settings: Settings, archive: Archive, read: Callable[[Ledger, int, datetime], None]) -> None:
        self._settings = settings
        self._archive = archive
        self._read = read
        self.portals = {name: Portal(name) for name in ("yunshan", "linshui")}
        self._moved = False

    def happens(self, happening: Happening, agencies: Mapping[str, AgencyEntry]) -> None:
        """The portals show from now on what the story says; ``agencies`` by every name of today's register."""
        what = happening.what
        assert isinstance(what, OnPortals)
        for shown in what.shows:
            for name in shown.of:
                portal = self._of(agencies[name])
                district = {one.id: one for one in agencies.values() if self._of(one) is portal}
                portal.show(agencies[name], shown, happening.at, district.values())
        for names, hidden in ((what.hides, True), (what.brings_back, False)):
            for named in names:
                agency = agencies[named.of]
                self._of(agency).pages[agency.id, named.year, 1].hidden = hidden

    def next_due(self, ledger: Ledger) -> datetime:
        """When the next portal is due."""
        with ledger.read() as session:
            return min(session.get_one(PortalRow, name).next_due_at for name in self.portals)

    def take_up(self, ledger: Ledger, now: datetime) -> None:
        """Brings the portals into the ledger, due at once."""
        claims.keep_register(ledger, load_register(self._settings.home).portals, now)

    def rounds(self, ledger: Ledger, now: datetime, only: str | None = None) -> bool:
        """A round over every portal that is due, or over one that an operator asks for.

        True where all of them were healthy and brought nothing new.
        """
        files = load_register(self._settings.home).portals
        wanted = {name: files[name] for name in self.portals if only in (None, name)}
        plain = True
        claim = claims.claim_due if only is None else claims.claim_now
        ours = claim(self._settings, ledger, wanted, CRAWLER, now)
        for name in ours:
            found, new = self._round(ledger, self.portals[name], now)
            plain = plain and found is PortalState.HEALTHY and not new
            result = RoundResult(name, RoundState.DONE, found, "")
            claims.release(self._settings, ledger, [result], CRAWLER, now)
        return plain

    def _of(self, agency: AgencyEntry) -> Portal:
        return self.portals[agency.id.split("-")[0]]

    def _round(self, ledger: Ledger, portal: Portal, now: datetime) -> tuple[PortalState, bool]:
        end = now + timedelta(minutes=2)
        healthy = portal.state is PortalState.HEALTHY
        work: list[int] = []
        with ledger.write() as session:
            round_id = portals.begin_round(session, portal.name, now)
            for column in sorted(set(COLUMNS.values())):
                look = {"round_id": round_id, "portal": portal.name, "column": column, "begun_at": now}
                rows = sum(page.column == column for page in portal.pages.values())
                look |= {"ended_at": end, "found": portal.state, "complete": healthy, "rows": rows * healthy}
                accounts = [_account(portal, column)] if healthy else []
                for account in accounts:
                    portals.add_list_page(session, _list_page(portal, column, account, end))
                look |= {"pages": [one.sha256 for one in accounts], "paging": {"lists": []}}
                look |= {"accounted": ColumnAccount(tuple(accounts)).accounted.as_json()}
                portals.keep_look(session, look | {"dropped": 0, "sentence": portal.sentence})
            self._moved = False
            if healthy:
                work = self._list(session, portal, round_id, end)
            portals.set_state(session, portal.name, portal.state, portal.sentence, end)
            portals.end_round(session, round_id, RoundState.DONE, portal.state, portal.sentence, end, {})
        for work_id in work:
            self._read(ledger, work_id, end)
        return portal.state, bool(work) or self._moved

    def _list(self, session: Session, portal: Portal, round_id: int, now: datetime) -> list[int]:
        known = articles.known_articles(session, portal.name)
        first = not known
        listed = {page.address: page for page in portal.pages.values() if not page.hidden}
        articles.mark_seen(session, [known[address].id for address in listed if address in known], now)
        looked = set(COLUMNS.values())
        gone = {address: one.id for address, one in known.items() if address not in listed and one.column in looked}
        articles.mark_gone(session, list(gone.values()), now)
        self._moved = portal.missed(gone) or self._moved
        kept = {tuple(row) for row in session.execute(_VERSIONS.where(Article.portal == portal.name))}
        work = []
        for address, page in listed.items():
            content = sha256(page.content).hexdigest()
            one = known.get(address)
            same_words = one is not None and (one.agency is None) == bool(page.shown.unassigned)
            if one is not None and same_words and (one.id, address, content) in kept:
                continue
            work += self._keep(session, portal, page, round_id, first, now)
        return work

    def _keep(
        self, session: Session, portal: Portal, page: Page, round_id: int, first: bool, now: datetime
    ) -> list[int]:
        unassigned = page.shown.unassigned
        article_id, new = articles.keep_article(
            session,
            {
                "portal": portal.name,
                "column": page.column,
                "address": page.address,
                "title": page.title,
                "outcome": ArticleOutcome.UNASSIGNED if unassigned else ArticleOutcome.REPORT,
                "agency": None if unassigned else page.agency.id,
                "year": None if unassigned else page.shown.year,
                "reason": unassigned,
                "first_seen_at": now,
                "last_seen_at": now,
                "baseline": first,
            },
        )
        witnesses = [(EvidenceSource.VISIBLE_DATE, page.dated, page.precise)]
        if page.shown.record is not None:
            witnesses.append((EvidenceSource.RECORD_ID, page.shown.record.replace(tzinfo=SHANGHAI), True))
        if new:
            witnesses.append((EvidenceSource.FIRST_SEEN, now, True))
        rows = [
            {
                "article_id": article_id,
                "source": source,
                "value": moment.isoformat(),
                "moment": moment,
                "precise": precise,
                "observed_at": now,
            }
            for source, moment, precise in witnesses
        ]
        articles.keep_evidence(session, rows)
        if unassigned:
            return []
        content = self._archive.put(page.content)
        fetch = {"portal": portal.name, "round_id": round_id, "address": page.address, "fetched_at": now, "status": 200}
        fetch |= {"found": PortalState.HEALTHY, "sentence": "", "request_headers": {}, "response_headers": {}}
        fetch_id = portals.add_fetch(session, fetch | {"sha256": content})
        articles.keep_document(session, content, len(page.content), page.media_type, now)
        version = {"article_id": article_id, "role": VersionRole.BODY, "address": page.address, "sha256": content}
        version |= {"content_sha256": content, "fetch_id": fetch_id, "first_seen_at": now}
        version_id, _ = articles.keep_version(session, version)
        return [dispatch.register(session, version_id, now)]

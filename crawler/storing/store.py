"""Writes what a round found: bytes into the archive, then article, provenance, evidence, versions and work together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from crawler.accounts.account import PageAccount
from crawler.fetching.fetcher import NONE, Fetched, Validators
from crawler.pages.attachments import Attachment
from crawler.pages.evidence import DateEvidence
from crawler.pages.page import Page
from crawler.storing.recorder import Recorder, Result
from ledger.archive import Archive, ArchiveError
from ledger.crawling import articles, portals
from ledger.crawling.portals import KnownPage
from ledger.states import ArticleOutcome, EvidenceSource, PortalState, VersionRole
from report.storable import storable
from workers import dispatch

log = logging.getLogger("nianbao.crawler")

LONGEST_TEXT = 500
LONGEST_ADDRESS = 2000


def bounded(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text from outside as it may stand in the ledger: so long, and without what no database takes."""
    return str(storable(text[:longest]))


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document of an article: where it was, the answer that brought it, and the hash of what a reader sees.

    Of a file a reader sees all: where ``content_sha256`` is None, it is that of the bytes, under which they are kept.
    """

    role: VersionRole
    address: str
    page: Page
    media_type: str
    content_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article as it is to be kept.

    ``met``: it was known before this round, so that the ledger has to be asked what stood there. ``to_read``: its
    documents are handed to the workers. ``page_address`` is the page's own address where the page shows one report a
    year, and this is one year's.
    """

    address: str
    column: str
    title: str
    outcome: ArticleOutcome
    agency: str | None
    year: int | None
    reason: str
    baseline: bool
    to_read: bool
    met: bool = True
    page_address: str | None = None
    folder_year: int | None = None
    evidence: Sequence[DateEvidence] = ()
    page: Page | None = None
    documents: Sequence[FoundDocument] = ()
    others: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """What came of keeping an article: whether it is new, how many versions are, and the work that waits.

    ``work`` by the ids of version and work, and the document's sha256.
    """

    article: int
    new_article: bool
    new_versions: int
    work: Sequence[tuple[int, int, str]]


class Store:
    """The ledger and the archive for one portal's round."""

    def __init__(
        self,
        recorder: Recorder,
        archive: Archive,
        portal: str,
        round_id: int | None,
        new_work: Callable[[datetime], None],
    ) -> None:
        """``new_work`` is called when documents wait to be read."""
        self._recorder = recorder
        self._new_work = new_work
        self._archive = archive
        self._portal = portal
        self._round = round_id
        self._asked_with: tuple[str, KnownPage] | None = None
        self.new_articles = 0
        self.new_versions = 0

    def validators(self, address: str) -> Validators:
        """What is known for asking for a page again; nothing where its last answer is not in the archive."""
        with self._recorder.ledger.read() as session:
            state = portals.page_state(session, address)
        if state is None or state.sha256 is None:
            return NONE
        self._asked_with = address, state
        return Validators(state.etag, state.last_modified)

    def last_answer(self, address: str, page: Page) -> Page | None:
        """The page as it was last answered, for one that was answered with 304; None where it is lost."""
        asked, state = self._asked_with or ("", None)
        if asked != address:
            with self._recorder.ledger.read() as session:
                state = portals.page_state(session, address)
        if state is None or state.sha256 is None:
            return None
        try:
            return replace(page, body=self._archive.get(state.sha256), status=200)
        except ArchiveError:
            return None

    async def keep_list_page(self, page: Page, at: datetime) -> None:
        """Keeps a list page for the next conditional request, if the portal gives validators."""
        if page.not_modified:
            await self._recorder.write(lambda session: portals.touch_page(session, page.asked, at))
        elif page.address == page.asked and (page.headers.get("etag") or page.headers.get("last-modified")):
            await self._write([page], lambda session, kept: self._keep_list_page(session, page, kept(page), at))

    def _keep_list_page(self, session: Session, page: Page, sha256: str, at: datetime) -> None:
        """Keeps the validators, and of a page that has changed the answer: it shows what was listed on that day."""
        state = portals.page_state(session, page.asked)
        if state is None or state.sha256 != sha256:
            self._keep_fetch(session, page.asked, page, sha256, at, PortalState.HEALTHY, "")
        self._keep_validators(session, page.asked, page, sha256, at)

    async def keep_account(self, column: str, account: PageAccount, page: Page, at: datetime) -> None:
        """Keeps the account of a list page, and the page itself, where nothing like it stood there before."""
        with self._recorder.ledger.read() as session:
            if portals.has_list_page(session, account.sha256):
                return
        row = storable(account.as_row()) | {"portal": self._portal, "column": column, "first_seen_at": at}
        await self._write([page], lambda session, kept: portals.add_list_page(session, row | {"sha256": kept(page)}))

    async def keep_failure(self, address: str, fetched: Fetched, at: datetime) -> None:
        """Keeps an answer that was not what was asked for, with its bytes, for whoever has to look."""
        page, quality = fetched.page, fetched.quality
        said = page if page is not None and page.body else None
        await self._write(
            [said] if said else [],
            lambda session, kept: self._keep_fetch(
                session, address, page, kept(said) if said else None, at, quality.found, quality.sentence
            ),
        )

    async def keep_article(self, found: FoundArticle, at: datetime) -> None:
        """Keeps an article with all that belongs to it in one transaction, and says when there is something to read."""
        # Pages differ at every load (counters, menus); where the content is the known one, its bytes are kept once.
        unchanged = found.met and self._has_content(found)
        if unchanged:
            others = tuple(one for one in found.documents if one.role is not VersionRole.BODY)
            found = replace(found, documents=others, page=None)
        pages = [*(one.page for one in found.documents), *([found.page] if found.page is not None else ())]
        written = await self._write(
            pages, lambda session, kept: self._write_article(session, found, kept, unchanged, at)
        )
        self.new_articles += written.new_article
        self.new_versions += written.new_versions
        ids = {"portal": self._portal, "article": written.article, "agency": found.agency, "year": found.year}
        for version, work, sha256 in written.work:
            log.info("新文档：%s", found.title, extra=ids | {"version": version, "work": work, "document": sha256})
        if written.work:
            self._new_work(at)

    def _write_article(
        self, session: Session, found: FoundArticle, kept: Callable[[Page], str], unchanged: bool, at: datetime
    ) -> _Written:
        article_id, new = articles.keep_article(
            session,
            {
                "portal": self._portal,
                "column": found.column,
                "address": found.address,
                "page_address": found.page_address,
                "title": bounded(found.title),
                "outcome": found.outcome,
                "agency": found.agency,
                "year": found.year,
                "folder_year": found.folder_year,
                "reason": bounded(found.reason),
                "first_seen_at": at,
                "last_seen_at": at,
                "baseline": found.baseline,
            },
        )
        self._keep_evidence(session, article_id, found.evidence, new, at)
        page_fetch = None
        if found.page is not None:
            page_fetch = self._keep_page(session, found, found.page, kept(found.page), at)
        elif unchanged:
            portals.touch_page(session, found.address, at)
        work: list[tuple[int, int, str]] = []
        versions = 0
        for document in found.documents:
            sha256 = kept(document.page)
            version, is_new = self._keep_document(session, article_id, document, sha256, page_fetch, new, at)
            versions += is_new
            if version is not None and found.to_read:
                work.append((version, dispatch.register(session, version, at), sha256))
        portals.add_dropped(session, [self._dropped(found, other, at) for other in found.others])
        return _Written(article_id, new, versions, work)

    async def _write(
        self, pages: Collection[Page], write: Callable[[Session, Callable[[Page], str]], Result]
    ) -> Result:
        """Keeps the bytes of pages in the archive, and then what ``write`` writes, which can ask for their sha256."""
        # By their ids: bytes are compared, and found in a dictionary, by reading all of them once more.
        bodies = {id(page.body): page.body for page in pages}
        hashes: dict[int, str] = {}

        def put() -> None:
            hashes.update((one, self._archive.put(body)) for one, body in bodies.items())

        def kept(page: Page) -> str:
            return hashes[id(page.body)]

        if bodies and not self._archive.is_near:
            await asyncio.to_thread(put)  # beside what others write, which an archive far away would hold up
        return await self._recorder.write(
            lambda session: write(session, kept), put if bodies and self._archive.is_near else None
        )

    def _has_content(self, found: FoundArticle) -> bool:
        body = next((document for document in found.documents if document.role is VersionRole.BODY), None)
        if body is None or body.content_sha256 is None:
            return False
        with self._recorder.ledger.read() as session:
            return articles.has_content(session, self._portal, found.address, body.content_sha256)

    def _keep_evidence(
        self, session: Session, article_id: int, evidence: Sequence[DateEvidence], new: bool, at: datetime
    ) -> None:
        witnesses = list(evidence)
        if new:
            witnesses.append(DateEvidence(EvidenceSource.FIRST_SEEN, at.isoformat(), at, precise=True))
        rows = (
            {
                "article_id": article_id,
                "source": one.source,
                "value": bounded(one.value),
                "moment": one.moment,
                "precise": one.precise,
                "observed_at": at,
            }
            for one in witnesses
        )
        articles.keep_evidence(session, rows)

    def _keep_page(self, session: Session, found: FoundArticle, page: Page, sha256: str, at: datetime) -> int | None:
        """Keeps the answer that brought an article's page; None where it is the one that is known."""
        state = portals.page_state(session, found.address) if found.met else None
        if page.not_modified or (state is not None and state.sha256 == sha256):
            portals.touch_page(session, found.address, at)
            return None
        fetch = self._keep_fetch(session, page.asked, page, sha256, at, PortalState.HEALTHY, "")
        self._keep_validators(session, found.address, page, sha256, at)
        return fetch

    def _keep_document(
        self,
        session: Session,
        article_id: int,
        document: FoundDocument,
        sha256: str,
        page_fetch: int | None,
        new: bool,
        at: datetime,
    ) -> tuple[int | None, bool]:
        """Keeps a document as a version; its id, or None where this content stood there before; whether it is new."""
        content = document.content_sha256 or sha256
        if not new and articles.has_version(session, article_id, document.address, content):
            if document.role is VersionRole.ATTACHMENT:
                portals.touch_page(session, document.address, at)
            return None, False
        fetch = page_fetch
        if document.role is VersionRole.ATTACHMENT:
            fetch = self._keep_fetch(session, document.address, document.page, sha256, at, PortalState.HEALTHY, "")
            self._keep_validators(session, document.address, document.page, sha256, at)
        articles.keep_document(session, sha256, len(document.page.body), document.media_type, at)
        return articles.keep_version(
            session,
            {
                "article_id": article_id,
                "role": document.role,
                "address": document.address,
                "sha256": sha256,
                "content_sha256": content,
                "fetch_id": fetch,
                "first_seen_at": at,
            },
        )

    def _keep_validators(self, session: Session, address: str, page: Page, sha256: str, at: datetime) -> None:
        # An answer that came from elsewhere has the validators of that place.
        own = page.address == page.asked
        etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
        portals.keep_page_state(session, address, etag if own else None, modified if own else None, sha256, at)

    def _keep_fetch(
        self,
        session: Session,
        address: str,
        page: Page | None,
        sha256: str | None,
        at: datetime,
        found: PortalState,
        sentence: str,
    ) -> int:
        return portals.add_fetch(
            session,
            {
                "portal": self._portal,
                "round_id": self._round,
                "address": address,
                "answered_from": bounded(page.address, LONGEST_ADDRESS)
                if page is not None and page.address != address
                else None,
                "fetched_at": at,
                "status": page.status if page is not None else None,
                "found": found,
                "sentence": bounded(sentence),
                "request_headers": dict(page.request_headers) if page is not None else {},
                "response_headers": dict(page.headers) if page is not None else {},
                "sha256": sha256,
            },
        )

    def _dropped(self, found: FoundArticle, other: Attachment, at: datetime) -> dict[str, object]:
        return {
            "portal": self._portal,
            "column": found.column,
            "address": other.address,
            "title": bounded(other.name),
            "reason": "同一文章的另一附件被认作报告",
            "first_seen_at": at,
        }

"""One article: its page, what is attached to it, and what it turned out to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from config.portals import PortalColumn, PortalFile
from crawler.families.family import ListEntry
from crawler.fetching.fetcher import Fetched, Fetcher, Validators
from crawler.pages.article_page import ArticlePage
from crawler.pages.attachments import Attachment, choose
from crawler.pages.evidence import DateEvidence, evidence_in, evidence_in_list
from crawler.pages.frames import framed
from crawler.pages.page import Page
from crawler.pages.quality import CUT_SHORT, GOOD, Quality
from crawler.rows.dates import with_year
from crawler.storing.clock import Clock
from crawler.storing.store import FoundArticle, FoundDocument
from crawler.visiting.entries import Judgement, judge_entry, year_of_place
from crawler.visiting.register import Register
from ledger.crawling.account_kinds import Fate, PieceName
from ledger.crawling.articles import KnownArticle
from ledger.states import STANDING_THERE, ArticleOutcome, EvidenceSource, VersionRole
from report.titles import year_in

_YEAR_AND_WORDS = re.compile(r"20\d{2}年?度?|政[府务]信息公开|工作|年度?报告?|年报|[…．.]+$")
DAILY_FOR = timedelta(days=7)
# A little less than a day and a week, so that a round at the same hour comes in time.
DAILY = timedelta(hours=20)
WEEKLY = timedelta(days=6, hours=20)


def due_again(article: KnownArticle, now: datetime) -> bool:
    """Whether a report is looked at again: daily in its first week, then weekly."""
    if article.asked_at is None:
        return True
    wait = DAILY if now - article.first_seen_at < DAILY_FOR else WEEKLY
    return now - article.asked_at >= wait


class Keeper(Protocol):
    """Who takes what a visit found; ``crawler.storing.store.Store`` for a round."""

    def validators(self, address: str) -> Validators:
        """What is known for asking for a page again."""

    def last_answer(self, address: str, page: Page) -> Page | None:
        """The page as it was last answered."""

    async def keep_failure(self, address: str, fetched: Fetched, at: datetime) -> None:
        """Takes an answer that was not what was asked for."""

    async def keep_article(self, found: FoundArticle, at: datetime) -> Any:
        """Takes an article with all that belongs to it."""


@dataclass(frozen=True, slots=True)
class _Attached:
    """What became of the attachments: documents, those not taken, and why nothing could be taken."""

    documents: Sequence[FoundDocument] = ()
    others: Sequence[Attachment] = ()
    evidence: Sequence[DateEvidence] = ()
    trouble: str = ""
    quality: Quality = GOOD


class ArticleVisit:
    """Takes an article of a column; ``met``: it was known before, and so may be its pages."""

    def __init__(
        self,
        portal: PortalFile,
        column: PortalColumn,
        register: Register,
        fetcher: Fetcher,
        store: Keeper,
        clock: Clock,
        *,
        met: bool = True,
    ) -> None:
        self._portal = portal
        self._column = column
        self._register = register
        self._fetcher = fetcher
        self._store = store
        self._clock = clock
        self._met = met

    async def keep_unread(self, entry: ListEntry, judged: Judgement, baseline: bool) -> None:
        """Keeps an entry of a year that nobody watches, from the list alone."""
        outcome = ArticleOutcome.REPORT if judged.agency and judged.year else ArticleOutcome.UNASSIGNED
        await self._keep(entry, judged, outcome, judged.reason or "该年度不在监测范围内", baseline=baseline)

    async def keep_failed(
        self,
        entry: ListEntry,
        judged: Judgement,
        before: KnownArticle | None,
        outcome: ArticleOutcome,
        reason: str,
    ) -> None:
        """Keeps an entry that could not be fetched; a report that was read before stays one."""
        if before is None or before.outcome not in (*STANDING_THERE, ArticleOutcome.UNASSIGNED):
            await self._keep(entry, judged, outcome, reason)

    async def take(
        self, entry: ListEntry, judged: Judgement, before: KnownArticle | None
    ) -> tuple[ArticleOutcome, Quality]:
        """Fetches an article and keeps it; returns what it is, and how the portal answered."""
        # Of a page that is replaced each year the last answer is known as that of its year.
        known_as = before.address if before is not None and entry.replaced else entry.address
        fetched = await self._fetch(entry.link, known_as)
        if fetched.page is None or not fetched.quality.good:
            await self._store.keep_failure(entry.address, fetched, self._clock.now())
            outcome = ArticleOutcome.NOT_FOUND if fetched.quality.not_there else ArticleOutcome.FETCH_FAILED
            await self.keep_failed(entry, judged, before, outcome, fetched.quality.sentence)
            return outcome, fetched.quality
        if not fetched.page.is_html:
            return await self._take_direct(entry, judged, fetched.page)
        article = ArticlePage(fetched.page)
        if judged.needs_page and article.title:
            entry = replace(entry, title=article.title)
        judged = self._judge_again(entry, judged, article)
        evidence = evidence_in(fetched.page, entry.address, self._listed(entry, judged), self._clock.now())
        if not judged.is_report:
            outcome = ArticleOutcome.NOT_A_REPORT
            await self._keep(entry, judged, outcome, judged.reason, evidence=evidence, page=fetched.page)
            return outcome, GOOD
        if entry.replaced and judged.year:
            # Each year's content of such a page is an article of its own.
            entry = replace(entry, address=f"{entry.address}#{judged.year}", page_address=entry.address)
        attached = await self._attached(article)
        documents = [*await self._body(entry, article), *attached.documents]
        if not documents:
            outcome = _without_document(judged, article, attached)
            reason = attached.trouble or article.why_no_document
            if before is None or before.outcome is not ArticleOutcome.REPORT:
                await self._keep(entry, judged, outcome, reason, evidence=evidence, page=fetched.page)
            return outcome, attached.quality
        outcome = ArticleOutcome.REPORT if judged.agency and judged.year else ArticleOutcome.UNASSIGNED
        await self._keep(
            entry,
            judged,
            outcome,
            judged.reason,
            evidence=[*evidence, *attached.evidence],
            page=fetched.page,
            documents=documents,
            others=attached.others,
        )
        return outcome, attached.quality

    async def _take_direct(self, entry: ListEntry, judged: Judgement, page: Page) -> tuple[ArticleOutcome, Quality]:
        """An entry that leads to a file, not to a page."""
        attachment = Attachment(entry.link, entry.title)
        document = _document(attachment, page)
        outcome = ArticleOutcome.REPORT if judged.agency and judged.year else ArticleOutcome.UNASSIGNED
        evidence = evidence_in(page, entry.address, self._listed(entry, judged), self._clock.now())
        await self._keep(entry, judged, outcome, judged.reason, evidence=evidence, documents=[document])
        return outcome, GOOD

    def _listed(self, entry: ListEntry, judged: Judgement) -> str | None:
        """The date beside the entry, with the year that it leaves out."""
        return with_year(entry.listed, judged.year, self._clock.now())

    async def _fetch(self, link: str, known_as: str) -> Fetched:
        """Asks for a page conditionally; one that is unchanged comes out of the archive, one that was cut is none."""
        fetched = await self._fetcher.fetch(link, self._store if self._met else None, known_as)
        if fetched.page is not None and fetched.quality.good and fetched.page.cut_short:
            return replace(fetched, quality=CUT_SHORT)
        return fetched

    def _judge_again(self, entry: ListEntry, judged: Judgement, article: ArticlePage) -> Judgement:
        """Where the list left something open, the page's own title, its text and its period tell."""
        if judged.agency and judged.year and not judged.needs_page:
            return judged
        own = judge_entry(article.title, entry.address, self._column, self._register, entry.year)
        if judged.slipped:
            period = article.year_of_period
            why = "" if period is not None else judged.why
            return Judgement(True, judged.agency or own.agency, period, named=judged.named, why=why)
        if own.is_report and not own.needs_page:
            agency, year = judged.agency or own.agency, judged.year or own.year or article.year_of_period
            return Judgement(True, agency, year, named=own.named or judged.named)
        if not judged.needs_page:
            return replace(judged, year=judged.year or article.year_of_period)
        if own.name.fate is Fate.NAMED and own.name is not PieceName.COLUMN_NAME and not article.body_is_report:
            return own
        return self._judge_content(entry, judged, article)

    def _judge_content(self, entry: ListEntry, judged: Judgement, article: ArticlePage) -> Judgement:
        """Of a page whose title says little: it is a report by what stands in it, or by what is attached."""
        if not article.body_is_report and not article.attachments:
            return Judgement(False, year=judged.year, name=PieceName.OTHER_SUBJECT, why="打开的文章里没有年度报告")
        said = (article.title, entry.title, entry.row)
        named = (self._register.agency_in(_without_year(text), self._column.kinds) for text in said if text)
        agency = next((one for one in named if one is not None), None)
        mentioned = self._register.mentioned(f"{article.title} {entry.title} {entry.row}")
        if agency is None and len(mentioned) == 1:
            (agency,) = mentioned
        year = article.year_of_period or judged.year or year_in(article.title)
        return Judgement(True, agency, year, named=article.title[:60] or None)

    async def _body(self, entry: ListEntry, article: ArticlePage) -> list[FoundDocument]:
        """The article's own text if that is the report, or the one in its frame."""
        inside = None if article.body_is_report else framed(article.page)
        if inside is not None:
            fetched = await self._fetch(inside, inside)
            if fetched.page is None or not fetched.quality.good or not fetched.page.is_html:
                await self._store.keep_failure(inside, fetched, self._clock.now())
                return []
            article = ArticlePage(fetched.page)
        if not article.body_is_report:
            return []
        return [
            FoundDocument(VersionRole.BODY, entry.address, article.page, "text/html", article.content_sha256),
        ]

    async def _attached(self, article: ArticlePage) -> _Attached:
        best, others = choose(article.attachments, article.title)
        if best is None:
            return _Attached(others=others)
        first = attached = await self._one_attached(best, best.address, others)
        if not attached.documents and best.otherwise is not None:
            attached = await self._one_attached(best, best.otherwise, others)
        return attached if attached.documents else first

    async def _one_attached(self, best: Attachment, address: str, others: Sequence[Attachment]) -> _Attached:
        """Fetches an attachment from one of the addresses where it may lie."""
        fetched = await self._fetch(address, address)
        now = self._clock.now()
        page = fetched.page
        if page is None or not fetched.quality.good:
            await self._store.keep_failure(address, fetched, now)
            empty = page is not None and page.status == 200 and not page.body
            trouble = "附件是空文件" if empty else f"附件无法取得：{fetched.quality.sentence}"
            # That one file is missing or empty is the article's trouble, not the portal's.
            quality = GOOD if empty or fetched.quality.not_there else fetched.quality
            return _Attached(others=others, trouble=trouble, quality=quality)
        if page.is_html and b"<" in page.body[:512]:
            trouble = f"附件不是{best.kind.upper()}文件，打开的是网页"
            await self._store.keep_failure(address, Fetched(page, replace(fetched.quality, sentence=trouble)), now)
            return _Attached(others=others, trouble=trouble)
        modified = [one for one in evidence_in(page, "", None, now) if one.source is EvidenceSource.LAST_MODIFIED]
        return _Attached([_document(replace(best, address=address), page)], others, modified)

    async def _keep(
        self,
        entry: ListEntry,
        judged: Judgement,
        outcome: ArticleOutcome,
        reason: str,
        *,
        baseline: bool = False,
        evidence: Sequence[DateEvidence] | None = None,
        page: Page | None = None,
        documents: Sequence[FoundDocument] = (),
        others: Sequence[Attachment] = (),
    ) -> None:
        now = self._clock.now()
        found = FoundArticle(
            address=entry.address,
            page_address=entry.page_address,
            column=self._column.id,
            title=entry.title,
            outcome=outcome,
            agency=judged.agency,
            year=judged.year,
            reason=reason,
            baseline=baseline,
            to_read=self._register.watches(judged.year),
            met=self._met,
            folder_year=entry.year or year_of_place(entry.address, self._column),
            evidence=evidence_in_list(entry.address, self._listed(entry, judged), now)
            if evidence is None
            else evidence,
            page=page,
            documents=documents,
            others=others,
        )
        await self._store.keep_article(found, now)


def _without_document(judged: Judgement, article: ArticlePage, attached: _Attached) -> ArticleOutcome:
    """What an article is of which nothing could be read: one that only a browser can open is there all the same."""
    if not attached.quality.good:
        return ArticleOutcome.FETCH_FAILED
    is_known = judged.agency is not None and judged.year is not None
    is_there = is_known and article.needs_browser and not attached.trouble
    return ArticleOutcome.UNOPENED if is_there else ArticleOutcome.NO_DOCUMENT


def _document(attachment: Attachment, page: Page) -> FoundDocument:
    return FoundDocument(VersionRole.ATTACHMENT, attachment.address, page, attachment.media_type_of(page))


def _without_year(text: str) -> str:
    return _YEAR_AND_WORDS.sub("", text)

"""What the rules of publication judge, gathered from the ledger in a few questions a district."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import LOOKS_APART
from ledger.reading.readings import stored_reading
from ledger.standings.published import PublishedVersion, folder_years, versions_of
from ledger.standings.questions import DateWitness, ReportArticle, last_looks_without, reports_in, witnesses_in
from ledger.states import EvidenceSource, VersionRole, WorkState
from monitor.calendar import day_of
from monitor.publication.former import former_reports
from monitor.standings.dates import CREATIONS, STATEMENTS
from report.findings.publication_rules import TOLERANCE
from report.findings.published import Comparison, Copy, DatedBy, Published, Spot, compare
from report.form import cell_label

# So many records made anew on one day are a portal that moved.
MANY_REBUILT = 5
# A folder is named after report years where at least so many of its reports agree, and more than do not.
ENOUGH_ALIKE = 2
# Comparisons are remembered: what a reader version made of a document does not change.
REMEMBERED = 20_000
TITLE_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Known:
    """One agency's report for a year: whose it is, what is known of it, and its newest document."""

    agency: str
    year: int
    published: Published
    version_id: int


@dataclass
class Comparisons:
    """Documents compared with each other, by their hashes and reader versions; the newest ones are remembered."""

    _known: OrderedDict[tuple[str, str, str, str], tuple[Comparison, str | None]] = field(default_factory=OrderedDict)

    def of(
        self, session: Session, one: PublishedVersion, other: PublishedVersion
    ) -> tuple[Comparison | None, str | None]:
        """How two documents that were read compare, and the form of the first; None where a reading is lost."""
        if one.reader is None or other.reader is None:
            return None, None
        key = (one.sha256, one.reader, other.sha256, other.reader)
        if key not in self._known:
            here = stored_reading(session, one.sha256, one.reader)
            there = stored_reading(session, other.sha256, other.reader)
            if here is None or there is None:
                return None, None
            self._known[key] = compare(here, there), here.form
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[key]


def load_published(
    session: Session,
    register: Register,
    district: str,
    years: Sequence[int],
    comparisons: Comparisons,
    apart: timedelta = LOOKS_APART,
) -> Iterator[Known]:
    """What is known of every report of a district's agencies for these years that was found and has a document.

    Two looks prove that something is gone where they are begun ``apart`` one after the other.
    """
    articles = reports_in(session, district, years)
    found: dict[tuple[str, int], list[ReportArticle]] = {}
    for article in articles:
        found.setdefault((article.agency, article.year), []).append(article)
    if not found:
        return
    gather = _Gathering(session, register, district, articles, versions_of(session, district, years), comparisons)
    former = former_reports(session, register, district, max(years), apart)
    for (agency, year), ones in found.items():
        newest = max((version.id for one in ones for version in gather.versions.get(one.id, ())), default=None)
        if newest is not None:
            published = gather.published(agency, year, ones)
            of_former = tuple(one for one in former.get(agency, ()) if one.year < year)
            yield Known(agency, year, replace(published, former=of_former), newest)


class _Gathering:
    """The answers of the ledger for one district, put together for each report."""

    def __init__(
        self,
        session: Session,
        register: Register,
        district: str,
        articles: Sequence[ReportArticle],
        versions: Mapping[int, list[PublishedVersion]],
        comparisons: Comparisons,
    ) -> None:
        self._session = session
        self._register = register
        self._comparisons = comparisons
        self.versions = versions
        self._district = district
        self._agencies = {one.id: one for one in register.districts[district].agencies}
        self._witnesses = witnesses_in(session, district, {one.year for one in articles})
        self._folders = {portal: folder_years(session, portal) for portal in {one.portal for one in articles}}
        self._dated = {one.id: self._dated_by(one) for one in articles}
        self._rebuilt = Counter(
            (one.portal, made.day) for one in articles if (made := _made_anew(self._dated[one.id])) is not None
        )
        doubtful = [one.id for one in articles if _seen_late(one, self._dated[one.id])]
        self._absent = last_looks_without(session, doubtful)

    def published(self, agency: str, year: int, ones: Sequence[ReportArticle]) -> Published:
        """What is known of one report, from all its articles."""
        live = [one for one in ones if one.withdrawn_at is None and not one.gone_times]
        gone = [one.withdrawn_at for one in ones if one.withdrawn_at is not None]
        alone = ones[0] if len(ones) == 1 else None
        dated = self._dated[(live or ones)[0].id]
        made = _made_anew(dated)
        absent = self._absent.get(alone.id) if alone is not None else None
        copies, form = self._copies(live)
        change, changed_form = self._change(live)
        return Published(
            year=year,
            first_seen=day_of(min(one.first_seen_at for one in ones)),
            label=partial(cell_label, self._register, form or changed_form),
            copies=copies,
            spots=tuple(self._spots(agency, year, live)),
            witnesses=dated,
            absent_on=day_of(absent) if absent is not None else None,
            rebuilt=made is not None and self._rebuilt[(live or ones)[0].portal, made.day] >= MANY_REBUILT,
            gone_on=day_of(max(gone)) if gone and len(gone) == len(ones) else None,
            change=change,
            filed=self._register.filed(self._district, self._agencies[agency], year)
            if agency in self._agencies
            else None,
        )

    def _dated_by(self, article: ReportArticle) -> tuple[DatedBy, ...]:
        # The address of a page that holds another report each year is older than any of them.
        replaced = article.page_address is not None
        return tuple(
            DatedBy(self._register.wording.evidence[one.source.value], day_of(one.moment), one.source in CREATIONS)
            for one in self._witnesses.get(article.id, ())
            if _counts(one, replaced)
        )

    def _copies(self, live: Sequence[ReportArticle]) -> tuple[tuple[Copy, ...], str | None]:
        """Every document that can be opened now beside the first that was read, and the form of that one."""
        current = [(one, version) for one in live for version in self._current(one)]
        if len(current) < 2:
            return (), None
        current.sort(key=lambda pair: (pair[1].reader is None, pair[1].id))
        first = current[0][1]
        form: str | None = None
        copies = []
        for article, version in current:
            beside = None
            if version is not first:
                beside, of_form = self._comparisons.of(self._session, first, version)
                form = form or of_form
            copies.append(Copy(_name(article, version, several=len(live) > 1), _unread(version), beside))
        return tuple(copies), form

    def _change(self, live: Sequence[ReportArticle]) -> tuple[Comparison | None, str | None]:
        """What differs between the last document of a place and the one before it, where both were read."""
        for one in live:
            for now in self._current(one):
                before = [
                    version for version in self.versions[one.id] if version.role is now.role and version.id < now.id
                ]
                if before:
                    change, form = self._comparisons.of(self._session, before[0], now)
                    if change is not None and change.differences:
                        return change, form
        return None, None

    def _current(self, article: ReportArticle) -> list[PublishedVersion]:
        """The newest document of each role."""
        newest: dict[VersionRole, PublishedVersion] = {}
        for version in self.versions.get(article.id, ()):
            newest.setdefault(version.role, version)
        return list(newest.values())

    def _spots(self, agency: str, year: int, live: Sequence[ReportArticle]) -> Iterator[Spot]:
        for one in live:
            file = self._register.portals.get(one.portal)
            column = next((column for column in file.columns if column.id == one.column), None) if file else None
            if file is None or column is None:
                continue  # entered by a person, or the portal file has other columns today
            known = self._agencies.get(agency)
            wanted = self._register.columns_for(one.portal, known.kind, year) if known is not None else ()
            alike = self._folders[one.portal].get((one.column, one.folder_year), {}) if one.folder_year else {}
            right = alike.get(one.folder_year or 0, 0)
            of_report_years = right >= ENOUGH_ALIKE and right > sum(alike.values()) - right
            # Columns that begin at one directory are one place.
            belongs = column.address in {one.address for one in wanted} if wanted else None
            yield Spot(column.name, belongs, one.folder_year, of_report_years)


def _counts(witness: DateWitness, replaced: bool) -> bool:
    if witness.source in CREATIONS:
        return not replaced
    return witness.source in STATEMENTS and witness.source is not EvidenceSource.ENTERED


def _shown(dated: Sequence[DatedBy]) -> list[DatedBy]:
    return [one for one in dated if not one.record]


def _made_anew(dated: Sequence[DatedBy]) -> DatedBy | None:
    """The witness that a record was made after the days that are shown; None where there is none."""
    shown = _shown(dated)
    made = max((one for one in dated if one.record), key=lambda one: one.day, default=None)
    if made is None or not shown or made.day - max(one.day for one in shown) <= TOLERANCE:
        return None
    return made


def _seen_late(article: ReportArticle, dated: Sequence[DatedBy]) -> bool:
    shown = _shown(dated)
    return bool(shown) and day_of(article.first_seen_at) - max(one.day for one in shown) > TOLERANCE


def _name(article: ReportArticle, version: PublishedVersion, *, several: bool) -> str:
    of = f"《{article.title[:TITLE_SHOWN]}》的" if several else ""
    if version.role is VersionRole.BODY:
        return f"{of}网页正文"
    if version.role is VersionRole.ENTERED:
        return "人工登记的报告"
    return f"{of}附件“{unquote(urlsplit(version.address).path.rpartition('/')[2])}”"


def _unread(version: PublishedVersion) -> str:
    if version.reader is not None and version.state is not WorkState.QUARANTINED:
        return ""
    return "未能读出" if version.state is WorkState.QUARANTINED else "尚未读取"

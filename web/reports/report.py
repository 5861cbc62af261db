"""What the report page shows of one agency's report: its standing, versions, findings, and what all of it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import gravity
from ledger.messages.rectifications import Asked, rectifications_at
from ledger.models import Agency, Article, Document, FindingRow, ReadingCorrection, Version, Work
from ledger.reading.corrections import corrections_of
from ledger.reading.current import current_versions
from ledger.reading.page_pictures import PictureKept, pictures_of
from ledger.reading.versions import replaced_by
from ledger.standings import why
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import STANDING_FINDINGS, STANDING_THERE, WorkState
from monitor.calendar import end_of
from monitor.evidence.facts import MOST_FINDINGS, DocumentEvidence, FindingShown, document_evidence
from report.comparing.difference import difference_between, in_words
from report.figure import Figure, State
from report.findings.finding import Sentence
from report.findings.in_words import Names, names_in, written
from report.form import make_form
from web.personal_data import RULE as PERSONAL_DATA
from workers.rules.check import check_report
from workers.rules.context import Context

MOST_FIGURES_CHANGED = 200
MOST_SENTENCES_CHANGED = 100


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One document of the report, with how the work on it stands."""

    version: Version
    article: Article
    document: Document
    work: Work | None
    is_current: bool

    @property
    def is_quarantined(self) -> bool:
        """Whether it could not be read."""
        return self.work is not None and self.work.state is WorkState.QUARANTINED


@dataclass(frozen=True, slots=True)
class DecidedFinding:
    """A finding with what a person decides on: its number and words, its row, and the figures that can be corrected."""

    shown: FindingShown
    row: FindingRow
    figures: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class ReportPage:
    """Everything of the page; ``chosen`` is None where nothing was found, and ``document`` where it is not read.

    ``findings`` are those of page ``page`` of ``total``; ``wanted`` is the fingerprint that a link leads to.
    """

    agency: Agency
    standing: StandingThen
    versions: Sequence[VersionShown]
    chosen: VersionShown | None
    document: DocumentEvidence | None
    findings: Sequence[DecidedFinding]
    total: int
    page: int
    wanted: str
    settled: Sequence[FindingRow]
    elsewhere: Sequence[FindingRow]
    pictures: dict[int, PictureKept]
    pages_with_figures: Sequence[int]
    corrections: Sequence[ReadingCorrection]
    reasons: dict[str, str]
    evidence: Sequence[object]
    looks: Sequence[tuple[str, why.LooksAt]]
    rectifications: Sequence[Asked]
    has_personal_data: bool


def report_page(
    session: Session,
    register: Register,
    agency_id: str,
    year: int,
    version_id: int | None,
    now: datetime,
    *,
    page: int = 1,
    wanted: str = "",
) -> ReportPage | None:
    """The page of an agency's report for a year; None where it owes none, or has no such version.

    Findings stand on pages: the one of ``wanted``, a fingerprint, else ``page``, or the last where there are not as
    many.
    """
    agency = session.get(Agency, agency_id)
    if agency is None:
        return None
    standings = standings_at(session, district=agency.district, years=[year])
    standing = next((row for row in standings if row.agency == agency_id), None)
    if standing is None:
        return None
    versions = versions_of(session, agency_id, year)
    chosen = _chosen(versions, version_id)
    if version_id is not None and chosen is None:
        return None
    rows = sorted(
        session.scalars(select(FindingRow).where(FindingRow.agency == agency_id, FindingRow.year == year)).all(),
        key=lambda row: (gravity(row.severity), row.rule, row.fingerprint),
    )
    here = [row for row in rows if chosen is not None and row.version_id == chosen.version.id]
    standing_here = [row for row in here if row.state in STANDING_FINDINGS]
    pages = max(1, -(-len(standing_here) // MOST_FINDINGS))
    place = next((place for place, row in enumerate(standing_here) if row.fingerprint == wanted), None)
    page = place // MOST_FINDINGS + 1 if place is not None else min(page, pages)
    begin = (page - 1) * MOST_FINDINGS
    document = (
        document_evidence(session, register, chosen.version.id, standing_here, begin) if chosen is not None else None
    )
    kept = pictures_of(session, chosen.version.sha256) if chosen is not None else []
    check = why.documents_of(session, chosen.article.id, now) if chosen is not None else []
    checked = next((one.check for one in check if chosen is not None and one.version.id == chosen.version.id), None)
    return ReportPage(
        agency=agency,
        standing=standing,
        versions=versions,
        chosen=chosen,
        document=document,
        findings=_decided(register, standing_here[begin:], document),
        total=len(standing_here),
        page=page,
        wanted=wanted,
        settled=[row for row in here if row.state not in STANDING_FINDINGS],
        elsewhere=[row for row in rows if row not in here and row.state in STANDING_FINDINGS],
        pictures={one.page: one for one in reversed(kept)},
        pages_with_figures=_pages(document),
        corrections=_corrections(session, chosen),
        reasons=dict(checked.reasons) if checked is not None else {},
        evidence=why.evidence_for(session, chosen.article.id, now) if chosen is not None else [],
        looks=_looks(session, register, agency, standing, versions, now),
        rectifications=[
            one for one in rectifications_at(session, agency.district, year, now) if one.row.agency == agency_id
        ],
        has_personal_data=any(row.rule == PERSONAL_DATA for row in here),
    )


def versions_of(session: Session, agency: str, year: int) -> list[VersionShown]:
    """Every document of the report, the newest first."""
    current = current_versions(session, [agency], year).get((agency, year), {})
    rows = session.execute(
        select(Version, Article, Document)
        .join(Article, Article.id == Version.article_id)
        .join(Document, Document.sha256 == Version.sha256)
        .where(Article.agency == agency, Article.year == year)
        .order_by(Version.id.desc())
    )
    found = []
    for version, article, document in rows:
        work = session.scalar(select(Work).where(Work.version_id == version.id).order_by(Work.id.desc()).limit(1))
        found.append(VersionShown(version, article, document, work, version.id in current))
    return found


def differences(session: Session, register: Register, version_id: int) -> tuple[list[tuple[str, str]], str]:
    """What a version changed of the one whose place it took, in words; a sentence where that cannot be told."""
    pair = replaced_by(session, version_id)
    if pair is None:
        return [], "这是第一个版本，没有更早的可以对照"
    if pair.before is None or pair.after is None:
        return [], pair.unread
    difference = difference_between(pair.before, pair.after)
    names = names_in(register, pair.after.form)
    return in_words(difference, names.label, MOST_FIGURES_CHANGED, MOST_SENTENCES_CHANGED), ""


def sentences_of(register: Register, page: ReportPage) -> Sequence[tuple[Sentence, str]]:
    """What the running text says of figures, clause by clause, with the cells' names; nothing where it is not read."""
    report = page.document.report if page.document is not None else None
    entry = register.agencies.get(page.agency.agency)
    if report is None or entry is None:
        return ()
    forms = {name: make_form(file) for name, file in register.forms.items()}
    context = Context(agency_names=entry.names, agency_kind=entry.kind, expected_year=page.standing.year)
    names = names_in(register, report.form)
    said = check_report(report, forms, context, register.rules).sentences
    return [(one, "＋".join(names.label(key) for key in (one.figure or "").split("+") if key)) for one in said]


def _chosen(versions: Sequence[VersionShown], version_id: int | None) -> VersionShown | None:
    if version_id is not None:
        return next((one for one in versions if one.version.id == version_id), None)
    # What was read tells more than what was not; of what stands for the report now.
    order = sorted(versions, key=lambda one: (not one.is_current, one.work is None or one.is_quarantined))
    return order[0] if order else None


def _decided(register: Register, rows: Sequence[FindingRow], document: DocumentEvidence | None) -> list[DecidedFinding]:
    if document is None:
        return []
    figures = document.machine.figures if document.machine is not None else {}
    names = names_in(register, document.machine.form if document.machine is not None else None)
    return [
        DecidedFinding(shown, row, [_figure(names, key, figures[key]) for key in row.cells if key in figures])
        for shown, row in zip(document.findings, rows, strict=False)
    ]


def _figure(names: Names, key: str, figure: Figure) -> tuple[str, str, str]:
    """A cell by its key: its name, and what was read in it."""
    value = figure.text if figure.state in (State.NUMBER, State.TEXT) else ""
    read = written(names, {"state": figure.state.value, "text": figure.text, "value": figure.value})
    return key, names.label(key), value or read


def _pages(document: DocumentEvidence | None) -> list[int]:
    machine = document.machine if document is not None else None
    pages = {figure.place.page for figure in machine.figures.values()} if machine is not None else set()
    return sorted(page for page in pages if page is not None)


def _corrections(session: Session, chosen: VersionShown | None) -> list[ReadingCorrection]:
    if chosen is None:
        return []
    return list(corrections_of(session, [chosen.version.sha256]).get(chosen.version.sha256, {}).values())


def _looks(
    session: Session,
    register: Register,
    agency: Agency,
    standing: StandingThen,
    versions: Sequence[VersionShown],
    now: datetime,
) -> list[tuple[str, why.LooksAt]]:
    """Of a report that was found, the looks before and at its finding; where none was, those after the due date."""
    columns = {one.id: one.name for one in register.columns_for(agency.portal, agency.kind, standing.year)}
    articles = {one.article.id: one.article for one in versions if one.article.outcome in STANDING_THERE}
    if articles:
        found = [why.looks_around(session, article) for article in articles.values()]
    else:
        found = [why.looks_after(session, agency.portal, column, end_of(standing.due), now) for column in columns]
    return [(columns.get(one.column, one.column), one) for one in found]

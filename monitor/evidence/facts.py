"""Gathers what letters about reports rest on, out of the ledger: for the page of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity, gravity
from ledger.messages.matters import by_matter
from ledger.models import Document, FindingRow, Incident, Look, ReadingRow, Version
from ledger.reading.carry_overs import carry_overs_of
from ledger.reading.copies import ArchivedCopy, copy_of
from ledger.reading.corrections import corrected, corrections_of
from ledger.standings import why
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import IncidentKind, PortalState, Standing
from monitor.calendar import chinese_day, chinese_moment, end_of
from monitor.evidence.sums import SumInWords, sums_of
from monitor.evidence.tables import Mark, TableAsRead, tables_as_read
from report.account import Account
from report.as_json import report_from_json
from report.comparing.carry_overs import chain_in_words
from report.figure import Figure
from report.findings.in_words import (
    CellInWords,
    Names,
    cells_in_words,
    names_in,
    place_in_words,
    suggestion_in_words,
)
from report.findings.suspects import suspects
from report.form import column_label, make_form
from report.report import Report

# A page of evidence is for people: what is beyond these is counted, and stands in the ledger.
MOST_FINDINGS = 60
MOST_CELLS = 12
MOST_PAGES = 8
MOST_LOOKS = 6


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding as the page shows it; ``number`` is its mark in the tables and on the pages."""

    number: int
    level: str
    level_words: str
    rule: str
    title: str
    message: str
    message_en: str
    cells: tuple[CellInWords, ...]
    advice: str
    confirmed: str
    place: str
    basis: str
    matter: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A box on a page, in points from its top left corner: the cell, and the number and level of the finding in it.

    The number is shown once, beside the last box of a finding; what is suspected is told from what takes part.
    """

    left: float
    top: float
    right: float
    bottom: float
    number: int
    level: str
    is_last: bool
    cell: str = ""
    is_suspect: bool = True


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page of the document with something to be seen on it."""

    number: int
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class FindingsDrawn:
    """Findings as people see them: the form's instrument, each in words with how many were left out, and where they
    stand in the tables as read, in the sums, and on the pages.
    """

    form: str
    findings: tuple[FindingShown, ...]
    left_out: int
    tables: tuple[TableAsRead, ...]
    sums: tuple[SumInWords, ...]
    pages: tuple[PageShown, ...]


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """One document that was read: where it was found, what was read and found in it, and how it adds up.

    All of it is of one reading: ``machine`` as it was read, ``report`` with what people corrected. Both are None where
    it was not read, or by a program whose words are no longer understood.
    """

    title: str
    copy: ArchivedCopy
    media_type: str
    size: int
    read_at: datetime | None
    reader: str
    form: str
    findings: tuple[FindingShown, ...]
    left_out: int
    tables: tuple[TableAsRead, ...]
    sums: tuple[SumInWords, ...]
    pages: tuple[PageShown, ...]
    account: Account
    machine: Report | None
    report: Report | None


@dataclass(frozen=True, slots=True)
class Known:
    """One line of what is known besides the documents: a word and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ReportEvidence:
    """What is known of one agency's report for one year, and what letters say of it."""

    agency: str
    district: str
    year: int
    known: tuple[Known, ...]
    looks: tuple[Known, ...]
    documents: tuple[DocumentEvidence, ...]


def evidence_of(
    session: Session, register: Register, incidents: Sequence[Incident], moment: datetime
) -> list[ReportEvidence]:
    """The evidence behind incidents about reports, one for each report, in the order of the incidents."""
    about: dict[tuple[str, int], list[Incident]] = {}
    for incident in incidents:
        if incident.agency is not None and incident.year is not None:
            about.setdefault((incident.agency, incident.year), []).append(incident)
    found = [_report(session, register, agency, year, of, moment) for (agency, year), of in about.items()]
    return [one for one in found if one is not None]


def _report(
    session: Session, register: Register, agency: str, year: int, incidents: Sequence[Incident], moment: datetime
) -> ReportEvidence | None:
    district = incidents[0].district
    standing = next(
        (row for row in standings_at(session, district=district, years=[year]) if row.agency == agency), None
    )
    if standing is None:
        return None
    rows = _findings(session, incidents)
    versions: dict[int, list[FindingRow]] = {}
    for row in rows:
        versions.setdefault(row.version_id, []).append(row)
    documents = [document_evidence(session, register, version, of) for version, of in versions.items()]
    kinds = {incident.kind for incident in incidents}
    return ReportEvidence(
        standing.name,
        standing.district,
        year,
        (*_known(register, standing, kinds), *_carry_overs(session, register, agency, rows)),
        tuple(_looks(session, register, standing, moment)) if IncidentKind.MISSING in kinds else (),
        tuple(one for one in documents if one is not None),
    )


def _findings(session: Session, incidents: Sequence[Incident]) -> list[FindingRow]:
    keys = [one.detail["fingerprint"] for one in incidents if one.kind is IncidentKind.FINDING]
    rows = session.scalars(select(FindingRow).where(FindingRow.fingerprint.in_(keys))).all()
    ordered = sorted(rows, key=lambda row: (gravity(row.severity), row.rule, row.fingerprint))
    return [row for matter in by_matter(ordered) for row in matter]


def _known(register: Register, standing: StandingThen, kinds: set[IncidentKind]) -> Iterator[Known]:
    words = register.wording
    yield Known("机关", f"{standing.name}（{words.kinds[standing.kind]}）")
    yield Known("公布期限", f"{chinese_day(standing.due)}（{standing.basis}）")
    yield Known("公布状况", f"{words.standings[standing.standing.value]}。{standing.sentence}")
    dated = {Standing.LATE, Standing.DATE_DISPUTED}
    if standing.standing in dated or kinds & {IncidentKind.LATE, IncidentKind.DATE_DISPUTED}:
        for one in standing.evidence.get("witnesses", []):
            yield Known(words.evidence[one["source"]], chinese_day(date.fromisoformat(one["day"])))
        for name, key in (("期限之后查看时还没有", "last_look_without"), ("系统首次发现", "first_seen")):
            if standing.evidence.get(key):
                yield Known(name, chinese_moment(datetime.fromisoformat(standing.evidence[key])))


def _carry_overs(session: Session, register: Register, agency: str, rows: Sequence[FindingRow]) -> Iterator[Known]:
    """The chain of carry-overs over all years, where a finding is that this year does not go on from the last."""
    if any(row.rule == "Y01" for row in rows):
        chain = carry_overs_of(session, agency)
        yield Known("历年结转", chain_in_words(chain, partial(column_label, register)))


def _looks(session: Session, register: Register, standing: StandingThen, moment: datetime) -> Iterator[Known]:
    """The looks at the columns where the report belongs, after its due date: when, how complete, what was seen."""
    entry = register.agencies.get(standing.agency)
    portal = register.districts[standing.district].portal if standing.district in register.districts else None
    if entry is None or portal is None:
        return
    for column in register.columns_for(portal, entry.kind, standing.year):
        at = why.looks_after(session, portal, column.id, end_of(standing.due), moment)
        for look in at.looks[:MOST_LOOKS]:
            yield Known(f"{column.name}，{chinese_moment(look.begun_at)}", _look_in_words(register, look))


def _look_in_words(register: Register, look: Look) -> str:
    complete = look.complete and look.found is PortalState.HEALTHY
    seen = f"看到{look.rows}条"
    if look.accounted is not None:
        seen += (
            f"；页面上共{look.accounted['pieces']}项，认出{look.accounted['understood']}项，"
            f"已知为他物{look.accounted['named']}项，未能归类{look.accounted['unaccounted']}项"
        )
    whether = "完整查看" if complete else f"不完整（{look.sentence or register.wording.portals[look.found.value]}）"
    return f"{whether}，{seen}"


def document_evidence(
    session: Session, register: Register, version_id: int, rows: Sequence[FindingRow], begin: int = 0
) -> DocumentEvidence | None:
    """What was read and found in one version, with ``rows`` as its findings; None where it is not there.

    They are numbered from 1; at most MOST_FINDINGS are shown, those after the first ``begin``.
    """
    copy = copy_of(session, version_id)
    version = session.get(Version, version_id)
    if copy is None or version is None:
        return None
    document = session.get(Document, copy.sha256)
    reading = session.scalar(
        select(ReadingRow).where(ReadingRow.sha256 == copy.sha256).order_by(ReadingRow.read_at.desc()).limit(1)
    )
    machine = _understood(reading)
    reading = reading if machine is not None else None
    said = corrections_of(session, [copy.sha256]).get(copy.sha256, {})
    report = corrected(machine, said) if machine is not None else None
    figures: dict[str, Any] = reading.content.get("figures", {}) if reading is not None else {}
    drawn = findings_drawn(register, report, rows, figures, begin, machine if said else None)
    return DocumentEvidence(
        (report.title if report is not None else None) or copy.title,
        copy,
        document.media_type if document is not None else "",
        document.size if document is not None else 0,
        reading.read_at if reading is not None else None,
        reading.reader if reading is not None else "",
        drawn.form,
        drawn.findings,
        drawn.left_out,
        drawn.tables,
        drawn.sums,
        drawn.pages,
        report.accounted if report is not None else Account(),
        machine,
        report,
    )


def findings_drawn(
    register: Register,
    report: Report | None,
    rows: Sequence[FindingRow],
    figures: Mapping[str, Any],
    begin: int = 0,
    machine: Report | None = None,
) -> FindingsDrawn:
    """Findings of one report as people see them: in words, in its tables as read, and on its pages.

    ``figures`` are those of the report as a reading keeps them. ``machine`` is what the machine read, where people read
    some cells otherwise. Findings are numbered from 1; at most MOST_FINDINGS are shown, after the first ``begin``.
    """
    form = make_form(register.forms[report.form]) if report is not None and report.form in register.forms else None
    names = names_in(register, report.form if report is not None else None)
    here = rows[begin : begin + MOST_FINDINGS]
    shown = [_shown(register, number, row, names, figures) for number, row in enumerate(here, begin + 1)]
    marks: dict[str, list[Mark]] = {}
    for one, row in zip(shown, here, strict=True):
        suspected = suspects(row.cells, row.suggestion)
        for key in dict.fromkeys((*row.cells, *suspected)):
            marks.setdefault(key, []).append(Mark(one.number, one.level, key in suspected))
    return FindingsDrawn(
        form.file.instrument if form is not None else "",
        tuple(shown),
        len(rows) - len(here),
        tuple(tables_as_read(report, form, names, marks, machine)) if report is not None and form is not None else (),
        tuple(sums_of(report, form)) if report is not None and form is not None else (),
        tuple(_pages(here, begin, report.figures if report is not None else {})),
    )


def _understood(reading: ReadingRow | None) -> Report | None:
    """What was read; None too where an earlier program wrote it in a way that is no longer understood."""
    try:
        return report_from_json(reading.content) if reading is not None else None
    except ValueError:
        return None


def _shown(register: Register, number: int, row: FindingRow, names: Names, figures: Mapping[str, Any]) -> FindingShown:
    words = register.wording
    cells = (
        cells_in_words(names, row.cells, row.expected, row.suggestion, figures, MOST_CELLS)
        if row.severity != Severity.HUMAN
        else []
    )
    return FindingShown(
        number,
        row.severity,
        words.levels[row.severity],
        row.rule,
        _problem(register, row),
        row.message,
        row.message_en,
        tuple(cells),
        suggestion_in_words(names, figures, row.suggestion) if row.suggestion else "",
        "；".join(words.confirmations[way] for way in row.confirmed_by or ()),
        place_in_words(row.place),
        row.basis,
        row.matter or "",
        row.fingerprint,
    )


def _problem(register: Register, row: FindingRow) -> str:
    title = register.rules.rules[row.rule].title
    return f"{title}（{row.rule}）" if row.severity == Severity.HUMAN else f"不符合“{title}”（{row.rule}）"


Box = tuple[float, float, float, float]


def _pages(rows: Sequence[FindingRow], begin: int, figures: Mapping[str, Figure]) -> Iterator[PageShown]:
    """The pages on which something was found, in order, with a frame for each cell of a finding."""
    frames: dict[int, list[Frame]] = {}
    for number, row in enumerate(rows, begin + 1):
        suspected = suspects(row.cells, row.suggestion)
        keys = [key for key in dict.fromkeys((*suspected, *row.cells)) if key in figures][:MOST_CELLS]
        places = [(key, figures[key].place) for key in keys]
        boxes: list[tuple[int, Box | None, str]] = [
            (place.page, place.bbox, key) for key, place in places if place.page is not None and place.bbox is not None
        ]
        if not boxes and row.place.get("page") is not None:
            boxes = [(row.place["page"], row.place.get("bbox"), "")]
        last = {page: place for place, (page, _, _) in enumerate(boxes)}
        for place, (page, box, key) in enumerate(boxes):
            of_page = frames.setdefault(page, [])
            if box is not None:
                suspect = not key or key in suspected
                of_page.append(Frame(*box, number, row.severity, last[page] == place, key, suspect))
    last_number = begin + len(rows) + 1
    worst_first = sorted(frames, key=lambda page: min((one.number for one in frames[page]), default=last_number))
    for page in sorted(worst_first[:MOST_PAGES]):
        yield PageShown(page, tuple(frames[page]))

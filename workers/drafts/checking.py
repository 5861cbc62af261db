"""自查: a draft judged beside what the ledger and the register know of its agency, of which nothing is kept.

The draft says itself whose it is and of which year. What was asked for (the agency of an address, a choice in a form)
holds where it does not say so; where it says otherwise that is told, and nobody's last year is held against it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from config.agencies import AgencyEntry
from config.register import Register
from config.settings import Settings
from config.time_zone import SHANGHAI
from ledger.archive import Archive
from ledger.database import Ledger
from ledger.reading.findings import Assignment
from report.agency_names import is_one_of
from report.form import make_form
from report.report import Report
from report.titles import match_agency
from workers.drafts.judging import JudgedFile, judge_file
from workers.drafts.notes import notes_of
from workers.drawing.page_pictures import draw_pages, pages_found
from workers.neighbours import context_of, corrections_around, neighbours_of
from workers.reading.child.process import ReadingProcess
from workers.reading.errors import ReadError
from workers.reading.kind import DOCX
from workers.reading.version import reader_version
from workers.rules.context import Context
from workers.worker_context import WorkerContext

COMMENT = "workers.drafts.comments:comment"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a draft was judged beside: its agency in the register (None: it is none of it), its year, and whether last
    year's report is in the ledger. ``asked_agency`` and ``asked_year`` are what it was expected to be.
    """

    agency: AgencyEntry | None = None
    year: int | None = None
    has_last_year: bool = False
    asked_agency: AgencyEntry | None = None
    asked_year: int | None = None

    @property
    def is_of_another_agency(self) -> bool:
        """Whether it names another agency than the one that was asked for."""
        return self.asked_agency is not None and self.agency is not self.asked_agency

    @property
    def is_of_another_year(self) -> bool:
        """Whether it names another year than the one that was asked for."""
        return self.asked_year is not None and self.year != self.asked_year


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """What a draft says, what the rules say of it, and beside what it was judged.

    ``commented`` is the Word file with a comment at each finding. It is None where the file is none, nothing was found,
    or comments could not be added, which ``not_commented`` says. ``pages`` are pictures of the pages with findings.
    """

    judged: JudgedFile
    around: Surroundings
    commented: bytes | None = None
    not_commented: str = ""
    pages: tuple[PagePicture, ...] = ()


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a PNG, with its size in points."""

    number: int
    width: float
    height: float
    picture: bytes


def check_draft(
    settings: Settings,
    ledger: Ledger,
    archive: Archive,
    register: Register,
    data: bytes,
    name: str,
    now: datetime,
    *,
    agency: str | None = None,
    year: int | None = None,
    districts: Collection[str] | None = None,
    seconds: float | None = None,
    with_pictures: bool = False,
) -> CheckedDraft:
    """Reads and judges a draft in a limited process of its own, which ends with it; writes nothing anywhere.

    ``name`` is the file's, ``agency`` an id of the register, and ``year`` a report year, where they are known. Of which
    agency it is else is looked for in ``districts``, by default in all. What cannot be read has X01 alone; nothing is
    raised but for the ledger's own troubles. ``seconds`` limits the reading, and the judging. ``with_pictures``: its
    commented file and the pictures of its pages are made too.
    """
    with ReadingProcess(settings, forms=register.forms) as process:
        forms = {one: make_form(file) for one, file in register.forms.items()}
        reader = reader_version(register.forms)
        worker_context = WorkerContext(settings, ledger, archive, process, forms, register, reader)
        around = Surroundings()

        def context_in(report: Report) -> Context:
            nonlocal around
            around, context = _beside(worker_context, report, agency, year, districts)
            return context

        judged = judge_file(process, data, name, worker_context.rules_at(now), reader, context_in, seconds=seconds)
        if not with_pictures or not judged.readable:
            return CheckedDraft(judged, around)
        commented, why_not = _commented(process, judged, register, data, now)
    drawn = draw_pages(data, judged.report.media_type, pages_found(judged.report, judged.check))
    pages = tuple(
        PagePicture(one["page"], one["width"], one["height"], b64decode(one["pictures"][0]))
        for one in drawn
        if one["pictures"]
    )
    return CheckedDraft(judged, around, commented, why_not, pages)


def _commented(
    process: ReadingProcess, judged: JudgedFile, register: Register, data: bytes, now: datetime
) -> tuple[bytes | None, str]:
    """The file with its comments, or why it has none."""
    notes = notes_of(judged, register) if judged.report.media_type == DOCX else []
    if not notes:
        return None, ""
    at = now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {"notes": notes, "title": judged.report.title or "", "at": at}
    try:
        return process.do(COMMENT, values, data)[1], ""
    except ReadError as error:
        return None, error.sentence


def _beside(
    worker_context: WorkerContext,
    report: Report,
    asked_agency: str | None,
    asked_year: int | None,
    districts: Collection[str] | None,
) -> tuple[Surroundings, Context]:
    register = worker_context.register
    asked = register.agencies.get(asked_agency or "")
    candidates = {
        entry.id: entry
        for name, district in register.districts.items()
        if districts is None or name in districts
        for entry in district.agencies
    }
    entry = _whose(report, asked, candidates)
    year = report.year if report.year is not None else asked_year
    around = Surroundings(entry, year, False, asked, asked_year)
    if entry is None:
        return around, Context(expected_year=asked_year or year)
    if year is None:
        return around, Context(agency_names=entry.names, agency_kind=entry.kind)
    assignment, portal = Assignment(entry.id, year), register.portals_of_agencies[entry.id]
    with worker_context.ledger.read() as session:
        beside = neighbours_of(worker_context, session, portal, assignment)
        said = corrections_around(session, [beside])
        context = context_of(worker_context, session, portal, report, assignment, beside, said)
    around = replace(around, has_last_year=context.previous is not None)
    return around, replace(context, expected_year=asked_year or year)


def _whose(report: Report, asked: AgencyEntry | None, candidates: Mapping[str, AgencyEntry]) -> AgencyEntry | None:
    """Whose report it says that it is; who was asked for where it says nothing, or may say that one."""
    if report.agency is None or (asked is not None and is_one_of(report.agency, asked.names)):
        return asked
    may_be = {one: entry.names for one, entry in candidates.items() if is_one_of(report.agency, entry.names)}
    found = next(iter(may_be)) if len(may_be) == 1 else match_agency(report.agency, may_be)
    return candidates[found] if found is not None else None

"""整改通知单: what an agency is asked to put right in its report, as a Word file for a person to sign and send."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity, gravity
from config.yaml_file import data_file
from ledger.messages.matters import by_matter
from ledger.messages.rectifications import answer_expected_on
from ledger.models import FindingRow, StandingRow
from ledger.reading.copies import ArchivedCopy, copy_of, form_and_figures
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import STANDING_FINDINGS, FindingDecision, Standing
from monitor.calendar import chinese_day, day_of
from monitor.papers.word_template import fill_in
from report.findings.in_words import cells_in_words, names_in, place_in_words

TEMPLATE = "rectification_notice.docx"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What nobody can tell, and what is right though odd, is not asked of an agency.
_NOT_ASKED = (FindingDecision.UNDECIDED, FindingDecision.AS_PRINTED)
MOST_CELLS = 4
MOST_ITEMS = 40
_TO_ASK = (
    FindingRow.state.in_(STANDING_FINDINGS),
    FindingRow.severity.in_((Severity.ERROR, Severity.WARNING)),
    or_(FindingRow.decision.is_(None), FindingRow.decision.not_in(_NOT_ASKED)),
)
_SAID_BY_STANDING = {Standing.MISSING: "missing", Standing.LATE: "late", Standing.WITHDRAWN: "withdrawn"}


@dataclass(frozen=True, slots=True)
class ItemAsked:
    """One thing that is to be put right: what is wrong and where, what stands there, and what probably should."""

    problem: str
    found: str
    proposed: str
    basis: str
    matter: str = ""


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What a 整改通知单 says. ``own_government``: the report is the government's own, whose office cannot be urged by
    its subordinate.
    """

    agency: str
    short: str
    district: str
    office: str
    year: int
    title: str
    published: date | None
    due: date
    original: str
    sha256: str
    reason: str
    items: tuple[ItemAsked, ...]
    answer_by: date
    own_government: bool


def draft_notice(
    session: Session, register: Register, agency: str, year: int, now: datetime, answer_by: date | None = None
) -> NoticeDraft | None:
    """What is to be put right in an agency's report for a year, as things stand; None where there is nothing.

    What a person has to look at first is not asked of an agency. ``answer_by`` is by default the date of an open
    rectification, else ten working days from now.
    """
    district = next((name for name, file in register.districts.items() if _holds(file.agencies, agency)), None)
    if district is None:
        return None
    standings = standings_at(session, district=district, years=[year])
    standing = next((row for row in standings if row.agency == agency), None)
    if standing is None:
        return None
    rows = findings_to_ask(session, agency, year)
    items = (*_of_standing(register, standing), *_items(session, register, rows))
    if not items:
        return None
    copy = copy_of(session, rows[0].version_id) if rows else None
    entry = register.agencies[agency]
    office = register.offices.office(district)
    return NoticeDraft(
        standing.name,
        entry.short,
        district,
        office.name if office is not None else f"{district}政府信息公开工作主管部门",
        year,
        copy.title if copy is not None else f"{standing.name}{year}年政府信息公开工作年度报告",
        standing.published,
        standing.due,
        copy.article if copy is not None else "",
        copy.sha256 if copy is not None else "",
        _reason(register, standing, copy, has_items=bool(rows), now=now),
        items,
        answer_by or answer_expected_on(session, agency, year, day_of(now)),
        standing.kind == "government",
    )


def findings_to_ask(session: Session, agency: str, year: int) -> list[FindingRow]:
    """What may be asked of an agency about its report: errors and warnings that hold and that can be told, in order."""
    rows = session.scalars(
        select(FindingRow).where(FindingRow.agency == agency, FindingRow.year == year, *_TO_ASK)
    ).all()
    return sorted(rows, key=lambda row: (gravity(row.severity), row.rule, row.fingerprint))


def reports_to_ask(session: Session, reports: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the reports, by agency and year, for which a notice has something to ask."""
    agencies = {agency for agency, _ in reports}
    rows = session.execute(
        select(FindingRow.agency, FindingRow.year).where(FindingRow.agency.in_(agencies), *_TO_ASK).distinct()
    )
    standings = session.execute(
        select(StandingRow.agency, StandingRow.year).where(
            StandingRow.agency.in_(agencies), StandingRow.standing.in_(_SAID_BY_STANDING)
        )
    )
    return {(agency, year) for agency, year in (*rows, *standings) if agency is not None and year is not None} & set(
        reports
    )


def notice_as_word(draft: NoticeDraft, register: Register, home: Path | None, now: datetime) -> tuple[bytes, list[str]]:
    """The Word file, and the placeholders of the office's template that nobody knows. Raises TemplateError."""
    words = register.wording.rectification_notice
    answer_by = chinese_day(draft.answer_by)
    values = {
        "机关": draft.agency,
        "机关简称": draft.short,
        "区": draft.district,
        "年度": str(draft.year),
        "报告标题": draft.title,
        "公布日期": chinese_day(draft.published) if draft.published else "",
        "公布期限": chinese_day(draft.due),
        "事由": draft.reason,
        "要求": words["asked" if draft.sha256 else "asked_to_publish"].format(answer_by=answer_by),
        "整改期限": answer_by,
        "主管部门": draft.office,
        "原文": draft.original,
        "sha256": draft.sha256,
        "今天": chinese_day(day_of(now)),
    }
    items = [
        {
            "序号": str(number),
            "问题": item.problem,
            "填报": item.found,
            "似应为": item.proposed,
            "依据": item.basis,
            "事项编号": item.matter,
        }
        for number, item in enumerate(draft.items, 1)
    ]
    return fill_in(template_of(draft.district, home).read_bytes(), values, items)


def template_of(district: str, home: Path | None) -> Path:
    """The template: the district's own, the office's own, or the shipped one."""
    own = data_file(f"{TEMPLATE.removesuffix('.docx')}.{district}.docx", home)
    return own if own.is_file() else data_file(TEMPLATE, home)


def file_name(draft: NoticeDraft) -> str:
    """What the Word file is called."""
    return f"整改通知单 {draft.short}{draft.year}年度报告.docx"


def _holds(agencies: Sequence[object], agency: str) -> bool:
    return any(getattr(entry, "id", None) == agency for entry in agencies)


def _of_standing(register: Register, standing: StandingThen) -> Iterator[ItemAsked]:
    """What is to be put right about the publication itself."""
    said = _SAID_BY_STANDING.get(standing.standing)
    if said is not None:
        words = register.wording.rectification_notice
        yield ItemAsked(words[f"{said}_item"], "", words[f"{said}_remedy"], standing.basis)


def _items(session: Session, register: Register, rows: Sequence[FindingRow]) -> Iterator[ItemAsked]:
    """One a matter: what one correction would mend is asked for once."""
    remedy = register.wording.rectification_notice["figures_remedy"]
    matters = by_matter(rows)
    for matter in matters[:MOST_ITEMS]:
        copy = copy_of(session, matter[0].version_id)
        form, figures = form_and_figures(session, copy.sha256) if copy is not None else (None, {})
        names = names_in(register, form)
        cells = {
            cell.key: cell
            for row in matter
            for cell in cells_in_words(names, row.cells, row.expected, row.suggestion, figures, MOST_CELLS)
        }
        problems = dict.fromkeys(
            row.message + (f"（{where}）" if (where := place_in_words(row.place)) else "") for row in matter
        )
        number = matter[0].matter or ""
        yield ItemAsked(
            "；".join(problems) + (f"（事项编号{number}）" if number else ""),
            "；".join(f"{cell.label}：{cell.found}" for cell in cells.values()),
            "；".join(f"{cell.label}：{cell.proposed}" for cell in cells.values() if cell.proposed) or remedy,
            "；".join(dict.fromkeys(row.basis for row in matter)),
            number,
        )
    if len(matters) > MOST_ITEMS:
        yield ItemAsked(f"另有{len(matters) - MOST_ITEMS}处，见所附核对依据", "", "", "")


def _reason(
    register: Register, standing: StandingThen, copy: ArchivedCopy | None, *, has_items: bool, now: datetime
) -> str:
    words = register.wording.rectification_notice
    facts = {
        "year": standing.year,
        "title": copy.title if copy is not None else "",
        "due": chinese_day(standing.due),
        "published": chinese_day(standing.published) if standing.published is not None else "",
        "today": chinese_day(day_of(now)),
    }
    said = _SAID_BY_STANDING.get(standing.standing)
    sentences = [words[said].format(**facts)] if said is not None else []
    if has_items:
        sentences.append(words["problems"].format(**facts))
    return "".join(sentences)

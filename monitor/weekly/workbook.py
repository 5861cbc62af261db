"""The 台账: one line for each agency and report year, as an office keeps it, and one for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity, gravity
from config.spreadsheet import Cell, Heading, Sheet, workbook
from config.time_zone import SHANGHAI
from config.wording import Wording
from ledger.messages.rectifications import Asked, rectifications_at
from ledger.reading.copies import copy_of, form_and_figures
from ledger.standings.questions import StandingThen
from ledger.standings.sheet import ReportDocument, documents_at, findings_by, first_told, last_asked
from ledger.standings.summary import Problem, one_a_matter, problems_at
from ledger.states import EvidenceSource, FindingState, Standing, VersionRole
from monitor.calendar import chinese_day, chinese_moment, day_of, end_of
from monitor.letters.acting import telephones_in_reports
from monitor.season.counts import HEADINGS as COUNT_HEADINGS
from monitor.season.report_year import RESULTS, place_of
from monitor.weekly.cover import cover_sheet
from report.findings.in_words import cells_in_words, names_in, place_in_words

# What an officer hands on is printed; the columns after it are for looking up.
PRINTED_COLUMNS = 16
PRINTED_PROBLEM = (
    Heading("序号", 6),
    Heading("年度", 7),
    Heading("单位全称", 28),
    Heading("级别", 11),
    Heading("规则", 7),
    Heading("问题", 56),
    Heading("页码或位置", 14),
    Heading("报告中填报", 30),
    Heading("似应为", 24),
    Heading("状态", 9),
    Heading("事项编号", 16),
)
PROBLEM_HEADINGS = (
    *PRINTED_PROBLEM,
    Heading("表", 10),
    Heading("依据", 50),
    Heading("如何核实", 30),
    Heading("登记", 30),
    Heading("发现时间", 17),
    Heading("链接", 40),
    Heading("编号", 34),
)
MOST_IN_A_CELL = 8
_MEDIA = {
    "text/html": "网页",
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/msword": "DOC",
}
_ROLES = {VersionRole.BODY: "正文", VersionRole.ATTACHMENT: "附件", VersionRole.ENTERED: "人工登记"}
_SHOWN = (EvidenceSource.PAGE_LABEL, EvidenceSource.VISIBLE_DATE, EvidenceSource.LIST_DATE, EvidenceSource.ENTERED)


def ledger_book(session: Session, register: Register, standings: Sequence[StandingThen], moment: datetime) -> bytes:
    """The 台账 at a moment as a workbook; ``standings`` say who is in it (the weekly summary's, or the status's).

    A first sheet that fits one page of A4, the ledger, and every finding with where it stands and what became of it.
    """
    lines: list[list[Cell]] = []
    problems: list[Problem] = []
    asked: list[Asked] = []
    for district, year in dict.fromkeys((row.district, row.year) for row in standings):
        of_year = [row for row in standings if (row.district, row.year) == (district, year)]
        watched = {row.agency for row in of_year}
        found = [one for one in problems_at(session, moment, district, year) if one.agency in watched]
        found.sort(key=lambda one: gravity(one.severity))
        lines += list(_lines(session, register, district, year, of_year, one_a_matter(found), moment))
        problems += found
        asked += [one for one in rectifications_at(session, district, year, moment) if one.row.agency in watched]
    title, office = _title(register, standings)
    below = f"截至{chinese_moment(moment)}"
    sheets = (
        cover_sheet(register, title, office, standings, one_a_matter(problems), asked, moment),
        Sheet(
            "台账",
            headings(register.wording),
            ([number, *line] for number, line in enumerate(lines, 1)),
            title,
            below,
            PRINTED_COLUMNS,
        ),
        Sheet(
            "校验问题",
            PROBLEM_HEADINGS,
            ([number, *line] for number, line in enumerate(_problems(session, register, problems, moment), 1)),
            f"{title.removesuffix('台账')}校验问题",
            below,
            len(PRINTED_PROBLEM),
        ),
    )
    return workbook(sheets, moment.astimezone(SHANGHAI))


def headings(words: Wording) -> tuple[Heading, ...]:
    """The columns of the ledger."""
    return (
        Heading("序号", 6),
        Heading("年度", 7),
        Heading("单位全称", 30),
        Heading("单位类别", 9),
        Heading(f"{COUNT_HEADINGS['expected']}时限", 12),
        Heading("公布日期", 12),
        Heading("是否按时", 12),
        *(Heading(words.levels[level], max(8, 2 * len(words.levels[level]) + 1)) for level in Severity),
        Heading("问题摘要", 50),
        Heading("通知日期", 12),
        Heading("整改时限", 12),
        Heading("整改结果", 12),
        Heading("联系人", 9),
        Heading("联系电话", 19),
        Heading("标题", 40),
        Heading("链接", 40),
        Heading("系统首次发现时间", 17),
        Heading("日期可信度", 24),
        Heading("格式版本", 10),
        Heading("正文或附件类型", 14),
        Heading("版本数", 8),
        Heading("最近变更", 17),
        Heading("复核人", 10),
        Heading("复核意见", 30),
    )


def _title(register: Register, standings: Sequence[StandingThen]) -> tuple[str, str]:
    """What the 台账 is called, and the office whose it is."""
    districts = list(dict.fromkeys(row.district for row in standings))
    years = "、".join(str(year) for year in sorted({row.year for row in standings}))
    whose = districts[0] if len(districts) == 1 else ""
    office = register.offices.office(whose)
    return f"{whose}{years}年度政府信息公开工作年度报告台账", office.name if office is not None else ""


def _lines(
    session: Session,
    register: Register,
    district: str,
    year: int,
    standings: Sequence[StandingThen],
    problems: Sequence[Problem],
    moment: datetime,
) -> Iterator[list[Cell]]:
    documents = documents_at(session, district, year, moment)
    told = first_told(session, district, year, moment)
    asked = last_asked(session, district, year, moment)
    unknown = [row.agency for row in standings if not _has_telephone(register, row.agency)]
    telephones = telephones_in_reports(session, unknown, year)
    by_agency: dict[str, list[Problem]] = {}
    for problem in problems:
        by_agency.setdefault(problem.agency, []).append(problem)
    for row in standings:
        found = by_agency.get(row.agency, [])
        document = documents.get(row.agency)
        entry = register.agencies.get(row.agency)
        due_on, result, reviewed_by, remark = _rectification(asked.get(row.agency), moment)
        yield [
            row.year,
            row.name,
            register.wording.kinds[row.kind],
            row.due,
            _shown(row),
            _judged(register, row, moment),
            *(sum(one.severity == level for one in found) for level in Severity),
            _digest(register, found),
            day_of(told[row.agency]) if row.agency in told else None,
            due_on,
            result,
            entry.contact if entry is not None else None,
            (entry.telephone if entry is not None else None) or telephones.get(row.agency),
            *_document(row, document),
            *_versions(document),
            reviewed_by,
            remark,
        ]


def _has_telephone(register: Register, agency: str) -> bool:
    entry = register.agencies.get(agency)
    return entry is not None and bool(entry.telephone)


def _document(row: StandingThen, document: ReportDocument | None) -> list[Cell]:
    """From the title to the kind of document."""
    if document is None:
        return [None, row.evidence.get("address"), None, _trust(row), None, None]
    media = _MEDIA.get(document.media_type, document.media_type)
    return [
        document.title,
        document.address,
        document.first_seen_at.astimezone(SHANGHAI),
        _trust(row),
        f"{document.form}年格式" if document.form else "未能识别",
        f"{_ROLES[document.role]}（{media}）",
    ]


def _judged(register: Register, row: StandingThen, moment: datetime) -> str:
    """是否按时, with the days where they count."""
    words = register.wording.standings[row.standing.value]
    if row.standing is Standing.LATE and row.published is not None:
        return f"逾期{(row.published - row.due).days}天"
    if row.standing is Standing.MISSING:
        return f"{words}（逾期{(day_of(moment) - row.due).days}天）"
    return words


def _shown(row: StandingThen) -> date | None:
    """The day that the page, its label or the list states, in this order; what a person entered else."""
    witnesses = {one["source"]: one["day"] for one in reversed(row.evidence.get("witnesses", []))}
    stated = next((witnesses[source.value] for source in _SHOWN if source.value in witnesses), None)
    return date.fromisoformat(stated) if stated is not None else None


def _trust(row: StandingThen) -> str | None:
    """What the publication date rests on, in words."""
    first_seen = row.evidence.get("first_seen")
    if first_seen is None:
        return None
    if row.standing is Standing.DATE_DISPUTED:
        return "低：证据不一致，待核"
    if datetime.fromisoformat(first_seen) < end_of(row.due):
        return "高：期限前系统已查到"
    sources = {one["source"] for one in row.evidence.get("witnesses", [])}
    if EvidenceSource.ENTERED.value in sources:
        return "人工登记"
    if row.evidence.get("last_look_without"):
        return "高：系统此前查看时没有"
    return "中：依门户所标日期"


def _digest(register: Register, problems: Sequence[Problem]) -> str | None:
    """The findings in short, the gravest first; what each rests on stands on the sheet of findings."""
    levels = register.wording.levels
    told = [one for one in problems if one.severity != Severity.HUMAN]
    lines = [f"【{levels[one.severity]} {one.rule}】{one.message}" for one in told[:MOST_IN_A_CELL]]
    left = len(problems) - len(lines)
    if left:
        unsure = sum(one.severity == Severity.HUMAN for one in problems)
        of_these = f"（其中{levels[Severity.HUMAN]}{unsure}处）" if unsure else ""
        lines.append(f"另有{left}处{of_these}，见“校验问题”表")
    return "\n".join(lines) or None


def _versions(document: ReportDocument | None) -> list[Cell]:
    if document is None:
        return [None, None]
    return [document.versions, document.changed_at.astimezone(SHANGHAI) if document.changed_at else None]


def _rectification(asked: Asked | None, moment: datetime) -> list[Cell]:
    """Until when, with what result, reviewed by whom, with what remark."""
    if asked is None:
        return [None, None, None, None]
    row = asked.row
    if row.closed_at is not None and row.closed_at <= moment and row.result is not None:
        return [row.due_on, RESULTS[row.result], row.reviewed_by, row.remark]
    if asked.answer is not None and asked.answer.first_seen_at <= moment:
        return [row.due_on, f"{chinese_day(day_of(asked.answer.first_seen_at))}有新版本，待复核", None, None]
    return [row.due_on, "逾期未整改" if row.due_on < day_of(moment) else "整改中", None, None]


def _problems(
    session: Session, register: Register, problems: Sequence[Problem], moment: datetime
) -> Iterator[list[Cell]]:
    """A line for each finding: where it stands, what was filled in and what probably should be, what people said."""
    rows = findings_by(session, [one.fingerprint for one in problems])
    read: dict[int, tuple[str | None, dict[str, Any]]] = {}
    words = register.wording
    for one in problems:
        row = rows[one.fingerprint]
        if row.version_id not in read:
            copy = copy_of(session, row.version_id)
            read[row.version_id] = form_and_figures(session, copy.sha256) if copy is not None else (None, {})
        form, figures = read[row.version_id]
        cells = cells_in_words(
            names_in(register, form), row.cells, row.expected, row.suggestion, figures, MOST_IN_A_CELL
        )
        shown = cells if row.severity != Severity.HUMAN else []
        said = row.said_at is not None and row.said_at <= moment
        yield [
            one.year,
            one.name,
            words.levels[one.severity],
            one.rule,
            one.message,
            place_in_words(row.place) or None,
            "；".join(f"{cell.label}：{cell.found}" for cell in shown) or None,
            "；".join(f"{cell.label}：{cell.proposed}" for cell in shown if cell.proposed) or None,
            words.findings[row.state if said else FindingState.OPEN],
            row.matter,
            place_of(register, one),
            one.basis,
            "；".join(words.confirmations[way] for way in row.confirmed_by or ()) or None,
            f"{row.said_by}：{row.said_why}" if said else None,
            one.opened_at.astimezone(SHANGHAI),
            one.address,
            one.fingerprint,
        ]

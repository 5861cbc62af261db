"""The 台账: one line for each agency and report year, as an office keeps it, and one for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from config.spreadsheet import Cell, Heading, Sheet, workbook
from config.time_zone import SHANGHAI
from ledger.messages.rectifications import Asked
from ledger.standings.questions import StandingThen
from ledger.standings.sheet import ReportDocument, documents_at, first_told, last_asked
from ledger.standings.summary import Problem, problems_at
from ledger.states import EvidenceSource, Standing, VersionRole
from monitor.calendar import chinese_day, chinese_moment, day_of, end_of
from monitor.season.counts import HEADINGS as COUNT_HEADINGS
from monitor.season.report_year import RESULTS, place_of

HEADINGS = (
    Heading("序号", 6),
    Heading("年度", 7),
    Heading("单位全称", 34),
    Heading("单位类别", 10),
    Heading(f"{COUNT_HEADINGS['expected']}时限", 12),
    Heading("标题", 40),
    Heading("链接", 40),
    Heading("页面显示发布日期", 13),
    Heading("系统首次发现时间", 17),
    Heading("日期可信度", 24),
    Heading("是否按时", 12),
    Heading("格式版本", 10),
    Heading("正文或附件类型", 14),
    Heading("校验问题数（错误）", 11),
    Heading("校验问题数（提示）", 11),
    Heading("校验问题数（待核）", 11),
    Heading("问题摘要与依据", 60),
    Heading("版本数", 8),
    Heading("最近变更", 17),
    Heading("通知日期", 12),
    Heading("整改时限", 12),
    Heading("整改结果", 14),
    Heading("复核人", 10),
    Heading("复核意见", 30),
)
PROBLEM_HEADINGS = (
    Heading("年度", 7),
    Heading("单位全称", 34),
    Heading("位置", 14),
    Heading("规则", 8),
    Heading("级别", 12),
    Heading("问题", 70),
    Heading("依据", 50),
    Heading("发现时间", 17),
    Heading("链接", 40),
    Heading("编号", 34),
)
NOTES = (
    f"“未能核实”是系统或门户的原因，不等于{COUNT_HEADINGS['missing']}，不作为该单位的问题。",
    "“日期可信度”说明公布日期依据什么：系统在期限前已查到的最可靠，门户上所标的日期可以事后改动。",
    "问题由程序按规则核出，用于处分或通报之前请核对原文；“待核”须由人判断。",
    "“通知日期”是首次就该报告向主管部门发出通知的日期；整改各栏来自登记的整改要求。",
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
    """The 台账 at a moment as a workbook; ``standings`` say who is in it (the weekly summary's, or the status's)."""
    lines, problems = [], []
    for district, year in dict.fromkeys((row.district, row.year) for row in standings):
        of_year = [row for row in standings if (row.district, row.year) == (district, year)]
        found = problems_at(session, moment, district, year)
        lines += list(_lines(session, register, district, year, of_year, found, moment))
        watched = {row.agency for row in of_year}
        problems += [_problem(register, one) for one in found if one.agency in watched]
    sheets = (
        Sheet("台账", HEADINGS, ([number, *line] for number, line in enumerate(lines, 1))),
        Sheet("校验问题", PROBLEM_HEADINGS, problems),
        Sheet("说明", (Heading("说明", 100),), [(f"截至{chinese_moment(moment)}。",), *((note,) for note in NOTES)]),
    )
    return workbook(sheets, moment.astimezone(SHANGHAI))


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
    by_agency: dict[str, list[Problem]] = {}
    for problem in problems:
        by_agency.setdefault(problem.agency, []).append(problem)
    for row in standings:
        found = by_agency.get(row.agency, [])
        yield [
            row.year,
            row.name,
            register.wording.kinds[row.kind],
            row.due,
            *_document(register, row, documents.get(row.agency), moment),
            *(sum(one.severity == level for one in found) for level in Severity),
            _digest(register, found),
            *_versions(documents.get(row.agency)),
            day_of(told[row.agency]) if row.agency in told else None,
            *_rectification(asked.get(row.agency), moment),
        ]


def _document(register: Register, row: StandingThen, document: ReportDocument | None, moment: datetime) -> list[Cell]:
    """From the title to the kind of document."""
    judged = _judged(register, row, moment)
    if document is None:
        return [None, row.evidence.get("address"), _shown(row), None, _trust(row), judged, None, None]
    media = _MEDIA.get(document.media_type, document.media_type)
    form = f"{document.form}年格式" if document.form else "未能识别"
    return [
        document.title,
        document.address,
        _shown(row),
        document.first_seen_at.astimezone(SHANGHAI),
        _trust(row),
        judged,
        form,
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
    """The findings in short, the gravest first, each with what it rests on."""
    levels = register.wording.levels
    lines = [
        f"【{levels[one.severity]} {one.rule}】{one.message}（依据：{one.basis}）" for one in problems[:MOST_IN_A_CELL]
    ]
    if len(problems) > MOST_IN_A_CELL:
        lines.append(f"另有{len(problems) - MOST_IN_A_CELL}项，见“校验问题”表")
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


def _problem(register: Register, one: Problem) -> list[Cell]:
    return [
        one.year,
        one.name,
        place_of(register, one),
        one.rule,
        register.wording.levels[one.severity],
        one.message,
        one.basis,
        one.opened_at.astimezone(SHANGHAI),
        one.address,
        one.fingerprint,
    ]

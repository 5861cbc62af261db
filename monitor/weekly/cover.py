"""The first sheet of the 台账: where a season stands in numbers, on one page that can be handed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from config.register import Register
from config.severity import Severity
from config.spreadsheet import Cell, Heading, Sheet, Strong, Wide
from ledger.messages.rectifications import Asked
from ledger.standings.questions import StandingThen
from ledger.standings.summary import Problem
from monitor.calendar import chinese_moment, day_of
from monitor.season.counts import COLUMNS, KINDS, counts_of

NOTES = (
    "“未能核实”是系统或门户的原因，不等于未公布，不作为该单位的问题。",
    "问题由程序按规则核出，用于处分或通报之前请核对原文；“{human}”的须由人判断，不作为该单位的问题。",
    "“日期可信度”说明公布日期依据什么：系统在期限前已查到的最可靠，门户上所标的日期可以事后改动。",
    "“通知日期”是首次就该报告向主管部门发出通知的日期；整改各栏来自登记的整改要求。",
)
SIGNED = "制表：　　　　　　　　审核：　　　　　　　　日期：　　　　年　　月　　日"
_WIDTHS = (30, *(12 for _ in COLUMNS))
Row = list[Cell]


def cover_sheet(
    register: Register,
    title: str,
    office: str,
    standings: Sequence[StandingThen],
    problems: Sequence[Problem],
    asked: Iterable[Asked],
    moment: datetime,
) -> Sheet:
    """The sheet for these agencies: how many of each kind stand how, what was found in how many reports, 整改."""
    rows = [*_standings(register, standings), *_problems(register, standings, problems), *_asked(asked, moment)]
    notes = [note.format(human=register.wording.levels["human"]) for note in NOTES]
    rows += [_row(), *(_row(Wide(note)) for note in notes), _row(), _row(Wide(SIGNED))]
    below = f"截至{chinese_moment(moment)}" + (f"　{office}" if office else "")
    headings = [Heading("", width) for width in _WIDTHS]
    return Sheet("总表", headings, rows, title, below, one_page=True, headed=False)


def _row(*cells: Cell) -> Row:
    return [*cells, *(None for _ in range(len(_WIDTHS) - len(cells)))]


def _head(*words: str) -> Row:
    """A row of headings over the whole width."""
    return [Strong(word) for word in (*words, *("" for _ in range(len(_WIDTHS) - len(words))))]


def _by_kind(register: Register, standings: Sequence[StandingThen]) -> Iterator[tuple[str, Sequence[StandingThen]]]:
    for kind in KINDS:
        of_kind = [row for row in standings if row.kind == kind]
        if of_kind:
            yield register.wording.kinds[kind], of_kind
    yield "合计", standings


def _standings(register: Register, standings: Sequence[StandingThen]) -> Iterator[Row]:
    for year in sorted({row.year for row in standings}):
        of_year = [row for row in standings if row.year == year]
        yield _row()
        yield _head(f"{year}年度报告（家）", *(column.heading for column in COLUMNS))
        for label, of_kind in _by_kind(register, of_year):
            yield _row(label, *counts_of(label, of_kind).figures)


def _problems(register: Register, standings: Sequence[StandingThen], problems: Sequence[Problem]) -> Iterator[Row]:
    levels: Mapping[str, str] = register.wording.levels
    for year in sorted({row.year for row in standings}):
        of_year = [row for row in standings if row.year == year]
        found = [one for one in problems if one.year == year]
        yield _row()
        yield _head(f"{year}年度报告中的问题（处）", *(levels[level] for level in Severity), "涉及单位")
        for label, of_kind in _by_kind(register, of_year):
            agencies = {row.agency for row in of_kind}
            theirs = [one for one in found if one.agency in agencies]
            counts = (sum(one.severity == level for one in theirs) for level in Severity)
            yield _row(label, *counts, len({one.agency for one in theirs}))


def _asked(asked: Iterable[Asked], moment: datetime) -> Iterator[Row]:
    rows = [one for one in asked if one.row.opened_at <= moment]
    if not rows:
        return
    ended = [one for one in rows if one.row.closed_at is not None and one.row.closed_at <= moment]
    running = [one for one in rows if one not in ended]
    answered = [one for one in running if one.answer is not None and one.answer.first_seen_at <= moment]
    overdue = [one for one in running if one not in answered and one.row.due_on < day_of(moment)]
    yield _row()
    yield _head("整改要求（项）", "已提出", "已办结", "待复核", "整改中", "逾期")
    yield _row("合计", len(rows), len(ended), len(answered), len(running) - len(answered) - len(overdue), len(overdue))

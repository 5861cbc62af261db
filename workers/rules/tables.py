"""T01 to T03: what stands in the cells of the three tables, one cell at a time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.figure import ABSENT, BLANK, NUMBER, TEXT, UNREADABLE, Figure, State
from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.form import TABLE_NAMES, Form
from report.report import Report, Unread
from workers.rules.cells import by_row, columns, listed, place_of, row_label
from workers.rules.context import Context
from workers.rules.suggestions import filled

EMPTY = {BLANK: ("空白", "blank"), State.SLASH: ("填“/”", "a slash"), State.DASH: ("填“-”", "a dash")}

# Where the reader says one of these of a cell, that it is not there is the reader's word, not the document's.
NOT_READ = (
    Unread.TABLE_MISSING, Unread.CELLS_MISSING, Unread.UNCERTAIN, Unread.GARBLED_TEXT, Unread.NO_TEXT,
    Unread.UNKNOWN_LABEL, Unread.DISAGREEING,
)  # fmt: skip


@rule("T01", basis="《中华人民共和国政府信息公开条例》第五十条第二款；政府信息公开工作年度报告格式")
def t01(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """All tables, rows and columns of the form as printed are there; that it is the right form is D07's."""
    unread = {key for gap in report.gaps if gap.why in NOT_READ for key in gap.cells}
    tables: dict[int, list[str]] = {}
    for key in report.figures:
        tables.setdefault(form.names[key].table, []).append(key)
    for table, keys in tables.items():
        absent = [key for key in keys if report.figures[key].state is ABSENT]
        unreadable = [key for key in keys if report.figures[key].state is UNREADABLE or key in unread]
        if absent and (report.may_be_cut or unread.intersection(absent)):
            missing = f"有{len(absent)}格" if len(absent) < len(keys) else "整张"
            yield Undecided(f"{TABLE_NAMES[table]}{missing}没有读到，文档可能不完整")
        elif absent:
            yield _missing(report, form, table, keys, absent)
        elif unreadable:
            yield Undecided(f"{TABLE_NAMES[table]}有{len(unreadable)}格没有读出")
        else:
            yield Held()


@rule("T02", basis="政府信息公开工作年度报告格式：各栏均为数字（空白、斜线等填法没有明文规定）")
def t02(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """No cell where a number belongs is blank or holds a slash or a dash."""
    empty: dict[tuple[int, State, tuple[str, ...]], list[str]] = {}
    for row in by_row(form, report.figures).values():
        if None not in map(report.number, row):
            yield Held()
            continue
        for state in EMPTY:
            keys = [key for key in row if report.figures[key].state is state and report.figures[key].certain]
            if keys:
                # Rows that lack the same columns are one finding: an office reads it once, not 23 times.
                name = form.names[keys[0]]
                empty.setdefault((name.table, state, tuple(form.names[key].column for key in keys)), []).extend(keys)
        doubtful = [key for key in row if _in_doubt(report.figures[key])]
        if doubtful:
            name = form.names[row[0]]
            yield Undecided(f"{TABLE_NAMES[name.table]}“{row_label(form, row[0])}”有{len(doubtful)}格没有读出")
        elif not any(report.figures[key].state in EMPTY for key in row):
            yield Held()
    for (table, state, _), keys in empty.items():
        words, words_en = EMPTY[state]
        rows = by_row(form, keys)
        first = next(iter(rows.values()))
        names = [row_label(form, row[0]) for row in rows.values()]
        yield Broken(
            message=f"{TABLE_NAMES[table]}{listed(names)}的{columns(form, first)}{words}，此处应填数字，确为零的请填0",
            message_en=f"Table {table}: {len(keys)} cells are {words_en} where a number belongs.",
            cells=tuple(keys),
            found=state.value,
            place=place_of(report, keys),
            suggestion=filled(report, form, keys),
        )


@rule("T03", basis="政府信息公开工作年度报告格式：各栏均为数量，仅“本年增/减”有增有减")
def t03(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Counts are whole numbers, and only a change may be negative."""
    empty = 0
    for key, figure in report.figures.items():
        if figure.certain and type(figure.value) is int and figure.value >= 0:
            yield Held()
            continue
        kind = form.names[key].kind
        if not figure.certain or figure.state not in (NUMBER, TEXT):
            empty += 1
        elif figure.state is TEXT:
            if kind == "amount":
                empty += 1  # what is wrong with an amount is T04's
            else:
                yield _bad_count(report, form, figure, "不是数字", "is no number")
        elif figure.value is not None and figure.value < 0 and kind != "change":
            yield _bad_count(report, form, figure, "为负数", "is negative")
        elif kind != "amount" and isinstance(figure.value, Decimal) and figure.value % 1:
            yield _bad_count(report, form, figure, "不是整数", "is no whole number")
        else:
            yield Held()
    if empty:
        yield Undecided(f"有{empty}格没有确定的数字")


def _missing(report: Report, form: Form, table: int, keys: list[str], absent: list[str]) -> Broken:
    """One finding a table: all of it, whole rows, whole columns, or single cells are not there."""
    rows = by_row(form, keys)
    gone = [row for row in rows.values() if set(row) <= set(absent)]
    there = [row for row in rows.values() if row not in gone]
    lost_columns = {form.names[key].column for row in there for key in row if key in absent}
    parts = []
    if gone and there:
        parts.append(f"缺少{listed([row_label(form, row[0]) for row in gone])}")
    if lost_columns:
        parts.append("缺少“" + "”“".join(sorted(lost_columns)) + "”列的格子")
    return Broken(
        message=f"{TABLE_NAMES[table]}{'，'.join(parts) if there else '整张没有'}，应有{len(rows)}行",
        message_en=f"Table {table}: {len(absent)} of the {len(keys)} cells of its form are not in the report.",
        cells=tuple(absent),
        expected=len(keys),
        found=len(keys) - len(absent),
        place=place_of(report, keys),
    )


def _bad_count(report: Report, form: Form, figure: Figure, words: str, words_en: str) -> Broken:
    name = form.names[figure.key]
    wanted, wanted_en = ("整数", "") if name.kind == "change" else ("不小于零的整数", " from zero")
    return Broken(
        message=f"{name.label}填报“{figure.text}”，{words}，应为{wanted}",
        message_en=f"{figure.key} reads “{figure.text}”, which {words_en}; a count is a whole number{wanted_en}.",
        cells=(figure.key,),
        found=figure.text if figure.value is None else figure.value,
        place=figure.place,
        suggestion=filled(report, form, (figure.key,)),
    )


def _in_doubt(figure: Figure) -> bool:
    return not figure.certain or figure.state in (ABSENT, UNREADABLE)

"""T05 to T08: the sums of tables three and four, as the form's data file gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.findings.finding import Number
from report.form import Form, Sum
from report.report import Report
from workers.rules.cells import place_of, row_label
from workers.rules.context import Context
from workers.rules.suggestions import suggest


@rule("T05", basis="政府信息公开工作年度报告格式表三：“总计”列为各类申请人之和")
def t05(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """In every row of table three: natural persons + the five kinds of organisations = the total of the row."""
    for equation in _sums("T05", form, report):
        name = form.names[equation.totals[0]]
        yield from _check(
            report, form, context, equation, f"表三“{name.row}”行", f"Table three, row {name.row}", "column"
        )


@rule("T06", basis="政府信息公开工作年度报告格式表三：“（七）总计”为（一）至（六）各项之和")
def t06(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """In every column of table three: the outcomes (1) to (6) add up to (7), the processed total."""
    for equation in _sums("T06", form, report):
        name = form.names[equation.totals[0]]
        yield from _check(
            report, form, context, equation, f"表三“{name.column}”列", f"Table three, column {name.column}", "row"
        )


@rule("T07", basis="政府信息公开工作年度报告格式表三表头：第一项加第二项之和，等于第三项加第四项之和")
def t07(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """In every column of table three: received + carried in = processed total + carried out (printed in the form)."""
    for equation in _sums("T07", form, report):
        name = form.names[equation.totals[0]]
        numbers = _numbers(report, (*equation.parts, *equation.totals))
        if numbers is None:
            yield _undecided(report, equation, f"表三“{name.column}”列")
            continue
        left = sum(numbers[key] for key in equation.parts)
        right = sum(numbers[key] for key in equation.totals)
        if left == right:
            yield Held()
            continue
        left_words = "＋".join(f"{row_label(form, key)}{numbers[key]}" for key in equation.parts)
        right_words = "＋".join(f"{row_label(form, key)}{numbers[key]}" for key in equation.totals)
        yield Broken(
            message=f"表三“{name.column}”列：{left_words}＝{left}，{right_words}＝{right}，两边相差{abs(left - right)}",
            message_en=(
                f"Table three, column {name.column}: received and carried in are {left}, "
                f"processed and carried out are {right}; they differ by {abs(left - right)}."
            ),
            cells=(*equation.parts, *equation.totals),
            expected=left,
            found=right,
            place=place_of(report, equation.totals),
            suggestion=suggest(report, form, equation, context),
        )


@rule("T08", basis="政府信息公开工作年度报告格式表四：各组“总计”为该组各种结果之和")
def t08(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """In every group of table four: upheld + corrected + other + pending = the total of the group."""
    for equation in _sums("T08", form, report):
        name = form.names[equation.totals[0]]
        yield from _check(report, form, context, equation, f"表四{name.row}", f"Table four, {name.row}", "column")


def _sums(code: str, form: Form, report: Report) -> list[Sum]:
    return [equation for equation in form.sums(report.figures) if equation.rule == code]


def _check(
    report: Report, form: Form, context: Context, equation: Sum, where: str, where_en: str, named_by: str
) -> Iterator[Verdict]:
    """One sum with one total; ``named_by`` says whether its parts differ by row or by column."""
    numbers = _numbers(report, (*equation.parts, *equation.totals))
    if numbers is None:
        yield _undecided(report, equation, where)
        return
    total = equation.totals[0]
    added = sum(numbers[key] for key in equation.parts)
    if added == numbers[total]:
        yield Held()
        return
    name = form.names[total]
    total_name = f"{name.column}栏" if named_by == "column" else f"“{name.row}”行"
    difference = abs(added - numbers[total])
    yield Broken(
        message=f"{where}：{_addition(form, equation, numbers, named_by)}＝{added}，{total_name}填报{numbers[total]}，"
        f"相差{difference}",
        message_en=f"{where_en}: the parts add up to {added}, the total says {numbers[total]} (off by {difference}).",
        cells=equation.totals,
        expected=added,
        found=numbers[total],
        place=place_of(report, equation.totals),
        suggestion=suggest(report, form, equation, context),
    )


def _addition(form: Form, equation: Sum, numbers: dict[str, Number], named_by: str) -> str:
    """The parts in words; along a column of twenty rows only those that are not zero."""
    shown: Sequence[str] = equation.parts
    rest = ""
    if named_by == "row":
        shown = [key for key in equation.parts if numbers[key]]
        rest = "（其余各项为0）" if shown else ""
        if not shown:
            return "（一）至（六）各项均为0，合计"
    words = (
        f"{form.names[key].column if named_by == 'column' else row_label(form, key)}{numbers[key]}" for key in shown
    )
    return "＋".join(words) + rest


def _numbers(report: Report, keys: Sequence[str]) -> dict[str, Number] | None:
    """The values of ``keys``; None where one of them is no certain number."""
    values = list(map(report.number, keys))
    numbers = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
    return numbers if len(numbers) == len(set(keys)) else None


def _undecided(report: Report, equation: Sum, where: str) -> Undecided:
    missing = sum(report.number(key) is None for key in (*equation.parts, *equation.totals))
    return Undecided(f"{where}有{missing}格没有确定的数字，不能核算")

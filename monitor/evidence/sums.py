"""Every sum of a report with its addends, so that anybody can add up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from report.findings.finding import Number
from report.form import Form, Sum
from report.report import Report

# Along a column of twenty rows those that are zero are counted; each stands in the table above.
MOST_WITH_ZEROS = 8


class SumState(StrEnum):
    """Whether a sum agrees; it is UNKNOWN where an addend or the total is no certain number."""

    HELD = "held"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SumInWords:
    """One equation: its rule and place, both sides with their addends by name, and how it comes out."""

    rule: str
    name: str
    left: str
    right: str
    state: SumState
    difference: str


def sums_of(report: Report, form: Form) -> list[SumInWords]:
    """All sums of the report's tables, those that do not agree first, then those that could not be added up."""
    order = (SumState.BROKEN, SumState.UNKNOWN, SumState.HELD)
    return sorted(_sums(report, form), key=lambda one: order.index(one.state))


def _sums(report: Report, form: Form) -> Iterator[SumInWords]:
    for equation in form.sums(report.figures):
        left = [report.number(key) for key in equation.parts]
        right = [report.number(key) for key in equation.totals]
        known_left, known_right = [one for one in left if one is not None], [one for one in right if one is not None]
        if len(known_left) < len(left) or len(known_right) < len(right):
            state, difference = SumState.UNKNOWN, ""
        else:
            gap = sum(known_left) - sum(known_right)
            state, difference = (SumState.HELD, "") if gap == 0 else (SumState.BROKEN, str(abs(gap)))
        yield SumInWords(
            equation.rule,
            equation.name,
            _side(form, equation, equation.parts, left),
            _side(form, equation, equation.totals, right),
            state,
            difference,
        )


def _side(form: Form, equation: Sum, keys: Sequence[str], numbers: Sequence[Number | None]) -> str:
    """The addends by name, and what they come to where there are several: 自然人0＋商业企业1＝1."""
    by_column = equation.rule in ("T05", "T08")
    pairs = list(zip(keys, numbers, strict=True))
    zeros = sum(number == 0 for _, number in pairs) if len(pairs) > MOST_WITH_ZEROS else 0
    shown = [pair for pair in pairs if pair[1] != 0] if zeros else pairs
    addends = "＋".join(
        f"{_name(form, key, by_column=by_column)}{'？' if number is None else number}" for key, number in shown
    )
    if zeros:
        addends = f"{addends}＋其余{zeros}项各0" if shown else f"{zeros}项各0"
    if len(keys) == 1:
        return addends
    total = "？" if None in numbers else str(sum(number for number in numbers if number is not None))
    return f"{addends}＝{total}"


def _name(form: Form, key: str, *, by_column: bool) -> str:
    name = form.names.get(key)
    if name is None:
        return key
    # A row's name may end in a digit's neighbour: brackets keep it apart from its number.
    return name.column if by_column else f"“{name.row}”"

"""Slips of the hand: recognised in a change, and undone where they moved more cells than a search can try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from report.findings.finding import Number, Slip
from report.form import Sum

UNITS = (1000, 10_000)

Change = dict[str, Number]


def slip_in(change: Change, values: Mapping[str, Number], sums: Sequence[Sum]) -> Slip | None:
    """The slip that explains why ``values`` stand where ``change`` would be right."""
    totals = {equation.totals[0] for equation in sums if equation.rule in ("T05", "T06")}
    if all(key in totals and values[key] == 0 < value for key, value in change.items()):
        return Slip.TOTAL_FORGOTTEN
    if len(change) == 1:
        ((key, right),) = change.items()
        if _transposed(values[key], right):
            return Slip.TRANSPOSED
        low, high = sorted((values[key], right))
        return Slip.THOUSANDS if low > 0 and any(high == low * unit for unit in UNITS) else None
    if len(change) == 2 and any(set(change) <= set(equation.parts) for equation in sums if equation.rule == "T05"):
        one, other = (value - values[key] for key, value in change.items())
        if one == -other and abs(one) == 1:
            return Slip.WRONG_APPLICANT
    shifted = any(change in _rows_back(equation, values) for equation in sums if equation.rule == "T05")
    return Slip.SHIFTED if shifted else None


def undone(values: Mapping[str, Number], sums: Sequence[Sum]) -> Iterator[Change]:
    """Every change that undoes a slip of several cells: a row put back in its place, totals that were forgotten."""
    for equation in sums:
        if equation.rule == "T05":
            yield from _rows_back(equation, values)
    for rules in (("T06",), ("T05",), ("T06", "T05")):
        yield _totals_filled(values, [equation for rule in rules for equation in sums if equation.rule == rule])


def _transposed(one: Number, other: Number) -> bool:
    """Whether two neighbouring digits changed places: 12 and 21."""
    left, right = str(one), str(other)
    if len(left) != len(right):
        return False
    differing = [index for index in range(len(left)) if left[index] != right[index]]
    if len(differing) != 2 or differing[1] != differing[0] + 1:
        return False
    first, second = differing
    return (left[first], left[second]) == (right[second], right[first])


def _rows_back(equation: Sum, values: Mapping[str, Number]) -> list[Change]:
    """The row of a T05 sum moved back by one cell, with and without its total; what fell off comes from the total."""
    keys = (*equation.parts, *equation.totals)
    old = [values[key] for key in keys]
    parts, total = old[:-1], old[-1]
    rows = [
        [*parts[1:], total - sum(parts[1:]), total],
        [total - sum(parts[:-1]), *parts[:-1], total],
        [*old[1:], sum(old[1:])],
        [old[-2] - sum(old[:-2]), *old[:-1]],
    ]
    return [
        {key: value for key, before, value in zip(keys, old, row, strict=True) if before != value}
        for row in rows
        if row != old and min(row) >= 0
    ]


def _totals_filled(values: Mapping[str, Number], sums: Sequence[Sum]) -> Change:
    change: Change = {}
    for equation in sums:
        total = equation.totals[0]
        added = sum(change.get(key, values[key]) for key in equation.parts)
        if values[total] == 0 < added:
            change[total] = added
    return change

"""Where sums break: the smallest set of changes to single cells that makes every sum agree.

Sums that share cells hang together; only what hangs together with the broken sum is searched. A change gives a
cell another whole value that is not negative. One smallest set is a suggestion, several are alternatives with
the likeliest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from report.finding import Number, Suggestion
from report.form import Form, Sum
from report.report import Report

MOST_CHANGES = 2
MOST_ALTERNATIVES = 6
# A component of table three has about 180 cells in 40 sums; two changes take some thousand steps.
MOST_STEPS = 20_000

Change = dict[str, Number]
_Values = tuple[tuple[str, Number], ...]


def suggest(report: Report, form: Form, broken: Sum) -> Suggestion | None:
    """What makes ``broken`` and every sum that hangs together with it agree; None where nothing small does.

    Sums with an operand that is no certain number cannot be checked and are left out, which ``why`` says.
    """
    known = []
    left_out = False
    for equation in form.sums(report.figures):
        if all(report.number(key) is not None for key in (*equation.parts, *equation.totals)):
            known.append(equation)
        else:
            left_out = True
    together = _component(broken, known)
    values: dict[str, Number] = {}
    for key in _cells(together):
        number = report.number(key)
        if number is not None:
            values[key] = number
    changes = _smallest_changes(together, tuple(values.items()))
    if not changes:
        return None
    scope = "every sum that could be checked agree" if left_out else "every sum agree"
    how_many = {1: "single change", 2: "change of two cells"}[len(changes[0])]
    if len(changes) == 1:
        return Suggestion(changes[0], (), f"the only {how_many} that makes {scope}")
    return Suggestion(
        None, changes[:MOST_ALTERNATIVES], f"each is a {how_many} that makes {scope}; the likeliest first"
    )


def _component(start: Sum, sums: list[Sum]) -> tuple[Sum, ...]:
    """The sums that hang together with ``start`` through shared cells, in their order."""
    reached = {*start.parts, *start.totals}
    while True:
        together = [equation for equation in sums if reached & {*equation.parts, *equation.totals}]
        grown = reached | set(_cells(tuple(together)))
        if grown == reached:
            return tuple(together)
        reached = grown


def _cells(sums: tuple[Sum, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for equation in sums for key in (*equation.parts, *equation.totals)))


@lru_cache(maxsize=64)
def _smallest_changes(sums: tuple[Sum, ...], values: _Values) -> tuple[Change, ...]:
    """All smallest sets of changes, the likeliest first; empty where more than MOST_CHANGES are needed."""
    search = _Search(sums, dict(values))
    for size in range(1, MOST_CHANGES + 1):
        found = search.changes(size)
        if found:
            return tuple(sorted(found, key=search.unlikelihood))
        if search.steps > MOST_STEPS:
            break
    return ()


class _Search:
    """Tries changes: takes a broken sum, changes one of its cells so that some broken sum agrees, and goes on."""

    def __init__(self, sums: tuple[Sum, ...], values: dict[str, Number]) -> None:
        self.values = values
        self.steps = 0
        self.members: list[dict[str, int]] = []
        self.sums_of: dict[str, list[int]] = {}
        self.totals: set[str] = set()
        for index, equation in enumerate(sums):
            signs = dict.fromkeys(equation.parts, 1) | dict.fromkeys(equation.totals, -1)
            self.members.append(signs)
            if len(equation.totals) == 1:
                self.totals.update(equation.totals)
            for key in signs:
                self.sums_of.setdefault(key, []).append(index)
        self.off: list[Number] = [sum((sign * values[key] for key, sign in signs.items()), 0) for signs in self.members]

    def changes(self, size: int) -> list[Change]:
        """Every set of ``size`` changes after which no sum is off, each once."""
        found = {frozenset(change.items()): change for change in self._extend({}, self.off, size)}
        return list(found.values())

    def _extend(self, change: Change, off: list[Number], left: int) -> Iterator[Change]:
        broken = [index for index, difference in enumerate(off) if difference]
        if not broken:
            if left == 0:
                yield dict(change)
            return
        if left == 0 or len(broken) > left * max(len(where) for where in self.sums_of.values()):
            return
        for key in self.members[broken[0]]:
            if key in change:
                continue
            for step in self._steps(key, off):
                self.steps += 1
                value = self.values[key] + step
                if value < 0 or self.steps > MOST_STEPS:
                    continue
                after = list(off)
                for index in self.sums_of[key]:
                    after[index] += self.members[index][key] * step
                yield from self._extend({**change, key: value}, after, left - 1)

    def _steps(self, key: str, off: list[Number]) -> list[Number]:
        """By how much ``key`` would have to change for one of its broken sums to agree."""
        steps = (-off[index] * self.members[index][key] for index in self.sums_of[key] if off[index])
        return list(dict.fromkeys(steps))

    def unlikelihood(self, change: Change) -> tuple[int, int]:
        """To sort by: a forgotten cell (0) is likelier than a wrong, a total than a part, a small step than a big."""
        cost = 0
        distance = 0
        for key, value in change.items():
            before = self.values[key]
            cost += (0 if before == 0 else 2) + (0 if key in self.totals else 1) + (2 if value == 0 else 0)
            distance += abs(int(value) - int(before))
        return cost, distance

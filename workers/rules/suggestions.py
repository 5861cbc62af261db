"""Where sums break: the smallest set of changes to cells that makes every sum agree.

Sums that share cells hang together; only what hangs together with the broken sum is searched. A change gives a
cell another whole value that is not negative. One smallest set is a suggestion, several are alternatives with
the likeliest first. Witnesses (last year's carry-over, the text) decide between sets of one size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from report.findings.finding import Number, Slip, Suggestion
from report.form import Form, Sum
from report.report import Report
from workers.rules.context import Context
from workers.rules.slips import Change, slip_in, undone
from workers.rules.witnesses import FigureClaim, witnesses

MOST_CHANGES = 2
MOST_ALTERNATIVES = 6
# A row of table three; more than that nobody wants to read in a letter.
MOST_FILLED = 7
# A component of table three has about 180 cells in 40 sums; two changes take some thousand steps.
MOST_STEPS = 20_000

NAMED = {
    Slip.TRANSPOSED: "two digits changed places",
    Slip.SHIFTED: "the row stands one cell aside",
    Slip.TOTAL_FORGOTTEN: "a column total was forgotten",
    Slip.THOUSANDS: "thousands were entered as units, or the other way round",
    Slip.WRONG_APPLICANT: "one request stands under the wrong kind of applicant",
}

_Values = tuple[tuple[str, Number], ...]


def suggest(report: Report, form: Form, broken: Sum, context: Context) -> Suggestion | None:
    """What makes ``broken`` and every sum that hangs together with it agree; None where nothing small does.

    Sums with an operand that is no certain number cannot be checked and are left out, which ``why`` says.
    """
    sums = form.sums(report.figures)
    numbers = {key: number for key in _cells(sums) if (number := report.number(key)) is not None}
    known = [equation for equation in sums if numbers.keys() >= {*equation.parts, *equation.totals}]
    together = _component(broken, known)
    values = {key: numbers[key] for key in _cells(together)}
    changes = _smallest_changes(together, tuple(values.items()))
    partial = len(known) < len(sums)
    scope = "every sum that could be checked agree" if partial else "every sum agree"
    if len(changes) > 1:
        heard = _heard(changes, values, witnesses(report, form, context))
        if len(heard) < len(changes):
            scope += " and fits last year's report and the text"
        changes = heard
    if not changes:
        return None
    slip = slip_in(changes[0], values, together)
    size = len(changes[0])
    how_many = "single change" if size == 1 else f"change of {'two' if size == 2 else size} cells"
    named = "" if slip is None else f"; {NAMED[slip]}"
    if len(changes) == 1:
        return Suggestion(changes[0], (), f"the only {how_many} that makes {scope}{named}", slip, partial)
    why = f"each is a {how_many} that makes {scope}; the likeliest first{named}"
    return Suggestion(None, changes[:MOST_ALTERNATIVES], why, slip, partial)


def forget() -> None:
    """Forgets what was worked out for other findings of the same report; only a measurement needs it."""
    _smallest_changes.cache_clear()


def filled(report: Report, form: Form, cells: Collection[str]) -> Suggestion | None:
    """The only values for ``cells`` with which the sums agree; None where the sums do not tell one of them.

    What stands in the cells now counts for nothing: they are blank, or hold what is no number of the form.
    """
    if len(cells) > MOST_FILLED:
        return None
    sums = form.sums(report.figures)
    values = {key: number for key in _cells(sums) if key not in cells and (number := report.number(key)) is not None}
    found: Change = {}
    while len(found) < len(cells):
        before = len(found)
        for equation in sums:
            unknown = [key for key in _cells((equation,)) if key not in values]
            if len(unknown) == 1 and unknown[0] in cells:
                value = _rest(equation, values, unknown[0])
                if not _possible(value):
                    return None
                found[unknown[0]] = values[unknown[0]] = int(value)
        if len(found) == before:
            return None
    if any(_difference(equation, values) for equation in sums if values.keys() >= set(_cells((equation,)))):
        return None
    values_words = "value" if len(found) == 1 else "values"
    return Suggestion(found, (), f"the only {values_words} with which every sum agrees")


def _rest(equation: Sum, values: Change, unknown: str) -> Number:
    """What ``unknown`` has to be for the sum to agree."""
    difference = _difference(equation, {**values, unknown: 0})
    return difference if unknown in equation.totals else -difference


def _difference(equation: Sum, values: Change) -> Number:
    return sum(values[key] for key in equation.parts) - sum(values[key] for key in equation.totals)


def _possible(value: Number) -> bool:
    """Whether a count can have the value."""
    return value >= 0 and value == int(value)


def _heard(changes: tuple[Change, ...], values: Change, said: tuple[FigureClaim, ...]) -> tuple[Change, ...]:
    """The changes that contradict the fewest witnesses, in their order."""
    against = [sum(not witness.agrees({**values, **change}) for witness in said) for change in changes]
    return tuple(change for change, count in zip(changes, against, strict=True) if count == min(against))


def _component(start: Sum, sums: list[Sum]) -> tuple[Sum, ...]:
    """The sums that hang together with ``start`` through shared cells, in their order."""
    reached = {*start.parts, *start.totals}
    while True:
        together = [equation for equation in sums if not reached.isdisjoint((*equation.parts, *equation.totals))]
        grown = reached.union(*(equation.parts + equation.totals for equation in together))
        if grown == reached:
            return tuple(together)
        reached = grown


def _cells(sums: tuple[Sum, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for equation in sums for key in (*equation.parts, *equation.totals)))


@lru_cache(maxsize=64)
def _smallest_changes(sums: tuple[Sum, ...], values: _Values) -> tuple[Change, ...]:
    """All smallest sets of changes, the likeliest first; empty where none is small and no slip explains it."""
    search = _Search(sums, dict(values))
    for size in range(1, MOST_CHANGES + 1):
        found = search.changes(size)
        if search.steps > MOST_STEPS:
            return ()
        if found:
            return tuple(sorted(found, key=search.unlikelihood))
    slips = search.slips()
    return tuple(change for change in slips if len(change) == min(map(len, slips)))


class _Search:
    """Tries changes: takes a broken sum, changes one of its cells so that some broken sum agrees, and goes on."""

    def __init__(self, sums: tuple[Sum, ...], values: dict[str, Number]) -> None:
        self.sums = sums
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
        self.off: list[Number] = [_difference(equation, values) for equation in sums]

    def changes(self, size: int) -> list[Change]:
        """Every set of ``size`` changes after which no sum is off, each once."""
        self.steps = 0
        found = {frozenset(change.items()): change for change in self._extend({}, self.off, size)}
        return list(found.values())

    def slips(self) -> list[Change]:
        """Every slip that, undone, leaves no sum off; each once."""
        found = {
            frozenset(change.items()): change
            for change in undone(self.values, self.sums)
            if not any(_difference(equation, {**self.values, **change}) for equation in self.sums)
        }
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
            # The last change has to mend every sum that is still off, and may touch no other.
            if key in change or (left == 1 and self.sums_of[key] != broken):
                continue
            for step in self._steps(key, off):
                self.steps += 1
                value = self.values[key] + step
                if not _possible(value) or self.steps > MOST_STEPS:
                    continue
                after = list(off)
                for index in self.sums_of[key]:
                    after[index] += self.members[index][key] * step
                yield from self._extend({**change, key: int(value)}, after, left - 1)

    def _steps(self, key: str, off: list[Number]) -> list[Number]:
        """By how much ``key`` would have to change for one of its broken sums to agree."""
        steps = (-off[index] * self.members[index][key] for index in self.sums_of[key] if off[index])
        return list(dict.fromkeys(steps))

    def unlikelihood(self, change: Change) -> tuple[bool, int, int]:
        """To sort by: what a slip explains is likeliest; a forgotten cell (0) is likelier than a wrong one, a total
        than a part, a small step than a big.
        """
        cost = 0
        distance = 0
        for key, value in change.items():
            before = self.values[key]
            cost += (0 if before == 0 else 2) + (0 if key in self.totals else 1) + (2 if value == 0 else 0)
            distance += abs(int(value) - int(before))
        return slip_in(change, self.values, self.sums) is None, cost, distance

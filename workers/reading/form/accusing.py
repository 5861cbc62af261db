"""Which figures an error would rest on: these, and no others, are looked at a second time (design, decision 18)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from report.figure import TEXT, WRITTEN, Figure
from report.form import Form, Sum


def accusing(figures: Mapping[str, Figure], form: Form) -> set[str]:
    """The figures that accuse by themselves: of T03, T05 to T08 and D07."""
    foreign = {f"requests.{row.key}" for row in form.file.table_three.rows if not row.in_form}
    foreign |= {f"proactive.{row.key}" for block in form.file.table_two for row in block.rows if not row.in_form}
    wrong = {key for each in form.sums(figures) if difference(each, figures) for key in (*each.parts, *each.totals)}
    return {
        key
        for key, figure in figures.items()
        if figure.state in WRITTEN
        and figure.certain
        and (key in wrong or key.rpartition(".")[0] in foreign or _is_no_count(figure, form.names[key].kind))
    }


def compared(figures: Mapping[str, Figure], form: Form) -> set[str]:
    """The figures that last year's report may contradict (Y01), which is not known when a document is read."""
    row = form.file.table_three.balance.left[-1]
    return {
        key
        for key, figure in figures.items()
        if key.startswith(f"requests.{row}.") and figure.state in WRITTEN and figure.certain
    }


def difference(each: Sum, figures: Mapping[str, Figure]) -> Decimal | None:
    """By how much the parts exceed the totals; None where one of them is no certain number."""
    # Numbers of a report are whole but for a few: to add those up as such takes a quarter of the time.
    total: int | Decimal = 0
    for sign, keys in ((1, each.parts), (-1, each.totals)):
        for key in keys:
            value = figures[key].value if key in figures and figures[key].certain else None
            if value is None:
                return None
            total += sign * value
    return Decimal(total)


def _is_no_count(figure: Figure, kind: str) -> bool:
    if kind == "amount":
        return False
    if figure.value is None:
        return figure.state is TEXT
    return bool(figure.value % 1) or (figure.value < 0 and kind != "change")

"""A suggestion in words that can be read out to the agency."""

from __future__ import annotations

from report.finding import Number, Suggestion
from report.form import Form


def advice(suggestion: Suggestion, form: Form) -> str:
    """What would make the sums agree, as a Chinese sentence without its full stop; ``form`` is the report's form.

    It never says that the agency is wrong in that very cell: only its own records can tell.
    """
    if suggestion.cells is not None:
        return f"如将{_change(suggestion.cells, form)}，各处合计即相符，请核对"
    ways = "；".join(f"（{number}）将{_change(one, form)}" for number, one in enumerate(suggestion.alternatives, 1))
    return f"以下改法均可使各处合计相符，请核对：{ways}"


def _change(cells: dict[str, Number], form: Form) -> str:
    return "、".join(f"{form.names[key].label}改为{value}" for key, value in cells.items())

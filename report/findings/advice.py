"""A suggestion in words that can be read out to the agency."""

from __future__ import annotations

from report.findings.finding import Number, Slip, Suggestion
from report.form import Form

SLIPS = {
    Slip.TRANSPOSED: "数字前后两位疑似颠倒",
    Slip.SHIFTED: "该行数字疑似整体错位一格",
    Slip.TOTAL_FORGOTTEN: "合计疑似漏填",
    Slip.THOUSANDS: "疑似计量单位有误，差一千倍或一万倍",
    Slip.WRONG_APPLICANT: "疑似有一件填在了另一类申请人名下",
}


def advice(suggestion: Suggestion, form: Form) -> str:
    """What would make the sums agree, as a Chinese sentence without its full stop; ``form`` is the report's form.

    It never says that the agency is wrong in that very cell: only its own records can tell.
    """
    slip = "" if suggestion.slip is None else SLIPS[suggestion.slip]
    if suggestion.cells is not None:
        named = f"{slip}：" if slip else ""
        return f"{named}如将{_change(suggestion.cells, form)}，各处合计即相符，请核对"
    named = f"（第一种：{slip}）" if slip else ""
    ways = "；".join(f"（{number}）将{_change(one, form)}" for number, one in enumerate(suggestion.alternatives, 1))
    return f"以下改法均可使各处合计相符{named}，请核对：{ways}"


def _change(cells: dict[str, Number], form: Form) -> str:
    return "、".join(f"{form.names[key].label}改为{value}" for key, value in cells.items())

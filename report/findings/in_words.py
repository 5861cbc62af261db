"""A finding as people read it: its cells by name with what stands in them, and what would make the sums agree.

The same words in letters, on the page of evidence, in the 整改通知单 and on the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from config.register import Register
from report.as_json import figure_json, suggestion_json
from report.findings.finding import Slip, Suggestion
from report.form import cell_label
from report.report import Report

MOST_ALTERNATIVES = 3
SLIPS = {
    Slip.TRANSPOSED: "数字前后两位疑似颠倒",
    Slip.SHIFTED: "该行数字疑似整体错位一格",
    Slip.TOTAL_FORGOTTEN: "合计疑似漏填",
    Slip.THOUSANDS: "疑似计量单位有误，差一千倍或一万倍",
    Slip.WRONG_APPLICANT: "疑似有一件填在了另一类申请人名下",
}


@dataclass(frozen=True, slots=True)
class Names:
    """How the cells of a report are called: ``label`` names one by its key, ``states`` are the words of its states."""

    label: Callable[[str], str]
    states: Mapping[str, str]


def names_in(register: Register, form: str | None) -> Names:
    """The names that the forms and the wording of a register give the cells of a report of this form."""
    return Names(partial(cell_label, register, form), register.wording.figures)


@dataclass(frozen=True, slots=True)
class CellInWords:
    """One cell of a form: its key and name, what the report says, and what it probably should say ("": not known)."""

    key: str
    label: str
    found: str
    proposed: str


def cells_in_words(
    names: Names,
    cells: Sequence[str],
    expected: object,
    suggestion: Mapping[str, Any] | None,
    figures: Mapping[str, Any],
    most: int,
) -> list[CellInWords]:
    """The first ``most`` cells of a finding and all that its suggestion changes; ``figures`` as a reading keeps them.

    Where several changes would do, none is proposed here: :func:`suggestion_in_words` names them.
    """
    change = (suggestion or {}).get("cells") or {}
    found = []
    for key in dict.fromkeys((*cells[:most], *change)):
        proposed = str(change[key]) if key in change else ""
        if list(cells) == [key] and expected is not None and not suggestion:
            proposed = str(expected)
        found.append(CellInWords(key, names.label(key), written(names, figures.get(key)), proposed))
    return found


def written(names: Names, figure: Mapping[str, Any] | None) -> str:
    """What stands in a cell, by a figure as a reading keeps it: the number as written, else the word of its state."""
    if figure is None:
        return "—"
    if figure["state"] == "number":
        return str(figure.get("text") or figure["value"])
    return names.states.get(figure["state"], str(figure["state"]))


def suggestion_in_words(names: Names, figures: Mapping[str, Any], suggestion: Mapping[str, Any]) -> str:
    """What would make the sums agree, in sentences; it never says that the agency is wrong in that very cell."""

    def change(cells: dict[str, Any]) -> str:
        return "，".join(
            f"{names.label(key)}由{written(names, figures.get(key))}改为{value}" for key, value in cells.items()
        )

    slip = suggestion.get("slip")
    named = f"{SLIPS[Slip(slip)]}。" if slip else ""
    if suggestion.get("cells"):
        smallest = change(suggestion["cells"])
        agree = (
            "能够核对的各项合计相符，另有合计因单元格未能读作数字而没有核对"
            if suggestion.get("partial")
            else "有关的各项合计全部相符"
        )
        return f"{named}最小的改法是：{smallest}。这样改之后，{agree}。请以原始数据为准。"
    shown = [change(one["cells"]) for one in suggestion.get("alternatives", [])[:MOST_ALTERNATIVES]]
    likely = f"（第一种：{SLIPS[Slip(slip)]}）" if slip else ""
    sums = "能够核对的合计" if suggestion.get("partial") else "合计"
    return f"可能的改法（任一即可使{sums}相符，较可能的在前）{likely}：{'；或者，'.join(shown)}。请以原始数据为准。"


def advice(names: Names, report: Report, suggestion: Suggestion) -> str:
    """:func:`suggestion_in_words` of a report that is at hand."""
    return suggestion_in_words(names, kept(report), suggestion_json(suggestion))


def kept(report: Report) -> dict[str, Any]:
    """The figures of a report as a reading keeps them."""
    return {key: figure_json(figure) for key, figure in report.figures.items()}


def place_in_words(place: Mapping[str, Any]) -> str:
    """Where something stands in a document, counted from one as people do; "" where it is not known."""
    if place.get("page") is not None:
        return f"第{place['page']}页"
    if place.get("table") is None:
        return ""
    row, column = place.get("row"), place.get("column")
    return (
        f"第{place['table'] + 1}个表格"
        + (f"第{row + 1}行" if row is not None else "")
        + (f"第{column + 1}列" if column is not None else "")
    )

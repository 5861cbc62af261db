"""A finding as people read it: its cells by name with what stands in them, and what would make the sums agree.

The same words in letters, on the page of evidence, in the 整改通知单 and on the command line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from config.register import Register
from report.findings.advice import SLIPS
from report.findings.finding import Slip
from report.form import cell_label

MOST_ALTERNATIVES = 3


class KeptFinding(Protocol):
    """What a finding's words are made from, as the ledger keeps it."""

    @property
    def cells(self) -> Sequence[str]:
        """The keys of the figures concerned."""

    @property
    def expected(self) -> str | None:
        """What ought to stand there, where the rule knows."""

    @property
    def suggestion(self) -> Mapping[str, Any] | None:
        """``report.as_json.suggestion_json`` of the suggestion."""


@dataclass(frozen=True, slots=True)
class CellInWords:
    """One cell of a form: its key and name, what the report says, and what it probably should say ("": not known)."""

    key: str
    label: str
    found: str
    proposed: str


def cells_in_words(
    register: Register, finding: KeptFinding, form: str | None, figures: Mapping[str, Any], most: int
) -> list[CellInWords]:
    """The first ``most`` cells of a finding and all that its suggestion changes; ``figures`` as a reading keeps them.

    Where several changes would do, none is proposed here: :func:`suggestion_in_words` names them.
    """
    suggestion = finding.suggestion or {}
    change = suggestion.get("cells") or {}
    several = bool(change or suggestion.get("alternatives"))
    found = []
    for key in dict.fromkeys((*finding.cells[:most], *change)):
        proposed = str(change[key]) if key in change else ""
        if list(finding.cells) == [key] and finding.expected is not None and not several:
            proposed = str(finding.expected)
        found.append(CellInWords(key, cell_label(register, form, key), written(register, figures.get(key)), proposed))
    return found


def written(register: Register, figure: Mapping[str, Any] | None) -> str:
    """What stands in a cell, by a figure as a reading keeps it: the number as written, else the word of its state."""
    if figure is None:
        return "—"
    if figure["state"] == "number":
        return str(figure.get("text") or figure["value"])
    return register.wording.figures.get(figure["state"], str(figure["state"]))


def suggestion_in_words(
    register: Register, form: str | None, figures: Mapping[str, Any], suggestion: Mapping[str, Any]
) -> str:
    """What would make the sums agree, in sentences; it never says that the agency is wrong in that very cell."""

    def change(cells: dict[str, Any]) -> str:
        return "，".join(
            f"{cell_label(register, form, key)}由{written(register, figures.get(key))}改为{value}"
            for key, value in cells.items()
        )

    slip = suggestion.get("slip")
    named = f"{SLIPS[Slip(slip)]}。" if slip else ""
    if suggestion.get("cells"):
        smallest = change(suggestion["cells"])
        return f"{named}最小的改法是：{smallest}。这样改之后，有关的各项合计全部相符。请以原始数据为准。"
    shown = [change(one["cells"]) for one in suggestion.get("alternatives", [])[:MOST_ALTERNATIVES]]
    likely = f"（第一种：{SLIPS[Slip(slip)]}）" if slip else ""
    return f"可能的改法（任一即可使合计相符，较可能的在前）{likely}：{'；或者，'.join(shown)}。请以原始数据为准。"

"""Which findings one correction would mend: they are one matter (事项), told once and known by one number.

What is suspect in a finding are the cells that the smallest change of its suggestion alters (of several changes the
likeliest's), as far as they stand in the sum that is broken; without a suggestion its cell, where it names one alone.
Findings that suspect the same cell are one matter. What a person has to look at first is never one with what accuses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from config.severity import Severity
from report.findings.finding import Finding

# Sums along a row of their table (the applicants of table three, the outcomes of table four), and along a column.
_ALONG_ROWS = ("T05", "T08")
_ALONG_COLUMNS = ("T06", "T07")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What of a finding tells which correction would mend it; ``change`` are the cells that its suggestion alters."""

    rule: str
    severity: str
    cells: tuple[str, ...]
    change: tuple[str, ...] = ()

    @property
    def suspects(self) -> frozenset[str]:
        """The cells of which one is probably wrong; empty where nobody knows."""
        if self.change:
            return frozenset(key for key in self.change if self._concerns(key)) or frozenset(self.change)
        return frozenset(self.cells) if len(self.cells) == 1 else frozenset()

    def _concerns(self, key: str) -> bool:
        if self.rule in _ALONG_ROWS:
            return key.rpartition(".")[0] in {cell.rpartition(".")[0] for cell in self.cells}
        if self.rule in _ALONG_COLUMNS:
            return key.rpartition(".")[2] in {cell.rpartition(".")[2] for cell in self.cells}
        return key in self.cells


def mistake_of(finding: Finding) -> Mistake:
    """The mistake of a finding."""
    suggested = finding.suggestion
    change: Mapping[str, object] = {}
    if suggested is not None:
        change = suggested.cells or next(iter(suggested.alternatives), {})
    return Mistake(finding.rule, finding.severity.value, finding.cells, tuple(change))


def mistake_in_row(rule: str, severity: str, cells: Sequence[str], suggestion: Mapping[str, object] | None) -> Mistake:
    """The mistake of a finding as the ledger keeps it (``suggestion``: report.as_json.suggestion_json)."""
    suggested = suggestion or {}
    change = suggested.get("cells") or next(iter(_alternatives(suggested)), {})
    return Mistake(rule, severity, tuple(cells), tuple(change) if isinstance(change, Mapping) else ())


def in_matters(mistakes: Sequence[Mistake]) -> list[list[int]]:
    """The places of these mistakes, those of one matter together; both in the order in which they came."""
    matters: list[tuple[set[tuple[bool, str]], list[int]]] = []
    for place, mistake in enumerate(mistakes):
        suspects = {(mistake.severity == Severity.HUMAN, cell) for cell in mistake.suspects}
        places = [place]
        for joined in [matter for matter in matters if matter[0] & suspects]:
            matters.remove(joined)
            suspects |= joined[0]
            places += joined[1]
        matters.append((suspects, sorted(places)))
    return sorted(places for _, places in matters)


def _alternatives(suggestion: Mapping[str, object]) -> Collection[Mapping[str, object]]:
    listed = suggestion.get("alternatives")
    return [one.get("cells", {}) for one in listed] if isinstance(listed, list) else []

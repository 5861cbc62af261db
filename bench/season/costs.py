"""What everything costs on one machine on one day: measured by bench/season/sample.py, used by the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Kind = Literal["html", "pdf", "word", "scan"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# What a season is made of, as in bench/reading.py, with some of its web pages as Word.
MIX: dict[Kind, float] = {"html": 0.67, "pdf": 0.24, "word": 0.04, "scan": 0.05}
# The sample and the real run have no scans among their documents; a few are read for themselves.
MIX_WITHOUT_SCANS: dict[Kind, float] = {"html": 0.70, "pdf": 0.25, "word": 0.05}


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds and counts, each as measured on ``day`` on ``machine``.

    ``seconds``: of a core for a document of each kind, from its message to its check in the ledger, with what the
    database computes for it: as long as a worker process takes that has a core for itself. ``list_requests``: of one
    portal in a round in which nothing is new; ``new_requests``: for one new report. ``quiet_core`` and ``new_core``:
    the crawler's core seconds for a portal in which nothing is new, and for a new report. ``turn_seconds``: of a core,
    one turn of the monitor for each registered agency; ``letter_seconds``: one letter, to a mail server on the same
    machine.
    """

    day: str
    machine: str
    seconds: Mapping[Kind, float]
    list_requests: float
    new_requests: float
    quiet_core: float
    new_core: float
    turn_seconds: float
    letter_seconds: float

    def as_data(self) -> dict[str, Any]:
        """For a YAML file."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def from_data(data: Mapping[str, Any]) -> Costs:
    """The costs that a YAML file holds. Raises TypeError or KeyError where something is missing."""
    return Costs(**{**data, "seconds": {kind: float(data["seconds"][kind]) for kind in KINDS}})


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    return value

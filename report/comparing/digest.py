"""The little of a report that others are compared with: its numbers, and a sample of its text.

A report is judged beside all others of its district (rules A01, D14). Reading them whole for that costs many times what
the check itself costs; a digest is a twentieth of it, and tells which few have to be read whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from config.forms import SectionKind
from report.comparing.similarity import runs_of
from report.report import Report

# What digests of another making say is not known: they are made anew from the report. One more with every change of
# what goes into a digest, and of report/comparing/similarity.py.
MAKING = 1
COMPARED: tuple[SectionKind, ...] = ("overview", "problems")
# One run of so many is kept. Where 0.85 of 200 letters stand in another text, the least that rule D14 tells, the
# samples have less than 0.6 in common once in 100,000 times.
SAMPLED = 4
NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Digest:
    """The form and the certain numbers of a report, and by section a sample of its text's runs (report/similarity)."""

    form: str | None
    numbers: Mapping[str, int | Decimal]
    runs: Mapping[str, frozenset[int]]

    def number(self, key: str) -> int | Decimal | None:
        """The value of a figure that is a number and was read with certainty; None in every other case."""
        return self.numbers.get(key)

    def shares_text(self, other: Digest, kind: SectionKind) -> bool:
        """Whether so much of a section seems to stand in the other one that they have to be compared whole."""
        runs = self.runs[kind]
        return bool(runs) and len(runs & other.runs[kind]) >= NEAR * len(runs)


def digest_of(report: Report, names: tuple[str, ...] | None = None) -> Digest:
    """A report's digest. ``names`` of its agency do not count as text; by default the one that it gives itself."""
    if names is None:
        names = () if report.agency is None else (report.agency,)
    numbers = {key: number for key in report.figures if (number := report.number(key)) is not None}
    runs: dict[str, frozenset[int]] = {}
    for kind in COMPARED:
        section = report.section(kind)
        runs[kind] = (
            frozenset(run for run in runs_of(section.text, names) if not run % SAMPLED) if section else frozenset()
        )
    return Digest(report.form, numbers, runs)


def digest_to_json(digest: Digest) -> dict[str, Any]:
    """The digest as plain JSON values; decimals are strings."""
    numbers = {key: str(one) if isinstance(one, Decimal) else one for key, one in digest.numbers.items()}
    runs = {kind: sorted(runs) for kind, runs in digest.runs.items()}
    return {"making": MAKING, "form": digest.form, "numbers": numbers, "runs": runs}


def digest_from_json(content: dict[str, Any] | None) -> Digest | None:
    """The digest that :func:`digest_to_json` wrote; None where there is none, or one of another making."""
    if content is None or content["making"] != MAKING:
        return None
    numbers = {key: Decimal(one) if isinstance(one, str) else one for key, one in content["numbers"].items()}
    return Digest(content["form"], numbers, {kind: frozenset(runs) for kind, runs in content["runs"].items()})

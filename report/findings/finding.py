"""What a rule says of a report: an outcome, and one finding for each place where it is broken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from config.severity import Severity
from report.figure import NOWHERE, Confirmation, Place


class Outcome(StrEnum):
    """What became of a rule. What could not be judged is NOT_ASSESSABLE; it never passes."""

    PASS = "pass"  # noqa: S105 - no password, an outcome
    FAIL = "fail"
    NOT_ASSESSABLE = "not_assessable"
    NOT_APPLICABLE = "not_applicable"


Number = int | Decimal


class Slip(StrEnum):
    """A slip of the hand that explains a change."""

    TRANSPOSED = "digits_transposed"
    SHIFTED = "row_shifted"
    TOTAL_FORGOTTEN = "column_total_forgotten"
    THOUSANDS = "thousands_as_units"
    WRONG_APPLICANT = "wrong_applicant"


# What X01 found where an error was not made because its figures were seen only once.
UNCONFIRMED = "unconfirmed"


class Change(StrEnum):
    """What became of a report after its publication (rule P05): it is GONE, or its FIGURES were changed."""

    GONE = "gone"
    FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What makes every sum agree: ``cells`` if one smallest change does, else ``alternatives``, likeliest first.

    ``slip`` names the slip that explains ``cells`` or the first of the alternatives, where one does. ``partial``: some
    sums could not be checked, since a cell of theirs is no certain number.
    """

    cells: dict[str, Number] | None
    alternatives: tuple[dict[str, Number], ...]
    why: str
    slip: Slip | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken in one place of one report.

    ``confirmed_by``: how the figures on which it rests were seen a second time (design, decision 18).
    ``other_agency`` is whose report of the same year it is set beside, by the name that the rule's context has for it;
    None where it is set beside none, or beside one of its own agency. ``change`` is what rule P05 found.
    ``rate`` is the share of its text that stands there too, from 0 to 1 (D14). ``quote`` are the words of the text that
    it is about, "" where it is about none.
    """

    rule: str
    severity: Severity
    cells: tuple[str, ...]
    expected: Number | str | None
    found: Number | str | None
    message: str
    message_en: str
    basis: str
    place: Place = NOWHERE
    suggestion: Suggestion | None = None
    confirmed_by: tuple[Confirmation, ...] = ()
    other_agency: str | None = None
    rate: float | None = None
    change: Change | None = None
    quote: str = ""

    def fingerprint(self, agency: str | None, year: int | None) -> str:
        """Its identity (design, decision 3): rule, agency, report year, cells and the values found. 32 hex digits."""
        parts = (self.rule, agency or "", str(year or ""), *self.cells, str(self.expected), str(self.found))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule says of one report; ``reason`` is one sentence where it was not assessable."""

    rule: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A clause of the running text that says, or may say, a figure of the tables, and what the rules made of it.

    ``figure`` (several keys joined by "+" where their sum is said) and ``value`` are None where it was not understood,
    or speaks of something else; ``reason`` says why it was not judged.
    """

    text: str
    page: int | None
    figure: str | None
    value: Number | None
    outcome: Outcome
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What all rules say of one report, by code in the order of the catalogue, and what was read of its text."""

    results: dict[str, RuleResult] = field(default_factory=dict)
    sentences: tuple[Sentence, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the catalogue."""
        return tuple(finding for result in self.results.values() for finding in result.findings)

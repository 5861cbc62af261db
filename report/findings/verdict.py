"""What a rule says of one place where it applies: it holds, it is broken, or it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

from report.figure import NOWHERE, Place
from report.findings.finding import Change, Number, Suggestion


@dataclass(frozen=True, slots=True)
class Held:
    """The rule was checked in this place and holds."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """The rule could not be checked in this place; ``reason`` is a Chinese sentence without its full stop.

    ``about``: of this place alone nothing can be told, and a finding whose ``found`` it is stays as it is.
    """

    reason: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """The rule is broken in this place.

    ``message`` is what a letter to the agency can say, ``message_en`` the same in one English sentence; ``cells``
    are the figures concerned; ``expected`` and ``found`` are the two sides. ``other_agency``, ``rate``, ``change``
    and ``quote`` are those of :class:`report.findings.finding.Finding`.
    """

    message: str
    message_en: str
    cells: tuple[str, ...] = ()
    expected: Number | str | None = None
    found: Number | str | None = None
    place: Place = NOWHERE
    suggestion: Suggestion | None = None
    other_agency: str | None = None
    rate: float | None = None
    change: Change | None = None
    quote: str = ""


Verdict = Held | Undecided | Broken

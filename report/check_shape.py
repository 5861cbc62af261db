"""The shape of what ``nianbao check --format json`` prints (contract, section 2).

Whoever writes it (report/as_json.py) is held to it by the type checker, and the JSON Schema that others are given is
made of it (monitor/outputs/schemas.py): there is one description. What is not named is no part of it: a field that was
renamed is missing under one name, and unknown under the other.
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from config.forms import SectionKind
from config.severity import Severity
from report.account import Fate, PieceKind
from report.figure import Confirmation, State
from report.findings.finding import Outcome, Slip

Bounds = Annotated[list[float], Field(min_length=4, max_length=4)]
Code = Annotated[str, Field(pattern=r"^[A-Z][0-9]{2}$")]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
_NO_NUMBER: dict[str, Any] = {
    "if": {"properties": {"state": {"not": {"const": "number"}}}},
    "then": {"properties": {"value": {"type": "null"}}},
}


@with_config(extra="forbid")
class PlaceShape(TypedDict):
    """Where something was read: page (from 1) and box (left, top, right, bottom in PDF points, origin top left), or
    table, row and column (from 0) of the document's own tables.
    """

    page: NotRequired[int]
    bbox: NotRequired[Bounds]
    table: NotRequired[int]
    row: NotRequired[int | None]
    column: NotRequired[int | None]


@with_config(extra="forbid")
class SectionShape(TypedDict):
    """One section of a report."""

    number: int | None
    heading: str
    kind: SectionKind | None
    characters: int


@with_config(extra="forbid", json_schema_extra=_NO_NUMBER)
class FigureShape(PlaceShape):
    """One figure: ``value`` is a number only where ``state`` is ``number``; amounts are decimal strings as written."""

    value: int | str | None
    state: State
    text: str


@with_config(extra="forbid")
class ChangeShape(TypedDict):
    """One change of cells that makes every sum agree."""

    cells: dict[str, int | str]


@with_config(extra="forbid")
class SuggestionShape(TypedDict):
    """``cells`` where one smallest change makes every sum agree, else ``alternatives``, the most likely first."""

    cells: NotRequired[dict[str, int | str]]
    alternatives: NotRequired[list[ChangeShape]]
    why: str
    slip: NotRequired[Slip]
    partial: NotRequired[bool]


@with_config(extra="forbid")
class FindingShape(PlaceShape):
    """One rule broken in one place. ``matter`` is the same for those that one correction would mend."""

    rule: Code
    severity: Severity
    cells: list[str]
    expected: int | str | None
    found: int | str | None
    message: str
    message_en: str
    basis: str
    fingerprint: Fingerprint
    matter: NotRequired[str]
    confirmed_by: NotRequired[list[Confirmation]]
    suggestion: NotRequired[SuggestionShape]
    rate: NotRequired[float]


@with_config(extra="forbid")
class PieceShape(PlaceShape):
    """A piece of a document that was not understood."""

    kind: PieceKind
    fate: Fate
    text: str


@with_config(extra="forbid")
class AccountShape(TypedDict):
    """What became of everything that stands in a document."""

    pieces: int
    understood: int
    named: int
    unaccounted: int
    examples: list[PieceShape]


@with_config(extra="forbid")
class SentenceShape(TypedDict):
    """A clause of the running text that says, or may say, a figure of the tables."""

    text: str
    page: int | None
    figure: str | None
    value: int | str | None
    outcome: Outcome
    reason: str | None


@with_config(extra="forbid")
class CheckShape(TypedDict):
    """What was read and found in one document."""

    source: str
    sha256: Sha256
    media_type: str
    reader: str
    title: str | None
    agency: str | None
    year: int | None
    period: Annotated[list[str], Field(min_length=2, max_length=2)] | None
    form: str | None
    sections: list[SectionShape]
    figures: dict[str, FigureShape]
    rules: dict[Code, Outcome]
    reasons: dict[Code, str]
    findings: list[FindingShape]
    accounted: AccountShape
    sentences: list[SentenceShape]

"""What ``nianbao why`` prints and the API gives of a report, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import with_config
from typing_extensions import TypedDict

from config.severity import Severity
from ledger.states import (
    ArticleOutcome,
    EvidenceSource,
    FindingState,
    IncidentKind,
    NoticeKind,
    NoticePurpose,
    NoticeState,
    PortalState,
    Standing,
    VersionRole,
    WorkState,
)
from report.check_shape import Code, Fingerprint, PlaceShape, Sha256
from report.comparing.carry_overs import LinkState
from report.figure import Confirmation


@with_config(extra="forbid")
class OwedShape(TypedDict):
    """By when the report is due and why, or the reason why none is owed."""

    due: date
    basis: str
    exempt: str | None


@with_config(extra="forbid")
class StandsShape(TypedDict):
    """How the agency stands, since when, and what the judgement rests on."""

    standing: Standing
    since: datetime
    published: date | None
    sentence: str
    evidence: dict[str, Any]


@with_config(extra="forbid")
class TurnShape(TypedDict):
    """One change of the standing."""

    at: datetime
    before: Standing | None
    now: Standing
    published: date | None
    sentence: str


@with_config(extra="forbid")
class LookShape(TypedDict):
    """One look at a column; ``complete``: it can prove that something is not there."""

    begun: datetime
    ended: datetime
    state: PortalState
    complete: bool
    why_not: str
    rows: int
    dropped: int
    accounted: dict[str, Any] | None
    paging: dict[str, Any] | None


@with_config(extra="forbid")
class LooksShape(TypedDict):
    """The looks at one column that bear on the standing."""

    column: str
    name: str
    looks: list[LookShape]
    left_out: int


@with_config(extra="forbid")
class WitnessShape(TypedDict):
    """One witness for the date of publication."""

    source: EvidenceSource
    value: str
    moment: datetime
    precise: bool
    observed: datetime


@with_config(extra="forbid")
class WorkShape(TypedDict):
    """How far the work on a document is."""

    state: WorkState
    attempts: int
    why: str


@with_config(extra="forbid")
class ReadShape(TypedDict):
    """One reading of a document."""

    reader: str
    read: datetime


@with_config(extra="forbid")
class DocumentShape(TypedDict):
    """One version of the report: bytes by their sha256, where and when they were found, and what was made of them."""

    role: VersionRole
    address: str
    sha256: Sha256
    first_seen: datetime
    work: WorkShape | None
    readings: list[ReadShape]
    checked: datetime | None
    failed: list[Code]
    not_assessable: dict[Code, str]


@with_config(extra="forbid")
class ArticleShape(TypedDict):
    """What was found as the report, or may be it."""

    title: str
    address: str
    column: str
    outcome: ArticleOutcome
    year: int | None
    reason: str
    first_seen: datetime
    last_seen: datetime | None
    withdrawn: datetime | None
    evidence: list[WitnessShape]
    documents: list[DocumentShape]


@with_config(extra="forbid")
class DifferingShape(TypedDict):
    """A column in which two years' reports differ."""

    column: str
    name: str
    carried_out: int | Decimal
    carried_in: int | Decimal


@with_config(extra="forbid")
class CarryOverShape(TypedDict):
    """Whether two years' reports agree on what was carried over."""

    before: int
    after: int
    state: LinkState
    differing: list[DifferingShape]


@with_config(extra="forbid")
class FindingThenShape(TypedDict):
    """A finding in the report as it was at that moment."""

    fingerprint: Fingerprint
    rule: Code
    severity: Severity
    state: FindingState
    cells: list[str]
    expected: str | None
    found: str | None
    message: str
    place: PlaceShape
    confirmed_by: list[Confirmation] | None
    opened: datetime
    resolved: datetime | None
    said_by: str | None
    said_why: str | None
    said: datetime | None


@with_config(extra="forbid")
class IncidentThenShape(TypedDict):
    """An incident about the report as it was at that moment."""

    id: int
    kind: IncidentKind
    level: str
    sentence: str
    opened: datetime
    resolved: datetime | None
    outcome: str | None
    resolution: str | None


@with_config(extra="forbid")
class LetterShape(TypedDict):
    """A message about the report (``to`` is None for who may only look), and the server's last answer."""

    kind: NoticeKind
    purpose: NoticePurpose | None
    to: str | None
    subject: str
    message_id: str
    written: datetime
    sent: datetime | None
    state: NoticeState
    answer: str | None


@with_config(extra="forbid")
class WhyShape(TypedDict):
    """What ``nianbao why AGENCY YEAR --format json`` prints."""

    agency: str
    id: str
    district: str
    year: int
    as_of: datetime
    obligation: OwedShape
    standing: StandsShape
    changes: list[TurnShape]
    looks: list[LooksShape]
    articles: list[ArticleShape]
    carry_overs: list[CarryOverShape]
    findings: list[FindingThenShape]
    incidents: list[IncidentThenShape]
    letters: list[LetterShape]

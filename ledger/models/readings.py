"""The workers' rows: work and its attempts, readings, pictures of pages, checks and findings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, UniqueConstraint, case
from sqlalchemy.orm import Mapped, mapped_column

from config.severity import Severity, gravity
from ledger.models.table import Table, state_column
from ledger.states import FindingDecision, FindingState, Queue, WorkState
from report.findings.finding import Change
from report.report import LabelOf


class Work(Table):
    """The work of reading and checking one version: state, attempts, and how it ended.

    ``attempts`` is counted before the work starts. ``next_attempt_at`` is the earliest moment of the next hand-out,
    ``dispatched_at`` the last one. ``error`` and ``sentence`` say why the last attempt failed. ``queue`` is where it is
    handed out, ``turn`` how many of its portal were before it when it came: those of the lowest turn are next.
    """

    __tablename__ = "work"
    __table_args__ = (
        UniqueConstraint("version_id", "reader"),
        Index(None, "state", "next_attempt_at"),
        Index(None, "state", "queue", "turn", "id"),
        Index(None, "state", "portal", "turn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    reader: Mapped[str]
    portal: Mapped[str] = mapped_column(default="", server_default="")
    queue: Mapped[Queue] = mapped_column(state_column(Queue), default=Queue.READ, server_default=Queue.READ.value)
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[WorkState] = mapped_column(state_column(WorkState))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    error: Mapped[str | None]
    sentence: Mapped[str] = mapped_column(default="")


class ReadingRow(Table):
    """What one reader version made of one document: ``content`` is ``report.as_json.report_to_json``, ``digest`` is
    ``report.comparing.digest.digest_to_json`` of it, None where an earlier program wrote the row.

    Kept as text and not as JSONB, which forgets the order of the figures: findings name their cells in that order.
    """

    __tablename__ = "readings"

    sha256: Mapped[str] = mapped_column(ForeignKey("documents.sha256"), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    read_at: Mapped[datetime]
    seconds: Mapped[float]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class UnknownLabelRow(Table):
    """A label in a table of a document that no form has, as one reader version read it: perhaps of the next form.

    ``table`` is 2 to 4; ``label`` are its letters without numbering and punctuation, ``text`` is what is printed.
    """

    __tablename__ = "unknown_labels"

    sha256: Mapped[str] = mapped_column(ForeignKey("documents.sha256"), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    table: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    names: Mapped[LabelOf] = mapped_column(state_column(LabelOf), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class PagePicture(Table):
    """A page of a document on which something was found, as a picture in the archive; ``document`` is whose page it is.

    ``width`` and ``height`` are the page's, in points; of growing ``rank`` there are smaller pictures.
    """

    __tablename__ = "page_pictures"

    document: Mapped[str] = mapped_column(ForeignKey("documents.sha256"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    width: Mapped[float]
    height: Mapped[float]
    sha256: Mapped[str]


class CheckRow(Table):
    """The outcome of every rule for one version: ``outcomes`` and ``reasons`` by code, ``fingerprints`` of findings."""

    __tablename__ = "checks"
    __table_args__ = (UniqueConstraint("version_id", "reader"), Index(None, "agency", "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    reader: Mapped[str]
    agency: Mapped[str | None]
    year: Mapped[int | None]
    checked_at: Mapped[datetime]
    outcomes: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any]]
    fingerprints: Mapped[list[str]]


def worst_first() -> ColumnElement[int]:
    """For an ``order_by``: findings by the rank of their level, the gravest first."""
    return case({level.value: gravity(level) for level in Severity}, value=FindingRow.severity, else_=len(Severity))


class FindingRow(Table):
    """One rule broken in one place. A person's word on it (``state``, ``said_by``, ``said_why``) outlives every check.

    ``agency`` is None while the report could not be assigned; such a finding counts against nobody. ``change`` is what
    became of the report, in a finding of rule P05. ``decision`` is what was decided, None in rows of before 0020.
    ``confirmed_by`` says how the figures on which it rests were seen a second time; None: it rests on none, or an
    earlier program found it. ``matter`` is the number of what one correction would mend together (事项编号).
    """

    __tablename__ = "findings"
    __table_args__ = (Index(None, "agency", "year"),)

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    agency: Mapped[str | None]
    year: Mapped[int | None]
    rule: Mapped[str]
    severity: Mapped[str]
    cells: Mapped[list[str]]
    expected: Mapped[str | None]
    found: Mapped[str | None]
    change: Mapped[Change | None] = mapped_column(state_column(Change))
    message: Mapped[str]
    message_en: Mapped[str]
    basis: Mapped[str]
    place: Mapped[dict[str, Any]]
    suggestion: Mapped[dict[str, Any] | None]
    confirmed_by: Mapped[list[str] | None]
    matter: Mapped[str | None]
    state: Mapped[FindingState] = mapped_column(state_column(FindingState))
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    said_by: Mapped[str | None]
    said_why: Mapped[str | None]
    said_at: Mapped[datetime | None]
    decision: Mapped[FindingDecision | None] = mapped_column(state_column(FindingDecision))


class ReadingCorrection(Table):
    """What a person read in a cell of a document where the machine read something else, whose reading stays beside it.

    Rows are only added, the last one for a cell counts; ``state`` (report.figure.State) is None where it was taken
    back. ``value`` is the number as written.
    """

    __tablename__ = "reading_corrections"
    __table_args__ = (Index(None, "sha256", "cell"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("documents.sha256"))
    cell: Mapped[str]
    state: Mapped[str | None]
    value: Mapped[str | None]
    finding: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[datetime]
    why: Mapped[str]


class MatterCount(Table):
    """How many numbers of matters (``findings.matter``, ``incidents.matter``) a district's report year has given."""

    __tablename__ = "matter_counts"

    district: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]

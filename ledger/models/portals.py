"""Portals, rounds, looks and single fetches: what the crawler did and how it found each portal."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import PortalState, RoundFailure, RoundState


class PortalRow(Table):
    """One watched portal: its state, when it is due, and who has claimed it.

    ``state`` is None until the first round ended. ``failures`` counts the rounds in a row that were not healthy.
    ``look_ordered_at``: since then a person waits for a whole look, which the next round is.
    """

    __tablename__ = "portals"

    portal: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[PortalState | None] = mapped_column(state_column(PortalState))
    since: Mapped[datetime | None]
    sentence: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    next_due_at: Mapped[datetime] = mapped_column(index=True)
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    last_round_at: Mapped[datetime | None]
    paused_reason: Mapped[str | None]
    look_ordered_at: Mapped[datetime | None]


class Round(Table):
    """One round over one portal; ``failure`` says why it failed, where it did."""

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"), index=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    state: Mapped[RoundState] = mapped_column(state_column(RoundState))
    found: Mapped[PortalState | None] = mapped_column(state_column(PortalState))
    failure: Mapped[RoundFailure | None] = mapped_column(state_column(RoundFailure))
    sentence: Mapped[str] = mapped_column(default="")
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Look(Table):
    """One look at one column in one round.

    ``complete``: every page of the list was read. ``rows`` is how many entries the list had, ``dropped`` how many
    of them were taken for nothing (each is a DroppedLink). Only a complete, healthy look can show that
    something is not there, and only one with an account: ``pages`` are the accounts (``ListPage``) of its pages in the
    order in which they were read, ``accounted`` their figures, ``paging`` how each list ended (``lists``). A look from
    before there were accounts has None in all three.
    """

    __tablename__ = "looks"
    __table_args__ = (UniqueConstraint("round_id", "column"), Index(None, "portal", "column", "begun_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"))
    column: Mapped[str]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    found: Mapped[PortalState] = mapped_column(state_column(PortalState))
    complete: Mapped[bool]
    rows: Mapped[int]
    dropped: Mapped[int]
    sentence: Mapped[str] = mapped_column(default="")
    pages: Mapped[list[str] | None]
    accounted: Mapped[dict[str, Any] | None]
    paging: Mapped[dict[str, Any] | None]


class ListPage(Table):
    """The account of a list page as it was on some day: known by what stands in it, so that an unchanged page is one.

    ``account`` is the hash of the account, ``sha256`` the page in the archive. ``accounted`` are the figures, and
    beside them how many pieces have which name; ``reports`` what was taken as whose report of which year; in
    ``unaccounted`` is every piece that nobody claimed and that could not be named, with the agencies that it names
    (``pieces``), and what says something of agencies but is known to be no report (``mentions``).
    """

    __tablename__ = "list_pages"
    __table_args__ = (Index(None, "portal", "column"),)

    account: Mapped[str] = mapped_column(primary_key=True)
    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"))
    column: Mapped[str]
    address: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    first_seen_at: Mapped[datetime]
    garbled: Mapped[bool]
    accounted: Mapped[dict[str, Any]]
    reports: Mapped[dict[str, Any]]
    unaccounted: Mapped[dict[str, Any]]


class ColumnConfirmation(Table):
    """A person's word that a column is to be believed for a report year: what is not found in it is not there.

    ``look_id`` is the complete, healthy look that stood before the person. Rows are only added.
    """

    __tablename__ = "column_confirmations"
    __table_args__ = (Index(None, "portal", "column", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"))
    column: Mapped[str]
    year: Mapped[int]
    look_id: Mapped[int] = mapped_column(ForeignKey("looks.id"))
    said_at: Mapped[datetime]
    said_by: Mapped[str]
    why: Mapped[str]


class DroppedLink(Table):
    """An entry of a list page that was taken for nothing, and why, so that a person can see it."""

    __tablename__ = "dropped_links"
    __table_args__ = (UniqueConstraint("portal", "column", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"))
    column: Mapped[str]
    address: Mapped[str]
    title: Mapped[str]
    reason: Mapped[str]
    first_seen_at: Mapped[datetime]


class FoundFamily(Table):
    """The family that a column's page was found to be of, and the signs that spoke for it, where no file names one.

    It stays until the portal file's facts are observed anew; that a page is of another one is a change of its layout.
    """

    __tablename__ = "found_families"

    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"), primary_key=True)
    column: Mapped[str] = mapped_column(primary_key=True)
    family: Mapped[str]
    signs: Mapped[list[str]]
    found_at: Mapped[datetime]


class PageState(Table):
    """The validators of a page (ETag, Last-Modified), for the next conditional request."""

    __tablename__ = "pages"

    address: Mapped[str] = mapped_column(primary_key=True)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    sha256: Mapped[str | None]
    fetched_at: Mapped[datetime]


class Fetch(Table):
    """One request and its answer: the provenance of bytes, and the last word of a portal that failed.

    ``answered_from`` is where redirects led, None where the address itself answered. The headers are by lower-case
    name, as sent and received, except for ``content-encoding``: the bytes are kept unpacked.
    """

    __tablename__ = "fetches"

    id: Mapped[int] = mapped_column(primary_key=True)
    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    address: Mapped[str] = mapped_column(index=True)
    answered_from: Mapped[str | None]
    fetched_at: Mapped[datetime]
    status: Mapped[int | None]
    found: Mapped[PortalState] = mapped_column(state_column(PortalState))
    sentence: Mapped[str] = mapped_column(default="")
    request_headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    response_headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[str | None] = mapped_column(index=True)

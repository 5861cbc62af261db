"""Who owes what by when, how each stands, and every change of standing there ever was."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import Standing


class Agency(Table):
    """An agency of the register, copied so that the ledger can be read without it."""

    __tablename__ = "agencies"

    agency: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    short: Mapped[str]
    kind: Mapped[str]
    district: Mapped[str] = mapped_column(index=True)
    portal: Mapped[str]


class Obligation(Table):
    """One agency owes one report year's report by a date; ``exempt`` gives the reason where it owes none."""

    __tablename__ = "obligations"

    agency: Mapped[str] = mapped_column(ForeignKey("agencies.agency"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    due: Mapped[date]
    basis: Mapped[str]
    statutory: Mapped[bool]
    exempt: Mapped[str | None]


class StandingRow(Table):
    """How an agency stands now for a report year; ``since`` is when it came to stand so.

    ``published`` is the day of publication by the best evidence; ``evidence`` what the judgement rests on;
    ``sentence`` says it in words.
    """

    __tablename__ = "standings"

    agency: Mapped[str] = mapped_column(ForeignKey("agencies.agency"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    standing: Mapped[Standing] = mapped_column(state_column(Standing), index=True)
    since: Mapped[datetime]
    published: Mapped[date | None]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    evidence: Mapped[dict[str, Any]]
    sentence: Mapped[str] = mapped_column(default="")


class StandingChange(Table):
    """A change of standing, kept for ever: what stood on any day is the last change before it."""

    __tablename__ = "standing_changes"
    __table_args__ = (UniqueConstraint("agency", "year", "changed_at", "now"), Index(None, "year", "changed_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.agency"))
    year: Mapped[int]
    changed_at: Mapped[datetime]
    before: Mapped[Standing | None] = mapped_column(state_column(Standing))
    now: Mapped[Standing] = mapped_column(state_column(Standing))
    published: Mapped[date | None]
    evidence: Mapped[dict[str, Any]]
    sentence: Mapped[str] = mapped_column(default="")

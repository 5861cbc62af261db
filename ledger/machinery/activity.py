"""What the machinery did between two moments: rounds, documents, faults, messages; for its weekly summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ledger.models import Incident, Look, Notice, PortalRow, ReadingRow, Round, SendLog, Suppression, Version, Work
from ledger.states import Audience, NoticeState, PortalState, RoundState, WorkState


@dataclass(frozen=True, slots=True)
class PortalRounds:
    """The rounds over one portal: how many ended, were healthy, and broke off by the crawler's own fault.

    ``state`` is how it is now; None where no round has ended yet.
    """

    portal: str
    state: PortalState | None
    rounds: int
    healthy: int
    failed: int
    requests: int
    new_articles: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Documents read or given up, and the seconds that reading took (None where nothing was read)."""

    read: int
    quarantined: int
    mean_seconds: float | None
    longest_seconds: float | None


@dataclass(frozen=True, slots=True)
class Sending:
    """Messages sent and refused, failed attempts, recipients who stopped, and what was waiting, the oldest since."""

    sent: int
    refused: int
    failed_attempts: int
    stops: int
    waiting: int
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column of which the last look left something open: pieces that nobody accounted for, or pages not read.

    ``examples`` are what the first of these pieces say; ``sentence`` is the look's own, where it was not complete.
    """

    portal: str
    column: str
    unaccounted: int
    examples: tuple[str, ...]
    sentence: str


def columns_read(session: Session, after: datetime, until: datetime) -> tuple[int, list[OpenColumn]]:
    """How many columns were read wholly, or could not be, in this time, and those of which something was left open.

    The last such look at each column counts; one that was read only until what is known began says nothing.
    """
    whole = (Look.begun_at > after, Look.begun_at <= until, Look.complete | (Look.sentence != ""))
    last = select(func.max(Look.id)).where(*whole).group_by(Look.portal, Look.column)
    looks = session.scalars(select(Look).where(Look.id.in_(last)).order_by(Look.portal, Look.column)).all()
    left = []
    for look in looks:
        accounted = look.accounted or {}
        examples = tuple(str(one["text"]) for one in accounted.get("examples", ()))
        if accounted.get("unaccounted") or not look.complete:
            count = accounted.get("unaccounted", 0)
            left.append(OpenColumn(look.portal, look.column, count, examples, "" if look.complete else look.sentence))
    return len(looks), left


def portal_rounds(session: Session, after: datetime, until: datetime) -> list[PortalRounds]:
    """The rounds that ended in this time, for every portal that is or was watched, by id."""
    done = Round.state == RoundState.DONE
    rows = session.execute(
        select(
            Round.portal,
            func.count(case((done, Round.id))),
            func.count(case((done & (Round.found == PortalState.HEALTHY), Round.id))),
            func.count(case((Round.state == RoundState.FAILED, Round.id))),
            func.sum(Round.figures["requests"].as_integer()),
            func.sum(Round.figures["new_articles"].as_integer()),
        )
        .where(Round.ended_at > after, Round.ended_at <= until)
        .group_by(Round.portal)
    )
    counted: dict[str, Any] = {portal: counts for portal, *counts in rows}
    ever = session.execute(select(PortalRow.portal, PortalRow.state).order_by(PortalRow.portal))
    return [
        PortalRounds(portal, state, *(count or 0 for count in counted.get(portal, [0] * 5)))
        for portal, state in ever
        if portal in counted or (state is not None and state is not PortalState.PAUSED)
    ]


def reading_in(session: Session, after: datetime, until: datetime) -> Reading:
    """What the workers read in this time."""
    ended = (Work.finished_at > after, Work.finished_at <= until)
    query = select(Work.state, func.count(Work.id)).where(*ended).group_by(Work.state)
    counts: dict[WorkState, int] = dict(session.execute(query).all())
    mean, longest = session.execute(
        select(func.avg(ReadingRow.seconds), func.max(ReadingRow.seconds)).where(
            ReadingRow.read_at > after, ReadingRow.read_at <= until
        )
    ).one()
    return Reading(counts.get(WorkState.DONE, 0), counts.get(WorkState.QUARANTINED, 0), mean, longest)


def longest_wait(session: Session, after: datetime, until: datetime) -> float | None:
    """How many seconds a document that was finished in this time waited at most until a worker began it."""
    rows = session.execute(
        select(Work.created_at, Work.begun_at).where(
            Work.finished_at > after, Work.finished_at <= until, Work.begun_at.is_not(None)
        )
    )
    return max(((begun - created).total_seconds() for created, begun in rows if begun is not None), default=None)


def sending_in(session: Session, after: datetime, until: datetime) -> Sending:
    """How sending went in this time."""
    sent = session.scalar(select(func.count(Notice.id)).where(Notice.sent_at > after, Notice.sent_at <= until))
    attempts = (SendLog.at > after, SendLog.at <= until, SendLog.delivered.is_(False))
    refused = session.scalar(
        select(func.count(func.distinct(Notice.id)))
        .join(SendLog, SendLog.notice_id == Notice.id)
        .where(Notice.state == NoticeState.REFUSED, *attempts)
    )
    failed = session.scalar(select(func.count(SendLog.id)).where(*attempts))
    stops = session.scalar(
        select(func.count(Suppression.id)).where(Suppression.since > after, Suppression.since <= until)
    )
    waiting, since = session.execute(
        select(func.count(Notice.id), func.min(Notice.created_at)).where(
            Notice.state.in_((NoticeState.WAITING, NoticeState.SENDING)), Notice.created_at < until
        )
    ).one()
    return Sending(sent or 0, refused or 0, failed or 0, stops or 0, waiting, since)


def operators_incidents(session: Session, after: datetime, until: datetime) -> Sequence[Incident]:
    """The machinery's incidents that were opened in this time or are open at its end, in the order of their opening."""
    still = Incident.resolved_at.is_(None) | (Incident.resolved_at > until)
    return session.scalars(
        select(Incident)
        .where(
            Incident.audience == Audience.OPERATORS,
            Incident.opened_at <= until,
            (Incident.opened_at > after) | still,
        )
        .order_by(Incident.id)
    ).all()


def new_documents(session: Session, after: datetime, until: datetime) -> int:
    """How many documents were first seen in this time."""
    seen = select(func.count(Version.id)).where(Version.first_seen_at > after, Version.first_seen_at <= until)
    return session.scalar(seen) or 0

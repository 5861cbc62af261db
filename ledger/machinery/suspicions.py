"""What looks wrong is counted before it is told: a row for each suspicion, so that a restart forgets nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Suspicion
from ledger.states import IncidentKind

Key = tuple[IncidentKind, str]


def update_suspicions(
    session: Session, bad: Collection[Key], now: datetime, *, enough: int, spacing: timedelta
) -> None:
    """Counts a look at everything: what is ``bad`` one up (to at most ``enough``), the rest one down, to nothing.

    Each is counted once within ``spacing``, however many monitors look.
    """
    for kind, subject in bad:
        new = {"kind": kind, "subject": subject, "looks": 0, "counted_at": now - spacing}
        insert_or_ignore(session, Suspicion, [new])
    for row in session.scalars(select(Suspicion)).all():
        looks = min(row.looks + 1, enough) if (row.kind, row.subject) in bad else row.looks - 1
        session.execute(
            update(Suspicion)
            .where(
                Suspicion.kind == row.kind,
                Suspicion.subject == row.subject,
                Suspicion.looks == row.looks,
                Suspicion.counted_at <= now - spacing,
            )
            .values(looks=looks, counted_at=now),
            execution_options={"synchronize_session": False},
        )
    session.execute(delete(Suspicion).where(Suspicion.looks <= 0))


def suspected(session: Session) -> dict[Key, int]:
    """How many bad looks stand against each subject."""
    return {(row.kind, row.subject): row.looks for row in session.scalars(select(Suspicion))}

"""What people decide of a portal: another look at once, a pause, its end; each stands in the record."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from ledger.crawling.portals import LOOKS_APART, pause, resume
from ledger.models import PortalRow
from ledger.people.record import Who, keep_record
from ledger.states import RecordKind


class Ordered(Enum):
    """What became of the wish for a look: whoever asks twice asked once, and a site is left in peace between looks."""

    ORDERED = auto()
    WAITS_ALREADY = auto()
    TOO_SOON = auto()
    PAUSED = auto()
    UNKNOWN = auto()


def order_look(
    session: Session, portal: str, who: Who, now: datetime, *, why: str = "", district: str | None = None
) -> Ordered:
    """Asks for a whole look at a portal, which a crawler takes at its next turn (crawler/rounds/loop.py)."""
    rested = or_(PortalRow.last_round_at.is_(None), PortalRow.last_round_at <= now - LOOKS_APART)
    ordered = session.scalars(
        update(PortalRow)
        .where(PortalRow.portal == portal, PortalRow.paused_reason.is_(None))
        .where(PortalRow.look_ordered_at.is_(None), rested)
        .values(look_ordered_at=now)
        .returning(PortalRow.portal),
        execution_options={"synchronize_session": False},
    ).all()
    if ordered:
        keep_record(session, who, RecordKind.LOOK_ORDERED, portal, now, why=why, district=district)
        return Ordered.ORDERED
    row = session.get(PortalRow, portal, populate_existing=True)
    if row is None:
        return Ordered.UNKNOWN
    if row.paused_reason is not None:
        return Ordered.PAUSED
    return Ordered.WAITS_ALREADY if row.look_ordered_at is not None else Ordered.TOO_SOON


def pause_portal(
    session: Session, portal: str, who: Who, why: str, now: datetime, *, district: str | None = None
) -> bool:
    """Switches a portal off; False where it is off, or not in the ledger."""
    row = session.get(PortalRow, portal, with_for_update=True)
    if row is None or row.paused_reason is not None:
        return False
    pause(session, portal, why, now)
    keep_record(session, who, RecordKind.PORTAL_PAUSED, portal, now, why=why, district=district)
    return True


def resume_portal(
    session: Session, portal: str, who: Who, now: datetime, *, why: str = "", district: str | None = None
) -> bool:
    """Switches a portal on again, due at once; False where it was not off."""
    resumed = resume(session, portal, now)
    if resumed:
        keep_record(session, who, RecordKind.PORTAL_RESUMED, portal, now, why=why, district=district)
    return resumed

"""Reports that people ask to be fetched from an address: asked for, claimed by one crawler, done or failed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from ledger.models import FetchOrder
from ledger.states import FetchOrderState

# So many of a district may wait at once: who asks for more uploads files.
MOST_WAITING = 20
MOST_ATTEMPTS = 3
# A crawler that says nothing for so long has died with it.
LOST_AFTER = timedelta(minutes=30)
_UNFINISHED = (FetchOrderState.WAITING, FetchOrderState.CLAIMED)
STOPPED_OFTEN = "取得时抓取进程几次中断"


class TooManyWait(Exception):
    """The district has as many waiting as it may."""


def order_fetch(
    session: Session,
    *,
    district: str,
    agency: str,
    year: int,
    published: date,
    address: str,
    by: str,
    why: str,
    now: datetime,
) -> bool:
    """Asks for a report to be fetched; False where the very same is waiting already. Raises TooManyWait."""
    waiting = session.scalars(
        select(FetchOrder).where(FetchOrder.district == district, FetchOrder.state.in_(_UNFINISHED))
    ).all()
    if any((one.agency, one.year, one.address) == (agency, year, address) for one in waiting):
        return False
    if len(waiting) >= MOST_WAITING:
        raise TooManyWait
    session.add(
        FetchOrder(
            district=district,
            agency=agency,
            year=year,
            published=published,
            address=address,
            ordered_by=by,
            ordered_at=now,
            why=why,
            state=FetchOrderState.WAITING,
            attempts=0,
            claimed_at=None,
            ended_at=None,
            sentence="",
        )
    )
    return True


def claim_order(session: Session, now: datetime) -> FetchOrder | None:
    """The order that waits longest, for the caller to fetch; nobody else gets it. None where nothing waits.

    One whose crawler died is given out again, a few times; then it has failed.
    """
    lost = and_(FetchOrder.state == FetchOrderState.CLAIMED, FetchOrder.claimed_at < now - LOST_AFTER)
    session.execute(
        update(FetchOrder)
        .where(lost, FetchOrder.attempts >= MOST_ATTEMPTS)
        .values(state=FetchOrderState.FAILED, ended_at=now, sentence=STOPPED_OFTEN),
        execution_options={"synchronize_session": False},
    )
    due = or_(FetchOrder.state == FetchOrderState.WAITING, lost)
    first = select(func.min(FetchOrder.id)).where(due).scalar_subquery()
    claimed = session.scalars(
        update(FetchOrder)
        .where(FetchOrder.id == first, due)
        .values(state=FetchOrderState.CLAIMED, claimed_at=now, attempts=FetchOrder.attempts + 1)
        .returning(FetchOrder.id),
        execution_options={"synchronize_session": False},
    ).all()
    return session.get(FetchOrder, claimed[0], populate_existing=True) if claimed else None


def give_back(session: Session, number: int) -> None:
    """What could not be begun now waits again."""
    _end(session, number, state=FetchOrderState.WAITING, attempts=FetchOrder.attempts - 1)


def end_order(session: Session, number: int, sentence: str, now: datetime) -> None:
    """Writes how it ended: ``sentence`` says why nothing was fetched, and is "" where something was."""
    state = FetchOrderState.FAILED if sentence else FetchOrderState.DONE
    _end(session, number, state=state, sentence=sentence, ended_at=now)


def newest_orders(session: Session, districts: Collection[str] | None, most: int) -> Sequence[FetchOrder]:
    """The newest of these districts (None: of all), the newest first."""
    query = select(FetchOrder).order_by(FetchOrder.id.desc()).limit(most)
    return session.scalars(query if districts is None else query.where(FetchOrder.district.in_(districts))).all()


def _end(session: Session, number: int, **values: object) -> None:
    session.execute(
        update(FetchOrder).where(FetchOrder.id == number, FetchOrder.state == FetchOrderState.CLAIMED).values(**values),
        execution_options={"synchronize_session": False},
    )

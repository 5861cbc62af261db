"""What is written and asked about portals: claims, rounds, looks, states, fetches and validators."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, case, func, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from ledger.database import is_away
from ledger.insert import insert_one, insert_or_update, insert_quietly, insert_uncounted, inserted_id, table_of
from ledger.models import DroppedLink, Fetch, ListPage, Look, PageState, PortalRow, Round
from ledger.models.table import UtcTime
from ledger.states import ENDED_BY_PAGES, PortalState, RoundFailure, RoundState
from ledger.tallies import Measure, count

log = logging.getLogger("nianbao.ledger")
# A person may ask for another look, and no site is looked at more often than this because people ask.
LOOKS_APART = timedelta(minutes=10)
_PAGES = table_of(PageState)
_PAGE_STATE = select(_PAGES.c.etag, _PAGES.c.last_modified, _PAGES.c.sha256).where(
    _PAGES.c.address == bindparam("wanted")
)
_TOUCHED = update(_PAGES).where(_PAGES.c.address == bindparam("page"))
# What is written of every portal in every round is written about rows, by statements that are put together once:
# nobody has such a row as an object in the same session.
_PORTALS, _ROUNDS, _LOOKS, _LISTS = (table_of(model) for model in (PortalRow, Round, Look, ListPage))
_FOUND_SO = (
    update(_PORTALS)
    .where(_PORTALS.c.portal == bindparam("whose"), _PORTALS.c.paused_reason.is_(None))
    .values(
        since=case((_PORTALS.c.state == bindparam("so"), _PORTALS.c.since), else_=bindparam("at", type_=UtcTime())),
        failures=case((bindparam("healthy", type_=Boolean()), 0), else_=_PORTALS.c.failures + 1),
    )
)
_ENDED = update(_ROUNDS).where(_ROUNDS.c.state == RoundState.RUNNING).returning(_ROUNDS.c.begun_at)
_ROUND_ENDED = _ENDED.where(_ROUNDS.c.id == bindparam("whose"))
_ROUNDS_OF_PORTAL_ENDED = _ENDED.where(_ROUNDS.c.portal == bindparam("whose"))
_LOOKED_AGAIN = update(_LOOKS).where(_LOOKS.c.round_id == bindparam("of"), _LOOKS.c.column == bindparam("at"))
_IS_KNOWN = select(_LISTS.c.account).where(_LISTS.c.account == bindparam("wanted"))


def keep_portal(session: Session, portal: str, now: datetime) -> None:
    """Gives a portal its row, unless it has one; a new one is due at once."""
    row = {"portal": portal, "sentence": "", "failures": 0, "next_due_at": now}
    insert_uncounted(session, PortalRow, [row])


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a round is due at a portal: by its time, or because a person waits for a look."""
    rested = or_(PortalRow.last_round_at.is_(None), PortalRow.last_round_at <= now - LOOKS_APART)
    return or_(PortalRow.next_due_at <= now, and_(PortalRow.look_ordered_at <= now, rested))


def due_portals(session: Session, now: datetime) -> list[str]:
    """The ids of the portals that are due and free: those for which a person waits, then who has waited longest."""
    statement = (
        select(PortalRow.portal)
        .where(
            PortalRow.paused_reason.is_(None),
            _is_due(now),
            or_(PortalRow.claimed_until.is_(None), PortalRow.claimed_until <= now),
        )
        .order_by(PortalRow.look_ordered_at.is_(None), PortalRow.next_due_at, PortalRow.portal)
    )
    return list(session.execute(statement).scalars())


def looks_ordered(session: Session, names: Collection[str]) -> set[str]:
    """Those of some portals at which a person waits for a whole look."""
    ordered = select(PortalRow.portal).where(PortalRow.portal.in_(names), PortalRow.look_ordered_at.is_not(None))
    return set(session.scalars(ordered))


def claim(
    session: Session, portal: str, claimed_by: str, now: datetime, until: datetime, *, even_if_not_due: bool
) -> bool:
    """Claims a portal for one crawler until ``until``; True for the one that got it (one conditional UPDATE).

    A paused portal, one that another crawler holds and (unless ``even_if_not_due``) one that is not due are left alone.
    """
    free = [
        PortalRow.portal == portal,
        PortalRow.paused_reason.is_(None),
        or_(PortalRow.claimed_until.is_(None), PortalRow.claimed_until <= now),
    ]
    if not even_if_not_due:
        free.append(_is_due(now))
    statement = update(PortalRow).where(*free).values(claimed_by=claimed_by, claimed_until=until)
    return session.execute(statement.returning(PortalRow.portal)).first() is not None


def keep_claim(session: Session, portal: str, claimed_by: str, until: datetime) -> None:
    """Lets the claim of one crawler on a portal hold until a later moment."""
    session.execute(
        update(PortalRow)
        .where(PortalRow.portal == portal, PortalRow.claimed_by == claimed_by)
        .values(claimed_until=until)
    )


def release(session: Session, portal: str, claimed_by: str, next_due_at: datetime, looked_at: datetime | None) -> None:
    """Gives a claimed portal back, due again at ``next_due_at``.

    ``looked_at``: the look that was begun then is the one that people asked for until then.
    """
    theirs = update(PortalRow).where(PortalRow.portal == portal, PortalRow.claimed_by == claimed_by)
    if looked_at is not None:
        session.execute(theirs.where(PortalRow.look_ordered_at <= looked_at).values(look_ordered_at=None))
    session.execute(theirs.values(claimed_by=None, claimed_until=None, next_due_at=next_due_at))


def set_state(session: Session, portal: str, found: PortalState, sentence: str, at: datetime) -> None:
    """Writes how a round found a portal, and since when it is so.

    ``failures`` counts the rounds in a row that were not healthy; a paused portal stays paused.
    """
    values = {"state": found, "sentence": sentence, "last_round_at": at}
    known = {"whose": portal, "so": found, "at": at, "healthy": found is PortalState.HEALTHY}
    session.connection().execute(_FOUND_SO, values | known)


def pause(session: Session, portal: str, reason: str, at: datetime) -> None:
    """Switches a portal off; it stays off until :func:`resume`."""
    session.execute(
        update(PortalRow)
        .where(PortalRow.portal == portal)
        .values(state=PortalState.PAUSED, since=at, sentence=f"已暂停：{reason}", paused_reason=reason, failures=0)
    )


def resume(session: Session, portal: str, at: datetime) -> bool:
    """Switches a portal on again, due at once; its state is unknown until the next round. False: it was not off."""
    statement = (
        update(PortalRow)
        .where(PortalRow.portal == portal, PortalRow.state == PortalState.PAUSED)
        .values(state=None, since=at, sentence="", paused_reason=None, failures=0, next_due_at=at)
    )
    return session.execute(statement.returning(PortalRow.portal)).first() is not None


def begin_round(session: Session, portal: str, at: datetime) -> int:
    """A new round; returns its id."""
    row = {"portal": portal, "begun_at": at, "state": RoundState.RUNNING, "sentence": "", "figures": {}}
    round_id: int = insert_one(session, Round, row)
    return round_id


def end_round(
    session: Session,
    round_id: int,
    state: RoundState,
    found: PortalState | None,
    sentence: str,
    at: datetime,
    figures: Mapping[str, Any],
    failure: RoundFailure | None = None,
) -> None:
    """Ends a round that runs; one that has ended stays as it is."""
    _end(session, _ROUND_ENDED, round_id, at, state, found, failure, sentence=sentence, figures=dict(figures))


def fail_running_rounds(session: Session, portal: str, failure: RoundFailure, sentence: str, at: datetime) -> None:
    """Ends the rounds of a portal that nobody runs any more (its process died)."""
    _end(session, _ROUNDS_OF_PORTAL_ENDED, portal, at, RoundState.FAILED, None, failure, sentence=sentence)


def _end(
    session: Session,
    statement: ReturningUpdate[tuple[Any]],
    whose: int | str,
    at: datetime,
    state: RoundState,
    found: PortalState | None,
    failure: RoundFailure | None,
    **more: Any,
) -> None:
    values = {"whose": whose, "state": state, "found": found, "failure": failure, "ended_at": at, **more}
    ended = session.connection().execute(statement, values).scalars()
    for begun_at in ended.all():
        count(session, Measure.ROUND, (failure or found or state).value, (at - begun_at).total_seconds())


def running_round(session: Session, portal: str, since: datetime) -> int | None:
    """The id of the round of a portal that began at ``since`` or later and has not ended."""
    here = (Round.portal == portal, Round.state == RoundState.RUNNING, Round.begun_at >= since)
    return session.scalar(select(func.max(Round.id)).where(*here))


def broken_off(session: Session, names: Collection[str]) -> set[str]:
    """Those of some portals whose last round was ended by what their pages did to its process."""
    troubled = select(PortalRow.portal).where(PortalRow.failures > 0)
    last = select(func.max(Round.id)).where(Round.portal.in_(troubled)).group_by(Round.portal)
    broken = select(Round.portal).where(Round.id.in_(last), Round.failure.in_(ENDED_BY_PAGES))
    return set(names) & set(session.scalars(broken))


def had_round(session: Session, portal: str, before: int) -> bool:
    """Whether any healthy look at the portal was taken in another round than ``before`` (else that is its first)."""
    here = (Look.portal == portal, Look.found == PortalState.HEALTHY, Look.round_id != before)
    return session.execute(select(Look.id).where(*here).limit(1)).first() is not None


def last_good_look(session: Session, portal: str, column: str, since: datetime, before: int) -> Look | None:
    """The last complete and healthy look at a column that began at ``since`` or later.

    Those of the round ``before`` do not count: where it goes on in another process, it takes its own looks again.
    """
    return session.execute(
        select(Look)
        .where(
            Look.portal == portal,
            Look.column == column,
            Look.found == PortalState.HEALTHY,
            Look.complete.is_(True),
            Look.begun_at >= since,
            Look.round_id != before,
        )
        .order_by(Look.begun_at.desc(), Look.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def keep_look(session: Session, look: Mapping[str, Any]) -> None:
    """Keeps one look (the columns of ``Look``) in place of the one that the same round took before at that column."""
    connection = session.connection()
    if inserted_id(connection, insert_quietly(connection.dialect.name, Look), look) is None:
        connection.execute(_LOOKED_AGAIN, {"of": look["round_id"], "at": look["column"], **look})


def has_list_page(session: Session, account: str) -> bool:
    """Whether a list page with this account is known."""
    return session.connection().execute(_IS_KNOWN, {"wanted": account}).first() is not None


def add_list_page(session: Session, page: Mapping[str, Any]) -> None:
    """Keeps the account of a list page (the columns of ``ListPage``)."""
    insert_uncounted(session, ListPage, [page])


def add_dropped(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keeps dropped links (the columns of ``DroppedLink``).

    One that the database refuses is left out, with a line in the log: it takes no other link and no round with it.
    Raises SQLAlchemy's errors where the database is away.
    """
    links = list(rows)
    if links and not _is_kept(session, links) and len(links) > 1:
        for link in links:
            _is_kept(session, [link])


def _is_kept(session: Session, links: Sequence[Mapping[str, Any]]) -> bool:
    """Keeps all of some dropped links, or none of them where the database refuses one; whether it did."""
    try:
        with session.begin_nested():
            insert_uncounted(session, DroppedLink, links)
    except (DBAPIError, UnicodeError) as error:
        if is_away(error):
            raise
        if len(links) == 1:
            log.warning("栏目中的一个链接无法记入台账：%s", type(error).__name__, extra={"portal": links[0]["portal"]})
        return False
    return True


def dropped_addresses(session: Session, portal: str, column: str) -> set[str]:
    """The addresses of the links of a column that were dropped."""
    statement = select(DroppedLink.address).where(DroppedLink.portal == portal, DroppedLink.column == column)
    return set(session.execute(statement).scalars())


def add_fetch(session: Session, fetch: Mapping[str, Any]) -> int:
    """Keeps one request and its answer (the columns of ``Fetch``); returns its id."""
    fetch_id: int = insert_one(session, Fetch, fetch)
    return fetch_id


@dataclass(frozen=True, slots=True)
class KnownPage:
    """The validators of a page, and what it was when it was asked for last."""

    etag: str | None
    last_modified: str | None
    sha256: str | None


def page_state(session: Session, address: str) -> KnownPage | None:
    """The validators of a page."""
    row = session.connection().execute(_PAGE_STATE, {"wanted": address}).first()
    return KnownPage(*row) if row is not None else None


def keep_page_state(
    session: Session, address: str, etag: str | None, last_modified: str | None, sha256: str | None, at: datetime
) -> None:
    """Keeps the validators of a page for the next conditional request."""
    values = {"etag": etag, "last_modified": last_modified, "sha256": sha256, "fetched_at": at}
    insert_or_update(session, PageState, {"address": address, **values})


def touch_page(session: Session, address: str, at: datetime) -> None:
    """Notes that a page was asked for again and was unchanged."""
    session.connection().execute(_TOUCHED, {"page": address, "fetched_at": at})

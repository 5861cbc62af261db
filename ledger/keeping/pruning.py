"""Forgets looks, rounds and attempts to send that nothing rests on any more, so that a ledger does not grow for ever.

Never forgotten, however old:

- the looks that prove an absence or refute one: of each column the first ones after every due date, those in which
  something else was seen for the first times and the last (ledger/standings/proofs.py reads no other), and the newest;
- the looks around the first sighting of every article: evidence for its date, and so for lateness;
- the looks on which a person gave their word, and the accounts of the pages of all of these;
- the rounds of these looks, of the documents' fetches, and around first sightings; each portal's first and last;
- every message that was accepted, and the last answer to every one that was not;
- links that were taken for nothing: when they were first seen is evidence, should they turn out to be something. Only
  where a column has more than ``MOST_DROPPED`` of them are the oldest forgotten.
"""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ledger.database import Ledger
from ledger.models import Article, ColumnConfirmation, DroppedLink, Fetch, ListPage, Look, Round, SendLog, Version
from ledger.states import PortalState, RoundState

# What letters and `nianbao why` show after a due date, and what a proof reads of looks that saw the same.
FIRST_LOOKS = 20
FIRST_OF_SAME = 4
MOST_DROPPED = 10_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were forgotten."""

    looks: int = 0
    rounds: int = 0
    list_pages: int = 0
    fetches: int = 0
    dropped_links: int = 0
    attempts: int = 0

    @property
    def any(self) -> bool:
        """Whether there were any."""
        return self != Pruned()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What has to be known of a look to say whether something rests on it."""

    id: int
    begun_at: datetime
    good: bool
    content: tuple[str, ...] | None


def prune(ledger: Ledger, before: datetime, due: Collection[datetime], *, seconds: float = inf) -> Pruned:
    """Forgets what is of before a moment and on which nothing rests; ``due`` are the ends of all due dates.

    In many short transactions, so that nobody waits, and as many columns as can be looked through in so many seconds,
    in no order: another day has the others. Doing it twice changes nothing.
    """
    end = time.monotonic() + seconds
    with ledger.read() as session:
        found = session.execute(select(Look.portal, Look.column).where(Look.begun_at < before).distinct()).all()
    columns = random.sample([(portal, column) for portal, column in found], len(found))
    looks = 0
    for portal, column in columns:
        if time.monotonic() > end:
            break
        with ledger.read() as session:
            old = _unneeded_looks(session, portal, column, before, due)
        looks += _forget(ledger, Look, Look.id, old)
    # Each step leaves less for the next one's rows to be needed by.
    fetches = _forget(ledger, Fetch, Fetch.id, _of(ledger, lambda session: _failed_fetches(session, before)))
    rounds = _forget(ledger, Round, Round.id, _of(ledger, lambda session: _unneeded_rounds(session, before)))
    accounts = _of(ledger, lambda session: _pages_of_no_look(session, before)) if looks else []
    pages = _forget(ledger, ListPage, ListPage.account, accounts)
    links = _of(ledger, lambda session: _dropped_beyond(session, before))
    dropped = _forget(ledger, DroppedLink, DroppedLink.id, links)
    attempts = _forget(ledger, SendLog, SendLog.id, _of(ledger, lambda session: _attempts(session, before)))
    return Pruned(looks, rounds, pages, fetches, dropped, attempts)


def _of(ledger: Ledger, question: Callable[[Session], Sequence[Any]]) -> Sequence[Any]:
    with ledger.read() as session:
        return question(session)


def _forget(ledger: Ledger, table: Any, key: Any, keys: Sequence[Any]) -> int:
    for start in range(0, len(keys), _AT_ONCE):
        with ledger.write() as session:
            session.execute(delete(table).where(key.in_(keys[start : start + _AT_ONCE])))
    return len(keys)


def _unneeded_looks(
    session: Session, portal: str, column: str, before: datetime, due: Collection[datetime]
) -> list[int]:
    rows = session.execute(
        select(Look.id, Look.begun_at, Look.complete, Look.found, Look.pages)
        .where(Look.portal == portal, Look.column == column)
        .order_by(Look.begun_at, Look.id)
    )
    looks = [
        _Seen(number, begun, complete and found is PortalState.HEALTHY, None if pages is None else tuple(pages))
        for number, begun, complete, found, pages in rows
    ]
    needed = {one.id for one in looks if one.begun_at >= before}
    needed |= {one.id for one in (*looks[-1:], *[one for one in looks if one.good][-1:], *looks[:1])}
    needed |= set(
        session.scalars(
            select(ColumnConfirmation.look_id).where(
                ColumnConfirmation.portal == portal, ColumnConfirmation.column == column
            )
        )
    )
    for moment in due:
        needed |= _after(looks, moment)
    sightings = session.scalars(select(Article.first_seen_at).where(Article.portal == portal, Article.column == column))
    needed |= _around(looks, sightings)
    return [one.id for one in looks if one.id not in needed]


def _after(looks: Sequence[_Seen], due: datetime) -> set[int]:
    """Of the looks after a due date the first, the last, and the first and last of those that saw the same."""
    later = [one for one in looks if one.begun_at >= due]
    needed = {one.id for one in later[:FIRST_LOOKS]}
    same: dict[tuple[str, ...] | None, list[int]] = {}
    for one in later:
        if one.good:
            same.setdefault(one.content, []).append(one.id)
    for ids in same.values():
        needed |= {*ids[:FIRST_OF_SAME], ids[-1]}
    return needed


def _around(looks: Sequence[_Seen], sightings: Iterable[datetime]) -> set[int]:
    """The looks that found something, and the good ones before that did not yet."""
    begun = [one.begun_at for one in looks]
    good = [one for one in looks if one.good]
    good_begun = [one.begun_at for one in good]
    needed: set[int] = set()
    for seen in sightings:
        place = bisect_right(begun, seen)
        needed |= {one.id for one in looks[max(place - 2, 0) : place + 1]}
        place = bisect_right(good_begun, seen)
        needed |= {one.id for one in good[max(place - 3, 0) : place + 1]}
    return needed


def _failed_fetches(session: Session, before: datetime) -> Sequence[int]:
    """Those that brought nothing; the newest of each portal is its last word."""
    newest = select(func.max(Fetch.id)).group_by(Fetch.portal)
    used = select(Version.fetch_id).where(Version.fetch_id.is_not(None))
    return session.scalars(
        select(Fetch.id).where(
            Fetch.fetched_at < before, Fetch.sha256.is_(None), Fetch.id.not_in(newest), Fetch.id.not_in(used)
        )
    ).all()


def _unneeded_rounds(session: Session, before: datetime) -> list[int]:
    looked = select(Look.round_id)
    fetched = select(Fetch.round_id).where(Fetch.round_id.is_not(None))
    old = session.execute(
        select(Round.id, Round.portal, Round.begun_at)
        .where(
            Round.begun_at < before,
            Round.state != RoundState.RUNNING,
            Round.id.not_in(looked),
            Round.id.not_in(fetched),
        )
        .order_by(Round.portal, Round.begun_at)
    ).all()
    ends = session.execute(select(Round.portal, func.min(Round.id), func.max(Round.id)).group_by(Round.portal)).all()
    needed = {number for _, first, last in ends for number in (first, last)}
    begun: dict[str, list[datetime]] = {}
    for _, portal, moment in old:
        begun.setdefault(portal, []).append(moment)
    found: set[tuple[str, datetime]] = set()
    for portal, seen in session.execute(select(Article.portal, Article.first_seen_at)):
        place = bisect_right(begun.get(portal, []), seen)
        if place:
            found.add((portal, begun[portal][place - 1]))
    return [number for number, portal, moment in old if number not in needed and (portal, moment) not in found]


def _pages_of_no_look(session: Session, before: datetime) -> list[str]:
    kept = {account for pages in session.scalars(select(Look.pages)) for account in pages or ()}
    old = session.scalars(select(ListPage.account).where(ListPage.first_seen_at < before))
    return [account for account in old if account not in kept]


def _dropped_beyond(session: Session, before: datetime) -> Sequence[int]:
    number = func.row_number().over(
        partition_by=(DroppedLink.portal, DroppedLink.column),
        order_by=(DroppedLink.first_seen_at.desc(), DroppedLink.id.desc()),
    )
    numbered = select(DroppedLink.id, DroppedLink.first_seen_at, number.label("number")).subquery()
    return session.scalars(
        select(numbered.c.id).where(numbered.c.number > MOST_DROPPED, numbered.c.first_seen_at < before)
    ).all()


def _attempts(session: Session, before: datetime) -> Sequence[int]:
    last = select(func.max(SendLog.id)).group_by(SendLog.notice_id)
    return session.scalars(
        select(SendLog.id).where(SendLog.at < before, SendLog.delivered.is_(False), SendLog.id.not_in(last))
    ).all()

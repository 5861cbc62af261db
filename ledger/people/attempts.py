"""Attempts to log in, counted before anything is looked at: by account and where they come from, and by account alone.

Whoever knows the name of an account cannot keep its owner out. Wrong attempts shut the network that they come from, for
longer each time; a browser that logged in before is counted by itself. Browsers that nobody knows share one count for
an account over all networks, so that guessing from many of them stays bounded too (OWASP: device cookies).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Account, LoginOrigin
from ledger.people.record import Who, keep_record
from ledger.people.sessions import digest
from ledger.states import RecordKind

# So many wrong attempts in a row shut a network, or a browser, for so long; twice as long each time, up to the longest.
MOST_FAILURES = 5
SHUT_FOR = timedelta(minutes=15)
LONGEST_SHUT = timedelta(hours=4)
# More than one network can make in this time.
MOST_OF_STRANGERS = 60
STRANGERS_TIME = timedelta(hours=24)
KNOWN_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from: the network of the client, and the token of its browser where it has one."""

    network: str
    browser: str | None = None


def begin_attempt(session: Session, account: str, origin: Origin, now: datetime) -> bool:
    """Counts an attempt before the password or code is looked at; False where there is no account or it is refused.

    Attempts at the same time are counted one after the other: the account's row is locked.
    """
    row = session.scalar(
        select(Account).where(Account.account == account, Account.removed_at.is_(None)).with_for_update()
    )
    if row is None:
        return False
    place = _place(session, account, origin)
    known = place is not None and place.known
    if place is not None and place.locked_until is not None and place.locked_until > now:
        return False
    if not known:
        if row.failing_since is None or row.failing_since + STRANGERS_TIME <= now:
            row.failures, row.failing_since, row.locked_until = 0, now, None
        if row.failures >= MOST_OF_STRANGERS:
            return False
        row.failures += 1
        if row.failures >= MOST_OF_STRANGERS:
            row.locked_until = row.failing_since + STRANGERS_TIME
    if place is None:
        _forget_old(session, account, now)
        place = LoginOrigin(account=account, origin=origin.network, known=False, failures=0, shut=0, last_at=now)
        session.add(place)
    place.last_at = now
    place.failures += 1
    if place.failures >= MOST_FAILURES:
        longer = min(SHUT_FOR * 2 ** min(place.shut, 16), LONGEST_SHUT)
        place.failures, place.shut, place.locked_until = 0, place.shut + 1, now + longer
    session.flush()
    return True


def keep_failure(session: Session, account: str, now: datetime, *, step: str = "password") -> None:
    """Records a wrong password or code."""
    keep_record(session, Who(account, account), RecordKind.LOGIN_FAILED, account, now, detail={"step": step})


def count_success(session: Session, account: str, origin: Origin, now: datetime) -> str:
    """A login: what was wrong from there before is forgotten, and the browser is known from now on.

    Returns the browser's token, a new one where it had none.
    """
    place = _place(session, account, origin)
    if place is not None:
        place.failures, place.shut, place.locked_until = 0, 0, None
        if not place.known:
            _take_one_back(session, account)
    session.flush()
    token = origin.browser or secrets.token_urlsafe(32)
    row = {"account": account, "origin": digest(token), "known": True, "failures": 0, "shut": 0, "last_at": now}
    if not insert_or_ignore(session, LoginOrigin, [row]):
        session.execute(
            update(LoginOrigin)
            .where(LoginOrigin.account == account, LoginOrigin.origin == row["origin"])
            .values(last_at=now, known=True)
        )
    return token


def forget_attempts(session: Session, account: str) -> None:
    """A new password: nobody is refused for what was tried before, and no browser is known any more."""
    session.execute(delete(LoginOrigin).where(LoginOrigin.account == account))
    session.execute(
        update(Account).where(Account.account == account).values(failures=0, failing_since=None, locked_until=None),
        execution_options={"synchronize_session": False},
    )


def _place(session: Session, account: str, origin: Origin) -> LoginOrigin | None:
    """The row of a browser that is known to the account, else of the network."""
    if origin.browser is not None:
        known = session.get(LoginOrigin, (account, digest(origin.browser)), populate_existing=True)
        if known is not None and known.known:
            return known
    return session.get(LoginOrigin, (account, origin.network), populate_existing=True)


def _take_one_back(session: Session, account: str) -> None:
    """The attempt that was a login does not count against those that follow."""
    session.execute(
        update(Account)
        .where(Account.account == account, Account.failures > 0)
        .values(failures=Account.failures - 1, locked_until=None),
        execution_options={"synchronize_session": False},
    )


def _forget_old(session: Session, account: str, now: datetime) -> None:
    """So that rows are no more than attempts of some days and browsers of a year."""
    strangers = (LoginOrigin.known.is_(False), LoginOrigin.last_at < now - STRANGERS_TIME - LONGEST_SHUT)
    browsers = (LoginOrigin.known.is_(True), LoginOrigin.last_at < now - KNOWN_FOR)
    for which in (strangers, browsers):
        session.execute(delete(LoginOrigin).where(LoginOrigin.account == account, *which))

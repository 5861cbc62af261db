"""Logins at the desk: a new token each time, and an end after some hours, or after a while without a sign of life."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from ledger.models import Account, DeskSession

HOLDS = timedelta(hours=12)
IDLE = timedelta(hours=2)
# How often a sign of life is written.
SEEN_EVERY = timedelta(minutes=5)


def begin_session(session: Session, account: str, now: datetime) -> str:
    """Begins a session; returns the token, of which the ledger keeps the sha256."""
    token = secrets.token_urlsafe(32)
    session.add(DeskSession(token=digest(token), account=account, begun_at=now, seen_at=now))
    return token


def session_of(session: Session, token: str, now: datetime) -> tuple[Account, DeskSession] | None:
    """Whose session a token is, while it lasts; None where it has ended or the account is no more."""
    row = session.execute(
        select(Account, DeskSession)
        .join(DeskSession, DeskSession.account == Account.account)
        .where(DeskSession.token == digest(token), DeskSession.ended_at.is_(None), Account.removed_at.is_(None))
    ).first()
    if row is None or row[1].begun_at + HOLDS <= now or row[1].seen_at + IDLE <= now:
        return None
    return row[0], row[1]


def see_session(session: Session, token: str, now: datetime) -> None:
    """Writes a sign of life."""
    _change(session, DeskSession.token == digest(token), seen_at=now)


def end_session(session: Session, token: str, now: datetime) -> None:
    """Ends one session."""
    _change(session, DeskSession.token == digest(token), ended_at=now)


def end_sessions(session: Session, account: str, now: datetime) -> None:
    """Ends every session of an account."""
    _change(session, DeskSession.account == account, ended_at=now)


def end_others(session: Session, account: str, token: str, now: datetime) -> None:
    """Ends every session of an account but one."""
    _change(session, (DeskSession.account == account) & (DeskSession.token != digest(token)), ended_at=now)


def sessions_of(session: Session, account: str, now: datetime) -> Sequence[DeskSession]:
    """The sessions of an account that last, the newest first."""
    return session.scalars(
        select(DeskSession)
        .where(
            DeskSession.account == account,
            DeskSession.ended_at.is_(None),
            DeskSession.begun_at > now - HOLDS,
            DeskSession.seen_at > now - IDLE,
        )
        .order_by(DeskSession.begun_at.desc())
    ).all()


def _change(session: Session, which: ColumnElement[bool], **values: datetime) -> None:
    session.execute(
        update(DeskSession).where(which, DeskSession.ended_at.is_(None)).values(**values),
        execution_options={"synchronize_session": False},
    )


def digest(token: str) -> str:
    """What the ledger knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()

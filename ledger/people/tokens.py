"""Tokens of the API and of feeds: made, shown once, used, and taken away; the ledger keeps their sha256."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from ledger.models import Account, Token
from ledger.people.record import Who, keep_record
from ledger.people.sessions import digest
from ledger.states import RecordKind, TokenKind

# By its beginning a program that looks for secrets in the wrong places knows one.
BEGINNING = "nianbao_"
LONGEST_NAME = 60


class UnfitToken(ValueError):
    """A token that cannot be made so; ``str()`` is one sentence with the remedy."""


def make_token(
    session: Session,
    kind: TokenKind,
    name: str,
    who: Who,
    now: datetime,
    *,
    today: date,
    account: str | None = None,
    districts: Sequence[str] | None = None,
    expires_on: date | None = None,
) -> str:
    """Makes a token and returns it: it is known to nobody afterwards but its holder. Raises UnfitToken.

    A PERSON's token is ``account``'s, with their role and districts; the others read, in ``districts`` (None: all).
    """
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise UnfitToken(f"令牌的名称为 1 至 {LONGEST_NAME} 个字，写明给哪个系统用；请填写")
    if expires_on is not None and expires_on < today:
        raise UnfitToken("令牌的有效期已经过去；请填今天或以后的日期")
    if kind is TokenKind.PERSON:
        found = session.get(Account, account) if account is not None else None
        if found is None or found.removed_at is not None:
            raise UnfitToken(f"没有在用的账号“{account or ''}”；请先建立账号")
        districts = None
    elif account is not None:
        raise UnfitToken("只有个人的令牌属于账号；请去掉账号，或改为个人的令牌")
    token = BEGINNING + secrets.token_urlsafe(32)
    row = Token(
        digest=digest(token),
        kind=kind,
        name=called,
        account=account,
        districts=list(districts) if districts is not None else None,
        made_at=now,
        made_by=who.name,
        expires_on=expires_on,
    )
    session.add(row)
    session.flush()
    expires = expires_on.isoformat() if expires_on is not None else None
    detail = {"kind": kind.value, "name": called, "account": account, "districts": row.districts, "expires": expires}
    keep_record(session, who, RecordKind.TOKEN_MADE, str(row.id), now, detail=detail)
    return token


def remove_token(session: Session, number: int, who: Who, now: datetime) -> bool:
    """Takes a token away for good; False where there is none in use."""
    removed = _remove(session, Token.id == number, now)
    if removed:
        keep_record(session, who, RecordKind.TOKEN_REMOVED, str(number), now)
    return bool(removed)


def remove_tokens_of(session: Session, account: str, who: Who, now: datetime) -> None:
    """Takes away every token of an account."""
    for number in _remove(session, Token.account == account, now):
        keep_record(session, who, RecordKind.TOKEN_REMOVED, str(number), now)


def list_tokens(session: Session) -> Sequence[Token]:
    """All tokens, those that were taken away last."""
    return session.scalars(select(Token).order_by(Token.removed_at.is_not(None), Token.id)).all()


def holder_of(session: Session, token: str, today: date) -> tuple[Token, Account | None] | None:
    """Whose token it is while it holds, with the account of a PERSON's; None where it is nobody's (any more)."""
    row = session.execute(
        select(Token, Account)
        .outerjoin(Account, Account.account == Token.account)
        .where(
            Token.digest == digest(token),
            Token.removed_at.is_(None),
            or_(Token.expires_on.is_(None), Token.expires_on >= today),
        )
    ).first()
    if row is None or (row[0].kind is TokenKind.PERSON and (row[1] is None or row[1].removed_at is not None)):
        return None
    return row[0], row[1]


def see_token(session: Session, number: int, today: date) -> None:
    """Writes that a token was used on a day."""
    session.execute(
        update(Token)
        .where(Token.id == number, or_(Token.used_on.is_(None), Token.used_on < today))
        .values(used_on=today),
        execution_options={"synchronize_session": False},
    )


def _remove(session: Session, which: ColumnElement[bool], now: datetime) -> Sequence[int]:
    return session.scalars(
        update(Token).where(which, Token.removed_at.is_(None)).values(removed_at=now).returning(Token.id),
        execution_options={"synchronize_session": False},
    ).all()

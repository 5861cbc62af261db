"""令牌: by which other programs read what the desk shows, or decide in the name of a person; each is shown once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from ledger.models import Account, Token
from ledger.people.tokens import UnfitToken, list_tokens, make_token, remove_token
from ledger.states import TokenKind
from monitor.calendar import day_of
from web.answers import NotAllowed, NotFound, Rejected
from web.desk import Desk
from web.guard import Number, TheDesk, TheVisitor, asks
from web.rendering import page, site_of
from web.visitor import Need, Visitor

router = APIRouter()


@router.get("/tokens")
@asks(Need.LOGIN)
def tokens(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """One's own tokens, and those of offices that the visitor keeps."""
    return _shown(request, desk, visitor)


@router.post("/tokens")
@asks(Need.LOGIN)
def add(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    called: Annotated[str, Form(max_length=200)],
    kind: Annotated[TokenKind, Form()],
    expires: Annotated[str, Form(max_length=10)] = "",
    district: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Makes a token and shows it, once. A person makes their own; an office's is made by who keeps the desk."""
    own, chosen = kind is TokenKind.PERSON, district or None
    if not own:
        if not visitor.may(Need.OPERATE):
            raise NotAllowed
        if any(one not in desk.register.districts for one in chosen or ()):
            raise Rejected("名册中没有所选的区；请重新选择")
        if not _covers(visitor, chosen):
            raise Rejected("只能为自己负责的区建立令牌；请选择其中的区", 403)
    now = desk.now()
    try:
        with desk.ledger.write() as session:
            token = make_token(
                session,
                kind,
                called,
                visitor.who,
                now,
                today=day_of(now),
                account=visitor.account if own else None,
                districts=None if own else chosen,
                expires_on=_day(expires),
            )
    except UnfitToken as error:
        raise Rejected(str(error)) from error
    return _shown(request, desk, visitor, token=token, kind=kind, of=chosen or visitor.seen(desk.register.districts))


@router.post("/tokens/{number}/remove")
@asks(Need.LOGIN)
def remove(request: Request, desk: TheDesk, visitor: TheVisitor, number: Number) -> Response:
    """Takes a token away for good."""
    with desk.ledger.write() as session:
        row = session.get(Token, number)
        if row is None or not _may_remove(session, visitor, row):
            raise NotFound
        remove_token(session, number, visitor.who, desk.now())
    return _shown(request, desk, visitor)


def tokens_kept(session: Session, desk: Desk, visitor: Visitor) -> dict[str, Any]:
    """What the section of a page shows: the tokens that the visitor may take away, and how one is made."""
    return {
        "tokens": [one for one in list_tokens(session) if _may_remove(session, visitor, one)],
        "token_kinds": list(TokenKind) if visitor.may(Need.OPERATE) else [TokenKind.PERSON],
        "token_districts": visitor.seen(desk.register.districts) if visitor.may(Need.OPERATE) else [],
        "day": day_of(desk.now()),
    }


def _may_remove(session: Session, visitor: Visitor, row: Token) -> bool:
    """One's own, and where somebody keeps the desk those that see nothing beyond their districts."""
    if row.account is not None:
        owner = session.get_one(Account, row.account)
        kept = visitor.may(Need.OPERATE) and _covers(visitor, owner.districts)
        return row.account == visitor.account or kept
    return visitor.may(Need.OPERATE) and _covers(visitor, row.districts)


def _covers(visitor: Visitor, districts: Sequence[str] | None) -> bool:
    if visitor.districts is None:
        return True
    return bool(districts) and all(map(visitor.sees, districts or ()))


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise Rejected("有效期不是日期；请填到哪一天为止，或留空") from error


def _shown(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    token: str = "",
    kind: TokenKind | None = None,
    of: Sequence[str] = (),
) -> Response:
    with desk.ledger.read() as session:
        kept = tokens_kept(session, desk, visitor)
    return page(request, "tokens.html", token=token, kind=kind, of=of, base=site_of(request), **kept)

"""人员: who may log in, with which role, in which districts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from ledger.models import Account
from ledger.people.accounts import Unfit, list_accounts, make_account, make_link, remove_account
from ledger.people.second_factor import switch_off, with_second_factor
from ledger.states import DeskRole, RecordKind
from web.answers import NotFound, Rejected
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.people.tokens import tokens_kept
from web.rendering import page, site_of
from web.visitor import Need, Visitor

router = APIRouter()
Field = Annotated[str, Form(max_length=200)]


@router.get("/people")
@asks(Need.OPERATE)
def people(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """All accounts that the visitor may keep: those of their districts."""
    return _shown(request, desk, visitor)


@router.post("/people")
@asks(Need.OPERATE)
def add(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    account: Field,
    name: Field,
    role: Annotated[DeskRole, Form()],
    district: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Makes an account and shows its one-time link, once."""
    now, chosen = desk.now(), account.strip().lower()
    districts = district or None
    known = desk.register.districts
    if any(one not in known for one in districts or ()):
        raise Rejected("名册中没有所选的区；请重新选择")
    if visitor.districts is not None and not (districts and all(visitor.sees(one) for one in districts)):
        raise Rejected("只能为自己负责的区建立账号；请选择其中的区", 403)
    try:
        with desk.ledger.write() as session:
            make_account(session, chosen, name, role, districts, visitor.who, now)
            session.flush()
            token = make_link(session, chosen, visitor.who, now)
    except Unfit as error:
        raise Rejected(str(error)) from error
    return _shown(request, desk, visitor, link=_address(request, token), link_for=chosen)


@router.post("/people/{account}/link")
@asks(Need.OPERATE)
def link(request: Request, desk: TheDesk, visitor: TheVisitor, account: str) -> Response:
    """A new one-time link, by which its owner sets another password."""
    with desk.ledger.write() as session:
        _kept(session.get(Account, account), visitor)
        token = make_link(session, account, visitor.who, desk.now())
    return _shown(request, desk, visitor, link=_address(request, token), link_for=account)


@router.post("/people/{account}/remove")
@asks(Need.OPERATE)
def remove(request: Request, desk: TheDesk, visitor: TheVisitor, account: str) -> Response:
    """Shuts an account for good, never one's own."""
    if account == visitor.account:
        raise Rejected("不能停用自己的账号；请由另一位运维人员停用")
    with desk.ledger.write() as session:
        _kept(session.get(Account, account), visitor)
        remove_account(session, account, visitor.who, desk.now())
    return _shown(request, desk, visitor)


@router.post("/people/{account}/codes/reset")
@asks(Need.OPERATE)
def reset_codes(request: Request, desk: TheDesk, visitor: TheVisitor, account: str) -> Response:
    """Takes somebody's codes away, who has lost their telephone."""
    with desk.ledger.write() as session:
        _kept(session.get(Account, account), visitor)
        switch_off(session, account, visitor.who, RecordKind.SECOND_FACTOR_RESET, desk.now())
    return _shown(request, desk, visitor)


def _kept(account: Account | None, visitor: Visitor) -> None:
    if account is None or account.removed_at is not None or not _may_keep(account, visitor):
        raise NotFound


def _may_keep(account: Account, visitor: Visitor) -> bool:
    """Who keeps some districts keeps the accounts that see nothing beyond them."""
    if visitor.districts is None:
        return True
    return account.districts is not None and all(visitor.sees(one) for one in account.districts)


def _shown(request: Request, desk: Desk, visitor: Visitor, link: str = "", link_for: str = "") -> Response:
    with desk.ledger.read() as session:
        accounts = [one for one in list_accounts(session) if _may_keep(one, visitor)]
        kept = tokens_kept(session, desk, visitor)
        with_codes = with_second_factor(session)
    districts = visitor.seen(desk.register.districts)
    return page(
        request,
        "people.html",
        accounts=accounts,
        with_codes=with_codes,
        districts=districts,
        roles=list(DeskRole),
        link=link,
        link_for=link_for,
        **kept,
    )


def _address(request: Request, token: str) -> str:
    return f"{site_of(request)}/link/{token}"

"""Logging in and out, and the one-time link by which somebody sets a password."""

from __future__ import annotations

import threading
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from ledger.models import Account
from ledger.people.accounts import (
    Unfit,
    any_account,
    begin_attempt,
    count_success,
    is_right,
    keep_failure,
    link_of,
    make_account,
    set_password,
    use_link,
)
from ledger.people.record import Who, keep_record
from ledger.people.sessions import begin_session, end_session
from ledger.states import DeskRole, RecordKind
from web.answers import NotFound, Rejected
from web.desk import Desk
from web.guard import SESSION_COOKIE, TheDesk, TheVisitor, asks
from web.rendering import page
from web.serving.sessions import cookie_of
from web.visitor import Need

router = APIRouter()

# Half of the threads: strangers who storm the login hold up nobody who is logged in.
_LOGINS = threading.BoundedSemaphore(4)

# The same words for a wrong name, a wrong password and an account that is shut: nobody learns which accounts exist.
WRONG = "账号或密码不对。连续输错几次后，账号会停用 15 分钟；忘记密码时，请管理账号的人重新发一个设置密码的链接。"
Field = Annotated[str, Form(max_length=200)]
Address = Annotated[str, Form(max_length=4000)]


@router.get("/login")
@asks(Need.NOTHING)
def ask(request: Request, desk: TheDesk, next: str = "", expired: str = "") -> Response:
    """The form; without any account it says how the first one is made. ``expired``: a form was sent after the end of
    its session.
    """
    with desk.ledger.read() as session:
        anybody = any_account(session)
    return page(request, "login.html", next=_local(next), anybody=anybody, wrong="", expired=bool(expired))


@router.post("/login")
@asks(Need.NOTHING)
def log_in(request: Request, desk: TheDesk, account: Field, password: Field, next: Address = "") -> Response:
    """Begins a session, always a new one, and leads to where the visitor wanted to go."""
    if not _LOGINS.acquire(blocking=False):
        raise Rejected("同时登录的人太多，请过几秒再试", 503)
    try:
        return _log_in(request, desk, account.strip().lower(), password, _local(next))
    finally:
        _LOGINS.release()


def _log_in(request: Request, desk: Desk, name: str, password: str, where: str) -> Response:
    now = desk.now()
    with desk.ledger.write() as session:
        may = begin_attempt(session, name, now)
        found = session.get(Account, name)
    right = is_right(found.password if found is not None else None, password)
    if found is None or not (may and right):
        with desk.ledger.write() as session:
            if may:
                keep_failure(session, name, now)
        return page(request, "login.html", status=403, next=where, anybody=True, wrong=WRONG, expired=False)
    with desk.ledger.write() as session:
        count_success(session, name)
        token = begin_session(session, name, now)
        keep_record(session, Who(found.name, name), RecordKind.LOGGED_IN, name, now)
    return _entered(desk, where or "/", token)


@router.post("/logout")
@asks(Need.LOGIN)
def log_out(desk: TheDesk, visitor: TheVisitor) -> Response:
    """Ends the session, in the ledger and in the browser."""
    now = desk.now()
    with desk.ledger.write() as session:
        end_session(session, visitor.token, now)
        keep_record(session, visitor.who, RecordKind.LOGGED_OUT, visitor.account, now)
    answer = RedirectResponse("/login", 303)
    answer.headers.append("set-cookie", cookie_of(desk, SESSION_COOKIE, "", ended=True))
    return answer


@router.get("/link/{token}")
@asks(Need.NOTHING)
def ask_password(request: Request, desk: TheDesk, token: str) -> Response:
    """The form behind a one-time link; opening it uses nothing up."""
    with desk.ledger.read() as session:
        link = link_of(session, token, desk.now())
    values = {"account": link.account or "" if link is not None else "", "name": "", "wrong": ""}
    first, status = link is not None and link.account is None, 404 if link is None else 200
    return page(request, "link.html", status=status, holds=link is not None, first=first, **values)


@router.post("/link/{token}")
@asks(Need.NOTHING)
def take_password(
    request: Request, desk: TheDesk, token: str, password: Field, again: Field, account: Field = "", name: Field = ""
) -> Response:
    """Sets the password, makes the first account where the link is for that, and logs in."""
    now = desk.now()
    try:
        with desk.ledger.write() as session:
            link = link_of(session, token, now)
            if link is None or not use_link(session, token, now):
                raise NotFound
            first = link.account is None
            chosen = link.account or account.strip().lower()
            if password != again:
                raise Unfit("两次输入的密码不一样；请重新输入")
            if first:
                make_account(session, chosen, name, DeskRole.OPERATOR, None, Who(name.strip() or chosen, chosen), now)
            session.flush()
            whose = session.get_one(Account, chosen)
            set_password(session, chosen, password, Who(whose.name, chosen), now)
            begun = begin_session(session, chosen, now)
            keep_record(session, Who(whose.name, chosen), RecordKind.LOGGED_IN, chosen, now)
    except Unfit as error:
        values = {"holds": True, "first": first, "account": chosen, "name": name, "wrong": f"{error}。"}
        return page(request, "link.html", status=400, **values)
    return _entered(desk, "/", begun)


def _entered(desk: Desk, where: str, token: str) -> Response:
    answer = RedirectResponse(where, 303)
    answer.headers.append("set-cookie", cookie_of(desk, SESSION_COOKIE, token))
    return answer


def _local(where: str) -> str:
    """An address of this site, "" where it is anything else: a link to the login leads nowhere else."""
    plain = where.isprintable() and "\\" not in where
    return where if plain and where.startswith("/") and not where.startswith("//") else ""

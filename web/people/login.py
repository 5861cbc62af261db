"""Logging in and out, and the one-time link by which somebody sets a password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from ledger.models import Account
from ledger.people.accounts import Unfit, any_account, is_right, link_of, make_account, set_password, use_link
from ledger.people.attempts import begin_attempt, keep_failure
from ledger.people.record import Who, keep_record
from ledger.people.sessions import end_session
from ledger.states import DeskRole, RecordKind
from web.answers import NotFound
from web.desk import Desk
from web.guard import SESSION_COOKIE, TheDesk, TheVisitor, asks
from web.people.entering_desk import after_password, one_of_few
from web.rendering import page
from web.serving.origins import origin_of
from web.serving.sessions import cookie_of
from web.visitor import Need

router = APIRouter()

# The same words for a wrong name, a wrong password and somebody who is refused: nobody learns which accounts exist.
WRONG = (
    "账号或密码不对。连续输错几次后，从这里登录会暂停 15 分钟，再错时更久；忘记密码时，"
    "请管理账号的人重新发一个设置密码的链接。"
)
Field = Annotated[str, Form(max_length=200)]
Address = Annotated[str, Form(max_length=4000)]


@router.get("/login")
@asks(Need.NOTHING)
def ask(request: Request, desk: TheDesk, next: str = "", expired: str = "") -> Response:
    """The form; without any account it says how the first one is made. ``expired``: a form was sent after the end of
    its session.
    """
    return login_page(request, desk, where=local(next), expired=bool(expired))


@router.post("/login")
@asks(Need.NOTHING)
def log_in(request: Request, desk: TheDesk, account: Field, password: Field, next: Address = "") -> Response:
    """Begins a session, always a new one, and leads to where the visitor wanted to go."""
    with one_of_few():
        return _log_in(request, desk, account.strip().lower(), password, local(next))


def _log_in(request: Request, desk: Desk, name: str, password: str, where: str) -> Response:
    now, origin = desk.now(), origin_of(request, desk)
    with desk.ledger.write() as session:
        may = begin_attempt(session, name, origin, now)
        found = session.get(Account, name)
        hashed = found.password if found is not None else None
    right = is_right(hashed, password)
    if not (may and right):
        with desk.ledger.write() as session:
            if may:
                keep_failure(session, name, now)
        return login_page(request, desk, status=403, where=where, wrong=WRONG)
    with desk.ledger.write() as session:
        return after_password(session, desk, name, origin, where)


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
            return after_password(session, desk, chosen, origin_of(request, desk), "/")
    except Unfit as error:
        values = {"holds": True, "first": first, "account": chosen, "name": name, "wrong": f"{error}。"}
        return page(request, "link.html", status=400, **values)


def login_page(
    request: Request, desk: Desk, *, status: int = 200, where: str = "", wrong: str = "", expired: bool = False
) -> Response:
    """The form to log in, with what was wrong; ``where`` is the address to which it leads."""
    with desk.ledger.read() as session:
        anybody = any_account(session)
    by_provider = desk.provider is not None
    values = {"next": where, "anybody": anybody, "wrong": wrong, "expired": expired, "by_provider": by_provider}
    return page(request, "login.html", status=status, **values)


def local(where: str) -> str:
    """An address of this site, "" where it is anything else: a link to the login leads nowhere else."""
    plain = where.isprintable() and "\\" not in where
    return where if plain and where.startswith("/") and not where.startswith("//") else ""

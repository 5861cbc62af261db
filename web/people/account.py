"""我的账号: somebody's own password, codes and logins."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from ledger.models import Account
from ledger.people.accounts import Unfit, is_right, set_password
from ledger.people.attempts import begin_attempt, count_success, keep_failure
from ledger.people.second_factor import begin_setup, confirm_setup, has_second_factor, switch_off
from ledger.people.sessions import digest, end_others, sessions_of
from ledger.states import RecordKind
from web.answers import Rejected
from web.desk import Desk
from web.guard import TheDesk, TheVisitor, asks
from web.people.code import WRONG, Code, picture_of
from web.people.entering_desk import enter, one_of_few
from web.rendering import page
from web.serving.origins import origin_of
from web.visitor import Need, Visitor

router = APIRouter()
Field = Annotated[str, Form(max_length=200)]
NOT_THE_PASSWORD = "现在的密码不对；请重新输入。连续输错几次后，会暂停 15 分钟。"  # noqa: S105 - a sentence


@router.get("/account")
@asks(Need.LOGIN)
def account(request: Request, desk: TheDesk, visitor: TheVisitor, done: str = "") -> Response:
    """What somebody may change of their own account."""
    return _shown(request, desk, visitor, done=done == "password")


@router.post("/account/password")
@asks(Need.LOGIN)
def change_password(
    request: Request, desk: TheDesk, visitor: TheVisitor, current: Field, password: Field, again: Field
) -> Response:
    """Another password; every login ends but this one, which begins anew."""
    if wrong := _wrong(request, desk, visitor, current):
        return _shown(request, desk, visitor, wrong=wrong)
    if password != again:
        return _shown(request, desk, visitor, wrong="两次输入的密码不一样；请重新输入。")
    try:
        with desk.ledger.write() as session:
            set_password(session, visitor.account, password, visitor.who, desk.now())
            return enter(session, desk, visitor.account, origin_of(request, desk), "/account?done=password")
    except Unfit as error:
        return _shown(request, desk, visitor, wrong=f"{error}。")


@router.post("/account/codes")
@asks(Need.LOGIN)
def set_codes_up(request: Request, desk: TheDesk, visitor: TheVisitor, current: Field) -> Response:
    """The picture to be scanned; codes are asked for once the first one was given."""
    if wrong := _wrong(request, desk, visitor, current):
        return _shown(request, desk, visitor, wrong=wrong)
    with desk.ledger.write() as session:
        secret = begin_setup(session, visitor.account, desk.now())
    return _shown(request, desk, visitor, secret=secret)


@router.post("/account/codes/confirm")
@asks(Need.LOGIN)
def confirm_codes(request: Request, desk: TheDesk, visitor: TheVisitor, code: Code) -> Response:
    """Puts codes in force with the first one, and shows the recovery codes once."""
    with desk.ledger.write() as session:
        codes = confirm_setup(session, visitor.account, code, desk.now())
    if codes is None:
        with desk.ledger.write() as session:
            secret = begin_setup(session, visitor.account, desk.now())
        return _shown(request, desk, visitor, wrong=WRONG, secret=secret)
    return page(request, "recovery.html", codes=codes, where="/account")


@router.post("/account/codes/off")
@asks(Need.LOGIN)
def switch_codes_off(request: Request, desk: TheDesk, visitor: TheVisitor, current: Field) -> Response:
    """No code is asked for any more, where the office does not demand one."""
    if desk.settings.web_second_factor == "required":
        raise Rejected("单位要求使用动态口令，不能关闭；换手机时请管理账号的人重置", 403)
    if wrong := _wrong(request, desk, visitor, current):
        return _shown(request, desk, visitor, wrong=wrong)
    with desk.ledger.write() as session:
        switch_off(session, visitor.account, visitor.who, RecordKind.SECOND_FACTOR_OFF, desk.now())
    return RedirectResponse("/account", 303)


@router.post("/account/sessions/end")
@asks(Need.LOGIN)
def end_other_sessions(desk: TheDesk, visitor: TheVisitor) -> Response:
    """Ends every other login."""
    with desk.ledger.write() as session:
        end_others(session, visitor.account, visitor.token, desk.now())
    return RedirectResponse("/account", 303)


def _wrong(request: Request, desk: Desk, visitor: Visitor, password: str) -> str:
    """Why a password does not open one's own account; "" where it does. Counted as at the login."""
    now, origin = desk.now(), origin_of(request, desk)
    with one_of_few():
        with desk.ledger.write() as session:
            may = begin_attempt(session, visitor.account, origin, now)
            hashed = session.get_one(Account, visitor.account).password
        right = is_right(hashed, password)
        with desk.ledger.write() as session:
            if may and right:
                count_success(session, visitor.account, origin, now)
            elif may:
                keep_failure(session, visitor.account, now)
    return "" if may and right else NOT_THE_PASSWORD


def _shown(request: Request, desk: Desk, visitor: Visitor, **more: Any) -> Response:
    with desk.ledger.read() as session:
        has = has_second_factor(session, visitor.account)
        sessions = sessions_of(session, visitor.account, desk.now())
    secret, wrong = more.get("secret"), more.get("wrong", "")
    return page(
        request,
        "account.html",
        status=403 if wrong else 200,
        has=has,
        sessions=sessions,
        own=digest(visitor.token),
        required=desk.settings.web_second_factor == "required",
        secret=secret,
        picture=picture_of(secret, visitor.account) if secret else "",
        wrong=wrong,
        done=more.get("done", False),
    )

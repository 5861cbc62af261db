"""The second step of a login: a code, or setting codes up where the office demands them of everybody."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from ledger.models import LoginStep
from ledger.people.attempts import begin_attempt, keep_failure
from ledger.people.second_factor import (
    address_of,
    begin_setup,
    confirm_setup,
    end_step,
    has_second_factor,
    step_of,
    take_code,
)
from web.desk import Desk
from web.guard import STEP_COOKIE, TheDesk, asks
from web.people.entering_desk import CODE, SETUP, enter, one_of_few
from web.rendering import page
from web.serving.origins import origin_of
from web.serving.sessions import cookies_of
from web.visitor import Need

router = APIRouter()
Code = Annotated[str, Form(max_length=40)]
WRONG = "动态口令不对，或者已经用过。请等手机上换出下一个再输入；连续输错几次后，从这里登录会暂停 15 分钟。"
OVER = "/login?expired=1"


@router.get(CODE)
@asks(Need.NOTHING)
def ask_code(request: Request, desk: TheDesk) -> Response:
    """The form for a code; who has not given a password is led to the login."""
    step = _step(request, desk)
    return page(request, "code.html", wrong="") if step is not None else RedirectResponse("/login", 303)


@router.post(CODE)
@asks(Need.NOTHING)
def take(request: Request, desk: TheDesk, code: Code) -> Response:
    """Begins the session where the code is right."""
    with one_of_few():
        now, origin, step = desk.now(), origin_of(request, desk), _step(request, desk)
        if step is None:
            return RedirectResponse(OVER, 303)
        with desk.ledger.write() as session:
            may = begin_attempt(session, step.account, origin, now)
            right = may and take_code(session, step.account, code, now)
            if may and not right:
                keep_failure(session, step.account, now, step="code")
            if right and end_step(session, _token(request), now):
                return enter(session, desk, step.account, origin, step.place)
        return page(request, "code.html", status=403, wrong=WRONG)


@router.get(SETUP)
@asks(Need.NOTHING)
def ask_setup(request: Request, desk: TheDesk) -> Response:
    """The picture to be scanned, for somebody who has to have codes."""
    step = _step(request, desk)
    if step is None:
        return RedirectResponse("/login", 303)
    return _setup(request, desk, step.account, "")


@router.post(SETUP)
@asks(Need.NOTHING)
def take_setup(request: Request, desk: TheDesk, code: Code) -> Response:
    """Puts the codes in force with the first one, begins the session, and shows the recovery codes once."""
    with one_of_few():
        now, origin, step = desk.now(), origin_of(request, desk), _step(request, desk)
        if step is None:
            return RedirectResponse(OVER, 303)
        with desk.ledger.write() as session:
            codes = None
            if begin_attempt(session, step.account, origin, now):
                codes = confirm_setup(session, step.account, code, now)
            if codes is not None and end_step(session, _token(request), now):
                answer = page(request, "recovery.html", codes=codes, where=step.place or "/")
                return enter(session, desk, step.account, origin, step.place, answer)
        return _setup(request, desk, step.account, WRONG)


def picture_of(secret: str, account: str) -> Markup:
    """What a telephone scans, as a picture without any style."""
    code = segno.make_qr(address_of(secret, account), error="m")
    drawn = code.svg_inline(scale=5, border=3, light="#fff", svgclass="scanned", lineclass=None, title="二维码")
    return Markup(drawn)  # noqa: S704 - made here, of rectangles


def _setup(request: Request, desk: Desk, account: str, wrong: str) -> Response:
    with desk.ledger.write() as session:
        secret = begin_setup(session, account, desk.now())
    if secret is None:
        return RedirectResponse(CODE, 303)
    drawn = picture_of(secret, account)
    return page(request, "setup.html", status=403 if wrong else 200, wrong=wrong, secret=secret, picture=drawn)


def _step(request: Request, desk: Desk) -> LoginStep | None:
    token = _token(request)
    if not token:
        return None
    with desk.ledger.read() as session:
        step = step_of(session, token, desk.now())
        if step is None:
            return None
        # Where codes were put in force or taken away meanwhile, the other form is right.
        wanted = CODE if has_second_factor(session, step.account) else SETUP
        return step if request.url.path == wanted else None


def _token(request: Request) -> str:
    return cookies_of(request.scope).get(STEP_COOKIE, "")

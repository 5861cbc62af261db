"""Signing in through the office's own identity provider: the way there and back."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from ledger.models import Account
from web.answers import NotFound
from web.desk import Desk
from web.guard import PROVIDER_COOKIE, TheDesk, asks
from web.people.entering_desk import after_password, one_of_few
from web.people.login import local, login_page
from web.people.provider import ATTEMPT_HOLDS, BACK, Attempt, Provider, ProviderError
from web.serving.origins import origin_of
from web.serving.sessions import cookie_of, cookies_of
from web.visitor import Need

log = logging.getLogger("nianbao.web")
router = APIRouter()
Text = Annotated[str, Query(max_length=4000)]
AWAY = "单位的统一登录现在不能用，请稍后再试，或用工作台的账号和密码登录；一直如此时请联系运维人员。"
NOT_BACK = "没有登录：从单位的统一登录回来时超过了十分钟，或者换了浏览器。请重新登录。"
REFUSED = "没有登录：单位的统一登录没有确认您的身份。请重新登录；一直如此时请联系运维人员。"


@router.get("/login/provider")
@asks(Need.NOTHING)
def go(request: Request, desk: TheDesk, next: Text = "") -> Response:
    """Leads to the provider; the browser gets a secret by which it is known when it comes back."""
    provider, attempt = _provider(desk), Attempt.new()
    with one_of_few():
        try:
            answer = RedirectResponse(provider.address(attempt, local(next)), 303)
        except ProviderError as error:
            log.error("用单位账号登录：%s", error)
            return login_page(request, desk, status=503, wrong=AWAY)
    answer.headers.append("set-cookie", cookie_of(desk, PROVIDER_COOKIE, attempt.secret, keeps=ATTEMPT_HOLDS))
    return answer


@router.get(BACK)
@asks(Need.NOTHING)
def come_back(request: Request, desk: TheDesk, state: Text = "", code: Text = "") -> Response:
    """Begins the session of the account that has the name which the provider gives; an account is not made here."""
    with one_of_few():
        answer = _come_back(request, desk, state, code)
    answer.headers.append("set-cookie", cookie_of(desk, PROVIDER_COOKIE, "", ended=True))
    return answer


def _come_back(request: Request, desk: Desk, state: str, code: str) -> Response:
    provider, secret = _provider(desk), cookies_of(request.scope).get(PROVIDER_COOKIE)
    attempt = Attempt(secret) if secret else None
    where = attempt.where(state) if attempt is not None else None
    if not code:
        return login_page(request, desk, status=403, where=local(where or ""), wrong=REFUSED)
    if attempt is None or where is None:
        return login_page(request, desk, status=403, wrong=NOT_BACK)
    try:
        name = provider.who(attempt, code)
    except ProviderError as error:
        log.error("用单位账号登录：%s", error)
        return login_page(request, desk, status=403, where=local(where), wrong=REFUSED)
    with desk.ledger.write() as session:
        if session.get(Account, name) is not None:
            return after_password(session, desk, name, origin_of(request, desk), local(where))
    unknown = f"没有登录：单位账号“{name[:100]}”在工作台没有同名的账号。请管理账号的人在“人员”页建立。"
    return login_page(request, desk, status=403, where=local(where), wrong=unknown)


def _provider(desk: Desk) -> Provider:
    if desk.provider is None:
        raise NotFound
    return desk.provider

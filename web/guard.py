"""Every address says what it asks of a visitor, and nothing is served that does not say so; forms carry a token.

``@asks(Need.DECIDE)`` stands above a page's function. :func:`guard` runs before each of them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Path, Request
from starlette.datastructures import FormData

from web.answers import NotAllowed, NotFound, NotLoggedIn, Rejected
from web.desk import Desk
from web.visitor import Need, Visitor

Function = TypeVar("Function", bound=Callable[..., Any])
SESSION_COOKIE = "nianbao_session"
# Before anybody is logged in the login form is bound to this one.
VISIT_COOKIE = "nianbao_visit"
# A browser that logged in before, and one whose password was right and that owes a code.
BROWSER_COOKIE = "nianbao_browser"
STEP_COOKIE = "nianbao_step"
# While somebody is at the identity provider.
PROVIDER_COOKIE = "nianbao_provider"
# No name and no sentence has it, and PostgreSQL keeps no text with it.
NUL = "\0"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def asks(need: Need, *, has_own_token: bool = False) -> Callable[[Function], Function]:
    """Marks a page's function with what it asks. ``has_own_token``: its address is a secret, its form needs none."""

    def mark(function: Function) -> Function:
        marked: Any = function
        marked.need, marked.has_own_token = need, has_own_token
        return function

    return mark


def need_of(function: object) -> Need:
    """What a page's function asks. Raises LookupError where it does not say so."""
    need = getattr(function, "need", None)
    if not isinstance(need, Need):
        raise LookupError(f"{function!r} does not say what it asks of a visitor")
    return need


async def guard(request: Request) -> None:
    """Lets a request pass to its page, or raises NotLoggedIn, NotAllowed, or Rejected where its form is not ours."""
    function = request.scope["endpoint"]
    need, visitor = need_of(function), request.scope.get("visitor")
    if need is not Need.NOTHING:
        if visitor is None:
            raise NotLoggedIn
        if not visitor.may(need):
            raise NotAllowed
    if NUL in request.scope["path"] or any(NUL in value for _, value in request.query_params.multi_items()):
        raise NotFound
    if request.method in UNSAFE and not getattr(function, "has_own_token", False):
        form: FormData = await request.form()
        given = form.get("form_token")
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), form_token(request).encode()):
            raise Rejected("这个表单已经过期，没有登记任何内容；请返回上一页，刷新后重新填写", 403)
        if any(NUL in value for _, value in form.multi_items() if isinstance(value, str)):
            raise Rejected("表单中有不能保存的字符，没有登记任何内容；请返回上一页，删去后重新填写")


def form_token(request: Request) -> str:
    """The token of every form of this session, or of this visit before the login."""
    visitor: Visitor | None = request.scope.get("visitor")
    secret = visitor.token if visitor is not None else str(request.scope.get("visit") or "")
    return hmac.new(secret.encode(), b"nianbao form", hashlib.sha256).hexdigest() if secret else "-"


def _desk(request: Request) -> Desk:
    return cast(Desk, request.app.state.desk)


def _visitor(request: Request) -> Visitor:
    visitor = request.scope.get("visitor")
    if visitor is None:
        raise NotLoggedIn
    return cast(Visitor, visitor)


# What an address gives as a number: no more than a database takes.
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
ReportYear = Annotated[int, Path(ge=1990, le=2200)]
TheDesk = Annotated[Desk, Depends(_desk)]
TheVisitor = Annotated[Visitor, Depends(_visitor)]

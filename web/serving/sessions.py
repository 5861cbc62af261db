"""Looks up whose session or token a request is, before anything of it is read; gives browsers a cookie for forms."""

from __future__ import annotations

import math
import re
import secrets
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.people.sessions import SEEN_EVERY, see_session, session_of
from web.desk import Desk
from web.guard import SESSION_COOKIE, VISIT_COOKIE
from web.serving.pace import STRANGER, Pace
from web.serving.problems import is_by_token, problem
from web.serving.tokens import visitor_by_token
from web.visitor import Visitor

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


class Sessions:
    """Puts the ``visitor`` (None: nobody) and the ``visit`` into the scope."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk
        self.pace = Pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if is_by_token(scope):
            scope["visitor"] = await run_in_threadpool(visitor_by_token, self.desk, scope)
            wait = self.pace.seconds_to_wait(_asker(scope["visitor"]))
            refusal = problem(429, headers={"Retry-After": str(math.ceil(wait))})
            await (refusal if wait else self.app)(scope, receive, send)
            return
        cookies = cookies_of(scope)
        token, visit = cookies.get(SESSION_COOKIE), cookies.get(VISIT_COOKIE)
        scope["visitor"] = await run_in_threadpool(self._visitor, token) if token else None
        scope["visit"] = visit or secrets.token_urlsafe(24)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and visit is None and scope["visitor"] is None:
                cookie = cookie_of(self.desk, VISIT_COOKIE, scope["visit"])
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, answer)

    def _visitor(self, token: str) -> Visitor | None:
        now: datetime = self.desk.now()
        with self.desk.ledger.read() as session:
            found = session_of(session, token, now)
        if found is None:
            return None
        account, begun = found
        if begun.seen_at + SEEN_EVERY <= now:
            with self.desk.ledger.write() as session:
                see_session(session, token, now)
        districts = tuple(account.districts) if account.districts is not None else None
        return Visitor(account.account, account.name, account.role, districts, token)


def _asker(visitor: Visitor | None) -> str:
    """Each token has a pace of its own, also where an account has several."""
    return visitor.token if visitor is not None else STRANGER


def cookie_of(desk: Desk, name: str, value: str, *, ended: bool = False, keeps: timedelta | None = None) -> str:
    """A cookie that scripts cannot read, and that no other site's form brings along.

    A browser forgets it when it closes, or after ``keeps``.
    """
    secure = "; Secure" if (desk.settings.web_address or "").startswith("https://") else ""
    end = "; Max-Age=0" if ended else f"; Max-Age={keeps // timedelta(seconds=1)}" if keeps is not None else ""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}"


def cookies_of(scope: Scope) -> dict[str, str]:
    """The cookies of a request that can be tokens of ours."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            # As the browser sends them: one that somebody else's program set badly takes no other with it.
            jar = cookie_parser(value.decode("latin-1"))
            found |= {key: one for key, one in jar.items() if _TOKEN.fullmatch(one)}
    return found

"""Before anything of a draft is read: whether whoever sends it may, and whether there is room for one more.

An upload costs a place on the disk while it comes in. So a few come in at once; what the others send is thrown away as
it comes (a browser shows no answer before it has sent all), and they are told to come back.
"""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.desk import Desk
from web.drafts.addresses import ADDRESS, FOR_PROGRAMS, agency_at
from web.drafts.room import FULL, RETRY_AFTER_SECONDS
from web.rendering import page
from web.serving.limits import BESIDE_A_FILE
from web.serving.problems import is_by_token, problem

# Those that come in or are answered; of these as many are judged at once as the room has places.
MOST_COMING_IN = 8
THROWN_AWAY_SECONDS = 60.0


class DraftUploads:
    """Lets a few drafts come in at once. Stands behind the sessions and before the limits of a request."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk
        self._coming_in = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "POST" or not await self._may(scope):
            await self.app(scope, receive, send)
            return
        most = self.desk.settings.read_max_bytes
        if self._coming_in >= MOST_COMING_IN:
            await _throw_away(receive, most + BESIDE_A_FILE)
            sentence = f"{FULL}。文件没有保留。"
            answer = (
                problem(503, sentence)
                if is_by_token(scope)
                else page(Request(scope), "stopped.html", status=503, title="请稍后再试", sentence=sentence)
            )
            answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        self._coming_in += 1
        try:
            await self.app({**scope, "upload_bytes": most}, receive, send)
        finally:
            self._coming_in -= 1

    async def _may(self, scope: Scope) -> bool:
        """Whether this is a draft of somebody who may send one; anybody else has the room of a small form."""
        path: str = scope["path"]
        if path == FOR_PROGRAMS:
            return scope.get("visitor") is not None
        if path == ADDRESS:
            return scope.get("visitor") is not None or self.desk.settings.web_check_open
        folder, _, token = path.rpartition("/")
        return folder == ADDRESS and await run_in_threadpool(agency_at, self.desk, token) is not None


async def _throw_away(receive: Receive, most: int) -> None:
    """Takes what is sent, and keeps nothing of it."""
    try:
        async with asyncio.timeout(THROWN_AWAY_SECONDS):
            while most > 0:
                message = await receive()
                most -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return

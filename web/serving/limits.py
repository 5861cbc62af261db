"""What one request may cost: bytes by who sends them, seconds for sending them and for the answer."""

from __future__ import annotations

import asyncio

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.serving.problems import is_by_token, problem

# A form of somebody who is not logged in is a name and a password.
STRANGERS_BYTES = 16 * 1024
FORM_BYTES = 1024 * 1024
BODY_SECONDS = 60.0
ANSWER_SECONDS = 120.0
# Room for the other fields of a form with a file.
BESIDE_A_FILE = 64 * 1024


class TooMuch(Exception):
    """More bytes were sent than the address takes."""


class _Counter:
    """Hands on what is received while it is not too much, and comes in time."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self._end = asyncio.get_running_loop().time() + BODY_SECONDS
        self._whole = False
        self.exceeded = False

    async def __call__(self) -> Message:
        if self._whole:  # what comes now is that the other side has gone
            return await self._receive()
        async with asyncio.timeout_at(self._end):
            message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._left < 0:
                self.exceeded = True
                raise TooMuch
        return message


class Limits:
    """Ends a request that is too large or takes too long. ``uploads`` are addresses that take a file, and its size.

    What stands before this may have allowed a request more (``upload_bytes`` in its scope).
    """

    def __init__(self, app: ASGIApp, uploads: dict[str, int]) -> None:
        self.app = app
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        counter = _Counter(receive, self._most(scope))
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if counter.exceeded:  # whoever parsed the body made another error of it
                raise TooMuch
            begun = True
            await send(message)

        try:
            if _declared(scope) > self._most(scope):
                raise TooMuch
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.app(scope, counter, answer)
            return
        except TooMuch:
            refusal, status = "发送的内容太大，没有登记任何内容。请返回后改用较小的文件。", 413
        except TimeoutError:
            refusal, status = "处理超时，请稍后再试。", 503
        if not begun:
            refused: Response = problem(status) if is_by_token(scope) else PlainTextResponse(refusal, status)
            refused.headers["Connection"] = "close"
            await refused(scope, receive, send)

    def _most(self, scope: Scope) -> int:
        if (allowed := scope.get("upload_bytes")) is not None:
            return int(allowed) + BESIDE_A_FILE
        if scope.get("visitor") is None:
            return STRANGERS_BYTES
        return self.uploads.get(scope["path"], FORM_BYTES - BESIDE_A_FILE) + BESIDE_A_FILE


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0

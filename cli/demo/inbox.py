"""A real mail server for the demo and the tests: it takes every message and keeps it as files in a folder."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
import threading
from collections.abc import Collection
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

SECONDS_TO_START = 10.0


class Inbox:
    """An SMTP server on a free port of this machine.

    Each message becomes ``NNNN.eml`` and, where it has an HTML part, ``NNNN.html`` in ``folder``, with the pictures
    that it shows. It can be stopped and started again on the same port. Mail to an address in ``refused`` is answered
    with 550.
    """

    def __init__(self, folder: Path, refused: Collection[str] = ()) -> None:
        self.folder = folder
        self.refused = refused
        self.host = "127.0.0.1"
        self.port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Inbox:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listens: on a free port the first time, on the same port after a stop. OSError where it is taken."""
        if self._thread is not None:
            return
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((self.host, self.port))
        self.port = listening.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(listening, ready), name="inbox", daemon=True)
        self._thread.start()
        if not ready.wait(SECONDS_TO_START):
            raise OSError("the inbox did not start")

    def stop(self) -> None:
        """Stops listening and closes every connection; what arrived stays in the folder."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop = self._thread = None

    def messages(self) -> list[EmailMessage]:
        """Everything that arrived, in order, as Python reads it back."""
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]

    async def handle_RCPT(  # noqa: D102 - the server library's own hook
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: D102 - as above
        content = envelope.original_content or b""
        number = 1 + max((int(file.stem) for file in self.folder.glob("*.eml")), default=0)
        message: EmailMessage = message_from_bytes(content, policy=default)
        html = message.get_body(("html",))
        if html is not None:
            text = _with_pictures(message, re.sub(r"\r\n", "\n", html.get_content()))
            (self.folder / f"{number:04}.html").write_text(text, encoding="utf-8")
        partial = self.folder / f"{number:04}.part"
        partial.write_bytes(content)
        partial.rename(self.folder / f"{number:04}.eml")
        return f"250 OK kept as {number:04}"

    def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        loop = self._loop = asyncio.new_event_loop()
        connections: list[SMTP] = []

        def connection() -> SMTP:
            connections.append(SMTP(self, hostname="localhost", loop=loop, enable_SMTPUTF8=True))
            return connections[-1]

        server = loop.run_until_complete(loop.create_server(connection, sock=listening))
        ready.set()
        try:
            loop.run_forever()
        finally:
            server.close()
            for one in connections:
                if isinstance(one.transport, asyncio.WriteTransport):
                    one.transport.abort()
            pending = asyncio.all_tasks(loop)
            for task in pending:
                task.cancel()
            if pending:
                loop.run_until_complete(asyncio.wait(pending))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()


def _with_pictures(message: EmailMessage, html: str) -> str:
    """The HTML as a mail program shows it: what it names by Content-ID stands in it."""
    for part in message.walk():
        name, content = str(part["Content-ID"] or "").strip("<>"), part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            data = base64.b64encode(content).decode("ascii")
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return html

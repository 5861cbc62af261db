"""A mail server (aiosmtpd) with one trouble at a time: at a stage, with an answer, for some recipients or for all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

HANG = "hang"
DRIP = "drip"
DROP = "drop"


class Stage(StrEnum):
    """Where in the conversation the trouble is."""

    CONNECT = "CONNECT"
    EHLO = "EHLO"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"


# Before anybody is named, whatever is wrong is wrong for everybody.
OF_US = (Stage.CONNECT, Stage.EHLO, Stage.AUTH, Stage.MAIL)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the server answers at a stage (HANG, DRIP and DROP: nothing that could be understood), and to whom."""

    stage: Stage
    answer: str
    hit: frozenset[str]


@dataclass
class Troubled:
    """The handler: takes everything but what ``trouble`` says; ``kept`` is what arrived, by recipient."""

    trouble: Trouble | None = None
    kept: list[tuple[str, EmailMessage]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def at(self, server: SMTP, stage: Stage, recipients: Any = ()) -> str | None:
        """The answer at a stage; None where all is well."""
        trouble = self.trouble
        if trouble is None or trouble.stage is not stage or (stage not in OF_US and not trouble.hit & set(recipients)):
            return None
        if trouble.answer in (HANG, DRIP, DROP):
            transport = server.transport
            assert isinstance(transport, asyncio.WriteTransport)
            for _ in range(400 if trouble.answer != DROP else 0):
                if transport.is_closing():
                    break
                if trouble.answer == DRIP:
                    transport.write(b"2")
                await asyncio.sleep(0.01)
            transport.abort()
            return "421 gone"
        return trouble.answer

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        refused = await self.at(server, Stage.EHLO)
        session.host_name = hostname if refused is None else None
        return responses if refused is None else [refused]

    async def handle_HELO(self, server: SMTP, session: Any, envelope: Envelope, hostname: str) -> str:
        refused = await self.at(server, Stage.EHLO)
        session.host_name = hostname if refused is None else None
        return refused or f"250 {server.hostname}"

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = await self.at(server, Stage.MAIL)
        if refused is None:
            envelope.mail_from = address
        return refused or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = await self.at(server, Stage.RCPT, [address])
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        refused = await self.at(server, Stage.DATA, envelope.rcpt_tos)
        if refused is None:
            content = message_from_bytes(envelope.original_content or b"", policy=default)
            self.kept += [(recipient, content) for recipient in envelope.rcpt_tos]
        return refused or "250 OK"

    def authenticate(self, server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        trouble = self.trouble
        if trouble is not None and trouble.stage is Stage.AUTH:
            return AuthResult(success=False, handled=False, message=trouble.answer)
        return AuthResult(success=True)


class _Server(SMTP):
    """The greeting has no hook of its own."""

    async def push(self, status: Any) -> None:
        words = status if isinstance(status, str) else status.decode()
        if words.startswith("220 ") and self.session is not None and not self.session.host_name:
            handler = self.event_handler
            assert isinstance(handler, Troubled)
            refused = await handler.at(self, Stage.CONNECT)
            if refused is not None:
                await super().push(refused)
                assert isinstance(self.transport, asyncio.WriteTransport)
                self.transport.close()
                return
        await super().push(status)


class _OnAnyPort(Controller):
    def factory(self) -> SMTP:
        """The server for one connection."""
        return _Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        """The library connects to the port that it was given; ours is known only now."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def troubled_server() -> Iterator[tuple[int, Troubled]]:
    """A server that asks for a login, on a free port of 127.0.0.1 for as long as the block runs."""
    handler = Troubled()
    controller = _OnAnyPort(
        handler,
        hostname="127.0.0.1",
        port=0,
        server_hostname="mx.example",
        authenticator=handler.authenticate,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield controller.port, handler
    finally:
        controller.stop()

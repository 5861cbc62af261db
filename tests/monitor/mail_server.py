"""A mail server that does as it is told: TLS from an authority of its own, a login, and troubles of every kind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from tests.certificates import certificates

USER, PASSWORD = "nianbao", "right-password"


@dataclass
class Troubles:
    """What the server answers; each answer is used once, then all is well.

    ``drop_after_data``: it keeps the message and closes the connection without a word, so many times.
    """

    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    drop_after_data: int = 0
    password: str = PASSWORD
    logins: int = 0
    kept: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        if self.data:
            return self.data.pop(0)
        self.kept.append(message_from_bytes(envelope.original_content or b"", policy=default))
        if self.drop_after_data:
            self.drop_after_data -= 1
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"

    def authenticate(self, server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.logins += 1
        given = data.password.decode() if isinstance(data, LoginPassword) else ""
        return AuthResult(success=given == self.password, handled=False)


@dataclass(frozen=True)
class MailServer:
    """A running server: where it listens, its authority's certificate, and what it does and kept."""

    port: int
    ca_file: Path
    troubles: Troubles


@contextmanager
def mail_server(
    folder: Path, security: Literal["none", "starttls", "tls"], *, login: bool = False
) -> Iterator[MailServer]:
    """A server on a free port of 127.0.0.1 for as long as the block runs."""
    ca_file, context = certificates(folder)
    troubles = Troubles()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "server_hostname": "localhost"}
    if login:
        options |= {"authenticator": troubles.authenticate, "auth_required": True}
        options |= {"auth_require_tls": security == "starttls"}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if security == "tls":
        options |= {"ssl_context": context}
    controller = _OnAnyPort(troubles, **options)
    controller.start()
    try:
        yield MailServer(controller.port, ca_file, troubles)
    finally:
        controller.stop()


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        """The library connects to the port that it was given; ours is known only now."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]

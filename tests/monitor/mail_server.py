"""A mail server that does as it is told: TLS from an authority of its own, a login, and troubles of every kind."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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
    ca_file, context = _certificates(folder)
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


def _certificates(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """An authority and a certificate for 127.0.0.1 signed by it."""
    now = datetime.now(UTC)

    def make(name: str, key: Any, issuer: x509.Name, signer: Any, *extensions: x509.ExtensionType) -> x509.Certificate:
        builder = x509.CertificateBuilder(
            issuer_name=issuer,
            subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + timedelta(days=30),
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(signer, hashes.SHA256())

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an office's own authority")])
    authority = make(
        "an office's own authority", authority_key, issuer, authority_key, x509.BasicConstraints(ca=True, path_length=0)
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")])
    own = make("localhost", key, issuer, authority_key, names)
    ca_file, chain = folder / "authority.pem", folder / "server.pem"
    ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(private + own.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return ca_file, context

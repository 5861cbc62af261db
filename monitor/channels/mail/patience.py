"""SMTP with a limit for the whole of a step: the library's own timeout begins anew with every byte that comes.

A server that drips an answer, or never ends one of several lines, would hold the monitor for as long as it likes.
"""

from __future__ import annotations

import io
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any

# What is sent at a time: the clock is looked at in between.
CHUNK = 16_384


@dataclass(slots=True)
class Patience:
    """Until when a server is waited for: ``seconds`` from the last beginning, by this machine's clock."""

    seconds: float
    begun: float

    @classmethod
    def of(cls, seconds: float) -> Patience:
        """From now on."""
        return cls(seconds, time.monotonic())

    def begin(self, seconds: float) -> None:
        """The next step begins, and may take so long."""
        self.seconds, self.begun = seconds, time.monotonic()

    def left(self) -> float:
        """Seconds left. Raises TimeoutError where there are none."""
        left = self.begun + self.seconds - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"{self.seconds:.0f} 秒内没有答复完")
        return left


class PatientSMTP(smtplib.SMTP):
    """A connection on which reading and writing end with the patience that it was given."""

    def __init__(self, host: str, port: int, patience: Patience) -> None:
        self._patience = patience
        super().__init__(host, port, timeout=patience.left())

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer, however slowly it comes; raises as smtplib does."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Answers(self.sock, self._patience))
        return super().getreply()

    def send(self, s: Any) -> None:
        """Sends; raises as smtplib does, and TimeoutError where it takes too long."""
        content: bytes = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        for start in range(0, len(content), CHUNK):
            if self.sock is not None:
                self.sock.settimeout(self._patience.left())
            super().send(content[start : start + CHUNK])


class PatientSMTPOverTLS(PatientSMTP, smtplib.SMTP_SSL):
    """The same where the connection is encrypted from its beginning."""

    def __init__(self, host: str, port: int, patience: Patience, context: ssl.SSLContext) -> None:
        self._patience = patience
        smtplib.SMTP_SSL.__init__(self, host, port, timeout=patience.left(), context=context)


class _Answers(io.RawIOBase):
    """What comes from a socket, for as long as there is patience."""

    def __init__(self, source: socket.socket, patience: Patience) -> None:
        self._source = source
        self._patience = patience

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Reads what is there; raises TimeoutError."""
        self._source.settimeout(self._patience.left())
        return self._source.recv_into(buffer)

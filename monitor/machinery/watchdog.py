"""The ping to an external watchdog: it comes after every good turn, and its absence says that no monitor is well."""

from __future__ import annotations

import logging
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Event, Timer
from urllib.parse import urlsplit

from config.settings import Settings

log = logging.getLogger("nianbao.monitor")

SECONDS_BETWEEN = 60.0
LIMIT_SECONDS = 5.0


@contextmanager
def _cut_off_after(seconds: float, connection: socket.socket | None) -> Iterator[None]:
    """Ends a connection after so many seconds, whatever is being read from it; then raises TimeoutError.

    Its own timeout begins anew with every byte that the other side drips.
    """
    if connection is None:
        yield
        return
    over = Event()

    def cut() -> None:
        over.set()
        with suppress(OSError):
            # The plain socket's: an encrypted one would take its keys away from whoever is just reading.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if over.is_set():
            raise TimeoutError(f"超过 {seconds:g} 秒没有答完") from error
        raise
    finally:
        timer.cancel()
    if over.is_set():
        raise TimeoutError(f"超过 {seconds:g} 秒没有答完")


class _Connection(HTTPConnection):
    """HTTP with a limit on the whole head of an answer."""

    def getresponse(self) -> HTTPResponse:
        with _cut_off_after(LIMIT_SECONDS, self.sock):
            return super().getresponse()


class _EncryptedConnection(_Connection, HTTPSConnection):
    """The same, encrypted."""


class _Handler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_Connection, req)


class _EncryptedHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_EncryptedConnection, req)


_OPENER = urllib.request.build_opener(_Handler, _EncryptedHandler)


class Watchdog:
    """Asks the address of ``NIANBAO_WATCHDOG_URL``, at most once a minute."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._told: float | None = None

    def tell(self) -> bool:
        """Tells the watchdog where it is time to; whether it was told. A watchdog that does not answer stops nobody."""
        address = self._settings.watchdog_url
        if address is None or (self._told is not None and time.monotonic() - self._told < SECONDS_BETWEEN):
            return False
        self._told = time.monotonic()
        url = address.get_secret_value()
        try:
            # The setting takes http and https alone; the address is the operator's own and may be inside.
            with _OPENER.open(url, timeout=LIMIT_SECONDS):
                pass  # that it answered is all that it has to say
        except (OSError, HTTPException, ValueError) as error:
            # The address may hold a secret; its host does not.
            why = error if isinstance(error, OSError) else type(error).__name__
            log.warning("外部看门狗 %s 没有应答（%s）", urlsplit(url).hostname, why)
            return False
        return True

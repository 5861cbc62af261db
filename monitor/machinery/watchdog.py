"""The ping to an external watchdog: it comes after every good turn, and its absence says that no monitor is well."""

from __future__ import annotations

import logging
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from config.settings import Settings

log = logging.getLogger("nianbao.monitor")

SECONDS_BETWEEN = 60.0
LIMIT_SECONDS = 5.0


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
            with urllib.request.urlopen(url, timeout=LIMIT_SECONDS) as answer:  # noqa: S310
                answer.read(1024)
        except (OSError, HTTPException, ValueError) as error:
            # The address may hold a secret; its host does not.
            why = error if isinstance(error, OSError) else type(error).__name__
            log.warning("外部看门狗 %s 没有应答（%s）", urlsplit(url).hostname, why)
            return False
        return True

"""What every page of the desk works with: settings, ledger, archive, the data files in force, and a clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from config.in_force import load_register
from config.register import Register
from config.settings import Settings
from ledger.archive import Archive
from ledger.database import Ledger
from web.people.provider import open_provider

# A changed file is taken up by the desk as soon as by a worker.
LOOK_AGAIN_SECONDS = 15.0


def real_time() -> datetime:
    """The moment by this machine's clock."""
    return datetime.now(UTC)


class Desk:
    """The desk of one process; ``clock`` gives the moment, so that a past season can be shown as it was.

    Raises ConfigurationError where the settings name an identity provider, and not all that is needed for it.
    """

    def __init__(
        self, settings: Settings, ledger: Ledger, archive: Archive, clock: Callable[[], datetime] = real_time
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self.archive = archive
        self.now = clock
        self.provider = open_provider(settings, clock)
        self._lock = threading.Lock()
        self._register: Register | None = None
        self._looked_at = 0.0

    @property
    def register(self) -> Register:
        """What the data files say, looked at again after some seconds."""
        with self._lock:
            if self._register is None or time.monotonic() - self._looked_at >= LOOK_AGAIN_SECONDS:
                self._register = load_register(self.settings.home, set_aside=True)
                self._looked_at = time.monotonic()
            return self._register

    def look_again(self) -> None:
        """The data files were changed just now."""
        with self._lock:
            self._register = None

"""A ledger in which mail to offices has been started, as most tests of letters want it."""

from __future__ import annotations

from datetime import UTC, datetime

from config.settings import Settings
from ledger.database import Ledger, open_ledger
from ledger.messages.sending import switch_mail


def open_mailing_ledger(settings: Settings) -> Ledger:
    """Opens the ledger of the settings after ``nianbao mail start``."""
    ledger = open_ledger(settings)
    with ledger.write() as session:
        switch_mail(session, started=True, by="tests", why="", now=datetime(2000, 1, 1, tzinfo=UTC))
    return ledger

"""A ledger in which mail to offices has been started, as most tests of letters want it."""

from __future__ import annotations

from datetime import UTC, datetime

from config.settings import Settings
from ledger.database import Ledger, open_ledger
from ledger.messages.sending import switch_mail


def open_mailing_ledger(settings: Settings) -> Ledger:
    """Opens the ledger of the settings after ``nianbao mail start``."""
    ledger = open_ledger(settings)
    start_mail(ledger)
    return ledger


def start_mail(ledger: Ledger) -> None:
    """What ``nianbao mail start`` does, long ago: no letter of a beginning is owed for what tests make up later."""
    with ledger.write() as session:
        switch_mail(session, started=True, by="tests", why="", now=datetime(2000, 1, 1, tzinfo=UTC))

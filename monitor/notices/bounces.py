"""Writes down what a mail server reported later: that a message which it had taken was not delivered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from ledger.database import Ledger
from ledger.messages import outbox as rows
from ledger.messages.sending import stop_if_proven
from ledger.states import SendVerdict
from monitor.channels.mail.bounce import Bounce

# A message that came back is sent again after this time, so many times in all; then its recipient has to be mended.
AGAIN_AFTER = timedelta(hours=1)
MOST_ATTEMPTS = 3


def record_bounce(ledger: Ledger, bounce: Bounce, operators: Collection[str], now: datetime) -> str | None:
    """Notes that a notice was not delivered, and has it sent again.

    A recipient whose address is proven not to exist gets nothing more; ``operators`` are told of it. Returns the
    recipient, None where no message of ours with this Message-ID went to the one who is named. The same report twice
    changes nothing.
    """
    with ledger.write() as session:
        notice = rows.notice_to(session, bounce.message_id, bounce.recipients)
        if notice is None:
            return None
        verdict, words = bounce.answer.verdict, f"退信：{bounce.answer.words}"
        again = now + AGAIN_AFTER if notice.attempts < MOST_ATTEMPTS else None
        known = not rows.mark_undelivered(session, notice, verdict, words, now, again)
        if known or verdict is not SendVerdict.ADDRESS_REFUSED:
            return notice.recipient
        if stop_if_proven(session, notice.recipient, words, operators, now):
            rows.refuse(session, notice)
        return notice.recipient

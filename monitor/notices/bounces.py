"""Writes down what a mail server reported later: that a message which it had taken was not delivered."""

from __future__ import annotations

from datetime import datetime

from ledger.database import Ledger
from ledger.messages import notices as rows
from ledger.messages.stops import stop_messages
from ledger.states import StopReason, Topic
from monitor.channels.answer import Verdict
from monitor.channels.mail.bounce import Bounce


def record_bounce(ledger: Ledger, bounce: Bounce, now: datetime) -> str | None:
    """Notes that a notice was not delivered; the recipient whose address is at fault gets nothing more.

    Returns the recipient, None where no message of ours with this Message-ID went to the one who is named. The same
    report twice changes nothing.
    """
    with ledger.write() as session:
        notice = rows.notice_to(session, bounce.message_id, bounce.recipients)
        if notice is None:
            return None
        words = f"退信：{bounce.answer.words}"
        if rows.mark_undelivered(session, notice, words, now) and bounce.answer.verdict is Verdict.NO_SUCH_RECIPIENT:
            stop_messages(session, notice.recipient, Topic.ALL, StopReason.REFUSED, words, now)
        return notice.recipient

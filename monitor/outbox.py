"""Sends what is in the outbox: each notice is claimed, sent, and its end written with the server's answer.

A sender that dies between sending and writing leaves a claim that runs out; the notice is then sent again with the same
Message-ID. While the mail server is away notices wait, each for its own growing time, as rows.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from datetime import datetime, timedelta

from config.settings import Settings
from ledger import notices as rows
from ledger.archive import ArchiveError, open_archive
from ledger.database import Ledger
from ledger.enclosures import enclosed_in
from ledger.models import Notice
from ledger.states import NoticeState
from monitor.channels.mail.message import Mail, Part, make_message
from monitor.channels.mail.transport import Conversation, MailServerError, Verdict, conversation

log = logging.getLogger("nianbao.monitor")

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))


def send_waiting(settings: Settings, ledger: Ledger, contact: str, now: datetime) -> int:
    """Sends every notice that is due at ``now``; returns how many the server took.

    1. Ask which notices are due. 2. Claim one; whoever's update changed the row sends it. 3. Send it, and write how
    that ended. 4. Where the server cannot be reached, stop: the others wait untouched.
    """
    with ledger.read() as session:
        due = rows.due_notices(session, now)
    if not due:
        return 0
    started = time.monotonic()
    sent = 0
    with ExitStack() as stack:
        server: Conversation | None = None
        for notice_id in due:
            # A long batch takes real time, and so do the claims that it makes.
            moment = now + timedelta(seconds=time.monotonic() - started)
            claim = timedelta(seconds=4 * settings.smtp_timeout_seconds + 60)
            with ledger.write() as session:
                notice = rows.claim_notice(session, notice_id, moment, moment + claim)
            if notice is None:
                continue
            try:
                if server is None:
                    server = stack.enter_context(conversation(settings))
                sent += _send(settings, ledger, server, notice, contact, moment)
            except MailServerError as error:
                log.warning("邮件未能发出：%s；稍后重试", error)
                _end(ledger, notice, NoticeState.WAITING, str(error), moment)
                break
    return sent


def _send(
    settings: Settings, ledger: Ledger, server: Conversation, notice: Notice, contact: str, now: datetime
) -> bool:
    mail = Mail(
        notice.recipient,
        notice.subject,
        notice.text,
        notice.html,
        notice.message_id,
        contact,
        notice.in_reply_to,
        _parts(settings, ledger, notice),
    )
    answer = server.send(make_message(mail, settings, now), notice.recipient)
    state = {
        Verdict.DELIVERED: NoticeState.SENT,
        Verdict.REFUSED: NoticeState.REFUSED,
        Verdict.LATER: NoticeState.WAITING,
    }[answer.verdict]
    if answer.verdict is not Verdict.DELIVERED:
        log.warning("发给 %s 的邮件未被接受：%s", notice.recipient, answer.words)
    _end(ledger, notice, state, answer.words, now)
    return answer.verdict is Verdict.DELIVERED


def _parts(settings: Settings, ledger: Ledger, notice: Notice) -> tuple[Part, ...]:
    """What lies in a notice. A mail says everything without it, and so goes out also where the archive fails."""
    with ledger.read() as session:
        enclosed = enclosed_in(session, notice.id)
    try:
        archive = open_archive(settings) if enclosed else None
        return tuple(
            Part(one.name, one.media_type, one.content_id, archive.get(one.sha256)) for one in enclosed if archive
        )
    except ArchiveError as error:
        log.warning("发给 %s 的邮件未能带上图表和台账：%s", notice.recipient, error)
        return ()


def _end(ledger: Ledger, notice: Notice, state: NoticeState, answer: str, now: datetime) -> None:
    pause = PAUSES[min(notice.attempts, len(PAUSES)) - 1]
    with ledger.write() as session:
        rows.end_attempt(session, notice, state, answer, now, now + pause)

"""Sends what is in the outbox: each notice is claimed, sent, and its end written with the server's answer.

A sender that dies between sending and writing leaves a claim that runs out; the notice is then sent again with the same
Message-ID. While the mail server is away notices wait, for growing times, as rows; chat groups do not wait for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta

from config.recipients import CHANNEL, Channel, is_channel
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.archive import ArchiveError, open_archive
from ledger.database import Ledger
from ledger.messages import notices as rows
from ledger.messages.enclosures import enclosed_in
from ledger.messages.stops import stop_for, stop_messages
from ledger.models import Notice
from ledger.states import NoticeState, StopReason, Topic
from monitor.channels.answer import Answer, Verdict
from monitor.channels.chat.transport import send_chat
from monitor.channels.mail.message import Mail, Part, make_message
from monitor.channels.mail.transport import Conversation, MailServerAway, MailServerError, conversation
from monitor.notices.unsubscribe import unsubscribe_address

log = logging.getLogger("nianbao.monitor")

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
_STATES = {
    Verdict.DELIVERED: NoticeState.SENT,
    Verdict.REFUSED: NoticeState.REFUSED,
    Verdict.NO_SUCH_RECIPIENT: NoticeState.REFUSED,
    Verdict.LATER: NoticeState.WAITING,
}
_STOPPED = {StopReason.UNSUBSCRIBED: NoticeState.STOPPED, StopReason.REFUSED: NoticeState.REFUSED}


def send_waiting(
    settings: Settings,
    ledger: Ledger,
    contact: str,
    now: datetime,
    channels: Mapping[str, Channel] | None = None,
) -> int:
    """Sends every notice that is due at ``now``; returns how many were taken.

    1. Ask which notices are due. 2. Claim one; whoever's update changed the row sends it, unless its recipient wants no
    more. 3. Send it, and write how that ended; a recipient whom the server refuses for good gets nothing more.
    4. Where the mail server cannot be used, no other mail is tried, and all wait as long as the first.
    """
    with ledger.read() as session:
        due = rows.due_notices(session, now)
    if not due:
        return 0
    started = time.monotonic()
    sent = 0
    with ExitStack() as stack:
        server: Conversation | None = None
        broken: MailServerError | None = None
        for notice_id in due:
            # A long batch takes real time, and so do the claims that it makes.
            moment = now + timedelta(seconds=time.monotonic() - started)
            if broken is not None and not _is_for_a_channel(ledger, notice_id):
                continue
            notice = _claim(settings, ledger, notice_id, moment)
            if notice is None:
                continue
            if is_channel(notice.recipient):
                answer = _to_channel(channels or {}, notice)
            else:
                try:
                    if server is None:
                        server = stack.enter_context(conversation(settings))
                    mail = _mail(settings, ledger, notice, contact)
                    answer = server.send(make_message(mail, settings, moment), notice.recipient)
                except MailServerError as error:
                    log.warning("邮件未能发出：%s；稍后重试", error)
                    broken, answer = error, Answer(Verdict.LATER, str(error))
            _end(ledger, notice, answer, moment, all_wait=isinstance(broken, MailServerAway))
            sent += answer.verdict is Verdict.DELIVERED
    return sent


def _is_for_a_channel(ledger: Ledger, notice_id: int) -> bool:
    with ledger.read() as session:
        return is_channel(session.get_one(Notice, notice_id).recipient)


def _claim(settings: Settings, ledger: Ledger, notice_id: int, now: datetime) -> Notice | None:
    """The notice, where nobody else has it and its recipient still wants it; what is not wanted ends here."""
    claim = timedelta(seconds=4 * settings.smtp_timeout_seconds + 60)
    with ledger.write() as session:
        notice = rows.claim_notice(session, notice_id, now, now + claim)
        stop = stop_for(session, notice.recipient, notice.kind) if notice is not None else None
        if notice is None or stop is None:
            return notice
        rows.end_attempt(session, notice, _STOPPED[stop.reason], f"没有发送：{stop.words}", now, now)
        return None


def _mail(settings: Settings, ledger: Ledger, notice: Notice, contact: str) -> Mail:
    return Mail(
        notice.recipient,
        notice.subject,
        notice.text,
        notice.html,
        notice.message_id,
        contact,
        notice.in_reply_to,
        _parts(settings, ledger, notice),
        unsubscribe_address(settings, notice.recipient, notice.kind),
    )


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


def _to_channel(channels: Mapping[str, Channel], notice: Notice) -> Answer:
    name = notice.recipient.removeprefix(CHANNEL)
    if name not in channels:
        return Answer(Verdict.LATER, f"offices.yaml 的 channels 中没有“{name}”；请补上，或从收件人中去掉")
    try:
        address = channels[name].address()
    except ConfigurationError as error:
        return Answer(Verdict.LATER, str(error))
    return send_chat(address, notice.subject, notice.text)


def _say_what_was_told(ledger: Ledger, notice: Notice) -> None:
    """One line for each document that a notice tells of, one alone where it tells of none."""
    with ledger.read() as session:
        told = rows.versions_told(session, notice.id)
    about = [{"version": version, "agency": agency, "year": year} for version, agency, year in told]
    for ids in about or [{}]:
        log.info("已发出通知：%s", notice.subject, extra={**ids, "notice": notice.id})


def _end(ledger: Ledger, notice: Notice, answer: Answer, now: datetime, *, all_wait: bool) -> None:
    """Writes how an attempt ended; ``all_wait``: no mail can be sent, so the others are not tried before this one."""
    if answer.verdict is not Verdict.DELIVERED:
        log.warning("发给 %s 的通知未被接受：%s", notice.recipient, answer.words, extra={"notice": notice.id})
    again = now + PAUSES[min(notice.attempts, len(PAUSES)) - 1]
    with ledger.write() as session:
        rows.end_attempt(session, notice, _STATES[answer.verdict], answer.words, now, again)
        if answer.verdict is Verdict.NO_SUCH_RECIPIENT:
            words = f"收件服务器拒收：{answer.words}"
            stop_messages(session, notice.recipient, Topic.ALL, StopReason.REFUSED, words, now)
        if all_wait and not is_channel(notice.recipient):
            rows.postpone_mails(session, CHANNEL, now, again)
    if answer.verdict is Verdict.DELIVERED:
        _say_what_was_told(ledger, notice)

"""Sends what is in the outbox: each notice is claimed, sent, and its end written with the server's answer.

A sender that dies between sending and writing leaves a claim that runs out; the notice is then sent again with the same
Message-ID. While the mail server is away notices wait, for growing times, as rows; chat groups do not wait for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.offices import OfficesFile
from config.recipients import CHANNEL, Channel, is_channel, is_impossible
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.archive import ArchiveError, open_archive
from ledger.database import Ledger
from ledger.messages import outbox as rows
from ledger.messages.enclosures import enclosed_in
from ledger.messages.held_back import postpone_mails
from ledger.messages.sending import (
    REFUSALS,
    end_stop_after_trial,
    mail_has_started,
    other_content_passed,
    stop_if_proven,
    trials_are_due,
    try_stopped,
)
from ledger.messages.suppressions import suppression_for
from ledger.models import Notice
from ledger.states import NoticeForm, NoticeKind, NoticeState, SendVerdict, SuppressionReason
from ledger.tallies import Measure, count
from monitor.channels.answer import Answer
from monitor.channels.chat.transport import send_chat
from monitor.channels.mail.message import Mail, Part, make_message
from monitor.channels.mail.transport import Conversation, MailServerAway, MailServerError, conversation
from monitor.notices.unsubscribe import unsubscribe_address

log = logging.getLogger("nianbao.monitor")

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
# Who was refused a whole day is tried less often: somebody has to mend it, and was told.
REFUSED_ATTEMPTS = 24
REFUSED_PAUSE = timedelta(hours=6)
# A content that was refused is sent again with less in it. A filter that took offence will not within the minute.
CONTENT_PAUSE = timedelta(minutes=15)
# What was refused for so long may be its content's fault, also where nothing else is sent to compare it with.
ALONE_FOR = timedelta(hours=6)
# A connection that broke so often while the same content was sent: it may be too much for the server.
BROKEN_ATTEMPTS = 3
# The monitor has more to do; its heartbeat is written between batches.
LONGEST_BATCH_SECONDS = 120.0
# A server that breaks off at one message may take the next one; one that does so again and again is left alone.
MOST_BREAKS = 3
# What is left of a notice whose content was refused twice: nothing in it that a filter could take offence at.
SHORT_SUBJECT = "年报监测：有一则通知，请与运维人员联系"
SHORT_TEXT = (
    "您好：\n\n年报监测有一则通知要告诉您，但载有具体内容的邮件被邮件服务器拒收，因此只发送本函。"
    "请直接回复，或与运维人员联系索取。\n\n通知编号：{identity}\n"
)
_LESS = {NoticeForm.FULL: NoticeForm.PLAIN, NoticeForm.PLAIN: NoticeForm.SHORT, NoticeForm.SHORT: NoticeForm.SHORT}
NOBODY = OfficesFile()
_STOPPED = {SuppressionReason.UNSUBSCRIBED: NoticeState.STOPPED, SuppressionReason.REFUSED: NoticeState.REFUSED}


@dataclass(slots=True)
class _Server:
    """The conversation with the mail server in one batch, opened when the first mail is to be sent."""

    settings: Settings
    conversations: ExitStack
    open: Conversation | None = None
    breaks: int = 0
    away: bool = False

    @property
    def given_up(self) -> bool:
        return self.away or self.breaks >= MOST_BREAKS

    def send(self, message: EmailMessage, recipient: str) -> Answer:
        """Raises MailServerError where the connection broke, which concerns this message alone but for ``away``."""
        try:
            if self.open is None or not self.open.is_open:
                self.open = self.conversations.enter_context(conversation(self.settings))
            return self.open.send(message, recipient)
        except MailServerError as error:
            self.away, self.open = isinstance(error, MailServerAway), None
            self.breaks += 1
            raise


def send_waiting(
    settings: Settings,
    ledger: Ledger,
    contact: str,
    now: datetime,
    offices: OfficesFile = NOBODY,
) -> int:
    """Sends every notice that is due at ``now``; returns how many were taken.

    ``offices`` has the addresses of the chat groups, and the operators, who are told of a stop.

    1. Ask which notices are due, trials of stopped addresses among them. 2. Claim one; whoever's update changed the row
    sends it, unless its recipient wants no more, or mail to offices has not been started. 3. Send it, and write how
    that ended. Whatever goes wrong with one notice concerns that notice. 4. Where the mail server cannot be used, no
    other mail is tried, and all wait as long as the first. A batch that takes too long goes on in the next turn.
    """
    with ledger.read() as session:
        trials = trials_are_due(session, now)
    if trials:
        with ledger.write() as session:
            try_stopped(session, now)
    with ledger.read() as session:
        due = rows.due_notices(session, now)
    if not due:
        return 0
    started = time.monotonic()
    sent = 0
    with ExitStack() as stack:
        server = _Server(settings, stack)
        for notice_id in due:
            # A long batch takes real time, and so do the claims that it makes.
            taken = time.monotonic() - started
            if taken > LONGEST_BATCH_SECONDS:
                break
            moment = now + timedelta(seconds=taken)
            if server.given_up and not _is_for_a_channel(ledger, notice_id):
                continue
            notice = _claim(settings, ledger, notice_id, moment)
            if notice is None:
                continue
            breaks, begun = server.breaks, time.monotonic()
            answer = _attempt(settings, ledger, notice, server, contact, offices.channels, moment)
            broke = server.breaks > breaks
            seconds = time.monotonic() - begun
            _end(ledger, notice, answer, moment, offices.operators, seconds, all_wait=server.away, theirs_wait=broke)
            sent += answer.verdict is SendVerdict.DELIVERED
    return sent


def _attempt(
    settings: Settings,
    ledger: Ledger,
    notice: Notice,
    server: _Server,
    contact: str,
    channels: Mapping[str, Channel],
    now: datetime,
) -> Answer:
    """Sends one notice; whatever is wrong with it is its answer, so that the others are sent all the same."""
    try:
        if is_channel(notice.recipient):
            return _to_channel(channels, notice)
        if is_impossible(notice.recipient):
            return Answer(SendVerdict.UNMAKEABLE, f"“{notice.recipient}”不是有效的邮件地址；请在 offices.yaml 中改正")
        return server.send(make_message(_mail(settings, ledger, notice, contact), settings, now), notice.recipient)
    except MailServerError as error:
        log.warning("邮件未能发出：%s；稍后重试", error)
        too_much = error.in_content and notice.attempts >= BROKEN_ATTEMPTS
        return Answer(SendVerdict.CONTENT_REFUSED if too_much else SendVerdict.LATER, str(error))
    except SQLAlchemyError:
        raise  # the ledger is everybody's
    except Exception as error:
        # A title or a library's own fault: it is written down, told to the operators, and tried again.
        log.exception("无法生成发给 %s 的邮件", notice.recipient, extra={"notice": notice.id})
        return Answer(SendVerdict.UNMAKEABLE, f"无法生成邮件（{type(error).__name__}：{str(error)[:200]}）")


def _is_for_a_channel(ledger: Ledger, notice_id: int) -> bool:
    with ledger.read() as session:
        return is_channel(session.get_one(Notice, notice_id).recipient)


def _claim(settings: Settings, ledger: Ledger, notice_id: int, now: datetime) -> Notice | None:
    """The notice, where nobody else has it and its recipient still wants it; what is not wanted ends here."""
    claim = timedelta(seconds=4 * settings.smtp_timeout_seconds + 60)
    with ledger.write() as session:
        notice = rows.claim_notice(session, notice_id, now, now + claim)
        if notice is None:
            return None
        if notice.kind is not NoticeKind.OPERATORS and not mail_has_started(session):
            rows.keep_unsent(session, notice, NoticeState.REHEARSED, "没有发送：尚未开始向主管部门发信", now)
            return None
        stop = suppression_for(session, notice.recipient, notice.kind, now)
        if stop is not None:
            rows.keep_unsent(session, notice, _STOPPED[stop.reason], f"没有发送：{stop.words}", now)
            return None
        return notice


def _mail(settings: Settings, ledger: Ledger, notice: Notice, contact: str) -> Mail:
    """The mail of a notice, with as much in it as its form allows."""
    subject, text, html = content_of(notice)
    return Mail(
        notice.recipient,
        subject,
        text,
        html,
        notice.message_id,
        contact,
        notice.in_reply_to,
        _parts(settings, ledger, notice) if notice.form is NoticeForm.FULL else (),
        unsubscribe_address(settings, notice.recipient, notice.kind),
    )


def content_of(notice: Notice) -> tuple[str, str, str]:
    """Subject, text and HTML of a notice in its form: what was sent where it was, else what is sent next."""
    if notice.form is NoticeForm.SHORT:
        return SHORT_SUBJECT, SHORT_TEXT.format(identity=notice.message_id.strip("<>")), ""
    return notice.subject, notice.text, notice.html if notice.form is NoticeForm.FULL else ""


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
        return Answer(SendVerdict.LATER, f"offices.yaml 的 channels 中没有“{name}”；请补上，或从收件人中去掉")
    try:
        address = channels[name].address()
    except ConfigurationError as error:
        return Answer(SendVerdict.LATER, str(error))
    return send_chat(address, notice.subject, notice.text)


def _say_what_was_told(ledger: Ledger, notice: Notice) -> None:
    """One line for each document that a notice tells of, one alone where it tells of none."""
    with ledger.read() as session:
        told = rows.versions_told(session, notice.id)
    about = [{"version": version, "agency": agency, "year": year} for version, agency, year in told]
    for ids in about or [{}]:
        log.info("已发出通知：%s", notice.subject, extra={**ids, "notice": notice.id})


def _end(
    ledger: Ledger,
    notice: Notice,
    answer: Answer,
    now: datetime,
    operators: Collection[str],
    seconds: float,
    *,
    all_wait: bool,
    theirs_wait: bool,
) -> None:
    """Writes how an attempt ended that took so many seconds.

    ``all_wait``: no mail can be sent, so the others are not tried before this one. ``theirs_wait``: the server broke
    off at this recipient, who may be the reason.
    """
    delivered = answer.verdict is SendVerdict.DELIVERED
    if not delivered:
        log.warning("发给 %s 的通知未被接受：%s", notice.recipient, answer.words, extra={"notice": notice.id})
    again = now + _pause(notice, answer.verdict)
    with ledger.write() as session:
        state = NoticeState.SENT if delivered else NoticeState.WAITING
        form = notice.form
        if answer.verdict is SendVerdict.CONTENT_REFUSED:
            form = _next_form(session, notice, now)
        rows.end_attempt(session, notice, state, answer.verdict, answer.words, now, again, form)
        if delivered:
            end_stop_after_trial(session, notice.recipient, now)
        elif answer.verdict is SendVerdict.ADDRESS_REFUSED:
            words = f"收件服务器拒收：{answer.words}"
            if stop_if_proven(session, notice.recipient, words, operators, now):
                rows.refuse(session, notice)
        if (all_wait or theirs_wait) and not is_channel(notice.recipient):
            postpone_mails(session, now, again, None if all_wait else notice.recipient)
        count(session, Measure.SEND, answer.verdict.value, seconds)
    if delivered:
        _say_what_was_told(ledger, notice)


def _next_form(session: Session, notice: Notice, now: datetime) -> NoticeForm:
    """How much of a notice is tried next whose content was refused.

    A server that refuses whatever we send is in trouble with us, and less of a letter would not help: there it stays
    whole. Where nothing else is sent to compare it with, all forms are tried by turns, so that none is given up.
    """
    if other_content_passed(session, notice, now):
        return _LESS[notice.form]
    if now - notice.created_at < ALONE_FOR:
        return notice.form
    return NoticeForm.FULL if notice.form is NoticeForm.SHORT else _LESS[notice.form]


def _pause(notice: Notice, verdict: SendVerdict) -> timedelta:
    if verdict in REFUSALS and notice.attempts >= REFUSED_ATTEMPTS:
        return REFUSED_PAUSE
    pause = PAUSES[min(notice.attempts, len(PAUSES)) - 1]
    return max(pause, CONTENT_PAUSE) if verdict is SendVerdict.CONTENT_REFUSED else pause

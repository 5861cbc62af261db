"""What is told of sending itself: mail (or a chat group) that fails, and weekly summaries that did not go out.

What cannot be sent is said through the other ways out, in status, doctor and metrics, and by mail as soon as mail goes
again: the messages about it wait in the same outbox.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.recipients import CHANNEL, is_channel, is_impossible
from config.settings import Settings
from config.severity import Severity
from ledger.messages.deliveries import MAIL, DeliveryChannel, delivery_channels, late_summaries
from ledger.messages.sending import REFUSALS, Refused, refused_notices
from ledger.states import IncidentKind, NoticeState, SendVerdict
from monitor.calendar import chinese_moment
from monitor.incidents.draft import Draft, to_operators

# One failure may be the moment's.
ENOUGH_FAILURES = 2
A_WEEK = timedelta(days=7)
# A message that was given up stays in sight for so long.
A_MONTH = timedelta(days=30)
_WHY = {
    SendVerdict.LATER: "每次都被要求以后再试，或连接中断",
    SendVerdict.SENDER_REFUSED: "收件服务器不接受我们发给该地址的邮件",
    SendVerdict.ADDRESS_REFUSED: "收件服务器称没有这个地址",
    SendVerdict.RECIPIENT_REFUSED: "收件服务器拒收，没有说明原因",
    SendVerdict.CONTENT_REFUSED: "邮件内容被拒收，已改发较短的一封",
    SendVerdict.UNMAKEABLE: "无法生成邮件",
}


def is_failing(way: DeliveryChannel, settings: Settings, now: datetime) -> bool:
    """Whether nothing went out for longer than the settings bear, although it was tried again and again."""
    limit = timedelta(minutes=settings.mail_failing_minutes)
    if way.failing_since is None or way.last_failed_at is None or now - way.failing_since < limit:
        return False
    # Not trying is no failing: attempts have to be spread over the time.
    return way.failed >= ENOUGH_FAILURES and way.last_failed_at - way.failing_since >= limit / 2


def mail_incidents(session: Session, settings: Settings, now: datetime) -> Iterator[Draft]:
    """What ought to be open at ``now`` about sending: one matter for each recipient who gets nothing, and for each way.

    A recipient who is told of by name is no reason to say that mail fails, or that their summary did not go out.
    """
    unsent = (NoticeState.WAITING, NoticeState.SENDING, NoticeState.REFUSED)
    named: set[str] = set()
    for refused in refused_notices(session, unsent, now - A_MONTH):
        if is_impossible(refused.recipient):
            named.add(refused.recipient)  # told of by its line in offices.yaml
        elif _has_to_be_known(refused, settings, now):
            named.add(refused.recipient)
            yield to_operators(
                IncidentKind.MAIL_REFUSED,
                f"mail-refused:{refused.recipient}",
                Severity.ERROR,
                f"发给{refused.recipient}的{refused.notices}封自{chinese_moment(refused.since)}起未能送达"
                f"（{_WHY[refused.verdict]}），最近一封“{refused.subject}”；最后的答复：{refused.answer}",
            )
    for way in delivery_channels(session, failing=True):
        if way.failing_since is None or not is_failing(way, settings, now):
            continue
        name = "邮件" if way.way == MAIL else f"聊天群“{way.way.removeprefix(CHANNEL)}”"
        yield to_operators(
            IncidentKind.MAIL_FAILING,
            way.way,
            Severity.ERROR,
            f"{name}自{chinese_moment(way.failing_since)}起发不出去，已试{way.failed}次，"
            f"{way.waiting}封在等待；最后的答复：{way.answer}",
        )
    late = timedelta(hours=settings.summary_late_hours)
    for summary in late_summaries(session, now - late, now - A_WEEK):
        if summary.recipient in named:
            continue
        why = "被收件方服务器拒收" if summary.refused else "至今没有发出"
        yield to_operators(
            IncidentKind.SUMMARY_LATE,
            f"summary:{summary.identity}",
            Severity.ERROR,
            f"{chinese_moment(summary.created_at)}写好的周报{why}：发给{summary.recipient}的“{summary.subject}”",
            notice=summary.notice_id,
        )


def _has_to_be_known(refused: Refused, settings: Settings, now: datetime) -> bool:
    """Whether a refusal is more than the moment's, and of this recipient or message rather than of us.

    While nobody's mail passes, sending itself fails, and that is told instead (``MAIL_FAILING``). A chat group has a
    service of its own: what fails there is told as that.
    """
    if refused.verdict is SendVerdict.UNMAKEABLE:
        return True
    if is_channel(refused.recipient) and refused.verdict not in REFUSALS:
        return False
    long_enough = now - refused.since >= timedelta(minutes=settings.mail_failing_minutes)
    return long_enough and (refused.others_passed or refused.verdict is SendVerdict.CONTENT_REFUSED)

"""Who gets no more messages: written once, ended by an operator, and what was refused meanwhile is sent again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ledger.database import Ledger
from ledger.messages.notices import write_notice
from ledger.messages.outbox import claim_notice, end_attempt
from ledger.messages.suppressions import list_suppressions, resume_messages, suppress_messages, suppression_for
from ledger.models import Notice, SendLog
from ledger.states import NoticeForm, NoticeKind, NoticeState, SendVerdict, SuppressionReason, Topic
from tests.monitor.factory import at

pytestmark = pytest.mark.both_databases

OFFICE = "office@yunshan.example"


def notice(ledger: Ledger, identity: str, recipient: str, moment: str, state: NoticeState) -> None:
    """A notice whose one attempt ended so."""
    now = at(moment)
    row: dict[str, Any] = {"identity": identity, "kind": NoticeKind.ALERT, "recipient": recipient, "subject": "s"}
    row |= {"text": "t", "html": "h", "message_id": f"<{identity}@x>", "in_reply_to": None}
    with ledger.write() as session:
        write_notice(session, row, {}, now)
        number = session.scalars(select(Notice.id).where(Notice.identity == identity)).one()
        claimed = claim_notice(session, number, now, now)
        assert claimed is not None
        end_attempt(
            session, claimed, state, SendVerdict.ADDRESS_REFUSED, "550 no such mailbox", now, now, NoticeForm.FULL
        )


def states(ledger: Ledger) -> dict[str, NoticeState]:
    with ledger.read() as session:
        return {row.identity: row.state for row in session.scalars(select(Notice))}


def test_a_topic_is_stopped_once_and_reminders_stop_with_the_alerts(ledger: Ledger) -> None:
    with ledger.write() as session:
        stop = (OFFICE.upper(), Topic.ALERTS, SuppressionReason.UNSUBSCRIBED)
        assert suppress_messages(session, *stop, "退订", at("2020-02-01"))
        assert not suppress_messages(session, *stop, "再次退订", at("2020-02-02"))
    with ledger.read() as session:
        stopped = {kind: suppression_for(session, OFFICE, kind, at("2020-02-05")) is not None for kind in NoticeKind}
        (only,) = list_suppressions(session)
    assert [kind.value for kind, is_stopped in stopped.items() if is_stopped] == [
        "alert",
        "correction",
        "reminder",
        "digest",
    ]
    assert (only.recipient, only.words, only.since) == (OFFICE, "退订", at("2020-02-01"))


def test_reminders_alone_can_be_stopped(ledger: Ledger) -> None:
    with ledger.write() as session:
        suppress_messages(session, OFFICE, Topic.REMINDERS, SuppressionReason.UNSUBSCRIBED, "退订", at("2020-02-01"))
        assert suppression_for(session, OFFICE, NoticeKind.REMINDER, at("2020-02-05")) is not None
        assert suppression_for(session, OFFICE, NoticeKind.ALERT, at("2020-02-05")) is None
        assert suppression_for(session, "other@yunshan.example", NoticeKind.REMINDER, at("2020-02-05")) is None


def test_what_was_refused_is_sent_again_when_an_operator_says_so(ledger: Ledger) -> None:
    notice(ledger, "before", OFFICE, "2020-01-20", NoticeState.REFUSED)
    notice(ledger, "within", OFFICE, "2020-02-01", NoticeState.REFUSED)
    notice(ledger, "unwanted", OFFICE, "2020-02-01", NoticeState.STOPPED)
    notice(ledger, "other", "other@yunshan.example", "2020-02-01", NoticeState.REFUSED)
    with ledger.write() as session:
        suppress_messages(
            session, OFFICE, Topic.ALL, SuppressionReason.REFUSED, "550 no such mailbox", at("2020-02-01")
        )
        suppress_messages(session, OFFICE, Topic.WEEKLY, SuppressionReason.UNSUBSCRIBED, "退订", at("2020-01-01"))
    with ledger.write() as session:
        ended = resume_messages(session, OFFICE, Topic.ALL, "李强", "邮箱已恢复", at("2020-02-03"))
        assert [(stop.topic, stop.ended_by, stop.ended_why) for stop in ended] == [(Topic.ALL, "李强", "邮箱已恢复")]
        assert [stop.topic for stop in list_suppressions(session)] == [Topic.WEEKLY]
        assert len(list_suppressions(session, ended=True)) == 2
        assert resume_messages(session, OFFICE, Topic.ALL, "李强", "再来一次", at("2020-02-04")) == []
    assert states(ledger) == {
        "before": NoticeState.REFUSED,
        "within": NoticeState.WAITING,
        "unwanted": NoticeState.STOPPED,
        "other": NoticeState.REFUSED,
    }
    with ledger.write() as session:
        assert suppress_messages(session, OFFICE, Topic.ALL, SuppressionReason.REFUSED, "550", at("2020-02-05"))
        assert session.scalars(select(SendLog)).all()

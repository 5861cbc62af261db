"""A mail server takes a message and reports later that it could not deliver it: in Postfix's form of RFC 3464."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from sqlalchemy import select

from cli.demo.inbox import Inbox
from cli.main import main
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.incidents import list_incidents
from ledger.messages.notices import write_notice
from ledger.messages.suppressions import list_suppressions, resume_messages
from ledger.models import SendLog
from ledger.states import IncidentKind, NoticeKind, NoticePurpose, SuppressionReason, Topic
from monitor.channels.mail.bounce import NoBounceError, read_bounce
from monitor.loop import tick
from monitor.notices.bounces import record_bounce
from tests.monitor.factory import OFFICE, OPERATORS, World, at
from tests.monitor.notices.test_recipients import two_agencies
from tests.monitor.reading_mail import text_of, told

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mail.yunshan.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: nianbao@localhost
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limit"

--limit
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--limit
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.yunshan.example
X-Postfix-Queue-ID: 4F2B1C0A
Arrival-Date: Mon, 3 Feb 2020 07:30:00 +0800 (CST)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; inner.yunshan.example
Diagnostic-Code: smtp; {said}

--limit
Content-Description: Undelivered Message
Content-Type: {returned}

From: nianbao@localhost
To: {recipient}
Message-ID: {message_id}
Subject: =?utf-8?B?5bm05oql?=

--limit--
"""


def report(
    message_id: str,
    recipient: str = OFFICE,
    status: str = "5.1.1",
    said: str = "550 5.1.1 <office>: User\n unknown",
    action: str = "failed",
    returned: str = "message/rfc822",
) -> bytes:
    return REPORT.format(
        message_id=message_id, recipient=recipient, status=status, said=said, action=action, returned=returned
    ).encode()


@pytest.fixture
def sent(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> str:
    """The Message-ID of an alert that the office's mail server took."""
    two_agencies(world)
    tick(mailing, ledger, at("2020-02-03 07:30"))
    return str(told(inbox)[0]["Message-ID"])


def to_somebody_else(ledger: Ledger, moment: str) -> None:
    """A message that the same mail server took for somebody else."""
    now = at(moment)
    row: dict[str, Any] = {
        "identity": f"other:{moment}",
        "kind": NoticeKind.OPERATORS,
        "purpose": NoticePurpose.ALERT,
        "recipient": "o@yunshan.example",
    }
    row |= {"subject": "s", "text": "t", "html": "h", "message_id": f"<{moment}@x>", "in_reply_to": None}
    with ledger.write() as session:
        write_notice(session, row, {}, now)


def test_an_address_that_comes_back_twice_while_others_pass_is_stopped_and_the_operators_hear_of_it(
    mailing: Settings, ledger: Ledger, inbox: Inbox, sent: str
) -> None:
    (bounce,) = read_bounce(report(sent, recipient="Office@Yunshan.example"))
    assert record_bounce(ledger, bounce, [OPERATORS], at("2020-02-03 08:30")) == OFFICE
    to_somebody_else(ledger, "2020-02-03 08:40")
    with ledger.read() as session:
        assert list_suppressions(session) == [], "once is no proof"
    tick(mailing, ledger, at("2020-02-03 09:31"))
    assert [str(mail["Message-ID"]) for mail in inbox.messages()].count(sent) == 2, "it is tried once more"
    assert record_bounce(ledger, bounce, [OPERATORS], at("2020-02-03 10:00")) == OFFICE
    with ledger.read() as session:
        (stop,) = list_suppressions(session)
    assert (stop.recipient, stop.topic, stop.reason) == (OFFICE, Topic.ALL, SuppressionReason.REFUSED)
    assert stop.words == "退信：5.1.1 550 5.1.1 <office>: User unknown"
    before = len(inbox.messages())
    tick(mailing, ledger, at("2020-02-03 10:30"))
    after = inbox.messages()[before:]
    assert OFFICE not in [str(mail["To"]) for mail in after]
    assert any("不再接收" in text_of(mail) for mail in after)  # told to the operators
    # Resumed, what came back is sent again, and with the same identity.
    with ledger.write() as session:
        resume_messages(session, OFFICE, None, "李强", "邮箱已恢复", at("2020-02-03 11:00"))
    tick(mailing, ledger, at("2020-02-03 11:01"))
    assert [str(mail["Message-ID"]) for mail in inbox.messages()].count(sent) == 3


def test_the_same_report_twice_changes_nothing(ledger: Ledger, sent: str) -> None:
    (bounce,) = read_bounce(report(sent))
    for hour in ("08", "09"):
        assert record_bounce(ledger, bounce, [OPERATORS], at(f"2020-02-03 {hour}:30")) == OFFICE
    with ledger.read() as session:
        assert list_suppressions(session) == []
        assert len(session.scalars(select(SendLog).where(~SendLog.delivered)).all()) == 1


def test_a_full_mailbox_stops_nothing_and_the_message_is_sent_again(
    mailing: Settings, ledger: Ledger, inbox: Inbox, sent: str
) -> None:
    (bounce,) = read_bounce(report(sent, status="5.2.2 (mailbox full)", said="552 5.2.2 over quota"))
    assert record_bounce(ledger, bounce, [OPERATORS], at("2020-02-03 08:30")) == OFFICE
    with ledger.read() as session:
        assert list_suppressions(session) == []
        assert IncidentKind.RECIPIENT not in {incident.kind for incident in list_incidents(session)}
    tick(mailing, ledger, at("2020-02-03 09:31"))
    assert [str(mail["Message-ID"]) for mail in inbox.messages()].count(sent) == 2


def test_only_what_went_to_this_recipient_counts(ledger: Ledger, sent: str) -> None:
    for forged in (report(sent, recipient="head@yunshan.example"), report("<guessed@nianbao.invalid>")):
        (bounce,) = read_bounce(forged)
        assert record_bounce(ledger, bounce, [OPERATORS], at("2020-02-03 08:30")) is None
    with ledger.read() as session:
        assert list_suppressions(session) == []


def test_the_head_of_our_message_is_enough() -> None:
    (whole,) = read_bounce(report("<x@y>"))
    (head,) = read_bounce(report("<x@y>", returned="text/rfc822-headers"))
    assert whole == head
    assert whole.message_id == "<x@y>" and whole.recipients == {OFFICE}


def test_a_delay_is_no_failure() -> None:
    assert read_bounce(report("<x@y>", action="delayed", status="4.4.1")) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是标准的退信报告（RFC 3464）"),
        ("Subject: 自动回复\n\n我在休假".encode(), "不是标准的退信报告（RFC 3464）"),
        (report("").replace(b"Message-ID: \n", b""), "退信报告没有附上原邮件的 Message-ID，无法知道是哪一封"),
    ],
)
def test_what_is_no_report_is_said_to_be_none(content: bytes, sentence: str) -> None:
    with pytest.raises(NoBounceError) as error:
        read_bounce(content)
    assert str(error.value) == sentence


def test_from_a_mail_server_s_pipe(
    sqlite_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report("<x@nianbao.invalid>"))))
    with pytest.raises(SystemExit) as ended:
        main(["mail", "bounced"])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "标准输入：台账中没有发给这个收件人的这一封，未登记\n"

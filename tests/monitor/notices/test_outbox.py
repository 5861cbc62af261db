"""The outbox: every mail arrives exactly once, whatever happens to monitors and mail servers."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Incident, Notice, SendLog
from ledger.states import ArticleOutcome, NoticeState
from monitor.loop import tick
from monitor.notices.outbox import send_waiting
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import OFFICE, OFFICES_WITH_SUMMARY, OPERATORS, World, at, write_register

HOSTILE = (
    "年度报告\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script>\u202e\u2066=cmd|' /C calc'!A0"
    + "长" * 10_000
)


def make_findings(world: World, count: int = 4) -> None:
    """One mail for each of so many agency-years: a report of one agency with findings in different years."""
    for year in range(2019, 2019 + count):
        article = world.article("yunshan-dongjie", year, f"{year + 1}-01-17", column="streets")
        version = world.version(article, f"{year + 1}-01-17")
        world.finding(version, "yunshan-dongjie", year, f"{year + 1}-01-17")


@pytest.mark.both_databases
def test_two_monitors_at_once_send_every_mail_once(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    make_findings(world)
    start = threading.Barrier(3, timeout=900)
    ledgers = [open_mailing_ledger(mailing) for _ in range(3)]
    errors: list[BaseException] = []

    def monitor(own: Ledger) -> None:
        try:
            start.wait()
            for hour in range(9, 14):
                tick(mailing, own, at(f"2023-01-17 {hour:02}:00"))
        except BaseException as error:  # noqa: BLE001 - shown below, in the test's own thread
            errors.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=monitor, args=(own,)) for own in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    ids = Counter(str(message["Message-ID"]) for message in inbox.messages())
    assert set(ids.values()) == {1}
    with ledger.read() as session:
        notices = session.scalars(select(Notice)).all()
    assert {notice.message_id for notice in notices} == set(ids)
    assert all(notice.state is NoticeState.SENT and notice.attempts == 1 for notice in notices)
    assert sum(notice.identity.startswith("alert:") for notice in notices) == 4


def test_mail_waits_while_the_server_is_down_and_arrives_once(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    make_findings(world, 1)
    inbox.stop()
    now = at("2020-01-17 13:00")
    assert tick(mailing, ledger, now).sent == 0
    assert tick(mailing, ledger, now + timedelta(seconds=30)).sent == 0
    assert tick(mailing, ledger, now + timedelta(minutes=2)).sent == 0
    with ledger.read() as session:
        notice = session.scalars(select(Notice).where(Notice.recipient == OFFICE).order_by(Notice.id)).first()
        assert notice is not None
        log = session.scalars(select(SendLog).where(SendLog.notice_id == notice.id)).all()
    assert (notice.state, notice.attempts, notice.sent_at) == (NoticeState.WAITING, 2, None)
    assert notice.next_attempt_at >= now + timedelta(minutes=4)
    assert [row.delivered for row in log] == [False, False]
    assert "无法使用邮件服务器 127.0.0.1" in log[0].answer
    inbox.start()
    later = now + timedelta(hours=2)
    assert tick(mailing, ledger, later).sent == len(inbox.messages()) > 0
    assert tick(mailing, ledger, later + timedelta(hours=2)).sent == 0
    assert set(Counter(str(message["Message-ID"]) for message in inbox.messages()).values()) == {1}


@pytest.mark.both_databases
def test_a_sender_that_died_is_followed_by_another_with_the_same_message_id(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    make_findings(world, 1)
    tick(mailing, ledger, at("2020-01-17 13:00"))
    sent = inbox.messages()[0]["Message-ID"]
    with ledger.write() as session:
        session.execute(
            update(Notice)
            .where(Notice.message_id == sent)
            .values(state=NoticeState.SENDING, claimed_until=at("2020-01-17 13:05"))
        )
    assert send_waiting(mailing, ledger, "a@b.example", at("2020-01-17 13:04")) == 0
    assert send_waiting(mailing, ledger, "a@b.example", at("2020-01-17 13:05")) == 1
    assert inbox.messages()[-1]["Message-ID"] == sent


def test_a_refused_recipient_is_told_to_the_operators_and_nothing_is_lost(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, offices=OFFICES_WITH_SUMMARY)
    make_findings(world, 1)
    inbox.refused = {OFFICE}
    for moment in ("2020-01-17 13:00", "2020-01-17 14:00", "2020-01-20 13:00", "2020-01-20 14:00", "2020-01-20 15:00"):
        tick(mailing, ledger, at(moment))
    assert {str(message["To"]) for message in inbox.messages()} == {OPERATORS}
    subjects = {str(incident.subject) for incident in open_incidents(ledger)}
    assert f"mail-refused:{OFFICE}" in subjects
    assert f"recipient:{OFFICE}:all" not in subjects, "nobody else at its domain took anything: that is no proof"
    with ledger.read() as session:
        states = set(session.scalars(select(Notice.state).where(Notice.recipient == OFFICE)))
    assert states == {NoticeState.WAITING}
    inbox.refused = set()
    tick(mailing, ledger, at("2020-01-21 09:01"))
    with ledger.read() as session:
        assert set(session.scalars(select(Notice.state).where(Notice.recipient == OFFICE))) == {NoticeState.SENT}


def open_incidents(ledger: Ledger) -> list[Incident]:
    with ledger.read() as session:
        return list(session.scalars(select(Incident).where(Incident.resolved_at.is_(None))))


def test_a_hostile_title_is_harmless(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    write_register(mailing.home, offices=OFFICES_WITH_SUMMARY)
    article = world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", title=HOSTILE)
    version = world.version(article, "2020-01-17")
    world.finding(version, "yunshan-dongjie", 2019, "2020-01-17", message=HOSTILE)
    unassigned = ArticleOutcome.UNASSIGNED
    world.article("yunshan-culture", None, "2020-01-18", title=HOSTILE, reason=HOSTILE, outcome=unassigned)
    tick(mailing, ledger, at("2020-01-20 13:00"))
    messages = inbox.messages()
    assert len(messages) == 3  # to the office its alert and its summary, to the operators what cannot be assigned
    for message in messages:
        assert message["Bcc"] is None
        assert len(str(message["Subject"])) <= 121
        assert all(part.defects == [] for part in message.walk())
        for part in ("plain", "html"):
            body = message.get_body((part,))
            assert body is not None
            content = body.get_content()
            assert not set(content) & set("\u202e\u2066")
            assert "\nBcc:" not in content
            assert "长" * 1000 not in content
            assert part == "plain" or "<script" not in content

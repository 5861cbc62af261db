"""A short season under fire, and that the invariants see what they are there for; ``make chaos`` runs longer ones."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from redis import Redis

from cli.broker import EmbeddedBroker
from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import Settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.models import Incident, Notice, SendLog, StandingChange
from ledger.states import Audience, IncidentKind, NoticeKind, NoticeState, Queue, Standing
from monitor.standings.obligations import update_obligations
from tests.chaos import invariants
from tests.chaos.faults import CLOCK_WRONG, FAIL_OVER, Fault
from tests.chaos.fire import Happened
from tests.chaos.run import run
from tests.chaos.season import HOSTILE, OPERATORS, Season
from tests.chaos.servers import MailServer
from tests.mailing import open_mailing_ledger
from workers.dispatch import Message, Sender
from workers.queue import CANARY, TASK

NOW = datetime(2026, 1, 20, 4, tzinfo=UTC)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_whatever_dies_every_invariant_holds(home: Path, tmp_path: Path) -> None:
    said: list[str] = []
    outcome = run(1, 0.5, tmp_path / "run", said.append, portals=3, agencies=8)
    assert outcome.violations == [], "\n".join(said)
    assert sum(outcome.faults.values()) >= 3
    # Each of the seven fates at least once, and so at least one mail about each that is worth one.
    assert len(outcome.fates) == 7
    assert outcome.documents > 0
    assert outcome.mails > 0


@pytest.fixture
def ledger(sqlite_settings: Settings) -> Iterator[Ledger]:
    with closing(open_mailing_ledger(sqlite_settings)) as opened:
        yield opened


@pytest.fixture
def season() -> Season:
    made = Season(1, date(2026, 1, 20), 1, 8)
    made.share = 3.0
    return made


def incident(ledger: Ledger, kind: IncidentKind, subject: str, opened_at: datetime = NOW) -> None:
    row = {
        "kind": kind,
        "subject": subject,
        "audience": Audience.OPERATORS,
        "level": "error",
        "sentence": "机器的时钟不准",
        "detail": {},
        "opened_at": opened_at,
    }
    with ledger.write() as session:
        session.add(Incident(**row))


def sent(ledger: Ledger, message_id: str, attempts: int, *answers: tuple[bool, str]) -> None:
    """A notice that was sent, with the log of its attempts."""
    with ledger.write() as session:
        notice = Notice(
            identity=f"alert:{message_id}",
            kind=NoticeKind.OPERATORS,
            recipient=OPERATORS,
            subject=message_id,
            text="",
            html="",
            message_id=message_id,
            created_at=NOW,
            state=NoticeState.SENT,
            attempts=attempts,
            next_attempt_at=NOW,
        )
        session.add(notice)
        session.flush()
        session.add_all(
            SendLog(notice_id=notice.id, at=NOW, delivered=delivered, answer=answer) for delivered, answer in answers
        )


def arrive(inbox: Inbox, message_id: str, times: int) -> None:
    for number in range(times):
        message = EmailMessage()
        message["Message-ID"] = message_id
        (inbox.folder / f"{message_id[1:-1]}-{number}.eml").write_bytes(bytes(message))


def about_mails(ledger: Ledger, inbox: MailServer, happened: Sequence[Happened] = ()) -> list[str]:
    with ledger.read() as session:
        return list(invariants.mails(session, inbox, happened))


DELIVERED, LATER, BROKEN_OFF = (True, "250 OK"), (False, "451 later"), (False, "与邮件服务器的连接中断（x）")
# How many arrived, how many attempts were counted, and the log of those whose end could be written.
HOLDS = (
    (1, 1, [DELIVERED]),
    (1, 2, [LATER, DELIVERED]),
    (2, 2, [BROKEN_OFF, DELIVERED]),
    (2, 2, [DELIVERED]),
)
DOES_NOT_HOLD = (
    (0, 1, [DELIVERED]),
    (2, 1, [DELIVERED]),
    (2, 2, [DELIVERED, DELIVERED]),
    (2, 2, [LATER, DELIVERED]),
    (3, 2, [DELIVERED]),
)


def test_a_mail_comes_again_only_where_the_answer_was_lost(ledger: Ledger, tmp_path: Path) -> None:
    inbox = MailServer(tmp_path / "inbox", lambda _: True)
    for number, (arrived, attempts, answers) in enumerate((*HOLDS, *DOES_NOT_HOLD)):
        sent(ledger, f"<{number}@x>", attempts, *answers)
        arrive(inbox, f"<{number}@x>", arrived)
    found = about_mails(ledger, inbox)
    named = sorted({sentence[1 : sentence.index("”")] for sentence in found})
    assert named == [f"<{number}@x>" for number in range(len(HOLDS), len(HOLDS) + len(DOES_NOT_HOLD))]


def test_a_mail_that_no_row_knows_and_an_incident_that_nobody_was_told_of(ledger: Ledger, tmp_path: Path) -> None:
    inbox = MailServer(tmp_path / "inbox", lambda _: True)
    arrive(inbox, "<one@nianbao.example>", 1)
    inbox.without_a_row.append("<early@nianbao.example>")
    incident(ledger, IncidentKind.BROKER_AWAY, "queue")
    early, unknown, untold = about_mails(ledger, inbox)
    assert "before its row was there: <early@" in early
    assert "no row knows: <one@" in unknown
    assert "was not told of broker_away" in untold


def mail(inbox: Inbox, message_id: str, subject: str, at: datetime) -> None:
    """A mail about a subject, as it arrived at a moment."""
    message = EmailMessage()
    message["Message-ID"], message["To"], message["Subject"] = message_id, "office@x.example", subject
    file = inbox.folder / f"{message_id[1:-1]}-{at.timestamp():.0f}.eml"
    file.write_bytes(bytes(message))
    os.utime(file, (at.timestamp(), at.timestamp()))


def test_what_a_fail_over_lost_comes_again_as_the_same_or_not_at_all(ledger: Ledger, tmp_path: Path) -> None:
    minute = timedelta(minutes=1)
    over = Happened(Fault(FAIL_OVER, "database", "x", lambda: None, lambda: None, 4), NOW, NOW + minute)
    inbox = MailServer(tmp_path / "inbox", lambda _: True)
    sent(ledger, "<again@x>", 1, DELIVERED)
    mail(inbox, "<again@x>", "again", NOW + minute / 2)
    mail(inbox, "<again@x>", "again", NOW + 2 * minute)
    mail(inbox, "<over@x>", "over by then", NOW + minute / 2)
    assert about_mails(ledger, inbox, [over]) == []
    assert len(about_mails(ledger, inbox)) == 2
    sent(ledger, "<other@x>", 1, DELIVERED)
    mail(inbox, "<lost@x>", "told", NOW + minute / 2)
    mail(inbox, "<other@x>", "told", NOW + 2 * minute)
    (sentence,) = about_mails(ledger, inbox, [over])
    assert sentence.startswith("office@x.example was told “told” again after a fail-over under another Message-ID")


def test_half_of_the_network_is_one_incident(ledger: Ledger) -> None:
    def about() -> list[str]:
        with ledger.read() as session:
            return list(invariants.network(session, NOW))

    incident(ledger, IncidentKind.PORTAL, "portal:before", NOW - timedelta(minutes=1))
    incident(ledger, IncidentKind.PORTAL, f"portal:{HOSTILE}")
    incident(ledger, IncidentKind.PORTAL, "portals:network")
    assert about() == []
    incident(ledger, IncidentKind.PORTAL, "portal:district0")
    (sentence,) = about()
    assert "told 2 times" in sentence


def test_the_hostile_portal_accuses_nobody(ledger: Ledger, season: Season, sqlite_settings: Settings) -> None:
    season.write_office(sqlite_settings.home, {"district0": "http://127.0.0.1:1", HOSTILE: "http://127.0.0.1:1"})
    update_obligations(ledger, load_register(sqlite_settings.home), NOW)
    agency = season.at_the_hostile[0].id
    row = {"agency": agency, "year": season.year, "changed_at": NOW, "sentence": "", "evidence": {}}
    with ledger.write() as session:
        session.add(StandingChange(**row, now=Standing.UNVERIFIABLE))
    with ledger.read() as session:
        assert list(invariants.hostile(session, season)) == []
    with ledger.write() as session:
        session.add(StandingChange(**row | {"changed_at": NOW + timedelta(hours=1)}, now=Standing.WITHDRAWN))
    with ledger.read() as session:
        (sentence,) = invariants.hostile(session, season)
    assert sentence.startswith(f"{agency}, whose portal is hostile, was said to be withdrawn")


def test_a_clock_is_said_to_be_wrong_only_where_and_while_one_is(ledger: Ledger) -> None:
    def wrong(seconds: float) -> list[Happened]:
        fault = Fault(CLOCK_WRONG, "x clock", "x", lambda: None, lambda: None, seconds)
        return [Happened(fault, NOW, NOW + timedelta(seconds=seconds))]

    def about(happened: list[Happened]) -> list[str]:
        with ledger.read() as session:
            return [sentence[:30] for sentence in invariants.clocks(session, happened)]

    assert about([]) == about(wrong(3)) == []
    incident(ledger, IncidentKind.CLOCK_WRONG, "jump:host", NOW + timedelta(seconds=9))
    assert about(wrong(30)) == []
    assert about([]) == ["a clock was said to be wrong, "]
    incident(ledger, IncidentKind.CLOCK_WRONG, "skew:host", NOW + timedelta(seconds=9))
    assert about(wrong(30)) == ["every clock is right again, an"]


def test_bytes_without_a_row_are_no_report_and_are_explained(
    ledger: Ledger, season: Season, sqlite_settings: Settings
) -> None:
    archive = open_archive(sqlite_settings)
    archive.put(b"a list page that changed meanwhile")
    assert list(invariants.archive(ledger, archive, season, killed=0)) == []
    half = sqlite_settings.home / "archive" / "ab" / "ab12.7.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    assert list(invariants.archive(ledger, archive, season, killed=1)) == []
    half.write_bytes(b"half")
    assert list(invariants.archive(ledger, archive, season, killed=0)) == [
        "1 files are half-written, and 0 processes were killed"
    ]
    archive.put(season.page_of(season.agencies()[0]))
    (sentence,) = invariants.archive(ledger, archive, season, killed=9)
    assert sentence.startswith("a report is in the archive and no row names it")


def test_refused_rows_and_faults_of_ours_are_seen_in_the_logs(tmp_path: Path) -> None:
    database, role = tmp_path / "database.log", tmp_path / "monitor-0.log"
    database.write_text(
        "2026-01-20 [7] ERROR:  canceling statement due to user request\n"
        '2026-01-20 [7] ERROR:  duplicate key value violates unique constraint "pk_standings"\n'
        "2026-01-20 [7] STATEMENT:  INSERT INTO standings (x) VALUES ($1)\n"
        "2026-01-20 [7] ERROR:  deadlock detected\n2026-01-20 [7] DETAIL:  Process 7 waits\n\tProcess 8 waits\n"
        "2026-01-20 [7] STATEMENT:  UPDATE portals SET claimed_until=$1\n"
        "2026-01-20 [7] ERROR:  deadlock detected\n2026-01-20 [7] DETAIL:  Process 7 waits\n\tProcess 8 waits\n"
        "2026-01-20 [7] STATEMENT:  INSERT INTO articles (x) VALUES ($1)\n"
    )
    role.write_text(
        "Traceback (most recent call last):\n  File x\nKeyError: 'a'\n\nThe above exception was the direct cause\n\n"
        "Traceback (most recent call last):\n  File x\nledger.archive.ArchiveError: 磁盘已满\n"
        "Traceback (most recent call last):\n  File x\nAttributeError: 'NoneType'\n"
    )
    refused, deadlock, fault = invariants.logs(database, [role])
    assert refused == 'the database said 1 times: duplicate key value violates unique constraint "pk_standings"'
    assert deadlock == "the database said 1 times: deadlock detected"
    assert fault == "monitor-0 raised 1 times AttributeError: 'NoneType'"


def test_nobody_may_have_been_accused_for_a_moment_even(
    ledger: Ledger, season: Season, sqlite_settings: Settings
) -> None:
    season.write_office(sqlite_settings.home, {"district0": "http://127.0.0.1:1"})
    update_obligations(ledger, load_register(sqlite_settings.home), NOW)
    agency = season.agencies()[0].id
    row = {"agency": agency, "year": season.year, "changed_at": NOW, "sentence": "", "evidence": {}}
    with ledger.write() as session:
        session.add(StandingChange(**row, now=Standing.MISSING))
    with ledger.write() as session:
        session.add(StandingChange(**row | {"changed_at": NOW + timedelta(hours=1)}, now=Standing.ON_TIME))
    with ledger.read() as session:
        (sentence,) = invariants.before_the_due_date(session)
    assert sentence.startswith(f"{agency} was said to be missing")


def test_a_message_about_work_that_is_not_done_is_forgotten_work(ledger: Ledger, sqlite_settings: Settings) -> None:
    with (
        EmbeddedBroker(sqlite_settings),
        closing(Sender(sqlite_settings)) as sender,
        closing(Redis(unix_socket_path=str(sqlite_settings.embedded_broker_socket))) as client,
    ):
        sender.publish(CANARY, Queue.READ, [Message([1])])
        with ledger.read() as session:
            assert list(invariants.queue(session, client)) == []
        sender.publish(TASK, Queue.READ, [Message([7, NOW.isoformat()])])
        with ledger.read() as session:
            (sentence,) = invariants.queue(session, client)
    assert sentence == "a message about work 7 is left in read, and that is not done"

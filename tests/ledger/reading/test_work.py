"""The rows of the work: what is claimed once, what is counted, and what nobody but its owner may end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ledger.database import Ledger
from ledger.models import Article, Document, PortalRow, Version, Work
from ledger.reading import work
from ledger.reading.handing_out import HandedOut, claim_next, take_back, take_back_lost
from ledger.reading.quarantine import quarantined
from ledger.reading.work import Begin
from ledger.states import ArticleOutcome, Queue, VersionRole, WorkState

pytestmark = pytest.mark.both_databases

NOON = datetime(2020, 2, 1, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOST_AFTER = 15 * MINUTE


@pytest.fixture
def versions(ledger: Ledger) -> list[int]:
    """Twenty versions of one document."""
    sha256 = "0" * 64
    with ledger.write() as session:
        session.add(PortalRow(portal="p", next_due_at=NOON))
        session.add(Document(sha256=sha256, size=1, media_type="text/plain", first_fetched_at=NOON))
        session.flush()
        article = Article(
            portal="p",
            column="c",
            address="http://p.example/",
            title="",
            outcome=ArticleOutcome.REPORT,
            first_seen_at=NOON,
            last_seen_at=NOON,
        )
        session.add(article)
        session.flush()
        rows = [
            Version(
                article_id=article.id,
                role=VersionRole.BODY,
                address=f"http://p.example/{number}",
                sha256=sha256,
                content_sha256=sha256,
                first_seen_at=NOON,
            )
            for number in range(20)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


@pytest.fixture
def work_id(ledger: Ledger, versions: list[int]) -> int:
    with ledger.write() as session:
        return work.register(session, versions[0], "1", NOON)


def row(ledger: Ledger, work_id: int) -> Work:
    with ledger.read() as session:
        return session.get_one(Work, work_id)


def begin(ledger: Ledger, work_id: int, at: datetime = NOON, *, redelivered: bool = False) -> Begin:
    with ledger.write() as session:
        return work.begin(session, work_id, at, worker="w", redelivered=redelivered, most=3).how


def claim(ledger: Ledger, now: datetime, most: int = 100) -> list[int]:
    with ledger.write() as session:
        take_back_lost(session, now, LOST_AFTER)
        return [one.work_id for one in claim_next(session, Queue.READ, now, LOST_AFTER, most)]


def test_registering_twice_gives_one_row_and_another_reader_another(ledger: Ledger, versions: list[int]) -> None:
    with ledger.write() as session:
        first = work.register(session, versions[0], "1", NOON)
        assert work.register(session, versions[0], "1", NOON + MINUTE) == first
        assert work.register(session, versions[0], "2", NOON) != first
        assert session.get_one(Work, first).created_at == NOON
        assert work.unfinished(session) == 2


def test_one_of_many_begins(ledger: Ledger, work_id: int) -> None:
    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(lambda _: begin(ledger, work_id), range(6)))
    assert sorted(result.name for result in results) == ["BEGUN"] + ["NOT_OURS"] * 5
    assert row(ledger, work_id).attempts == 1


def test_a_claim_is_given_to_one_of_many(ledger: Ledger, versions: list[int]) -> None:
    with ledger.write() as session:
        registered = [work.register(session, version, "1", NOON) for version in versions]
    with ThreadPoolExecutor(5) as threads:
        claims = list(threads.map(lambda _: claim(ledger, NOON, 7), range(5)))
    assert sorted(claimed for some in claims for claimed in some) == registered


def test_what_was_sent_is_claimed_again_only_when_it_counts_as_lost(ledger: Ledger, work_id: int) -> None:
    assert claim(ledger, NOON) == [work_id]
    assert claim(ledger, NOON + 14 * MINUTE) == []
    assert claim(ledger, NOON + 15 * MINUTE) == [work_id]
    assert claim(ledger, NOON + 15 * MINUTE) == []


def test_a_claim_that_could_not_be_sent_is_free_again(ledger: Ledger, work_id: int) -> None:
    assert claim(ledger, NOON) == [work_id]
    with ledger.write() as session:
        take_back(session, [HandedOut(work_id, NOON)])
    assert claim(ledger, NOON) == [work_id]


def test_what_failed_is_sent_again_when_it_is_due(ledger: Ledger, work_id: int) -> None:
    claim(ledger, NOON)
    begin(ledger, work_id)
    with ledger.write() as session:
        assert work.wait_again(session, work_id, 1, NOON, NOON + 5 * MINUTE, "timeout", "慢")
    assert begin(ledger, work_id, NOON + 4 * MINUTE) is Begin.NOT_OURS
    assert claim(ledger, NOON + 4 * MINUTE) == []
    assert claim(ledger, NOON + 5 * MINUTE) == [work_id]


def test_what_runs_too_long_waits_again_and_keeps_its_attempts(ledger: Ledger, work_id: int) -> None:
    begin(ledger, work_id)
    assert claim(ledger, NOON + 29 * MINUTE) == []
    assert claim(ledger, NOON + 30 * MINUTE) == [work_id]
    assert begin(ledger, work_id, NOON + 30 * MINUTE) is Begin.BEGUN
    assert row(ledger, work_id).attempts == 2


def test_a_redelivered_message_takes_over_but_not_for_ever(ledger: Ledger, work_id: int) -> None:
    assert begin(ledger, work_id) is Begin.BEGUN
    assert begin(ledger, work_id) is Begin.NOT_OURS
    assert begin(ledger, work_id, redelivered=True) is Begin.BEGUN
    assert begin(ledger, work_id, redelivered=True) is Begin.BEGUN
    assert begin(ledger, work_id, redelivered=True) is Begin.OUT_OF_ATTEMPTS
    assert row(ledger, work_id).attempts == 3


def test_an_attempt_that_somebody_else_has_taken_over_ends_nothing(ledger: Ledger, work_id: int) -> None:
    begin(ledger, work_id)
    begin(ledger, work_id, redelivered=True)
    with ledger.write() as session:
        assert not work.wait_again(session, work_id, 1, NOON, NOON, "timeout", "慢")
    assert row(ledger, work_id).state is WorkState.RUNNING


def test_work_ends_once(ledger: Ledger, work_id: int) -> None:
    begin(ledger, work_id)
    with ledger.write() as session:
        assert work.finish(session, work_id, NOON)
        assert not work.finish(session, work_id, NOON + MINUTE)
        assert not work.quarantine(session, work_id, NOON + MINUTE, "crashed", "坏")
    ended = row(ledger, work_id)
    assert (ended.state, ended.finished_at, ended.error) == (WorkState.DONE, NOON, None)
    assert begin(ledger, work_id, redelivered=True) is Begin.NOT_OURS


def test_out_of_quarantine_it_has_all_its_attempts_again(ledger: Ledger, work_id: int) -> None:
    begin(ledger, work_id)
    with ledger.write() as session:
        work.quarantine(session, work_id, NOON, "broken", "坏")
        assert [document.work_id for document in quarantined(session)] == [work_id]
        assert work.retry(session, [work_id, 999], NOON + MINUTE) == [work_id]
        assert work.retry(session, [work_id], NOON + MINUTE) == []
        assert session.scalars(select(Work.attempts)).one() == 0
    assert claim(ledger, NOON + MINUTE) == [work_id]

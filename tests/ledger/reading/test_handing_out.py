"""Whose turn it is: portals one after the other, scans by themselves, and nothing given out twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.database import Ledger
from ledger.models import Article, Document, PortalRow, Version, Work
from ledger.reading import work
from ledger.reading.handing_out import HandedOut, claim_next, requeue_for_ocr
from ledger.reading.work import Begin
from ledger.states import ArticleOutcome, Queue, VersionRole, WorkState

pytestmark = pytest.mark.both_databases

NOON = datetime(2020, 2, 1, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOST_AFTER = 15 * MINUTE
SHA256 = "0" * 64


class Portals:
    """Portals that show documents."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.write() as session:
            session.add(Document(sha256=SHA256, size=1, media_type="text/plain", first_fetched_at=NOON))

    def show(self, portal: str, count: int, at: datetime = NOON) -> list[int]:
        """The ids of the work of reading so many more documents of a portal."""
        with self._ledger.write() as session:
            if session.get(PortalRow, portal) is None:
                session.add(PortalRow(portal=portal, next_due_at=NOON))
                session.flush()
            article = Article(
                portal=portal,
                column="c",
                address=f"http://{portal}.example/{at.isoformat()}",
                title="",
                outcome=ArticleOutcome.REPORT,
                first_seen_at=at,
                last_seen_at=at,
            )
            session.add(article)
            session.flush()
            registered = []
            for number in range(count):
                version = Version(
                    article_id=article.id,
                    role=VersionRole.BODY,
                    address=f"http://{portal}.example/{number}",
                    sha256=SHA256,
                    content_sha256=SHA256,
                    first_seen_at=at,
                )
                session.add(version)
                session.flush()
                registered.append(work.register(session, version.id, "1", at))
            return registered


@pytest.fixture
def portals(ledger: Ledger) -> Portals:
    return Portals(ledger)


def claim(ledger: Ledger, most: int, now: datetime = NOON, queue: Queue = Queue.READ) -> list[int]:
    with ledger.write() as session:
        return [one.work_id for one in claim_next(session, queue, now, LOST_AFTER, most)]


def begin(ledger: Ledger, work_id: int, queue: Queue = Queue.READ, *, redelivered: bool = False) -> Begin:
    with ledger.write() as session:
        return work.begin(session, work_id, NOON, worker="w", redelivered=redelivered, most=3, queue=queue).how


def test_a_flood_of_one_portal_does_not_hold_up_another(ledger: Ledger, portals: Portals) -> None:
    flood = portals.show("flood", 50)
    assert claim(ledger, 10) == flood[:10]
    (single,) = portals.show("quiet", 1, NOON + MINUTE)
    some = portals.show("busy", 5, NOON + MINUTE)
    later = portals.show("flood", 2, NOON + MINUTE)
    # The first of the quiet and the busy one have had nobody before them; the flood waits in its own line.
    assert claim(ledger, 6, NOON + MINUTE) == [single, *some]
    assert claim(ledger, 100, NOON + MINUTE) == [*flood[10:], *later]
    assert claim(ledger, 100, NOON + MINUTE) == []


def test_portals_that_come_back_together_have_their_turn_one_after_the_other(ledger: Ledger, portals: Portals) -> None:
    ones, others = portals.show("a", 30), portals.show("b", 3)
    assert claim(ledger, 6) == [ones[0], others[0], ones[1], others[1], ones[2], others[2]]


def test_what_another_clock_wrote_is_handed_out_at_its_own_moment(ledger: Ledger, portals: Portals) -> None:
    (ahead,) = portals.show("a", 1, NOON + 5 * MINUTE)
    with ledger.write() as session:
        (handed,) = claim_next(session, Queue.READ, NOON, LOST_AFTER, 10)
    assert handed == HandedOut(ahead, NOON + 5 * MINUTE)
    assert claim(ledger, 10, NOON + 6 * MINUTE) == []
    assert claim(ledger, 10, NOON + 20 * MINUTE) == [ahead]


def test_a_scan_is_left_to_its_queue_and_no_attempt_is_counted(ledger: Ledger, portals: Portals) -> None:
    scan, text = portals.show("a", 2)
    assert claim(ledger, 10) == [scan, text]
    assert begin(ledger, scan) is Begin.BEGUN
    with ledger.write() as session:
        assert requeue_for_ocr(session, scan, 1, NOON)
        assert not requeue_for_ocr(session, scan, 1, NOON)
        row = session.get_one(Work, scan)
        assert (row.state, row.queue, row.attempts) == (WorkState.WAITING, Queue.SCAN, 0)
    assert claim(ledger, 10) == []
    assert claim(ledger, 10, queue=Queue.SCAN) == [scan]
    assert begin(ledger, scan, Queue.SCAN) is Begin.BEGUN
    # The message that brought it to the queue "read" comes once more: who reads it now keeps it.
    assert begin(ledger, scan, redelivered=True) is Begin.NOT_OURS
    with ledger.read() as session:
        assert session.get_one(Work, scan).attempts == 1
    assert begin(ledger, scan, Queue.SCAN, redelivered=True) is Begin.BEGUN


def test_one_that_has_lost_its_work_leaves_nothing_to_others(ledger: Ledger, portals: Portals) -> None:
    (scan,) = portals.show("a", 1)
    begin(ledger, scan)
    begin(ledger, scan, redelivered=True)
    with ledger.write() as session:
        assert not requeue_for_ocr(session, scan, 1, NOON)
        assert session.get_one(Work, scan).queue is Queue.READ

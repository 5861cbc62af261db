"""Whatever lives and does nothing is told within two rounds of a portal; what each of them is was planted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from config.settings import Settings
from ledger.database import Ledger
from ledger.models import PortalRow, Work
from ledger.states import PortalState, Queue, WorkState
from tests.monitor.factory import World
from tests.monitor.machinery.rows import Machinery

# Near the due date of 31 March a portal is looked at hourly: two rounds are two hours.
IN_SEASON = datetime(2020, 3, 25, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STEP, TWO_ROUNDS = 10 * MINUTE, 120 * MINUTE

# What the processes do in one step of ten minutes.
Does = Callable[["Season"], None]


class Season(Machinery):
    """An hour and more of a season in which somebody only seems to work."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        super().__init__(settings, ledger)
        self.now = IN_SEASON

    def all_live(self, *, crawls: bool = True, works: bool = True) -> None:
        """Every role beats; the crawler looks at the portal, or at nothing; the worker takes what comes, or nothing."""
        old = {"started": timedelta(days=90)}
        self.beat("monitor", "m:1", **old)
        self.beat("crawler", "c:1", **old)
        self.beat("worker", "w:1", last_work_at=self.now if works else IN_SEASON, **old)
        if crawls:
            self.portal_was_looked_at()
        for minutes in (1,) if works else (9, 6, 3, 1):
            self.canary(minutes * MINUTE, back=timedelta(seconds=1) if works else None)

    def portal_was_looked_at(self) -> None:
        """A round ended now, and the next is due in an hour."""
        with self.ledger.write() as session:
            due = self.now + 60 * MINUTE
            session.execute(
                update(PortalRow).values(state=PortalState.HEALTHY, last_round_at=self.now, next_due_at=due)
            )

    def document_waits(self, queue: Queue) -> None:
        """It has waited in this queue all the time."""
        with self.ledger.write() as session:
            session.execute(update(Work).values(state=WorkState.WAITING, queue=queue, created_at=IN_SEASON))


def idle_crawler(season: Season) -> None:
    """It beats, and takes no portal."""
    season.all_live(crawls=False)


def deaf_worker(season: Season) -> None:
    """It beats, and takes no task."""
    season.all_live(works=False)


def queue_of_nobody(season: Season) -> None:
    """Scans wait, and the only worker takes none."""
    season.all_live()
    season.document_waits(Queue.SCAN)


def worker_that_ends_nothing(season: Season) -> None:
    """It takes every task, canaries too, and no document is ever done."""
    season.all_live()
    season.document_waits(Queue.READ)


CASES: dict[str, tuple[Does, set[str]]] = {
    "a crawler that takes no portal": (idle_crawler, {"crawler_silent portals"}),
    "a worker that takes no task": (deaf_worker, {"worker_deaf queue"}),
    "a queue that nobody empties": (queue_of_nobody, {"worker_gone scans", "reading_late work:waiting"}),
    "a worker that ends nothing": (worker_that_ends_nothing, {"reading_late work:waiting"}),
    "all is well": (Season.all_live, set()),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_told_within_two_rounds(mailing: Settings, ledger: Ledger, world: World, case: str) -> None:
    does, told = CASES[case]
    article = world.article("yunshan-dongjie", 2019, "2020-03-20 09:00", column="streets")
    world.version(article, "2020-03-20 09:00")
    season = Season(mailing, ledger)
    season.portal_was_looked_at()
    # With the monitor's next turn after the second round that did not take place.
    while season.now <= IN_SEASON + TWO_ROUNDS:
        season.now += STEP
        does(season)
        season.turn()
    assert set(season.open()) == told

"""The clock of the story: from moment to moment at which anything can happen, everybody has their turn."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from config.agencies import AgencyEntry
from config.holidays import is_workday
from config.in_force import load_register
from config.settings import Settings
from config.time_zone import SHANGHAI
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.messages import notices as rows
from monitor import loop
from monitor.calendar import day_of
from monitor.machinery.weekly import update_operators_weekly
from tests.mailing import open_mailing_ledger
from tests.monitor.two_years.happenings import Happening, OnPortals, read_story
from tests.monitor.two_years.people import act, retry
from tests.monitor.two_years.portals import Crawler
from workers import steps
from workers.worker_context import WorkerContext, open_worker_context

HERE = Path(__file__).resolve().parent


def moment(text: str) -> datetime:
    """A moment in Shanghai: ``2025-01-02 07:45``."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


BEGIN = moment("2025-01-02 07:45")
END = moment("2026-04-21 00:00")
READ = timedelta(minutes=5)
# What comes by the clock alone: what ends with a day, reminders and summaries, the daily mail.
MIDNIGHT, MORNING, DAILY = time(0), time(8), time(9)
# From 16 April to 31 December no report is due, and nothing but reminders and summaries comes by itself.
BUSY_UNTIL = (4, 15)
REMINDED_AFTER = (7, 14, 30)


def write_home(home: Path) -> None:
    """The offices' own files, and one look a day: what the story lets be seen, and when, is written for that."""
    shutil.copytree(HERE / "home", home / "config", dirs_exist_ok=True)
    (home / "settings.yaml").write_text("crawl_season_interval_hours: 24\n", encoding="utf-8")


class Season:
    """The story on a ledger and an inbox. Ledger and worker_context are opened here and closed by :meth:`close`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ledger: Ledger = open_mailing_ledger(settings)
        self.worker_context: WorkerContext = open_worker_context(settings)
        self.crawler = Crawler(settings, open_archive(settings), self.read)
        self._story = read_story(HERE / "story.yaml")

    def close(self) -> None:
        """Gives everything back."""
        self.worker_context.close()
        self.ledger.close()

    def live(self) -> None:
        """The whole story. Moments at which nothing can happen are passed over."""
        self.tick(BEGIN)
        self.crawler.take_up(self.ledger, BEGIN + READ)
        story, clock = list(self._story), self._by_the_clock()
        moment = next(clock)
        while True:
            due = self.crawler.next_due(self.ledger)
            now = min(moment, due, story[0].at if story else END)
            if now >= END:
                return
            if now == moment:
                moment = next(clock)
                self.tick(now)
            if story and story[0].at == now:
                self._happen(story.pop(0), now)
            elif now == due:
                plain = self.crawler.rounds(self.ledger, now)
                if not plain or (now.day <= 10 and now.month in (2, 4)):
                    self.tick(now + READ)

    def tick(self, now: datetime) -> None:
        """The monitor has its turn. A replay has no machinery to judge, but the operators have their summary."""
        now = now.astimezone(UTC)
        update_operators_weekly(self.settings, self.ledger, load_register(self.settings.home), now)
        loop.tick(self.settings, self.ledger, now)

    def read(self, ledger: Ledger, work_id: int, now: datetime) -> None:
        """A worker takes a document its whole way."""
        steps.run(self.worker_context, work_id, now.astimezone(UTC), worker="worker")

    def agencies(self) -> dict[str, AgencyEntry]:
        """The agencies of the story's districts in today's register, by every name."""
        districts = load_register(self.settings.home).districts
        ours = [districts[name] for name in ("云山区", "临水区")]
        return {name: agency for one in ours for agency in one.agencies for name in agency.names}

    def _happen(self, happening: Happening, now: datetime) -> None:
        what = happening.what
        if isinstance(what, OnPortals):
            self.crawler.happens(happening, self.agencies())
            return
        if what.portal is not None:
            portal = self.crawler.portals[what.portal]
            portal.state, portal.sentence = what.state, what.sentence
            return
        if what.crawl is not None:
            self.crawler.rounds(self.ledger, now, what.crawl)
            self.tick(now + READ)
            return
        act(self.ledger, self.settings.home, what, self.agencies(), now)
        if what.register_changes:
            self.worker_context.close()
            self.worker_context = open_worker_context(self.settings)
        if what.retry is not None:
            for work_id in retry(self.ledger, self.agencies()[what.retry], now):
                self.read(self.ledger, work_id, now)
        self.tick(now)

    def _by_the_clock(self) -> Iterator[datetime]:
        day = BEGIN.date()
        while True:
            for hour in self._hours_of(day):
                moment = datetime.combine(day, hour, SHANGHAI)
                if moment > BEGIN:
                    yield moment
            day += timedelta(days=1)

    def _hours_of(self, day: date) -> list[time]:
        if (day.month, day.day) > BUSY_UNTIL:
            # What falls on a day off comes on the first working day after it.
            after_a_day_off = is_workday(day) and not is_workday(day - timedelta(days=1))
            tells = any(one.at.date() == day for one in self._story)
            if day.isoweekday() in (1, 3) or after_a_day_off or tells or self._somebody_was_told(day):
                return [MORNING, DAILY]
            return []
        midnight = [MIDNIGHT] if day.month == 2 or day.day == 1 else []
        daily = [DAILY] if day.month < 3 or day.isoweekday() == 3 or day.day > 20 else []
        return [*midnight, MORNING, *daily]

    def _somebody_was_told(self, day: date) -> bool:
        """Whether it is the day of a reminder of something that is open."""
        with self.ledger.read() as session:
            days = {(day - day_of(telling.last)).days for telling in rows.told_and_open(session)}
        return not days.isdisjoint(REMINDED_AFTER)

"""One report's way through the whole house as a model, from its publication to the letter that tells of it.

Published → found by a round → handed over → read and checked → told by a turn of the monitor → sent. Nothing is
measured here and nothing printed: costs and arrivals come in, delays go out, and the same seed gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from bench.season.arrivals import DAY, HOUR
from bench.season.costs import MIX, Costs, Kind
from bench.season.crawling import Crawling, Found, crawl
from bench.season.queues import Outage, next_try, serve, share_below, turns
from config.holidays import is_workday
from config.offices import Delivery
from config.settings import Settings
from monitor.notices.outbox import PAUSES
from monitor.notices.pace import MORNING
from monitor.turns import SECONDS_BETWEEN_TURNS

# Each of the two queues has workers of its own.
READ: tuple[Kind, ...] = ("html", "pdf", "word")
SCAN: tuple[Kind, ...] = ("scan",)
# A message whose worker is gone comes again after the broker's visibility timeout, which is looked after every ten
# seconds (workers/queue.py).
COMES_AGAIN = 2 * Settings.model_construct().task_limit_seconds + 10.0
MAIL_PAUSES = tuple(pause.total_seconds() for pause in PAUSES)
# What share of the reports has something to tell an office of at once: an assumption.
TOLD = 0.3
# Days off are those of this season: with another's the figures are others, but not by much.
SEASON_BEGINS = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Setup:
    """The machines: worker processes for reading and for scans, and how the portals are asked."""

    readers: int
    scanners: int
    crawling: Crawling


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong, each from and to a moment in seconds of the season."""

    worker_machine: tuple[float, float] | None = None
    broker: tuple[float, float] | None = None
    mail: tuple[float, float] | None = None
    portals: Mapping[int, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """What a season looked like: every report's kind, and the moment of every step of it."""

    kinds: list[Kind]
    found: Found
    read: list[float]
    told: list[float]
    letters: list[float]

    def delays(self) -> list[float]:
        """Seconds from publication until it is told at once, which is until it stands in the ledger's letters."""
        return self._since_publication(self.told)

    def until_checked(self) -> list[float]:
        """Seconds from publication until it is read and checked."""
        return self._since_publication(self.read)

    def until_letter(self) -> list[float]:
        """Seconds from publication to the office's next letter (of a working day, in the morning)."""
        return self._since_publication(self.letters)

    def _since_publication(self, moments: Sequence[float]) -> list[float]:
        return [moment - published for moment, published in zip(moments, self.found.published, strict=True)]


@dataclass(frozen=True, slots=True)
class Delay:
    """Delays in seconds: half of them are up to ``median``, 95 % and 99 % up to the next two, all up to ``worst``."""

    median: float
    most: float
    nearly_all: float
    worst: float


def delay_of(seconds: Sequence[float]) -> Delay:
    """What is said of many delays. Raises ValueError where there are none."""
    return Delay(share_below(seconds, 0.5), share_below(seconds, 0.95), share_below(seconds, 0.99), max(seconds))


def simulate(
    published: Sequence[Sequence[float]], setup: Setup, costs: Costs, faults: Faults | None = None, seed: int = 1
) -> Run:
    """A season; ``published`` by portal, sorted. Every report leaves once, whatever goes wrong."""
    faults = faults or Faults()
    found = crawl(published, setup.crawling, costs, faults.portals)
    kinds = kinds_of(found, seed)
    read = [0.0] * len(kinds)
    for processes, queue in ((setup.readers, READ), (setup.scanners, SCAN)):
        for place, moment in read_in(queue, processes, found, kinds, costs, faults).items():
            read[place] = moment
    told = _tell(read, costs, faults, seed)
    return Run(kinds, found, read, told, [next_letter(moment) for moment in told])


def kinds_of(found: Found, seed: int) -> list[Kind]:
    """What kind of document each report is, by chance."""
    random = Random(f"{seed} kinds")  # noqa: S311 - chance, not secrets
    return random.choices(list(MIX), list(MIX.values()), k=len(found.fetched))


def read_in(
    queue: Sequence[Kind], processes: int, found: Found, kinds: Sequence[Kind], costs: Costs, faults: Faults
) -> dict[int, float]:
    """When each document of one queue is read and checked, by its place in ``found``.

    What is found while the broker is away is handed over by the first turn of the monitor after it.
    """
    places = [place for place, kind in enumerate(kinds) if kind in queue]
    ready = [found.fetched[place] for place in places]
    if faults.broker is not None:
        begin, end = faults.broker
        back = turns([end], turn_seconds(costs, len(kinds)) + SECONDS_BETWEEN_TURNS)[0]
        ready = [back if begin <= moment < end else moment for moment in ready]
    needed = [costs.seconds[kinds[place]] for place in places]
    return dict(zip(places, serve(ready, needed, processes, _outages(faults, processes), COMES_AGAIN), strict=True))


def turn_seconds(costs: Costs, agencies: int) -> float:
    """How long one turn of the monitor takes with so many agencies in the register."""
    return costs.turn_seconds * agencies


def told_after(read: Sequence[float], costs: Costs, agencies: int) -> list[float]:
    """When the turn has ended that tells of what was read at these moments."""
    turn = turn_seconds(costs, agencies)
    return [begin + turn for begin in turns(read, turn + SECONDS_BETWEEN_TURNS)]


def next_letter(moment: float) -> float:
    """When the letter is written in which an office is told of what is known at a moment, in seconds of the season."""
    day = int(moment // DAY)
    morning = Delivery().hour * HOUR
    if moment >= day * DAY + morning + MORNING.total_seconds():
        day += 1
    while not is_workday(SEASON_BEGINS + timedelta(days=day)):
        day += 1
    return max(moment, day * DAY + morning)


def _outages(faults: Faults, processes: int) -> list[Outage]:
    """Half of the processes stand on the machine that is lost; without the broker nobody gets anything."""
    found = []
    if faults.worker_machine is not None:
        found.append(Outage(*faults.worker_machine, end_server=(processes + 1) // 2, loses=True))
    if faults.broker is not None:
        found.append(Outage(*faults.broker))
    return found


def _tell(read: Sequence[float], costs: Costs, faults: Faults, seed: int) -> list[float]:
    """When each report's letter is sent (or would be, of a report that has nothing to tell)."""
    random = Random(f"{seed} letters")  # noqa: S311
    told = told_after(read, costs, len(read))
    if faults.mail is not None:
        told = [next_try(moment, *faults.mail, MAIL_PAUSES) for moment in told]
    letters = [place for place in range(len(read)) if random.random() < TOLD]
    sent = serve([told[place] for place in letters], [costs.letter_seconds] * len(letters), 1)
    for place, moment in zip(letters, sent, strict=True):
        told[place] = moment
    return told

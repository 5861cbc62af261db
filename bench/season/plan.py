"""How many machines a season needs: the fewest processes with which alerts come within the hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bench.season.arrivals import DAY, HOUR, Shape, Together, busiest_hour, season
from bench.season.costs import Costs, Kind
from bench.season.crawling import Crawling, crawl
from bench.season.model import READ, SCAN, Faults, Run, Setup, kinds_of, read_in, simulate, told_after
from bench.season.queues import share_below

GOAL = 3_600.0
INTERVAL, PAUSE = 1_800.0, 2.0
# A country of 200,000 agencies in 3,000 districts.
AGENCIES_A_DISTRICT = 200_000 / 3_000
PLENTY = 1 << 12


@dataclass(frozen=True, slots=True)
class Size:
    """A place that has a season: how many agencies it has, each portal some of them."""

    name: str
    agencies: int

    @property
    def portals(self) -> list[int]:
        """How many agencies each portal has."""
        count = max(1, round(self.agencies / AGENCIES_A_DISTRICT))
        return [self.agencies // count + (number < self.agencies % count) for number in range(count)]


SIZES = (Size("district", 60), Size("city", 1_000), Size("province", 20_000), Size("country", 200_000))


@dataclass(frozen=True, slots=True)
class Answer:
    """What one place needs, and how its season goes with that: calm, and with each fault in its busiest hours.

    ``busiest`` reports appear in the busiest hour; the loads say how busy the processes are with them (1: all of the
    time). ``delays`` are seconds from publication until it is told at once, of every report, by what goes wrong;
    ``checked`` and ``letters`` those until it is read and checked, and to the next letter, in a calm season.
    """

    size: Size
    setup: Setup
    busiest: int
    reader_load: float
    scanner_load: float
    longest_round: float
    delays: dict[str, list[float]]
    checked: list[float]
    letters: list[float]


def plan(size: Size, shape: Shape, costs: Costs, seed: int = 1, together: Together = "together") -> Answer:
    """The fewest processes with which nearly all (99 %) of the alerts come within the hour, calm or a machine lost.

    Crawlers first: as few as keep a round within its interval. Then readers and scanners, each for its own queue.
    """
    published = season(shape, size.portals, seed, together)
    hour, most = busiest_hour([moment for portal in published for moment in portal])
    crawling = _crawlers(published, costs)
    found = crawl(published, crawling, costs)
    kinds = kinds_of(found, seed)

    def enough(queue: Sequence[Kind], processes: int) -> bool:
        for faults in (Faults(), Faults(worker_machine=(hour, hour + HOUR))):
            read = read_in(queue, processes, found, kinds, costs, faults)
            told = told_after(list(read.values()), costs, size.agencies)
            delays = [moment - found.published[place] for place, moment in zip(read, told, strict=True)]
            if delays and share_below(delays, 0.99) > GOAL:
                return False
        return True

    readers, scanners = (fewest(partial(enough, queue)) for queue in (READ, SCAN))
    setup = Setup(readers, scanners, crawling)
    runs = {name: simulate(published, setup, costs, faults, seed) for name, faults in faults_at(hour).items()}
    calm = runs["calm"]
    return Answer(
        size,
        setup,
        most,
        _load(calm, READ, readers, costs, hour),
        _load(calm, SCAN, scanners, costs, hour),
        found.longest_round,
        {name: run.delays() for name, run in runs.items()},
        calm.until_checked(),
        calm.until_letter(),
    )


def faults_at(hour: float) -> dict[str, Faults]:
    """By name, what goes wrong in the hour that begins then, on the busiest day."""
    morning = hour // DAY * DAY
    return {
        "calm": Faults(),
        "worker machine lost for an hour": Faults(worker_machine=(hour, hour + HOUR)),
        "broker away for half an hour": Faults(broker=(hour, hour + HOUR / 2)),
        "one portal away for the day": Faults(portals={0: (morning, morning + DAY)}),
        "mail away for the day": Faults(mail=(morning, morning + DAY)),
    }


def fewest(enough: Callable[[int], bool]) -> int:
    """The smallest number from 1 that is enough, where every larger one is too. Raises ValueError beyond ``PLENTY``."""
    high = 1
    while not enough(high):
        high *= 2
        if high > PLENTY:
            raise ValueError("no number is enough")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _crawlers(published: Sequence[Sequence[float]], costs: Costs) -> Crawling:
    def in_time(processes: int) -> bool:
        return crawl(published, Crawling(processes, INTERVAL, PAUSE), costs).longest_round <= INTERVAL

    return Crawling(fewest(in_time), INTERVAL, PAUSE)


def _load(run: Run, kinds: Sequence[Kind], servers: int, costs: Costs, hour: float) -> float:
    """How busy the processes are with what is published in one hour: 1 is all of the time."""
    work = sum(
        costs.seconds[kind]
        for kind, moment in zip(run.kinds, run.found.published, strict=True)
        if kind in kinds and hour <= moment < hour + HOUR
    )
    return work / (servers * HOUR)

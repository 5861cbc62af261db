"""The time in which things go wrong, one after the other and several at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.database import Ledger
from ledger.models import Incident, Work
from ledger.states import IncidentKind, WorkState
from monitor.incidents.portals import FEWEST_PORTALS
from tests.chaos.faults import CLOCK_WRONG, Fault, World, draw, nothing
from tests.chaos.reader_kill import ReaderKill
from tests.chaos.season import HOSTILE

STEP_SECONDS = 0.1
FIRST_FAULT_SECONDS = 5.0
# The last part of a run is left in peace.
QUIET_SHARE = 0.85
# When, as shares of a run that is long enough, a process is killed in the middle of reading.
READER_KILLS = (0.2, 0.5)
LONG_ENOUGH_SECONDS = 90.0
# Three looks that last are enough; on a busy machine a turn of the monitor takes its time.
TOLD_SECONDS = 180.0


@dataclass(frozen=True)
class Happened:
    """A fault that is over."""

    fault: Fault
    begun: datetime
    ended: datetime


def open_clocks(session: Session) -> list[Incident]:
    """What is open about clocks that differ now (a jump is told for an hour after it)."""
    differs = select(Incident).where(
        Incident.kind == IncidentKind.CLOCK_WRONG, Incident.resolved_at.is_(None), ~Incident.subject.startswith("jump:")
    )
    return list(session.scalars(differs))


def portals_told_since(session: Session, moment: datetime) -> list[Incident]:
    """What was opened of portals that cannot be looked at since then; the hostile one is no honest one's trouble."""
    told = select(Incident).where(
        Incident.kind == IncidentKind.PORTAL, Incident.opened_at >= moment, Incident.subject != f"portal:{HOSTILE}"
    )
    return list(session.scalars(told))


class Fire:
    """One run's faults; ``happened`` lists those that are over, ``drawn`` counts them by kind."""

    def __init__(
        self, random: Random, world: World, ledger: Ledger, seconds: float, say: Callable[[str], None]
    ) -> None:
        self._random = random
        self._world = world
        self._ledger = ledger
        self._seconds = seconds
        self._say = say
        self._going_on: dict[str, tuple[Fault, float, datetime]] = {}
        self.happened: list[Happened] = []
        self.drawn: Counter[str] = Counter()

    def only_wait(self) -> None:
        """The same time in which nothing goes wrong."""
        begun = time.monotonic()
        while (elapsed := time.monotonic() - begun) < self._seconds:
            self._move_on(elapsed)

    def burn(self) -> list[str]:
        """Lets faults happen until the time is over and all of them are; returns what did not hold meanwhile."""
        begun = time.monotonic()
        wrong: list[str] = []
        next_fault = FIRST_FAULT_SECONDS
        kills = [share * self._seconds for share in READER_KILLS if self._seconds >= LONG_ENOUGH_SECONDS]
        kill: ReaderKill | None = None
        while (elapsed := time.monotonic() - begun) < self._seconds:
            self._move_on(elapsed)
            for target in [target for target, (_, end, _) in self._going_on.items() if elapsed >= end]:
                self._end(target)
            if kill is not None and kill.step():
                self._note_kill(kill, elapsed)
                wrong += kill.wrong
                kill = None
            if kill is None and kills and elapsed >= kills[0] and self._reading_has_begun():
                kills.pop(0)
                kill = ReaderKill(self._world.roles, self._ledger, self._world.broker)
                for target in kill.holds & self._going_on.keys():
                    self._end(target)
            if elapsed >= next_fault and elapsed < self._seconds * QUIET_SHARE:
                next_fault = elapsed + self._random.uniform(0.5, 4)
                self._begin(draw(self._random, self._world), elapsed, kill.holds if kill is not None else set())
        for target in list(self._going_on):
            self._end(target)
        return wrong

    def wrong_clock(self) -> list[str]:
        """When all else is calm, one clock goes wrong and stays so until that is told; says so where it is not."""
        role = self._world.roles.of("crawler")[0]
        fault = Fault(
            CLOCK_WRONG, "clock", f"{role.name}: clock wrong until it is told", nothing, nothing, TOLD_SECONDS
        )
        self._say(fault.name)
        begun, now = time.monotonic(), datetime.now(UTC)
        role.set_clock(8 * 3600)
        told = False
        while not told and time.monotonic() - begun < TOLD_SECONDS:
            time.sleep(STEP_SECONDS)
            with self._ledger.read() as session:
                told = bool(open_clocks(session))
        role.set_clock(0)
        self.drawn[fault.kind] += 1
        self.happened.append(Happened(fault, now, datetime.now(UTC)))
        return [] if told else [f"a clock was wrong for {TOLD_SECONDS:g} s, and nobody was told"]

    def network_gone(self) -> list[str]:
        """When all else is calm, half of the network is gone until operators hear of it; says so where they do not."""
        portals = sorted(self._world.lines)
        half = portals[: max(len(portals) // 2, FEWEST_PORTALS)]
        self._say(f"half of the network is gone: {', '.join(half)}")
        begun, now = time.monotonic(), datetime.now(UTC)
        for portal in half:
            self._world.lines[portal].refusing = True
            self._world.lines[portal].cut()
        told = False
        while not told and time.monotonic() - begun < TOLD_SECONDS:
            time.sleep(STEP_SECONDS)
            with self._ledger.read() as session:
                told = bool(portals_told_since(session, now))
        for portal in half:
            self._world.lines[portal].refusing = False
        self.drawn["half of the network gone"] += 1
        return [] if told else [f"half of the network was gone for {TOLD_SECONDS:g} s, and nobody was told"]

    def _move_on(self, elapsed: float) -> None:
        """The season goes on, and the portals show what its moment asks for."""
        self._world.season.share = elapsed / self._seconds
        self._world.portals.today = self._world.season.today
        time.sleep(STEP_SECONDS)

    def _begin(self, fault: Fault, elapsed: float, held: set[str]) -> None:
        if fault.target in self._going_on or fault.target in held:
            return
        self._say(f"{elapsed:6.1f} s  {fault.name}" + (f" for {fault.seconds:.1f} s" if fault.seconds else ""))
        self.drawn[fault.kind] += 1
        begun = datetime.now(UTC)
        fault.begin()
        self._going_on[fault.target] = fault, elapsed + fault.seconds, begun

    def _end(self, target: str) -> None:
        fault, _, begun = self._going_on.pop(target)
        fault.end()
        self.happened.append(Happened(fault, begun, datetime.now(UTC)))

    def _reading_has_begun(self) -> bool:
        """Whether the workers are there; on a busy machine that takes a while."""
        with self._ledger.read() as session:
            return session.scalars(select(Work.id).where(Work.state == WorkState.DONE).limit(1)).first() is not None

    def _note_kill(self, kill: ReaderKill, elapsed: float) -> None:
        if kill.killed is None:
            self._say(f"{elapsed:6.1f} s  nothing was being read: no process killed in the middle of it")
        else:
            self.drawn["killed while reading"] += 1
            self._say(f"{elapsed:6.1f} s  work {kill.killed}: its process was killed; {kill.wrong or 'it came back'}")

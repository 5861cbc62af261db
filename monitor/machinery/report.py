"""How the machinery stands, judged once: doctor, ``status --machinery``, /ready, metrics and the weekly mail show it.

Each of them shows what it is for, in its own words or numbers; what is wrong is decided here and nowhere else, so that
no two of them can say different things. The incidents are judged in monitor/machinery/judge.py, which waits before it
tells somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from config.in_force import Fault
from config.settings import Settings
from ledger.machinery.heartbeat import ROLES, broken_files, heartbeats, is_alive, is_missed, is_replaced, takes_from
from ledger.messages.deliveries import DeliveryChannel, delivery_channels, last_summary_at
from ledger.models import Heartbeat
from ledger.reading.handing_out import Unread, unread_in
from ledger.reading.quarantine import Quarantined, quarantined
from ledger.states import IncidentKind, Queue
from monitor.incidents.draft import Draft
from monitor.incidents.mail_trouble import is_failing
from monitor.incidents.wanted import READING_LATE_FACTOR
from monitor.machinery.host_checks import failed_host_checks
from monitor.machinery.reading_state import ReadingState, ReadingWord, reading_state

NOT_READING = (ReadingWord.DEAF, ReadingWord.GONE, ReadingWord.BROKER_AWAY)


class Part(StrEnum):
    """A part of the machinery that is right or wrong."""

    PROCESSES = "processes"
    READING = "reading"
    WAITING = "waiting"
    SENDING = "sending"
    DISKS = "disks"
    CLOCKS = "clocks"
    FILES = "files"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class MachineryReport:
    """The state of the machinery at a moment (by the ledger's clock), and the parts of it that are ``wrong``.

    ``missed`` ought to beat, did not three times in a row, and were not replaced. ``reading`` is that of every queue,
    ``taken`` those that somebody takes work from; ``host_checks`` the disks and clocks that look wrong.
    """

    now: datetime
    beats: Sequence[Heartbeat]
    alive: Sequence[Heartbeat]
    missed: Sequence[Heartbeat]
    reading: dict[Queue, ReadingState]
    taken: Sequence[Queue]
    unread: dict[Queue, Unread]
    held_back: bool
    ways: Sequence[DeliveryChannel]
    last_summary_at: datetime | None
    host_checks: Sequence[Draft]
    files: dict[Fault, tuple[str, ...]]
    quarantined: Sequence[Quarantined]
    wrong: frozenset[Part]

    def is_right(self, part: Part) -> bool:
        """Whether a part is as it should be."""
        return part not in self.wrong

    @property
    def missing_roles(self) -> list[str]:
        """The roles of which no process lives."""
        return [role for role in ROLES if all(beat.role != role for beat in self.alive)]

    @property
    def unread_count(self) -> int:
        """How many documents wait or are being read."""
        return sum(one.count for one in self.unread.values())

    @property
    def waits_since(self) -> datetime | None:
        """Since when the oldest unread document waits."""
        return min((one.oldest for one in self.unread.values() if one.oldest is not None), default=None)

    @property
    def scans_of_nobody(self) -> bool:
        """Whether scans wait and no process takes any."""
        return self.unread[Queue.SCAN].count > 0 and Queue.SCAN not in self.taken

    @property
    def reads(self) -> bool:
        """Whether what has a text is being read, as far as anybody knows."""
        return self.reading[Queue.READ].word not in NOT_READING

    def signs_of(self, part: Part) -> list[str]:
        """The sentences of the disks, or of the clocks, that look wrong."""
        kind = IncidentKind.DISK_FULL if part is Part.DISKS else IncidentKind.CLOCK_WRONG
        return list(dict.fromkeys(draft.sentence for draft in self.host_checks if draft.kind is kind))


def machinery_report(
    session: Session, settings: Settings, now: datetime, here: Heartbeat | None = None, broker_trouble: str = ""
) -> MachineryReport:
    """The report at ``now`` (by the ledger's clock).

    ``here`` is what whoever asks sees of its own machine at this moment, in place of what its processes saw;
    ``broker_trouble`` why the broker does not answer at this moment (workers.dispatch.broker_trouble), else empty.
    """
    beats = heartbeats(session)
    alive = [beat for beat in beats if is_alive(beat, settings, now)]
    taken = [queue for queue in Queue if queue is Queue.READ or any(takes_from(beat, queue) for beat in alive)]
    machines = alive if here is None else [here, *(beat for beat in alive if beat.host != here.host)]
    unread = {queue: unread_in(session, queue) for queue in Queue}

    def of(role: str) -> list[Heartbeat]:
        return [beat for beat in beats if beat.role == role]

    found = MachineryReport(
        now=now,
        beats=beats,
        alive=alive,
        missed=[beat for beat in beats if is_missed(beat, settings, now) and not is_replaced(beat, of(beat.role))],
        reading={queue: _reading(session, settings, now, queue, broker_trouble) for queue in Queue},
        taken=taken,
        unread=unread,
        held_back=sum(one.count for one in unread.values()) > settings.crawl_waits_above,
        ways=delivery_channels(session),
        last_summary_at=last_summary_at(session),
        host_checks=list(failed_host_checks(settings, machines)),
        files=broken_files(alive),
        quarantined=quarantined(session),
        wrong=frozenset(),
    )
    return _judged(found, settings)


def _reading(session: Session, settings: Settings, now: datetime, queue: Queue, broker_trouble: str) -> ReadingState:
    """The state of a queue; without a broker nothing comes out of it, whatever came out of it a minute ago."""
    state = reading_state(session, settings, now, queue)
    if not broker_trouble or state.word is ReadingWord.BROKER_AWAY:
        return state
    return replace(state, word=ReadingWord.BROKER_AWAY, sentence=f"消息队列现在无法访问（{broker_trouble}）")


def _judged(found: MachineryReport, settings: Settings) -> MachineryReport:
    """The report with all that is wrong of it."""
    late = timedelta(minutes=settings.lost_after_minutes) * READING_LATE_FACTOR
    waits_since = found.waits_since
    judged = {
        Part.PROCESSES: not found.missing_roles and not found.missed,
        Part.READING: all(
            found.reading[queue].word not in NOT_READING and not found.reading[queue].passed_over
            for queue in found.taken
        ),
        Part.WAITING: (waits_since is None or found.now - waits_since < late)
        and not found.scans_of_nobody
        and not found.held_back,
        Part.SENDING: not any(is_failing(way, settings, found.now) for way in found.ways),
        Part.DISKS: not found.signs_of(Part.DISKS),
        Part.CLOCKS: not found.signs_of(Part.CLOCKS),
        Part.FILES: not found.files,
        Part.QUARANTINE: not found.quarantined,
    }
    return replace(found, wrong=frozenset(part for part, right in judged.items() if not right))

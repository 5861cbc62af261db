"""What Prometheus is told, all of it from the ledger, so that any monitor says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from config.settings import Settings
from ledger.machinery.heartbeat import ROLES, our_version
from ledger.standings import counts
from ledger.states import IncidentKind, NoticeState, PortalState, WorkState
from ledger.tallies import ABOVE_ALL, BOUNDS, Counted, Measure, counted
from monitor.machinery.reading_state import ReadingWord
from monitor.machinery.report import Part, machinery_report

DAY = timedelta(days=1)
# No more portals than these have figures of their own, however many there are.
PORTALS_NAMED = 50
_COUNTERS = {
    Measure.ROUND: (
        "nianbao_rounds",
        "nianbao_round_seconds",
        "Rounds over portals that ended, by what was found or why they failed.",
        "How long a round over a portal took.",
    ),
    Measure.READ: (
        "nianbao_reads",
        "nianbao_read_seconds",
        "Attempts at reading a document that ended, by how.",
        "How long an attempt at reading a document took, in the worker.",
    ),
    Measure.SEND: (
        "nianbao_sends",
        "nianbao_send_seconds",
        "Attempts at sending a message, by the server's answer.",
        "How long an attempt at sending a message took.",
    ),
}

# Labels' values, and the value.
Values = Iterable[tuple[list[str], float]]


def render(session: Session, settings: Settings, now: datetime, broker_trouble: str = "") -> bytes:
    """The metrics at ``now`` (by the ledger's clock), in Prometheus' text format.

    ``broker_trouble`` is why the broker does not answer at this moment, else empty.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Ledger(session, settings, now, broker_trouble))
    return generate_latest(registry)


class _Ledger(Collector):
    def __init__(self, session: Session, settings: Settings, now: datetime, broker_trouble: str) -> None:
        self._session = session
        self._now = now
        self._report = machinery_report(session, settings, now, broker_trouble=broker_trouble)

    def collect(self) -> Iterator[Metric]:
        """Every metric; one without a value (no canary ever came back) is left out, never zero."""
        yield _gauge("nianbao_build_info", "The version that answers.", ["version"], [([our_version()], 1)])
        yield _gauge(
            "nianbao_wrong",
            "1 for each part of the machinery that is not as it should be (nianbao doctor says what).",
            ["part"],
            [([part.value], float(part in self._report.wrong)) for part in Part],
        )
        yield from self._work()
        yield from self._processes()
        yield from self._portals()
        yield from self._messages()
        yield from self._season()
        yield from self._counted()

    def _work(self) -> Iterator[Metric]:
        found = counts.work_by_state(self._session)
        yield _gauge(
            "nianbao_documents",
            "Documents by how far they are on their way through the workers.",
            ["state"],
            [([state.value], found.get(state, 0)) for state in WorkState],
        )
        unread = self._report.unread
        age = max((self._age(one.oldest) for one in unread.values() if one.oldest is not None), default=0.0)
        yield _gauge("nianbao_oldest_document_seconds", "Age of the oldest unread document; 0: none.", [], [([], age)])
        yield _gauge(
            "nianbao_documents_unread",
            "Documents that wait or are being read.",
            ["queue"],
            [([queue.value], one.count) for queue, one in unread.items()],
        )
        yield _gauge(
            "nianbao_oldest_unread_seconds",
            "Age of the oldest unread document; 0: none.",
            ["queue"],
            [([queue.value], self._age(one.oldest) if one.oldest else 0.0) for queue, one in unread.items()],
        )
        held = float(self._report.held_back)
        yield _gauge("nianbao_crawling_held_back", "1 while too much is unread for new rounds.", [], [([], held)])
        yield from self._reading()

    def _reading(self) -> Iterator[Metric]:
        states = [([queue.value], self._report.reading[queue]) for queue in self._report.taken]
        yield _gauge(
            "nianbao_reading_state",
            "1 for how reading stands: busy workers are no deaf ones.",
            ["queue", "state"],
            [([*queue, word.value], float(word is one.word)) for queue, one in states for word in ReadingWord],
        )
        yield _gauge(
            "nianbao_canaries_waiting",
            "Canaries sent since the last came back.",
            ["queue"],
            [(queue, one.canary.waiting) for queue, one in states],
        )
        back = [(queue, self._age(one.canary.last_back_at)) for queue, one in states if one.canary.last_back_at]
        yield _gauge("nianbao_canary_age_seconds", "Since the last canary came back.", ["queue"], back)
        trips = [(queue, one.canary.last_trip.total_seconds()) for queue, one in states if one.canary.last_trip]
        yield _gauge("nianbao_canary_trip_seconds", "From sending the last canary to its return.", ["queue"], trips)
        took = [(queue, self._age(one.last_taken)) for queue, one in states if one.last_taken]
        yield _gauge("nianbao_last_task_age_seconds", "Since any worker took a task.", ["queue"], took)
        yield _gauge(
            "nianbao_workers_passed_over",
            "Workers that beat but take nothing while others do.",
            ["queue"],
            [(queue, len(one.passed_over)) for queue, one in states],
        )

    def _processes(self) -> Iterator[Metric]:
        beats, alive = self._report.beats, self._report.alive
        yield _gauge(
            "nianbao_processes",
            "Processes that are alive.",
            ["role", "version"],
            _tally((beat.role, beat.version) for beat in alive),
        )
        busy = [([role], sum(beat.busy for beat in alive if beat.role == role)) for role in ROLES]
        yield _gauge("nianbao_processes_busy", "Processes that have work in hand.", ["role"], busy)
        newest = {beat.role: self._age(beat.at) for beat in reversed(beats)}
        ages = [([role], age) for role, age in sorted(newest.items())]
        yield _gauge("nianbao_heartbeat_age_seconds", "Since the newest heartbeat of a role.", ["role"], ages)
        disks = {
            (beat.host, disk["folder"]): disk["free"]
            for beat in alive
            for disk in beat.host_checks.get("disks", ())
            if "free" in disk
        }
        free = [([host, folder], bytes_free) for (host, folder), bytes_free in sorted(disks.items())]
        yield _gauge("nianbao_disk_free_bytes", "Room on the disks of our folders.", ["host", "folder"], free)
        skews = {beat.host: beat.host_checks["skew"] for beat in alive if "skew" in beat.host_checks}
        skew = [([host], seconds) for host, seconds in sorted(skews.items())]
        yield _gauge("nianbao_clock_skew_seconds", "A machine's clock before the ledger's.", ["host"], skew)

    def _portals(self) -> Iterator[Metric]:
        found, looked = counts.portals_by_state(self._session), counts.rounds_since(self._session, self._now - DAY)
        states = [*PortalState, None]
        yield _gauge(
            "nianbao_portals",
            "Portals by how they were found.",
            ["state"],
            [([state.value if state else "unknown"], found.get(state, 0)) for state in states],
        )
        yield _gauge(
            "nianbao_portals_looked_at",
            "Portals that were looked at within a day, by how they were found.",
            ["state"],
            [([state.value], looked.get(state, 0)) for state in PortalState],
        )
        longest = counts.longest_not_looked_at(self._session, PORTALS_NAMED)
        yield _gauge(
            "nianbao_portal_last_round_age_seconds",
            f"Since the last round of a portal ended, of the {PORTALS_NAMED} where that is longest ago.",
            ["portal"],
            [([row.portal], self._age(row.last_round_at)) for row in longest if row.last_round_at is not None],
        )

    def _messages(self) -> Iterator[Metric]:
        found = counts.notices_by_state(self._session)
        yield _gauge(
            "nianbao_notices",
            "Messages by how far they are on their way out.",
            ["state"],
            [([state.value], found.get(state, 0)) for state in NoticeState],
        )
        ways = self._report.ways
        waiting = [([way.way], way.waiting) for way in ways]
        yield _gauge("nianbao_notices_waiting", "Messages that wait, by way out.", ["way"], waiting)
        failed = [([way.way], way.failed) for way in ways]
        yield _gauge("nianbao_send_failures", "Failed attempts since the last that succeeded.", ["way"], failed)
        delivered = [([way.way], self._age(way.last_delivered_at)) for way in ways if way.last_delivered_at is not None]
        yield _gauge("nianbao_last_delivery_age_seconds", "Since anything was delivered.", ["way"], delivered)
        summary = self._report.last_summary_at
        yield self._since("nianbao_last_summary_age_seconds", "Since a weekly summary went out.", summary)

    def _season(self) -> Iterator[Metric]:
        yield _gauge(
            "nianbao_obligations",
            "Agencies by report year and standing.",
            ["year", "standing"],
            [
                ([str(year), standing.value], count)
                for year, standing, count in sorted(counts.standings_by_year(self._session))
            ],
        )
        found = counts.open_incidents_by_kind(self._session)
        yield _gauge(
            "nianbao_incidents_open",
            "Open incidents by kind.",
            ["kind"],
            [([kind.value], found.get(kind, 0)) for kind in IncidentKind],
        )

    def _counted(self) -> Iterator[Metric]:
        """What was ever done, by outcome, and the seconds that it took."""
        found: dict[Measure, list[Counted]] = {measure: [] for measure in Measure}
        for one in counted(self._session):
            found[one.measure].append(one)
        for measure, (name, seconds_name, words, seconds_words) in _COUNTERS.items():
            counter = CounterMetricFamily(name, words, labels=["outcome"])
            seconds = HistogramMetricFamily(seconds_name, seconds_words, labels=["outcome"])
            for one in found[measure]:
                counter.add_metric([one.outcome], one.count)
                seconds.add_metric([one.outcome], _cumulative(measure, one), one.seconds)
            yield counter
            yield seconds

    def _age(self, moment: datetime) -> float:
        return max((self._now - moment).total_seconds(), 0.0)

    def _since(self, name: str, words: str, moment: datetime | None) -> GaugeMetricFamily:
        return _gauge(name, words, [], [] if moment is None else [([], self._age(moment))])


def _cumulative(measure: Measure, one: Counted) -> list[tuple[str, float]]:
    """The buckets as Prometheus has them: each counts what the smaller ones do."""
    bounds = [*(str(bound) for bound in BOUNDS[measure]), ABOVE_ALL]
    sums = accumulate(one.by_bound.get(bound, 0) for bound in bounds)
    return [(bound, float(so_far)) for bound, so_far in zip(bounds, sums, strict=True)]


def _gauge(name: str, words: str, labels: list[str], values: Iterable[tuple[list[str], float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for named, value in values:
        family.add_metric(named, value)
    return family


def _tally(names: Iterable[tuple[str, ...]]) -> Values:
    found: dict[tuple[str, ...], int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return [(list(name), count) for name, count in sorted(found.items())]

"""What is written into docs/scaling.yaml: everything that the page and its charts say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bench.season.arrivals import DAY, HOUR, JANUARY
from bench.season.charts import SHARES
from bench.season.costs import Costs
from bench.season.limits import Limit
from bench.season.model import delay_of
from bench.season.plan import Answer
from bench.season.queues import share_below
from bench.season.real import Measured

MINUTE = 60.0


def delays(seconds: Sequence[float], unit: float) -> dict[str, Any]:
    """What is said of delays, in units of so many seconds; ``curve`` holds the quantiles that a chart is drawn from."""
    return spread(seconds, unit) | {"curve": [round(share_below(seconds, share) / unit, 2) for share in SHARES]}


def spread(seconds: Sequence[float], unit: float) -> dict[str, Any]:
    """The same without the curve."""
    return {name: round(value / unit, 1) for name, value in asdict(delay_of(seconds)).items()}


def answer(one: Answer) -> dict[str, Any]:
    """One line of the plan; delays in minutes, to the next letter in hours."""
    return {
        "size": one.size.name,
        "agencies": one.size.agencies,
        "portals": len(one.size.portals),
        "busiest": one.busiest,
        "crawlers": one.setup.crawling.processes,
        "readers": one.setup.readers,
        "scanners": one.setup.scanners,
        "reader_load": round(one.reader_load, 2),
        "scanner_load": round(one.scanner_load, 2),
        "longest_round_seconds": round(one.longest_round),
        "delays": {name: delays(seconds, MINUTE) for name, seconds in one.delays.items()},
        "checked": spread(one.checked, MINUTE),
        "letters": spread(one.letters, HOUR),
    }


def arrivals(published: Sequence[Sequence[float]]) -> list[int]:
    """How many reports appear on each day of January."""
    counts = [0] * JANUARY
    for portal in published:
        for moment in portal:
            counts[min(int(moment // DAY), JANUARY - 1)] += 1
    return counts


def used(measured: Measured) -> dict[str, float]:
    """What a document cost and left, in milliseconds of a core and kilobytes."""
    count = len(measured.reads)
    return {
        "documents": count,
        "per_second": round(measured.per_second, 2),
        "worker_core_ms": round(measured.worker_core / count * 1e3, 1),
        "database_core_ms": round(measured.database_core / count * 1e3, 1),
        "transactions": round(measured.transactions / count, 1),
        "archive_kb": round(measured.archive_bytes / count / 1e3, 1),
        "ledger_kb": round(measured.ledger_bytes / count / 1e3, 1),
    }


def limit(one: Limit) -> dict[str, Any]:
    """One line of what breaks first."""
    return asdict(one)


def costs(given: Costs) -> dict[str, Any]:
    """The costs, rounded."""
    return given.as_data()

"""``make season``: measures today's costs, simulates the season of four places, and renews docs/scaling.md.

``--real 20000`` lets so many real documents be read by real workers, and puts what was predicted of it beside it.
Everything that the page says is written into docs/scaling.yaml first.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import yaml
from rich.console import Console

from bench.postgres import stop_what_was_started
from bench.season import charts, page, record
from bench.season.arrivals import compressed, load_shape, season
from bench.season.costs import MIX_WITHOUT_SCANS, Costs, from_data
from bench.season.documents import PLACES, Paper, papers, scans
from bench.season.limits import limits, try_out
from bench.season.machine import machine
from bench.season.plan import SIZES, plan
from bench.season.queues import serve_by_turns
from bench.season.real import install_stamps, run
from bench.season.sample import (
    DOCUMENTS,
    PROCESSES,
    SCANNERS,
    SCANS,
    busy_seconds,
    costs_of,
    machine_words,
    readers,
    take,
    today,
)

REAL_SCANS = 12
say = Console(highlight=False, width=None if sys.stdout.isatty() else 120).print


def main() -> None:
    """Measures, simulates, writes."""
    arguments = argparse.ArgumentParser(description="The season, simulated and tried for real.")
    arguments.add_argument("--real", type=int, metavar="N", help="read N real documents instead of planning")
    arguments.add_argument("--processes", type=int, default=PROCESSES, help=f"that read them (default {PROCESSES})")
    arguments.add_argument("--within", type=float, metavar="S", help="seconds in which they arrive (default: as read)")
    arguments.add_argument("--seed", type=int, default=1, help="which season (default 1)")
    arguments.add_argument("--sample", type=int, default=DOCUMENTS, help=f"documents to measure (default {DOCUMENTS})")
    arguments.add_argument("--scans", type=int, default=None, help="scans to measure")
    arguments.add_argument("--docs", type=Path, default=page.DOCS, help="folder of scaling.yaml and scaling.md")
    arguments.add_argument(
        "--draw", action="store_true", help="measure nothing: page and charts from scaling.yaml again"
    )
    arguments.add_argument(
        "--recorded", action="store_true", help="measure nothing: simulate with the costs that scaling.yaml has"
    )
    given = arguments.parse_args()
    stop_what_was_started()
    figures: dict[str, Any] = {}
    if given.real:
        figures["real"] = real_run(
            given.real, given.sample, given.scans or REAL_SCANS, given.processes, given.seed, given.within
        )
    elif given.recorded:
        costs = from_data(yaml.safe_load((given.docs / "scaling.yaml").read_text(encoding="utf-8"))["costs"])
        figures = simulated(costs, given.seed)[0]
    elif not given.draw:
        figures = planned(given.sample, given.scans or SCANS, given.seed)
    data = page.renew(given.docs, figures)
    if "plan" in data:
        charts.draw_all(data, given.docs / "pictures")


def planned(documents: int, many_scans: int, seed: int) -> dict[str, Any]:
    """Today's costs, and what they mean for places of four sizes."""
    say("measuring documents, scans, rounds, turns and letters (some minutes)")
    sample = take(documents, many_scans)
    with machine(1) as one:
        bears = try_out(one)
    costs = from_data(sample.costs.as_data())
    figures, share = simulated(costs, seed)
    country = SIZES[-1]
    shape = load_shape()
    return {
        "costs": costs.as_data(),
        "sample": record.used(sample.documents),
        "arrivals": {
            "agencies": country.agencies,
            "together": record.arrivals(season(shape, country.portals, seed)),
            "apart": record.arrivals(season(shape, country.portals, seed, "apart")),
        },
        **figures,
        "limits": [record.limit(one) for one in limits(costs, sample.documents, bears, share)],
    }


def simulated(costs: Costs, seed: int) -> tuple[dict[str, Any], float]:
    """What costs mean for places of four sizes; and which share of a country's reports its busiest hour brings."""
    shape = load_shape()
    answers = []
    for size in SIZES:
        begun = time.monotonic()
        answers.append(plan(size, shape, costs, seed))
        setup = answers[-1].setup
        say(
            f"{size.name:9} {size.agencies:7,} agencies: {setup.crawling.processes} crawlers, {setup.readers} workers, "
            f"{setup.scanners} for scans ({time.monotonic() - begun:.0f} s)"
        )
    country = SIZES[-1]
    figures = {
        "plan": [record.answer(one) for one in answers],
        "apart": record.answer(plan(country, shape, costs, seed, "apart")),
    }
    return figures, answers[-1].busiest / country.agencies


def real_run(
    many: int, sample: int, many_scans: int, processes: int, seed: int, within: float | None = None
) -> dict[str, Any]:
    """So many real documents arriving as in a season, beside what a sample of them lets expect.

    The sample is read first, on the same machine with the same workers: all of it waits from the beginning, so that the
    workers are never idle. From what it says of each kind the simulation predicts the run. The documents arrive
    ``within`` so many seconds, or in the time in which their workers can just read so many: in the crowded hours more
    comes than is read.
    """
    with machine(sample // PLACES + 1) as one:
        install_stamps(one)
        say(f"a sample: {sample} documents, {SCANS} scans")
        seconds, scan_seconds = costs_of(one, sample, SCANS, processes)
    waiting = list(papers(many))
    with machine(waiting[-1].district + 1) as one:
        install_stamps(one)
        mean = sum(share * seconds[kind] for kind, share in MIX_WITHOUT_SCANS.items())
        within = within or many * mean / processes
        arrivals, waiting = crowded(waiting, within, seed)
        say(f"{many:,} documents within {within:,.0f} s")
        measured = run(one, waiting, arrivals, readers(processes))
        say(f"read {measured.per_second:.1f} a second; now {many_scans} scans")
        of_scans = run(one, list(scans(many_scans)), [0.0] * many_scans, SCANNERS)
    needed = [seconds[paper.kind] for paper in waiting]
    done = serve_by_turns(arrivals, needed, processes, [paper.district for paper in waiting])
    ended = [read.state for read in measured.reads]
    return {
        "day": today(),
        "machine": machine_words(),
        "mix": ", ".join(f"{share:.0%} {kind}" for kind, share in MIX_WITHOUT_SCANS.items()),
        "processes": processes,
        "arrivals_seconds": round(within, 1),
        "latest_arrival_seconds": round(measured.latest_arrival, 1),
        "sample_documents": sample,
        "sample_seconds": {kind: round(value, 4) for kind, value in seconds.items()},
        **record.used(measured),
        "done": ended.count("done"),
        "quarantined": ended.count("quarantined"),
        "predicted": {
            "per_second": round(many / (max(done) - min(arrivals)), 2),
            **record.delays([end - begin for end, begin in zip(done, arrivals, strict=True)], 1.0),
        },
        "measured": {
            "per_second": round(measured.per_second, 2),
            **record.delays([read.done - read.arrived for read in measured.reads], 1.0),
        },
        "scans": {
            "documents": many_scans,
            "predicted": round(60 / scan_seconds, 2),
            "measured": round(60 / busy_seconds(of_scans, 1), 2),
        },
    }


def crowded(waiting: Sequence[Paper], seconds: float, seed: int) -> tuple[list[float], list[Paper]]:
    """The moments of a season compressed into so many seconds, and which document of which district arrives then."""
    by_district: dict[int, list[Paper]] = {}
    for paper in waiting:
        by_district.setdefault(paper.district, []).append(paper)
    random = Random(f"{seed} who")  # noqa: S311 - chance, not secrets
    published = season(load_shape(), [len(some) for some in by_district.values()], seed)
    coming = []
    for moments, some in zip(published, by_district.values(), strict=True):
        random.shuffle(some)
        coming += list(zip(moments, some, strict=True))
    coming.sort(key=lambda one: one[0])
    return compressed([moment for moment, _ in coming], seconds), [paper for _, paper in coming]


if __name__ == "__main__":
    main()

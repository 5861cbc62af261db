"""``make narratives SEED=…``: prints what became of sound and of planted sentences; ends with 1 below the floor."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.table import Table

from bench.narratives.trial import FRAMES, Tally, run
from report.findings.finding import Outcome

FOUND = 0.95


def shortcomings(tally: Tally) -> list[str]:
    """Where a run falls below the floor: an untrue finding, a contradiction that passed, too few noticed."""
    planted = sum(tally.planted.values())
    found = sum(count for (_, outcome), count in tally.outcomes.items() if outcome == Outcome.FAIL.value)
    silent = [line for line in tally.missed if f": {Outcome.NOT_ASSESSABLE.value}: " not in line]
    checks = (
        (bool(tally.untrue), f"{len(tally.untrue)} untrue findings in {tally.sound} sound reports"),
        (planted > 0 and found < FOUND * planted, f"{found} of {planted} planted contradictions noticed"),
        (bool(silent), f"{len(silent)} planted contradictions neither noticed nor said to be not assessable"),
    )
    return [line for is_below, line in checks if is_below]


def main() -> int:
    """Runs and prints."""
    arguments = argparse.ArgumentParser(description="Sound narratives without an untrue finding, planted ones found.")
    arguments.add_argument("--seed", type=int, default=1, help="another seed gives other texts (default 1)")
    arguments.add_argument("--sound", type=int, default=2000, help="sound reports")
    arguments.add_argument("--planted", type=int, default=1000, help="reports with one planted contradiction")
    arguments.add_argument("--show", type=int, default=10, help="how many misses and untrue findings to show")
    given = arguments.parse_args()
    tally = run(given.seed, sound=given.sound, planted=given.planted)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    frames = sum(len(some) for some in FRAMES.values())
    table = Table(title=f"planted contradictions, {frames} frames", title_justify="left")
    for heading in ("figure", "planted", "noticed", "not assessable", "silent"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for figure, planted in sorted(tally.planted.items()):
        found = tally.outcomes[figure, Outcome.FAIL.value]
        unclear = tally.outcomes[figure, Outcome.NOT_ASSESSABLE.value]
        table.add_row(figure, *map(str, (planted, found, unclear, planted - found - unclear)))
    console.print(table)
    console.print(f"{tally.sound} sound reports, {len(tally.untrue)} untrue findings")
    for line in (*tally.untrue[: given.show], *tally.missed[: given.show]):
        console.print(line)
    short = shortcomings(tally)
    for line in short:
        console.print(f"below the floor: {line}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())

"""``make narratives SEED=…``: prints what became of sound and of planted sentences; ends with 1 below the floor."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.table import Table

from bench.narratives.compositions import frame_count
from bench.narratives.trial import AUTHORS, FRAMES, Tally, run
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
    arguments.add_argument("--author", choices=AUTHORS, help="only one of the two authors")
    given = arguments.parse_args()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    authors = AUTHORS if given.author is None else (given.author,)
    return max([_tried(console, given, author) for author in authors])


def _tried(console: Console, given: argparse.Namespace, author: str) -> int:
    tally = run(given.seed, sound=given.sound, planted=given.planted, author=author)
    frames = sum(len(some) for some in FRAMES.values()) if author == AUTHORS[0] else frame_count()
    table = Table(title=f"planted contradictions, {author} author, {frames} frames", title_justify="left")
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

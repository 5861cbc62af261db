"""``make accuracy SEED=…``: prints the two tables; ends with 1 where the floor is not held."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.table import Table

from bench.accuracy.mutants import KINDS
from bench.accuracy.run import percent, run, shortcomings
from bench.accuracy.trial import Kind, Trial
from config.severity import Severity

SHARES = (("found", "found", "planted"), ("right cell", "placed", "planted"), ("suggested", "suggested", "told"))


def main() -> int:
    """Runs and prints."""
    arguments = argparse.ArgumentParser(description="How many planted errors the rules find, and how often they err.")
    arguments.add_argument("--seed", type=int, default=1, help="another seed gives other reports (default 1)")
    arguments.add_argument("--reports", type=int, default=200, help="sound reports to plant ten errors each in")
    arguments.add_argument("--sound", type=int, default=2000, help="sound reports to look for false alarms in")
    arguments.add_argument("--show", type=int, default=10, help="how many misses and false alarms to show")
    given = arguments.parse_args()
    trial = run(given.seed, bases=max(1, given.reports), sound=max(1, given.sound))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(errors(trial))
    console.print(alarms(trial))
    short = shortcomings(trial)
    missed = [line for tally in trial.tallies.values() for line in (*tally.missed, *tally.alarms)]
    for line in missed[: given.show]:
        console.print(line, markup=False)
    for line in short:
        console.print(f"below the floor: {line}", markup=False)
    return 1 if short else 0


def errors(trial: Trial) -> Table:
    """Planted errors by kind, in per cent: as reports, and as web pages that were read."""
    table = Table(title="planted errors, % (report / web page)", title_justify="left")
    for heading in ("kind", "planted", *(name for name, _, _ in SHARES), "slip named"):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    direct, read = trial.tallies["report"], trial.tallies["page"]
    for name in KINDS:
        _row(table, name.replace("_", " "), direct.kinds.get(name, Kind()), read.kinds.get(name, Kind()))
    table.add_section()
    _row(table, "all", direct.all_kinds, read.all_kinds)
    _row(table, "sample: Word / PDF", trial.tallies["word"].all_kinds, trial.tallies["pdf"].all_kinds)
    return table


def alarms(trial: Trial) -> Table:
    """Sound reports by way, and how many of them had a finding of each level."""
    table = Table(title="sound reports with a finding", title_justify="left")
    for heading in ("way", "reports", "error", "warning", "for a person to look at"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for way, tally in trial.tallies.items():
        counts = (tally.alarmed[severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.HUMAN))
        table.add_row(way, str(tally.sound), *map(str, counts))
    return table


def _row(table: Table, name: str, one: Kind, other: Kind) -> None:
    shares = (f"{percent(one, part, of)} / {percent(other, part, of)}" for _, part, of in SHARES)
    table.add_row(
        name, str(one.planted), *shares, f"{percent(one, 'named', 'slips')} / {percent(other, 'named', 'slips')}"
    )


if __name__ == "__main__":
    raise SystemExit(main())

"""``make bench``, second part: how long all rules take over one report, and a suggestion where sums break.

The reports are those of ``make accuracy``; what is measured is processor time, so that a busy machine does not matter
much. Suggestions are timed each by itself with nothing remembered from before, on
reports with one planted error and, as the worst there is, on reports in which many cells are wrong.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterable
from random import Random

from rich.console import Console
from rich.table import Table

from bench.accuracy.mutants import KINDS
from bench.accuracy.plan import Plan, sound_plan
from bench.accuracy.trial import Trial, context_of
from report.form import Sum
from report.report import Report
from workers.rules.check import check_report
from workers.rules.context import Context
from workers.rules.suggestions import forget, suggest

PLANTED = ("row_total_wrong", "cell_wrong", "row_shifted", "received_consistently_wrong", "dispute_part_wrong")
WRONG_CELLS = 8


def rule_seconds(trial: Trial, plans: Iterable[Plan]) -> list[float]:
    """How long each report took all rules."""
    seconds = []
    for plan in plans:
        report, context = trial.read(plan, "report"), context_of(plan)
        begun = time.process_time()
        check_report(report, trial.forms, context, trial.rules)
        seconds.append(time.process_time() - begun)
    return seconds


def suggestion_seconds(trial: Trial, plans: Iterable[Plan]) -> list[float]:
    """How long each suggestion for a broken sum took."""
    seconds = []
    for plan in plans:
        report = trial.read(plan, "report")
        for broken in _broken(plan, report):
            forget()
            begun = time.process_time()
            suggest(report, plan.form, broken, Context())
            seconds.append(time.process_time() - begun)
    return seconds


def planted(trial: Trial, seeds: Iterable[int]) -> list[Plan]:
    """Reports with one planted error that breaks a sum."""
    plans = [sound_plan(seed, trial.forms) for seed in seeds]
    mutants = [KINDS[name](plan, plan.random(name), trial.forms) for plan in plans for name in PLANTED]
    return [mutant.plan for mutant in mutants if mutant is not None]


def ruined(trial: Trial, seeds: Iterable[int]) -> list[Plan]:
    """Reports in which many cells of table three are wrong, so that no small change helps."""
    plans = []
    for seed in seeds:
        plan, random = sound_plan(seed, trial.forms), Random(seed)  # noqa: S311 - chance, not secrets
        keys = random.sample([key for key in plan.cells if key.startswith("requests.")], WRONG_CELLS)
        plans.append(plan.with_cells({key: str(random.randint(0, 30)) for key in keys}))
    return plans


def _broken(plan: Plan, report: Report) -> list[Sum]:
    def total(keys: Iterable[str]) -> int:
        return sum(int(report.number(key) or 0) for key in keys)

    return [equation for equation in plan.form.sums(plan.cells) if total(equation.parts) != total(equation.totals)]


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(description="How long the rules and the suggestions take.")
    arguments.add_argument("--reports", type=int, default=100, help="reports of each sort (default 100)")
    seeds = range(max(2, arguments.parse_args().reports))
    trial = Trial()
    plans = [sound_plan(seed, trial.forms) for seed in seeds]
    rule_seconds(trial, plans[:2])
    table = Table(title=f"rules, over {len(seeds)} reports of each sort", title_justify="left")
    for heading in ("what", "median ms", "99th ms", "slowest ms", "times"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for what, seconds in (
        ("all rules, one sound report", rule_seconds(trial, plans)),
        ("a suggestion, one planted error", suggestion_seconds(trial, planted(trial, seeds))),
        (f"a suggestion, {WRONG_CELLS} wrong cells", suggestion_seconds(trial, ruined(trial, seeds))),
    ):
        milliseconds = sorted(one * 1000 for one in seconds)
        shown = (statistics.median(milliseconds), milliseconds[int(0.99 * (len(seconds) - 1))], milliseconds[-1])
        table.add_row(what, *(f"{one:.2f}" for one in shown), str(len(seconds)))
    Console(highlight=False, width=None if sys.stdout.isatty() else 100).print(table)


if __name__ == "__main__":
    main()

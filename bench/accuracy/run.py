"""A whole run: from some sound reports many with one planted error each, and sound reports varied in every way."""

from __future__ import annotations

from bench.accuracy.mutants import KINDS
from bench.accuracy.trial import Kind, Tally, Trial
from config.severity import Severity

FOUND, SUGGESTED, FALSE_WARNINGS = 0.99, 0.95, 0.01
MUTANTS_OF_ONE = 10
# Every so many reports one goes through Word and PDF too.
SAMPLED = 40
APART = 1_000_000


def run(seed: int, *, bases: int, sound: int, sampled: int = SAMPLED) -> Trial:
    """``bases`` sound reports with ten planted errors each, every kind as often as it fits, and ``sound`` others."""
    trial = Trial()
    planted = dict.fromkeys(KINDS, 0)
    first = seed * APART
    tried = 0
    for base in range(first, first + bases):
        left = MUTANTS_OF_ONE
        for name in sorted(KINDS, key=lambda kind: planted[kind]):
            if left and trial.mutant(base, name, *_ways(tried, sampled)):
                planted[name] += 1
                tried += 1
                left -= 1
    for number, other in enumerate(range(first + bases, first + bases + sound)):
        trial.sound(other, *_ways(number, sampled))
    return trial


def shortcomings(trial: Trial) -> list[str]:
    """Where a run falls below the floor, one line each: planted errors overall and by way, false alarms by way."""
    return [line for way, tally in trial.tallies.items() for line in _below(way, tally)]


def _ways(number: int, sampled: int) -> tuple[str, ...]:
    return ("report", "page", "word", "pdf") if number % sampled == 0 else ("report", "page")


def _below(way: str, tally: Tally) -> list[str]:
    every = tally.all_kinds
    errors, warnings = tally.alarmed[Severity.ERROR], tally.alarmed[Severity.WARNING]
    # One miss of a kind may be chance; of eighty reports it is more than one in a hundred.
    few = [
        f"{way}: {name} found in {kind.placed} of {kind.planted}"
        for name, kind in tally.kinds.items()
        if kind.planted - kind.placed > max(1, (1 - FOUND) * kind.planted)
    ]
    checks = (
        (_share(every.placed, every.planted) < FOUND, f"{way}: found {every.placed} of {every.planted}"),
        (_share(every.suggested, every.told) < SUGGESTED, f"{way}: suggested {every.suggested} of {every.told}"),
        (errors > 0, f"{way}: {errors} of {tally.sound} sound reports with an error"),
        (warnings > FALSE_WARNINGS * tally.sound, f"{way}: {warnings} of {tally.sound} sound reports with a warning"),
    )
    return few + [line for is_below, line in checks if is_below]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def percent(kind: Kind, part: str, whole: str) -> str:
    """A share of a kind's mutants, in per cent; a stroke where there are none."""
    number = getattr(kind, whole)
    return f"{100 * getattr(kind, part) / number:.1f}" if number else "–"

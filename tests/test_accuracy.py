"""A small run of ``make accuracy`` holds the floor; and the run itself notices what it is there to notice."""

from __future__ import annotations

import pytest

from bench.accuracy.mutants import KINDS
from bench.accuracy.plan import sound_plan
from bench.accuracy.run import run, shortcomings
from bench.accuracy.trial import WAYS, Kind, Trial
from config.severity import Severity
from report.figure import State


@pytest.mark.parametrize(("bases", "told", "slips"), [(12, 40, 10), pytest.param(30, 100, 30, marks=pytest.mark.long)])
def test_a_small_run_holds_the_floor(bases: int, told: int, slips: int) -> None:
    trial = run(3, bases=bases, sound=4 * bases, sampled=100)
    assert shortcomings(trial) == [], trial.tallies["page"].missed + trial.tallies["page"].alarms
    assert set(trial.tallies["page"].kinds) == set(KINDS) and len(KINDS) >= 20
    for way in ("report", "page"):
        every = trial.tallies[way].all_kinds
        assert every.planted == 10 * bases and every.told > told and every.slips > slips
        assert every.named >= 0.95 * every.slips
    assert all(trial.tallies[way].sound and trial.tallies[way].kinds for way in WAYS)


@pytest.mark.parametrize("way", WAYS)
def test_a_plan_is_read_as_it_was_printed(way: str) -> None:
    trial = Trial()
    for seed in range(4):
        plan = sound_plan(seed, trial.forms)
        report = trial.read(plan, way)
        values = {key: figure.value for key, figure in report.figures.items()}
        printed = trial.read(plan, "report")
        assert values == {key: figure.value for key, figure in printed.figures.items()}
        assert all(figure.state is State.NUMBER for figure in report.figures.values())
        assert (report.title, report.period, report.year, report.form) == (
            plan.title,
            plan.period,
            plan.year,
            plan.form.name,
        )


def test_the_same_seed_gives_the_same_reports() -> None:
    trial = Trial()
    plans = [sound_plan(5, trial.forms) for _ in range(2)]
    assert plans[0] == plans[1] and sound_plan(6, trial.forms) != plans[0]
    assert trial.read(plans[0], "page") == trial.read(plans[1], "page")


def test_what_is_not_found_and_what_is_a_false_alarm_fall_below_the_floor() -> None:
    trial = Trial()
    tally = trial.tallies["page"]
    tally.kinds["cell_wrong"] = Kind(planted=200, found=200, placed=190, told=200, suggested=180)
    tally.sound = 100
    tally.alarmed.update({Severity.ERROR: 1, Severity.WARNING: 2, Severity.HUMAN: 50})
    assert shortcomings(trial) == [
        "page: cell_wrong found in 190 of 200",
        "page: found 190 of 200",
        "page: suggested 180 of 200",
        "page: 1 of 100 sound reports with an error",
        "page: 2 of 100 sound reports with a warning",
    ]


def test_a_rule_that_is_switched_off_finds_nothing() -> None:
    trial = Trial()
    off = trial.rules.rules["T08"].model_copy(update={"enabled": False})
    trial.rules = trial.rules.model_copy(update={"rules": {**trial.rules.rules, "T08": off}})
    seeds = [seed for seed in range(20) if trial.mutant(seed, "dispute_part_wrong", "report")]
    tally = trial.tallies["report"]
    assert seeds and tally.kinds["dispute_part_wrong"].found == 0
    assert len(tally.missed) == len(seeds) and "not found" in tally.missed[0]

"""A few of the texts of ``make narratives``: no untrue finding, and what contradicts the tables is noticed."""

from __future__ import annotations

import pytest

from bench.narratives.__main__ import shortcomings
from bench.narratives.compositions import frame_count
from bench.narratives.trial import AUTHORS, FRAMES, Tally, run


@pytest.mark.parametrize("author", AUTHORS)
def test_sound_texts_have_no_finding_and_planted_contradictions_are_noticed(author: str) -> None:
    tally = run(5, sound=120, planted=80, author=author)
    assert shortcomings(tally) == [], (tally.untrue, tally.missed)
    assert sum(tally.planted.values()) == 80


def test_there_are_frames_enough() -> None:
    assert sum(len(some) for some in FRAMES.values()) >= 400 and frame_count() >= 400


def test_a_silent_miss_is_below_the_floor() -> None:
    tally = Tally(sound=1)
    tally.planted["received"] = 1
    tally.outcomes["received", "pass"] = 1
    tally.missed.append("seed 1, received: pass: 收到申请5件")
    assert len(shortcomings(tally)) == 2

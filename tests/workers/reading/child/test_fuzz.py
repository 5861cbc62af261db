"""Mutated documents of every format: some here, hundreds in the long tests (``make fuzz COUNT=…`` for any number)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.settings import load_settings
from tests.marks import some_long
from tests.workers.reading import fuzz
from workers.reading.child.process import ReadingProcess

steps = st.lists(
    st.tuples(st.sampled_from(fuzz.WAYS), st.floats(0, 1), st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6
)


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    limits = load_settings(read_timeout_seconds=fuzz.SECONDS, read_memory_megabytes=fuzz.MEGABYTES)
    with ReadingProcess(limits, reader=fuzz.READER) as reading:
        yield reading


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", some_long(40, 200))
def test_no_crash_no_overrun_no_number_from_nowhere(process: ReadingProcess, count: int) -> None:
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(seed=st.sampled_from(fuzz.SEEDS), other=st.sampled_from(fuzz.SEEDS), steps=steps, inside=st.booleans())
    def nothing_is_wrong(seed: str, other: str, steps: list[fuzz.Step], inside: bool) -> None:
        _, wrong = fuzz.problems_of(process, fuzz.mutant(seed, steps, inside=inside, other=other))
        assert wrong == []

    nothing_is_wrong()


def test_what_is_asked_finds_a_crash_and_a_number_from_nowhere(process: ReadingProcess) -> None:
    made = fuzz.mutant("html/tables-in-tables.html", [], inside=False, other=fuzz.SEEDS[0])
    assert fuzz.problems_of(process, made) == ("read", [])
    texts = [text for way in fuzz.ways_to_see(made.data) for text in way()]
    assert any("801" in text for text in texts)
    assert not any("123456789" in text for text in texts)

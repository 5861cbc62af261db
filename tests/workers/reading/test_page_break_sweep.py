"""Wherever a page ends: no wrong number, no untrue finding, and nearly all is read."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from itertools import islice

import pytest

from tests.documents.page_breaks import Tally, office_sweep, sweep
from tests.documents.variants.sweep import Variant

# Prime to the number of steps, sizes and faces: the few are of all kinds.
STEP = 401
MORE = 23
OFFICE_STEP = 37
FEWEST_READ = 0.99
HAS_OFFICE = shutil.which("soffice") is not None


def tally(variants: Iterable[Variant]) -> Tally:
    made = Tally()
    for variant in variants:
        made.add(variant)
    return made


def assert_all_well(made: Tally) -> None:
    assert made.count["documents"] and not made.count["faults"], made.said
    assert made.share_read >= FEWEST_READ, made.said


def test_some_of_the_sweep() -> None:
    assert_all_well(tally(islice(sweep(5), 0, None, STEP)))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_more_of_the_sweep() -> None:
    """The whole of it, and the whole through an office program, is make breaks: half an hour of a core."""
    assert_all_well(tally(islice(sweep(1), 0, None, MORE)))


@pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_sweep_through_an_office_program() -> None:
    assert_all_well(tally(office_sweep(1, OFFICE_STEP)))

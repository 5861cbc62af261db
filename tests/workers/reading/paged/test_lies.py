"""PDFs whose text layer lies accuse nobody: a few here, forty in the long tests, two hundred with ``make lies``."""

from __future__ import annotations

from itertools import islice

import pytest

from report.report import Unread
from tests.documents.variants.lies import KINDS, lies
from tests.documents.variants.sweep import faults, read


def test_what_is_not_printed_is_not_believed() -> None:
    """The kinds for which no picture has to be recognised."""
    noticed = set()
    for variant in islice(lies(seed=5, count=len(KINDS)), 2, None):
        if "white text" in variant.name:
            continue
        report = read(variant)
        assert report is not None
        assert faults(variant, report) == [], variant.name
        if any(gap.why is Unread.DISAGREEING for gap in report.gaps):
            noticed.add(variant.name.rpartition(" 20")[0])
    # Digits that are written in another order are read in that in which they stand.
    assert noticed == {*KINDS[2:5], KINDS[6]}


@pytest.mark.long
def test_more_of_them_accuse_nobody() -> None:
    for variant in lies(seed=9, count=40):
        report = read(variant)
        assert report is not None
        assert faults(variant, report) == [], variant.name
        told = any(gap.why is Unread.DISAGREEING for gap in report.gaps)
        assert told or all(report.number(key) == variant.source.values[key] for key in variant.source.keys())  # noqa: SIM118

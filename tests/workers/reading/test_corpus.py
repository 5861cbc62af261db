"""Every document of the corpus against the source that it was made from: not one wrong number."""

from __future__ import annotations

import pytest

from tests.documents.corpus import CASES, Case
from tests.documents.make_corpus import problems_of

from .conftest import DOCUMENTS


@pytest.mark.parametrize("case", CASES, ids=[case.path for case in CASES])
def test_read_as_in_its_source(case: Case) -> None:
    assert problems_of(case) == []


def test_there_are_more_than_forty_and_each_has_a_golden() -> None:
    assert len({case.path for case in CASES}) >= 40
    assert [case.path for case in CASES if not (DOCUMENTS / f"{case.path}.golden.json").exists()] == []

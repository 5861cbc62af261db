"""Ordinary list pages, odd servers: nobody is accused because a list was not understood."""

from __future__ import annotations

import pytest

from tests.portals.crawling.cases import cases
from tests.portals.crawling.outcome import Outcome, outcome_of

CASES = dict(cases())


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The standings of each case's four agencies, after two rounds over all of them; and what the last look says."""
    return outcome_of(CASES, tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize("name", CASES)
def test_nobody_is_accused_who_is_listed_in_time(outcome: Outcome, name: str) -> None:
    standings = [standing for standing, _ in outcome[name]]
    assert not {"missing", "late"} & set(standings), outcome[name]


@pytest.mark.parametrize("name", CASES)
def test_what_a_person_can_read_is_read(outcome: Outcome, name: str) -> None:
    """``*`` stands where a server's answer is broken, and a person could or could not read it."""
    for (standing, sentence), wanted in zip(outcome[name], CASES[name].truth, strict=True):
        assert wanted in ("*", standing), f"{CASES[name].note}: {sentence}"

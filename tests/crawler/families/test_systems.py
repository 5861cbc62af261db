"""Every system that lists in its own way: with three pages and 54 agencies the one that is missing is found, the one that is late, and nobody else."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from config.settings import Settings
from tests.portals.lists.outcome import Outcome, crawl_and_judge
from tests.portals.lists.systems import SYSTEMS, system_portals

PORTALS = system_portals()


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return crawl_and_judge(Settings(home=tmp_path_factory.mktemp("systems"), allow_private_addresses=True), PORTALS)


@pytest.mark.parametrize("name", SYSTEMS)
def test_who_is_missing_and_who_is_late_is_found_and_nobody_else(outcome: Outcome, name: str) -> None:
    portal = PORTALS[name]
    assert outcome.of(portal) == portal.district.standings, outcome.looks[name]

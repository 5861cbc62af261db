"""A probe says of every system's list which family it was found to be of, by which signs, and that all was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.settings import Settings
from crawler.rounds.round import make_order, run_spider
from crawler.survey.probe import ProbedColumn, ProbeSpider
from tests.crawler.times import shanghai
from tests.portals.lists.serving import ListServer, write_office
from tests.portals.lists.systems import FOUND_AS, SYSTEMS, system_portals

# Nothing is said of any family: each is found.
PORTALS = {
    name: replace(portal, column={key: value for key, value in portal.column.items() if key != "family"})
    for name, portal in system_portals(agencies=24).items()
}


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ProbedColumn]]:
    settings = Settings(home=tmp_path_factory.mktemp("probes"), allow_private_addresses=True)
    with ListServer(PORTALS) as server:
        write_office(settings.home, PORTALS, server.addresses)
        probes, trouble = run_spider(ProbeSpider, make_order(settings, list(PORTALS), shanghai(2026, 2, 5, 9)))
    assert len(probes) == len(PORTALS), trouble
    yield {probe.portal: probe.columns[0] for probe in probes}


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_family_is_found_and_everything_accounted_for(probed: dict[str, ProbedColumn], name: str) -> None:
    column = probed[name]
    assert column.family is not None
    assert (column.family.family, bool(column.family.signs)) == (FOUND_AS.get(name, "static-list"), True)
    assert len(column.taken) == 23  # of 24 agencies one is truly missing
    assert column.proves, (column.sentence, column.paging, column.accounted.examples)

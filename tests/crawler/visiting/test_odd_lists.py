"""Some four hundred odd lists: what a careful person says of each agency is what the program says."""

from __future__ import annotations

import pytest

from tests.portals.crawling.outcome import outcome_of
from tests.portals.odd import (
    broken,
    cards,
    dates,
    encodings,
    honest,
    islands,
    lateness,
    layouts,
    links,
    numbers,
    others,
    pagers,
    short,
    tabs,
    titles,
    turns,
    units,
)

KINDS = {
    "broken": broken.cases,
    "cards": cards.cases,
    "dates": dates.cases,
    "encodings": encodings.cases,
    "honest": honest.cases,
    "islands": islands.cases,
    "lateness": lateness.cases,
    "layouts": layouts.cases,
    "links": links.cases,
    "numbers": numbers.cases,
    "others": others.cases,
    "pagers": pagers.cases,
    "short": short.cases,
    "tabs": tabs.cases,
    "titles": titles.cases,
    "turns": turns.cases,
    "units": units.cases,
}


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_careful_person_says_is_what_the_program_says(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases = dict(KINDS[kind]())
    found = outcome_of(cases, tmp_path_factory.mktemp(kind))
    wrong = {
        f"{name}-{n} ({cases[name].note})": (standing, wanted, sentence)
        for name, agencies in found.items()
        for n, ((standing, sentence), wanted) in enumerate(zip(agencies, cases[name].truth, strict=True))
        if wanted != "*" and standing not in wanted.split("|")
    }
    assert wrong == {}

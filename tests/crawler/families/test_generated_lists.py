"""Lists by seed: nobody is called missing or late who is neither, and who truly is missing is found.

``make lists SEED=…`` tries more of them.
"""

from __future__ import annotations

from config.settings import Settings
from tests.portals.lists.generated import generated_portals
from tests.portals.lists.judged import judged
from tests.portals.lists.outcome import crawl_and_judge


def test_of_the_lists_of_a_seed_nobody_is_accused_wrongly(settings: Settings) -> None:
    portals = generated_portals(seed=1, count=24)
    outcome = crawl_and_judge(settings, {name: portal for name, (_, portal) in portals.items()})
    found = judged(portals, outcome)
    assert found.good, "\n".join(found.lines)

"""Portals whose answers are broken by seed, and one that is sound: crawled twice, and judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from config.settings import Settings
from ledger.database import open_ledger
from ledger.models import Look, PortalRow, Round
from ledger.states import PortalState, RoundFailure, RoundState
from tests.portals.answers.broken import WAYS, Broken
from tests.portals.lists.outcome import LOOKS, Outcome, crawl_and_judge
from tests.portals.lists.pages import article, framed, items, pages_of
from tests.portals.lists.plan import District, make_district
from tests.portals.lists.serving import Asked, ListPortal, Reply

SOUND = "sound"
AGENCIES, PER = 6, 4
# What a portal's own answers may do to its round, in words; the others are faults of the crawler.
_ENDED = (RoundFailure.STALLED, RoundFailure.MEMORY_LIMIT, RoundFailure.TIME_LIMIT)


@dataclass(frozen=True)
class Tried:
    """What is wrong after the rounds, and how many looks ended how."""

    wrong: tuple[str, ...]
    looks: Counter[str]


def try_answers(settings: Settings, seed: int, count: int) -> Tried:
    """Two rounds over ``count`` portals with broken answers and a sound one beside them."""
    names = sorted(WAYS)
    portals = {SOUND: _portal(make_district(SOUND, seed, AGENCIES), None)}
    says: dict[str, str] = {}
    for number in range(count):
        random = Random(f"{seed}-{number}")
        name, way = f"b{number}", names[(seed + number) % len(names)]
        where = random.choice(("list", "article", "robots", "any"))
        says[name] = f"{way} in {where}"
        breaks = _breaks(f"{seed}-{number}", way, where, share=random.choice((0.3, 0.7, 1.0)))
        portals[name] = _portal(make_district(name, seed * 1000 + number, AGENCIES), breaks)
    outcome = crawl_and_judge(settings, portals)
    return _tried(settings, portals, outcome, says)


def _portal(district: District, breaks: Callable[[Asked, Reply], Broken | None] | None) -> ListPortal:
    """A list of two pages with its articles."""
    parts = pages_of(district.rows, PER)
    count = len(parts)
    pages = {}
    for number, part in enumerate(parts):
        path = "/gknb/index.html" if number == 0 else f"/gknb/index_{number}.html"
        following = f'<a href="/gknb/index_{number + 1}.html">下一页</a>' if number + 1 < count else ""
        rows = items(part, lambda row: f"/article/{row.number}.html")
        pages[path] = framed(district, f"<ul>{rows}</ul><div class=pager>共{count}页 {following}</div>")
    articles = {f"/article/{row.number}.html": article(district, row) for row in district.rows}
    return ListPortal(
        district, lambda asked: pages.get(asked.path) or articles.get(asked.path), {"address": "/gknb/index.html"},
        breaks=breaks,
    )  # fmt: skip


def _breaks(seed: str, way: str, where: str, share: float) -> Callable[[Asked, Reply], Broken | None]:
    """Breaks this share of the answers, each time anew."""
    times: Counter[str] = Counter()

    def breaks(asked: Asked, reply: Reply) -> Broken | None:
        times[asked.path] += 1
        random = Random(f"{seed}-{asked.path}-{times[asked.path]}")
        here = where == "any" or asked.path.startswith({"list": "/gknb/", "article": "/article/"}.get(where, "/robots"))
        return WAYS[way](random, reply) if here and random.random() < share else None

    return breaks


def _tried(settings: Settings, portals: Mapping[str, ListPortal], outcome: Outcome, says: Mapping[str, str]) -> Tried:
    wrong = []
    for name, portal in portals.items():
        truth, found = portal.district.standings, outcome.of(portal)
        for agency, standing in found.items():
            accused = standing in ("missing", "late") and standing != truth[agency]
            if accused or (name == SOUND and standing != truth[agency]):
                why = outcome.standings[agency][1]
                wrong.append(f"{agency} is called {standing}, and is {truth[agency]} [{says.get(name, '')}] {why}")
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        looks = session.execute(select(Look)).scalars().all()
        rounds = session.execute(select(Round)).scalars().all()
        states = {row.portal: row.state for row in session.execute(select(PortalRow)).scalars()}
    for one in rounds:
        typed = one.state is RoundState.DONE or (one.state is RoundState.FAILED and one.failure in _ENDED)
        if not typed or (one.portal == SOUND and one.found is not PortalState.HEALTHY):
            wrong.append(f"{one.portal}: {one.state} {one.failure} {one.sentence} [{says.get(one.portal, '')}]")
    wrong += [f"{name} is in no state" for name in portals if states.get(name) is None]
    per = Counter(one.portal for one in rounds)
    wrong += [f"{name} has {per[name]} rounds" for name in portals if per[name] != len(LOOKS)]
    return Tried(tuple(wrong), Counter(f"{look.found} {'whole' if look.complete else 'not whole'}" for look in looks))

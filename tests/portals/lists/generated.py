"""Portals by seed: a layout of rows, a form of dates, a pager, an encoding and what stands beside the list, drawn at random."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.portals.lists.layouts import DATES, ENCODINGS, ISLANDS, LAYOUTS
from tests.portals.lists.pages import article
from tests.portals.lists.plan import District, Listed, make_district
from tests.portals.lists.serving import Asked, ListPortal, Reply, html
from tests.portals.lists.turning import READABLE, UNREADABLE, Turning

PAGES = 3
AGENCIES = 7
_PAGE = """<!DOCTYPE html><html><head>{meta}<title>政府信息公开年报_{district}人民政府</title></head><body>
{before}<h2>政府信息公开年报</h2><div class="main">{rows}{pager}</div>{after}
<div class="footer">主办：{district}人民政府办公室　联系电话：0510-00000000</div></body></html>"""


@dataclass(frozen=True)
class Draw:
    """What was drawn for a portal. ``readable``: a person without scripts can read it to its end."""

    layout: str
    dates: str
    pager: str
    encoding: str
    island: str

    @property
    def readable(self) -> bool:
        """Whether the pages that the list has can be found from what stands in it."""
        return self.pager in READABLE

    def __str__(self) -> str:
        return f"{self.layout} {self.dates} {self.pager} {self.encoding} {self.island}"


def draws(seed: int, count: int) -> Iterator[Draw]:
    """So many different draws, one in eight of them with a pager that leads nowhere that can be told."""
    random = Random(seed)
    known: set[Draw] = set()
    while len(known) < count:
        pagers = UNREADABLE if random.random() < 1 / 8 else READABLE
        draw = Draw(*(random.choice(sorted(names)) for names in (LAYOUTS, DATES, pagers, ENCODINGS, ISLANDS)))
        if draw not in known:
            known.add(draw)
            yield draw


def generated_portals(seed: int, count: int) -> dict[str, tuple[Draw, ListPortal]]:
    """The portals of a seed by their id."""
    return {
        f"g{number}": (
            draw,
            _portal(draw, make_district(f"g{number}", seed * 10_000 + number, AGENCIES, late=number % 2)),
        )
        for number, draw in enumerate(draws(seed, count))
    }


def _portal(draw: Draw, district: District) -> ListPortal:
    turning = READABLE.get(draw.pager) or UNREADABLE[draw.pager]
    per = -(-len(district.rows) // PAGES)
    parts = [district.rows[start : start + per] for start in range(0, len(district.rows), per)]
    count = len(parts)
    pages = {
        turning.address(number, count): _page(
            draw, district, turning, parts[turning.answers(number) - 1], turning.answers(number), count
        )
        for number in range(1, count + 1)
    }
    articles = {f"/article/{row.number}.html": row for row in district.rows}

    def answer(asked: Asked) -> Reply | None:
        row = articles.get(asked.path)
        return article(district, row) if row is not None else pages.get(asked.path)

    return ListPortal(district, answer, {"address": turning.address(1, count)}, says=str(draw))


def _page(draw: Draw, district: District, turning: Turning, part: Sequence[Listed], number: int, count: int) -> Reply:
    around, row_of = LAYOUTS[draw.layout]
    rows = "".join(row_of(f"/article/{row.number}.html", row, DATES[draw.dates](row.day)) for row in part)
    before, after = ISLANDS[draw.island]
    encoding, media_type, meta = ENCODINGS[draw.encoding]
    text = _PAGE.format(
        meta=meta,
        district=district.name,
        before=before,
        after=after,
        rows=around.format(rows=rows),
        pager=turning.pager(number, count, len(district.rows)),
    )
    return html(text, encoding, media_type)

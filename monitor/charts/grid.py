"""The grid of a district's agencies by state: every agency a square, under the heading of its state.

The headings and the sign in each square say the state without any colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from ledger.states import Standing
from monitor.charts.ink import GREY, INK, UNKNOWN, WIDTH, Canvas, drawable, fitted, width_of
from monitor.season.report_year import Group

# A sign, the fill and the rim (and sign) of the squares.
SIGNS = {
    Standing.MISSING: ("×", "#b42318", "#b42318", "#ffffff"),
    Standing.LATE: ("▲", "#ffe2b3", "#9a5b00", "#9a5b00"),
    Standing.WITHDRAWN: ("↓", "#f4d3cf", "#b42318", "#b42318"),
    Standing.DATE_DISPUTED: ("◇", "#dbe7f6", "#1d4f91", "#1d4f91"),
    Standing.UNVERIFIABLE: ("?", "#ffffff", "#52606d", "#52606d"),
    Standing.PENDING: ("…", "#ffffff", "#a5b0bd", "#52606d"),
    Standing.ON_TIME: ("✓", "#d5ecdf", "#1b7f4b", "#1b7f4b"),
    Standing.EXEMPT: ("–", "#eef1f4", "#a5b0bd", "#52606d"),
}
MARGIN = 10
HEADING, SIZE = 24, 21
HEADING_HEIGHT, ROW, GAP = 44, 36, 8
COLUMNS = 3
SQUARE, SPACE = 26, 8
# More agencies than this are squares without a name. A big grid is drawn with fewer dots.
MOST_NAMED = 240
MOST_SHARP = 100
SMALL, SMALL_STEP = 14, 18
FOOT = 34


def draw_grid(groups: Sequence[Group]) -> bytes:
    """The grid as a PNG. What it says stands in words in the mail too."""
    count = sum(len(group.names) for group in groups)
    named = count <= MOST_NAMED
    places = [_named_places(group.names) if named else _small_places(len(group.names)) for group in groups]
    step = ROW if named else SMALL_STEP
    heights = [HEADING_HEIGHT + (of_group[-1][1] + 1) * step + GAP for of_group in places]
    unknown = named and any(UNKNOWN in drawable(name) for group in groups for name in group.names)
    page = Canvas(
        2 * MARGIN + sum(heights) + (FOOT if unknown else 0),
        scale=2.0 if count <= MOST_SHARP else 1.25 if named else 1.0,
    )
    y: float = MARGIN
    for group, of_group, height in zip(groups, places, heights, strict=True):
        sign, fill, rim, colour = SIGNS[group.standing]
        page.text(MARGIN, y + HEADING_HEIGHT / 2, f"{sign} {group.words} {len(group.names)}家", HEADING, bold=True)
        corners = [(MARGIN + x, y + HEADING_HEIGHT + row * step) for x, row in of_group]
        page.boxes(corners, SQUARE if named else SMALL, fill=fill, rim=rim)
        for corner, name in zip(corners if named else (), group.names, strict=False):
            middle = corner[1] + SQUARE / 2
            page.text(corner[0] + SQUARE / 2, middle, sign, 18, colour=colour, align="center")
            room = WIDTH - MARGIN - corner[0] - SQUARE - SPACE
            page.text(corner[0] + SQUARE + SPACE, middle, fitted(drawable(name), SIZE, room), SIZE, colour=INK)
        y += height
    if unknown:
        page.text(MARGIN, y + FOOT / 2, "〓：随附的字体中没有这个字，名称见邮件正文。", SIZE - 3, colour=GREY)
    return page.png()


def _named_places(names: Sequence[str]) -> list[tuple[float, int]]:
    """Where the square of each name goes, x and row: in columns, and a long name takes more than one."""
    width = (WIDTH - 2 * MARGIN) / COLUMNS
    places, column, row = [], 0, 0
    for name in names:
        wanted = min(ceil((SQUARE + 2 * SPACE + width_of(drawable(name), SIZE)) / width), COLUMNS)
        if column + wanted > COLUMNS:
            column, row = 0, row + 1
        places.append((column * width, row))
        column += wanted
    return places


def _small_places(count: int) -> list[tuple[float, int]]:
    columns = (WIDTH - 2 * MARGIN) // SMALL_STEP
    return [(float(number % columns * SMALL_STEP), number // columns) for number in range(count)]

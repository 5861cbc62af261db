"""Running text that stands in two columns: the left one is read before the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from workers.reading.layout.glyph import Glyph, TextLine
from workers.reading.layout.text_lines import line_of
from workers.reading.running_text import starts_anew

# Of the height of the letters: how wide the gap between two columns is at least.
_GUTTER = 1.2
_FEWEST_ROWS = 3
_FEWEST_LETTERS = 9
Row = list[Glyph]
Gap = tuple[float, float]


def text_lines(rows: Sequence[Row], page: int) -> Iterator[tuple[float, TextLine]]:
    """The lines of some rows of plain glyphs, each with the height by which it is put in order.

    Rows that share a gap from top to bottom, with text on both sides of it, are two columns.
    """
    at = 0
    while at < len(rows):
        stop, gap = _columns(rows, at)
        if gap is None:
            yield from _lines([rows[at]], page, None)
            at += 1
            continue
        block = rows[at:stop]
        left = [[glyph for glyph in row if glyph.x1 <= gap[1]] for row in block]
        right = [[glyph for glyph in row if glyph.x1 > gap[1]] for row in block]
        top = min(glyph.top for row in block for glyph in row)
        edges = [
            (min(g.x0 for row in side for g in row), max(g.x1 for row in side for g in row)) for side in (left, right)
        ]
        for side, column in zip((left, right), edges, strict=True):
            yield from ((top, line) for _, line in _lines([row for row in side if row], page, column))
        at = stop


def _lines(rows: Sequence[Row], page: int, column: tuple[float, float] | None) -> Iterator[tuple[float, TextLine]]:
    for row in rows:
        line = line_of(row)
        if line is not None:
            top, x0, x1, bottom, text = line
            yield top, TextLine(text, x0, top, x1, bottom, page, column)


def _columns(rows: Sequence[Row], first: int) -> tuple[int, Gap | None]:
    """Where the two columns end that begin in a row, and the gap between them; no gap where there are none."""
    best: tuple[int, Gap | None] = (first + 1, None)
    for gap in _gaps(rows[first]):
        apart, at = 1, first + 1
        last = first
        while at < len(rows):
            row = rows[at]
            common = next((each for each in (_common(gap, other) for other in _gaps(row)) if each), None)
            if common is not None:
                gap, apart, last = common, apart + 1, at
            elif not (row[-1].x1 <= gap[1] or row[0].x0 >= gap[0]):
                break
            at += 1
        # Below the last row with both, one column's text may go on; a new paragraph there stands alone.
        at = _end(rows, last, at)
        sides = [
            [sum(glyph.x1 <= gap[1] for glyph in row) for row in rows[first:at]],
            [sum(glyph.x1 > gap[1] for glyph in row) for row in rows[first:at]],
        ]
        # Both are text and no numbers beside labels.
        full = all(sum(side) >= _FEWEST_LETTERS * apart for side in sides)
        if apart >= _FEWEST_ROWS and full and at > best[0]:
            best = at, gap
    return best


def _end(rows: Sequence[Row], last: int, stop: int) -> int:
    for at in range(last + 1, stop):
        if starts_anew("".join(glyph.text for glyph in rows[at])):
            return at
    return stop


def _gaps(row: Row) -> list[Gap]:
    return [(one.x1, other.x0) for one, other in pairwise(row) if other.x0 - one.x1 > _GUTTER * (one.bottom - one.top)]


def _common(one: Gap, other: Gap) -> Gap | None:
    left, right = max(one[0], other[0]), min(one[1], other[1])
    return (left, right) if right - left > 4 else None

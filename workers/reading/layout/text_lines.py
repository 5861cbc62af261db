"""Glyphs that stand side by side as lines of text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import itemgetter

from workers.reading.layout.glyph import Glyph

_SAME_LINE = 0.5
# Points by which two glyphs of one line may stand apart, however low they are.
_ALWAYS_SAME_LINE = 1.0
_WORD_GAP = 0.25


_left, _top, _bottom = map(itemgetter, map(Glyph._fields.index, ("x0", "top", "bottom")))
Line = tuple[float, float, float, float, str]


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """The glyphs as lines (top, x0, x1, bottom, text), from top to bottom."""
    return [line for row in rows_of(glyphs) if (line := line_of(row)) is not None]


def rows_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs that stand at one height, from left to right, row by row from top to bottom."""
    rows: list[list[Glyph]] = []
    row: list[Glyph] = []
    middle = height = 0.0
    for glyph in sorted(glyphs, key=_twice_the_middle):
        _, _, top, _, bottom, _, _, _, _ = glyph
        centre = (top + bottom) / 2
        # Most glyphs stand in the middle of their row.
        if row and (centre - middle <= _ALWAYS_SAME_LINE or centre - middle <= _SAME_LINE * min(bottom - top, height)):
            row.append(glyph)
        else:
            row = [glyph]
            rows.append(row)
            middle, height = centre, bottom - top
    for row in rows:
        row.sort(key=_left)
    return rows


def line_of(row: Sequence[Glyph]) -> Line | None:
    """One row of glyphs as a line, a space where they stand apart; None where there is nothing."""
    text = text_of(row)
    if not text.strip():
        return None
    return min(map(_top, row)), row[0].x0, row[-1].x1, max(map(_bottom, row)), text


def text_of(row: Sequence[Glyph]) -> str:
    """The text of one row of glyphs, a space where they stand apart."""
    parts: list[str] = []
    end = math.inf
    for part, x0, top, x1, bottom, _, _, _, _ in row:
        if x0 - end > _WORD_GAP * (bottom - top):
            parts.append(" ")
        parts.append(part)
        end = x1
    return "".join(parts)


def _twice_the_middle(glyph: Glyph) -> float:
    return glyph.top + glyph.bottom

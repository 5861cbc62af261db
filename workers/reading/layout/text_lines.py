"""Glyphs that stand side by side as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from workers.reading.layout.glyph import Glyph

_SAME_LINE = 0.5
# Points by which two glyphs of one line may stand apart, however low they are.
_ALWAYS_SAME_LINE = 1.0
_WORD_GAP = 0.25


_left = attrgetter("x0")
Line = tuple[float, float, float, float, str]


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """The glyphs as lines (top, x0, x1, bottom, text), from top to bottom."""
    if len(glyphs) == 1:
        # Most cells hold one digit.
        only = glyphs[0]
        return [(only.top, only.x0, only.x1, only.bottom, only.text)] if only.text.strip() else []
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
    parts: list[str] = []
    end = row[0].x0 if row else 0.0
    for part, x0, top, x1, bottom, _, _, _, _ in row:
        if x0 - end > _WORD_GAP * (bottom - top) and parts:
            parts.append(" ")
        parts.append(part)
        end = x1
    text = "".join(parts)
    if not text.strip():
        return None
    return min([glyph.top for glyph in row]), row[0].x0, row[-1].x1, max([glyph.bottom for glyph in row]), text


def _twice_the_middle(glyph: Glyph) -> float:
    return glyph.top + glyph.bottom

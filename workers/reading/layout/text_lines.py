"""Glyphs that stand side by side as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from workers.reading.layout.glyph import Glyph

_SAME_LINE = 0.5
_WORD_GAP = 0.25


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
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.top + glyph.bottom):
        centre = (glyph.top + glyph.bottom) / 2
        if rows and abs(centre - middle) <= _SAME_LINE * max(min(glyph.bottom - glyph.top, _height(rows[-1])), 2):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            middle = centre
    for row in rows:
        row.sort(key=lambda glyph: glyph.x0)
    return rows


def line_of(row: Sequence[Glyph]) -> Line | None:
    """One row of glyphs as a line, a space where they stand apart; None where there is nothing."""
    text = ""
    last: Glyph | None = None
    for glyph in row:
        if last is not None and glyph.x0 - last.x1 > _WORD_GAP * (glyph.bottom - glyph.top):
            text += " "
        text += glyph.text
        last = glyph
    if not text.strip():
        return None
    return min(glyph.top for glyph in row), row[0].x0, row[-1].x1, max(glyph.bottom for glyph in row), text


def _height(row: Sequence[Glyph]) -> float:
    return row[0].bottom - row[0].top

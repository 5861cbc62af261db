"""Lines that run through text: what they strike out is no part of what a cell or a sentence says."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from report.account import TEXT, PieceKind
from workers.reading.layout.glyph import Glyph, PdfPage

# Of a glyph's height, from its top: between these a line strikes it out; lower it underlines.
_FROM, _TO = 0.3, 0.72
_HALF = 0.5
_COVERED = 0.7
_ENDS = 3.0
_BUCKET = 8
# Of a glyph: between which heights a line strikes it out, and its number.
_Struck = tuple[float, float, int]


def without_struck(page: PdfPage) -> PdfPage:
    """The page with the glyphs that have a line through them as struck, and with the lines that are ruled ones.

    A line strikes text out that begins and ends where the text under it does: a ruled one runs on.
    """
    glyphs = page.glyphs
    level = sorted({each["top"] for each in page.edges if each["orientation"] == "h"})
    if not level and all(kind is not PieceKind.STRUCK for kind, _, _ in page.annotations):
        return page
    by_height: dict[float, list[_Struck]] = defaultdict(list)
    level.append(math.inf)
    for index, (_, _, top, _, bottom, kind, _, _, _) in enumerate(glyphs):
        height = bottom - top
        upper, lower = top + _FROM * height, top + _TO * height
        # Most lines of a page are ruled between its texts: through most glyphs runs none.
        if level[bisect_right(level, upper)] < lower and kind is TEXT:
            by_height[(top + bottom) / 2 // _BUCKET].append((upper, lower, index))
    out: set[int] = set()
    ruled = []
    for each in page.edges:
        through = _through(each, glyphs, by_height) if each["orientation"] == "h" else []
        if through:
            out.update(through)
        else:
            ruled.append(each)
    for kind, _, (left, top, right, bottom) in page.annotations:
        if kind is PieceKind.STRUCK:
            out |= {
                index
                for index, glyph in enumerate(glyphs)
                if left <= (glyph.x0 + glyph.x1) / 2 <= right and top <= (glyph.top + glyph.bottom) / 2 <= bottom
            }
    if not out:
        return page
    return replace(
        page,
        glyphs=[
            glyph._replace(kind=PieceKind.STRUCK) if index in out and glyph.kind is TEXT else glyph
            for index, glyph in enumerate(glyphs)
        ],
        edges=ruled,
        annotations=[each for each in page.annotations if each[0] is not PieceKind.STRUCK],
    )


def _through(line: dict[str, Any], glyphs: Sequence[Glyph], by_height: Mapping[float, list[_Struck]]) -> list[int]:
    """The glyphs that a horizontal line strikes out; none where it is a ruled one."""
    y, x0, x1 = line["top"], line["x0"], line["x1"]
    bucket = y // _BUCKET
    found, covered = [], 0.0
    near = [by_height.get(each, ()) for each in (bucket - 1, bucket, bucket + 1)]
    for index in [index for each in near for upper, lower, index in each if upper < y < lower]:
        glyph = glyphs[index]
        under = min(glyph.x1, x1) - max(glyph.x0, x0)
        # The end of a line, as thick as it is, reaches into the next glyph.
        if under >= _HALF * (glyph.x1 - glyph.x0):
            found.append(index)
            covered += under
    # A line is drawn as much longer as it is thick.
    beyond = x1 - x0 - covered
    return found if found and beyond <= max(_ENDS, (1 - _COVERED) * (x1 - x0)) else []

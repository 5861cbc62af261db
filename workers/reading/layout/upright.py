"""Which way up a page is read, and what on it is a watermark."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from operator import itemgetter

from report.account import TEXT, PieceKind
from workers.reading.layout.glyph import Glyph, PdfPage, Turned
from workers.reading.layout.pdf_tables import edge

_ASLANT = 4.0
_MOSTLY = 0.6
# Text of this many times the usual size, in a light colour, lies under the text and is none of it.
_LARGER = 2.2
_angle, _is_pale = map(itemgetter, map(Glyph._fields.index, ("angle", "pale")))


def upright(page: PdfPage) -> PdfPage:
    """The page turned so that most of its text is read from left to right; text aslant, or large and pale, is marked.

    Without glyphs that know their angle nothing changes.
    """
    glyphs = page.glyphs
    found = Counter(map(_angle, glyphs))
    angles: Counter[int] = Counter()
    for angle, times in found.items():
        if _is_straight(angle):
            angles[round(angle / 90) % 4] += times
    quarter, count = angles.most_common(1)[0] if angles else (0, 0)
    if angles.total() < len(glyphs) or any(map(_is_pale, glyphs)):
        sizes = sorted(glyph.size for glyph in glyphs if glyph.kind is TEXT)
        usual = sizes[len(sizes) // 2] if sizes else 0
        page = replace(
            page,
            glyphs=[
                glyph._replace(kind=PieceKind.WATERMARK) if _is_watermark(glyph, usual) else glyph for glyph in glyphs
            ],
        )
    return _turned(page, quarter) if quarter and count > _MOSTLY * len(glyphs) else page


def _is_straight(angle: float) -> bool:
    return abs((angle + 45) % 90 - 45) <= _ASLANT


def _is_watermark(glyph: Glyph, usual: float) -> bool:
    if glyph.kind is not TEXT:
        return False
    return not _is_straight(glyph.angle) or (glyph.pale and usual > 0 and glyph.size > _LARGER * usual)


def _turned(page: PdfPage, quarters: int) -> PdfPage:
    """The page turned back by so many quarters to the left."""
    turned = Turned(quarters, page.width, page.height)
    wide = quarters % 2 == 1
    return replace(
        page,
        width=page.height if wide else page.width,
        height=page.width if wide else page.height,
        glyphs=[Glyph(each.text, *turned.read(each[1:5]), each.kind, each.size, 0, each.pale) for each in page.glyphs],
        edges=[edge(*turned.read((each["x0"], each["top"], each["x1"], each["bottom"]))) for each in page.edges],
        images=[turned.read(box) for box in page.images],
        boxes=[turned.read(box) for box in page.boxes],
        annotations=[(kind, text, turned.read(box)) for kind, text, box in page.annotations],
        turned=turned,
    )

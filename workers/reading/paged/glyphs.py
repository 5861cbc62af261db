"""The glyphs of a page of pdfium's: what each is, where it stands, and whether a person sees it.

Hidden are: an invisible render mode, no opacity, the colour of the ground, a layer that is not shown, outside the page
or its clip, under something opaque, or too small to be seen. A glyph that is there to be seen and has no character
(unmapped, a space, a zero-width one, a soft hyphen with ink) is one that was not read.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from report.account import PieceKind
from workers.reading.content import UNREAD
from workers.reading.layout.glyph import Glyph
from workers.reading.layout.pdf_tables import Box
from workers.reading.paged import quick_calls
from workers.reading.paged.ink import Ink
from workers.reading.paged.shapes import Shapes, brightness, clip_of, colour_of
from workers.reading.paged.turn import Turn

MOST_GLYPHS = 300_000
_TALL = 60.0
_LOW = frozenset(".,·-–—_~'\"，。、．·…—－“”‘’；：;:")
_LOW_HEIGHT = 0.75
_SAME_BASE = 1.0
_INVISIBLE = frozenset({3, 7})
_BRIGHT = 128
_NO_OPACITY = 26
_SMALLEST = 1.5
# White space and what has no width: without ink they are what they say.
_WITHOUT_INK = frozenset({0x20, 0xA0, 0xAD, 0x3000, 0xFEFF, *range(0x2000, 0x2010), 0x202F, 0x205F, 0x2060})
_LEAST_INK = 0.5
# How near to the middle of a ruled line it is still drawn.
_RULE = 1.5
_BUCKET = 12.0
# Of a font's size: how far before its first character a text begins at least where one is left out.
_LEFT_OUT = 0.3
# Of a hidden glyph's width and height: what a glyph over it covers at least.
_SHARED = 0.25


class _Style(NamedTuple):
    """What the glyphs of one text object have in common."""

    hidden: bool
    size: float
    angle: float
    bright: bool
    doubtful: bool
    order: int
    clip: Box | None

    @property
    def is_plain(self) -> bool:
        """Whether nothing of it speaks against its being seen."""
        return not (self.hidden or self.bright or self.doubtful) and self.clip is None


_PLAIN = _Style(False, 0, 0, False, False, -1, None)


def glyphs_of(text: Any, page: Any, turn: Turn, shapes: Shapes) -> list[Glyph]:
    """The glyphs of a text page of pdfium's, in the order of the file, those that nobody sees with the kind hidden."""
    width, height = page.get_size()
    ink = Ink(page)
    known: dict[int, bool] = {}

    def opaque(picture: Any) -> bool:
        address = quick_calls.address_of(picture)
        if address not in known:
            known[address] = _is_opaque(page, picture)
        return known[address]

    found = [
        glyph
        for one, style in _glyphs(text, turn, shapes)
        if (glyph := _seen(one, style, shapes, ink, (width, height), opaque)) is not None
    ]
    return _with_what_stands_over(found, shapes, ink)


def _with_what_stands_over(glyphs: list[Glyph], shapes: Shapes, ink: Ink) -> list[Glyph]:
    """The glyphs, those as unread in whose place something is seen though they are hidden and nothing stands over them.

    Of two equal characters in one place pdfium tells the first, which may be the one under a patch.
    """
    if not any(glyph.kind is PieceKind.HIDDEN for glyph in glyphs):
        return glyphs
    seen: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        if glyph.kind is PieceKind.TEXT:
            seen.setdefault(int((glyph.top + glyph.bottom) / 2 // _BUCKET), []).append(glyph)
    found = []
    for glyph in glyphs:
        if glyph.kind is PieceKind.HIDDEN and glyph.size >= _SMALLEST:
            bucket = int((glyph.top + glyph.bottom) / 2 // _BUCKET)
            near = (other for at in (bucket - 1, bucket, bucket + 1) for other in seen.get(at, ()))
            free = not any(_overlap(glyph, other) for other in near)
            if free and ink.is_drawn(_inside(glyph, shapes.edges)):
                glyph = glyph._replace(text=UNREAD, kind=PieceKind.TEXT)
        found.append(glyph)
    return found


def _overlap(one: Glyph, other: Glyph) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > _SHARED * (one.x1 - one.x0) and down > _SHARED * (one.bottom - one.top)


def _seen(
    glyph: Glyph, style: _Style, shapes: Shapes, ink: Ink, page: tuple[float, float], opaque: Callable[[Any], bool]
) -> Glyph | None:
    """The glyph with its kind; None for white space."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    blank = not glyph.text
    if style.is_plain and not blank and not shapes.covers and 0 <= x <= page[0] and 0 <= y <= page[1]:
        return glyph
    if style.hidden or not (0 <= x <= page[0] and 0 <= y <= page[1]):
        return None if blank else glyph._replace(kind=PieceKind.HIDDEN)
    if style.clip is not None and not (style.clip[0] <= x <= style.clip[2] and style.clip[1] <= y <= style.clip[3]):
        return None if blank else glyph._replace(kind=PieceKind.HIDDEN)
    on_dark = False
    for cover in shapes.covers_at(x, y):
        if cover.order > style.order >= 0 and (cover.picture is None or opaque(cover.picture)):
            return None if blank else glyph._replace(kind=PieceKind.HIDDEN)
        on_dark |= cover.is_dark and cover.order < style.order
    if blank:
        return glyph._replace(text=UNREAD) if ink.is_drawn(_inside(glyph, shapes.edges)) else None
    if (style.bright or style.doubtful or on_dark) and not ink.is_drawn(_inside(glyph, shapes.edges)):
        return glyph._replace(kind=PieceKind.HIDDEN)
    return glyph


def _inside(glyph: Glyph, edges: Sequence[dict[str, Any]]) -> Box:
    """The middle of a glyph's box, without what its neighbours reach into it, and on one side of a ruled line."""
    width, height = glyph.x1 - glyph.x0, glyph.bottom - glyph.top
    left, top = glyph.x0 + 0.1 * width, glyph.top + 0.08 * height
    right, bottom = glyph.x1 - 0.1 * width, glyph.bottom - 0.15 * height
    for each in edges:
        if each["x1"] < left - _RULE or each["x0"] > right + _RULE:
            continue
        if each["bottom"] < top - _RULE or each["top"] > bottom + _RULE:
            continue
        if each["orientation"] == "v":
            left, right = _wider((left, each["x0"] - _RULE), (each["x0"] + _RULE, right))
        else:
            top, bottom = _wider((top, each["top"] - _RULE), (each["top"] + _RULE, bottom))
    return left, top, right, bottom


def _wider(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return max(one, other, key=lambda part: part[1] - part[0])


def _is_opaque(page: Any, picture: Any) -> bool:
    """Whether an image hides what is under it; one with a mask shows some."""
    bitmap = raw.FPDFImageObj_GetRenderedBitmap(page.pdf, page, picture)
    if not bitmap:
        return False
    try:
        return bool(raw.FPDFBitmap_GetFormat(bitmap) != raw.FPDFBitmap_BGRA)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


def _glyphs(text: Any, turn: Turn, shapes: Shapes) -> Iterator[tuple[Glyph, _Style]]:
    # A page has hundreds of these: names are looked up once, and a page that is not turned is only moved.
    unicode_of, loose_box, object_of = quick_calls.unicode_of, quick_calls.loose_box, quick_calls.text_object
    without_map = quick_calls.without_map
    loose, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    loose_at, matrix_at = ctypes.addressof(loose), ctypes.addressof(matrix)
    tight = [ctypes.c_double() for _ in range(4)]
    bounds = (ctypes.c_float * 4)()
    bounds_at = [ctypes.addressof(bounds) + 4 * index for index in range(4)]
    handle, moved = text.raw, turn.only_moves
    at = quick_calls.address_of(handle)
    left, top = turn.corner
    before, tall = -1, (0.0, 0.0)
    known, style = 0, _PLAIN
    for index in range(min(raw.FPDFText_CountChars(handle), MOST_GLYPHS + 1)):
        code = unicode_of(at, index)
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        item = object_of(at, index)
        if not item:
            # pdfium's own spaces and line ends.
            continue
        begins = item != known
        if begins:
            quick_calls.matrix(at, index, matrix_at)
            known, style = item, _style(quick_calls.font_size(at, index), matrix, item, turn, shapes)
        character = chr(code)
        if code in _WITHOUT_INK or code < 0x20:
            raw.FPDFText_GetCharBox(handle, index, *tight)
            if tight[1].value - tight[0].value < _LEAST_INK or tight[3].value - tight[2].value < _LEAST_INK:
                continue
            character = ""
        elif without_map(at, index) == 1 or unicodedata.category(character) in ("Co", "Cn", "Cc"):
            character = UNREAD
        loose_box(at, index, loose_at)
        x0, y0, x1, y1 = loose.left, loose.bottom, loose.right, loose.top
        if begins and moved and not style.doubtful:
            # White space at the beginning of a text is left out by pdfium, what is printed in its place too.
            quick_calls.bounds(item, *bounds_at)
            if x0 - bounds[0] > _LEFT_OUT * style.size > 0:
                before_it = (bounds[0] - left, top - y1, x0 - left, top - y0)
                yield Glyph("", *before_it, PieceKind.TEXT, style.size, style.angle, style.bright), style
        if y1 - y0 > _TALL or x1 - x0 > _TALL:
            # The loose box of vertical text is wrong; the tight one holds.
            raw.FPDFText_GetCharBox(handle, index, *tight)
            x0, x1, y0, y1 = (value.value for value in tight)
        if character in _LOW and y1 - y0 < _LOW_HEIGHT * (tall[1] - tall[0]) and _on_one_line(handle, before, index):
            # A font that does not tell its height: a stop has the height of its ink, and would fall out of its line.
            y0, y1 = tall
        else:
            before, tall = index, (y0, y1)
        if moved and x0 <= x1 and y0 <= y1:
            box = (x0 - left, top - y1, x1 - left, top - y0)
        else:
            box = turn.box(x0, y0, x1, y1)
        yield Glyph(character, *box, PieceKind.TEXT, style.size, style.angle, style.bright), style


def _style(size: float, matrix: Any, item: int, turn: Turn, shapes: Shapes) -> _Style:
    """The style of a text object (its address), given its font's size and its matrix."""
    size *= math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
    mode = quick_calls.render_mode(item)
    colour = colour_of(item) if mode in (0, 4) else None
    order, marked = shapes.texts.get(item, (-1, True))
    faint = colour is not None and colour[3] < _NO_OPACITY
    bright = colour is not None and (brightness(colour) > _BRIGHT or colour[3] < _BRIGHT)
    return _Style(
        mode in _INVISIBLE or faint or 0 < size < _SMALLEST,
        size,
        turn.angle(math.degrees(math.atan2(matrix.b, matrix.a))),
        bright,
        marked,
        order,
        clip_of(item, turn) if not marked else None,
    )


def _on_one_line(text: Any, before: int, index: int) -> bool:
    """Whether two characters stand on the same base line, side by side."""
    if before < 0:
        return False
    ax, ay, bx, by = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharOrigin(text, before, ax, ay)
    raw.FPDFText_GetCharOrigin(text, index, bx, by)
    return abs(ay.value - by.value) < _SAME_BASE and ax.value < bx.value

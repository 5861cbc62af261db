"""The glyphs of a page of pdfium's: what each is, where it stands, and whether a person sees it.

Hidden are: an invisible render mode, no opacity, the colour of the ground, a layer that is not shown, outside the page
or its clip, under something opaque, or too small to be seen. A glyph that is there to be seen and has no character
(unmapped, a space, a zero-width one, a soft hyphen with ink) is one that was not read.
"""

from __future__ import annotations

import ctypes
import math
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from report.account import PieceKind
from workers.reading.content import UNREAD
from workers.reading.layout.glyph import Glyph
from workers.reading.layout.pdf_tables import Box
from workers.reading.paged import quick_calls
from workers.reading.paged.characters import Looks, TextObject, characters_of
from workers.reading.paged.ink import Ink
from workers.reading.paged.shapes import Shapes, brightness, clip_of
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
    """What the glyphs of one text object have in common, but for where and when it is painted.

    ``doubtful``: a layer may hide them, or a form holds them.
    """

    hidden: bool
    size: float
    angle: float
    bright: bool
    doubtful: bool


# How a text object is painted: its style, as which one of the page, and the box outside which it is not.
_Painted = tuple[_Style, int, Box | None]
_PLAIN: _Painted = _Style(False, 0, 0, False, False), -1, None


def glyphs_of(text: Any, page: Any, turn: Turn, shapes: Shapes) -> list[Glyph]:
    """The glyphs of a text page of pdfium's, in the order of the file, those that nobody sees with the kind hidden."""
    ink = Ink(page)
    see = _Sight(page, shapes, ink).see
    found = [glyph for one, painted in _glyphs(text, turn, shapes) if (glyph := see(one, painted)) is not None]
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


class _Sight:
    """What a person sees of a page's glyphs."""

    def __init__(self, page: Any, shapes: Shapes, ink: Ink) -> None:
        self._page, self._shapes, self._ink = page, shapes, ink
        self._width, self._height = page.get_size()
        self._known: dict[int, bool] = {}

    def see(self, glyph: Glyph, painted: _Painted) -> Glyph | None:
        """The glyph with its kind; None for white space."""
        character, x0, top, x1, bottom, _, _, _, _ = glyph
        (hidden, _, _, bright, doubtful), order, clip = painted
        x, y, shapes = (x0 + x1) / 2, (top + bottom) / 2, self._shapes
        if (
            hidden
            or not (0 <= x <= self._width and 0 <= y <= self._height)
            or (clip is not None and not (clip[0] <= x <= clip[2] and clip[1] <= y <= clip[3]))
            or (order >= 0 and shapes.covers and shapes.is_covered(x, y, order, self._is_opaque))
        ):
            return glyph._replace(kind=PieceKind.HIDDEN) if character else None
        if not character:
            return glyph._replace(text=UNREAD) if self._is_drawn(glyph) else None
        if not (bright or doubtful or (shapes.dark and shapes.is_on_dark(x, y, order))) or self._is_drawn(glyph):
            return glyph
        return glyph._replace(kind=PieceKind.HIDDEN)

    def _is_drawn(self, glyph: Glyph) -> bool:
        return self._ink.is_drawn(_inside(glyph, self._shapes.edges))

    def _is_opaque(self, picture: int) -> bool:
        if picture not in self._known:
            self._known[picture] = _is_opaque(self._page, quick_calls.handle_of(picture))
        return self._known[picture]


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


def _glyphs(text: Any, turn: Turn, shapes: Shapes) -> Iterator[tuple[Glyph, _Painted]]:
    # A page has hundreds of these: a page that is not turned is only moved.
    kind = PieceKind.TEXT
    tight = [ctypes.c_double() for _ in range(4)]
    styles = _Styles(turn, shapes)
    handle, moved = text.raw, turn.only_moves
    left, top = turn.corner
    before, tall = -1, (0.0, 0.0)
    painted, size, angle, bright, doubtful = _PLAIN, 0.0, 0.0, False, False
    count = min(raw.FPDFText_CountChars(handle), MOST_GLYPHS + 1)
    for index, code, unmapped, (x0, y1, x1, y0), begun in characters_of(quick_calls.address_of(handle), count):
        if begun is not None:
            painted = styles.of(begun)
            _, size, angle, bright, doubtful = painted[0]
        character = _character(code)
        if not character:
            raw.FPDFText_GetCharBox(handle, index, *tight)
            if tight[1].value - tight[0].value < _LEAST_INK or tight[3].value - tight[2].value < _LEAST_INK:
                continue
        elif unmapped:
            character = UNREAD
        if begun is not None and moved and not doubtful and x0 - begun[2] > _LEFT_OUT * size > 0:
            # White space at the beginning of a text is left out by pdfium, what is printed in its place too.
            yield Glyph("", begun[2] - left, top - y1, x0 - left, top - y0, kind, size, angle, bright), painted
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
            yield Glyph(character, x0 - left, top - y1, x1 - left, top - y0, kind, size, angle, bright), painted
        else:
            yield Glyph(character, *turn.box(x0, y0, x1, y1), kind, size, angle, bright), painted


@lru_cache(maxsize=8192)
def _character(code: int) -> str:
    """The character of a code: none of white space, the mark for unread of what no character is."""
    if code in _WITHOUT_INK or code < 0x20:
        return ""
    return UNREAD if unicodedata.category(chr(code)) in ("Co", "Cn", "Cc") else chr(code)


class _Styles:
    """The styles of a page's text objects. Most of them look alike: what follows from their looks is found once."""

    def __init__(self, turn: Turn, shapes: Shapes) -> None:
        self._turn, self._texts = turn, shapes.texts
        self._known: dict[tuple[Looks, bool], _Style] = {}
        self._last: tuple[Looks | None, bool] = None, False
        self._style = _PLAIN[0]

    def of(self, text: TextObject) -> _Painted:
        """How a text object is painted."""
        address, looks, _, clips = text
        order, marked = self._texts.get(address.value or 0, (-1, True))
        if (looks, marked) != self._last:
            self._last = looks, marked
            self._style = self._known.get(self._last) or self._known.setdefault(self._last, self._made(*looks, marked))
        return self._style, order, clip_of(address, self._turn) if clips > 0 and not marked else None

    def _made(self, size: float, mode: int, line: bytes, filled: bytes, marked: bool) -> _Style:
        a, b, c, d = struct.unpack("4f", line)
        size *= math.sqrt(abs(a * d - b * c))
        # A pattern has no colour that could be that of the ground.
        colour = struct.unpack("4I", filled) if filled else (0, 0, 0, 255)
        hidden = mode in _INVISIBLE or colour[3] < _NO_OPACITY or 0 < size < _SMALLEST
        bright = brightness(colour) > _BRIGHT or colour[3] < _BRIGHT
        return _Style(hidden, size, self._turn.angle(math.degrees(math.atan2(b, a))), bright, marked)


def _on_one_line(text: Any, before: int, index: int) -> bool:
    """Whether two characters stand on the same base line, side by side."""
    if before < 0:
        return False
    ax, ay, bx, by = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharOrigin(text, before, ax, ay)
    raw.FPDFText_GetCharOrigin(text, index, bx, by)
    return abs(ay.value - by.value) < _SAME_BASE and ax.value < bx.value

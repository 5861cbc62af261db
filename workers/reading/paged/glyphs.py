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
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from report.account import PieceKind
from workers.reading.content import UNREAD
from workers.reading.layout.glyph import Glyph
from workers.reading.layout.pdf_tables import Box
from workers.reading.paged import quick_calls
from workers.reading.paged.characters import Looks, characters_of
from workers.reading.paged.ink import Ink
from workers.reading.paged.quick_calls import Address
from workers.reading.paged.shapes import HEIGHT_OF_A_BAND, Shapes, brightness, clip_of
from workers.reading.paged.turn import Turn

MOST_GLYPHS = 300_000
_TALL = 60.0
_LOW = frozenset(".,·-–—_~'\"，。、．·…—－“”‘’；：;:")
_LOW_HEIGHT = 0.75
_SAME_BASE = 1.0
_FILLED, _INVISIBLE = frozenset({0, 4}), frozenset({3, 7})
# Of a text that is no object of the page: when it is painted, and that something may hide it.
_NOT_OF_THE_PAGE = -1, True
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


# What the glyphs of all text objects that look alike have in common: whether they are hidden, their size, their angle,
# and whether they are bright.
_Style = tuple[bool, float, float, bool]
# A text object: its style, as which one of the page it is painted and whether a layer may hide it or a form holds it,
# how far from the left it begins, how many paths clip it, and its number.
_Object = tuple[_Style, tuple[int, bool], float, int, int]
_PLAIN: _Style = False, 0, 0, False


class _Painted(NamedTuple):
    """How a glyph is painted; ``clip`` is the box outside which it is not."""

    hidden: bool
    bright: bool
    order: int
    doubtful: bool
    clip: Box | None


def glyphs_of(text: Any, page: Any, turn: Turn, shapes: Shapes) -> list[Glyph]:
    """The glyphs of a text page of pdfium's, in the order of the file, those that nobody sees with the kind hidden."""
    ink = Ink(page)
    sight = _Sight(page, shapes, ink)
    found = _glyphs(text, turn, shapes, sight)
    return _with_what_stands_over(found, shapes, ink) if sight.hides else found


def _with_what_stands_over(glyphs: list[Glyph], shapes: Shapes, ink: Ink) -> list[Glyph]:
    """The glyphs, those as unread in whose place something is seen though they are hidden and nothing stands over them.

    Of two equal characters in one place pdfium tells the first, which may be the one under a patch.
    """
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
    """What a person sees of a page's glyphs. ``hides``: whether one was found that nobody sees."""

    def __init__(self, page: Any, shapes: Shapes, ink: Ink) -> None:
        self._page, self._shapes, self._ink = page, shapes, ink
        self.width, self.height = page.get_size()
        self._known: dict[int, bool] = {}
        self.hides = False

    def see(self, glyph: Glyph, painted: _Painted) -> Glyph | None:
        """The glyph with its kind; None for white space."""
        character, x0, top, x1, bottom, _, _, _, _ = glyph
        hidden, bright, order, doubtful, clip = painted
        x, y, shapes = (x0 + x1) / 2, (top + bottom) / 2, self._shapes
        if (
            hidden
            or not (0 <= x <= self.width and 0 <= y <= self.height)
            or (clip is not None and not (clip[0] <= x <= clip[2] and clip[1] <= y <= clip[3]))
            or (order >= 0 and shapes.is_covered(x, y, order, self.is_opaque))
        ):
            return self._hidden(glyph) if character else None
        if not character:
            return glyph._replace(text=UNREAD) if self._is_drawn(glyph) else None
        if not (bright or doubtful or (shapes.dark and shapes.is_on_dark(x, y, order))) or self._is_drawn(glyph):
            return glyph
        return self._hidden(glyph)

    def _hidden(self, glyph: Glyph) -> Glyph:
        self.hides = True
        return glyph._replace(kind=PieceKind.HIDDEN)

    def _is_drawn(self, glyph: Glyph) -> bool:
        return self._ink.is_drawn(_inside(glyph, self._shapes.edges))

    def is_opaque(self, picture: int) -> bool:
        """Whether a picture, by its address, hides what is under it."""
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


def _glyphs(text: Any, turn: Turn, shapes: Shapes, sight: _Sight) -> list[Glyph]:
    # A page has hundreds of these. One that is not turned is only moved, and of most glyphs it is seen at once that
    # nothing hides them.
    kind, new, see = PieceKind.TEXT, tuple.__new__, sight.see
    tight = [ctypes.c_double() for _ in range(4)]
    style_of, painted_as = _Styles(turn).__getitem__, shapes.texts.get

    def objects_of(
        numbers: list[int], looks: Iterable[Looks], lefts: list[float], clips: Iterable[int]
    ) -> Iterable[_Object]:
        orders = map(painted_as, numbers, repeat(_NOT_OF_THE_PAGE))
        return zip(map(style_of, looks), orders, lefts, clips, numbers, strict=False)

    handle, moved = text.raw, turn.only_moves
    left, top = turn.corner
    width, height, all_light = sight.width, sight.height, not shapes.dark
    painted_last = {float(band): covers[-1].order for band, covers in shapes.covers.items()}.get
    before, low, high = -1, 0.0, 0.0
    order, doubtful, begins, clip, plain = -1, False, 0.0, None, False
    hidden, size, angle, bright = _PLAIN
    found: list[Glyph] = []
    count = min(raw.FPDFText_CountChars(handle), MOST_GLYPHS + 1)
    characters = characters_of(quick_calls.address_of(handle), count, objects_of)
    for index, code, unmapped, (x0, y1, x1, y0), begun in characters:
        if begun is not None:
            (hidden, size, angle, bright), (order, doubtful), begins, clips, number = begun
            clip = clip_of(Address(number), turn) if clips > 0 and not doubtful else None
            plain = all_light and clip is None and not (hidden or bright or doubtful)
        character = _character(code)
        if not character:
            raw.FPDFText_GetCharBox(handle, index, *tight)
            if tight[1].value - tight[0].value < _LEAST_INK or tight[3].value - tight[2].value < _LEAST_INK:
                continue
        elif unmapped == 1:
            character = UNREAD
        if begun is not None and x0 - begins > _LEFT_OUT * size > 0 and moved and not doubtful:
            # White space at the beginning of a text is left out by pdfium, what is printed in its place too.
            before_it = Glyph("", begins - left, top - y1, x0 - left, top - y0, kind, size, angle, bright)
            if (seen := see(before_it, _Painted(hidden, bright, order, doubtful, clip))) is not None:
                found.append(seen)
        if y1 - y0 > _TALL or x1 - x0 > _TALL:
            # The loose box of vertical text is wrong; the tight one holds.
            raw.FPDFText_GetCharBox(handle, index, *tight)
            x0, x1, y0, y1 = (value.value for value in tight)
        if character in _LOW and y1 - y0 < _LOW_HEIGHT * (high - low) and _on_one_line(handle, before, index):
            # A font that does not tell its height: a stop has the height of its ink, and would fall out of its line.
            y0, y1 = low, high
        else:
            before, low, high = index, y0, y1
        if moved and x0 <= x1 and y0 <= y1:
            x0, y1, x1, y0 = x0 - left, top - y1, x1 - left, top - y0
        else:
            x0, y1, x1, y0 = turn.box(x0, y0, x1, y1)
        glyph = new(Glyph, (character, x0, y1, x1, y0, kind, size, angle, bright))
        if plain and character and 0 <= (x := (x0 + x1) / 2) <= width and 0 <= (y := (y1 + y0) / 2) <= height:
            over = painted_last(y // HEIGHT_OF_A_BAND, order)
            if over <= order or order < 0 or not shapes.is_covered(x, y, order, sight.is_opaque):
                found.append(glyph)
                continue
        if (seen := see(glyph, _Painted(hidden, bright, order, doubtful, clip))) is not None:
            found.append(seen)
    return found


@lru_cache(maxsize=8192)
def _character(code: int) -> str:
    """The character of a code: none of white space, the mark for unread of what no character is."""
    if code in _WITHOUT_INK or code < 0x20:
        return ""
    return UNREAD if unicodedata.category(chr(code)) in ("Co", "Cn", "Cc") else chr(code)


class _Styles(dict[Looks, _Style]):
    """The style of each look. Most text objects of a page look alike."""

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self._turn = turn

    def __missing__(self, looks: Looks) -> _Style:
        mode, filled, (told,) = looks
        size, a, b, c, d = struct.unpack("16x5f", told)
        size *= math.sqrt(abs(a * d - b * c))
        # A pattern has no colour that could be that of the ground.
        colour = struct.unpack("4I20x", told) if filled and mode in _FILLED else (0, 0, 0, 255)
        hidden = mode in _INVISIBLE or colour[3] < _NO_OPACITY or 0 < size < _SMALLEST
        bright = brightness(colour) > _BRIGHT or colour[3] < _BRIGHT
        self[looks] = style = hidden, size, self._turn.angle(math.degrees(math.atan2(b, a))), bright
        return style


def _on_one_line(text: Any, before: int, index: int) -> bool:
    """Whether two characters stand on the same base line, side by side."""
    if before < 0:
        return False
    ax, ay, bx, by = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharOrigin(text, before, ax, ay)
    raw.FPDFText_GetCharOrigin(text, index, bx, by)
    return abs(ay.value - by.value) < _SAME_BASE and ax.value < bx.value

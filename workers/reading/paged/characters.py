"""What pdfium tells of the characters of a page, asked of many at a time.

A page has hundreds of characters, each of them often a text object of its own, and pdfium answers one question about
one of them at a call. So each question is asked of a thousand, with no line of Python between the calls, and the
answers are taken apart together.
"""

from __future__ import annotations

import ctypes
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import compress, repeat
from typing import TypeVar

from workers.reading.paged import quick_calls
from workers.reading.paged.quick_calls import Address, ready, room_in

# What a text object looks like, as far as pdfium's answers go: the size of its font, its render mode, whether it has a
# colour (a pattern is none), the colour (four unsigned ints: red, green, blue, opacity), and the four floats of its
# matrix that turn and stretch it.
Looks = tuple[float, int, int, tuple[bytes], tuple[bytes]]
# What somebody makes of a text object.
Made = TypeVar("Made")
# Makes it of many: of their numbers (their addresses), their looks, their left edges, and how many paths clip each.
MakeOf = Callable[[list[int], Iterable[Looks], Iterable[tuple[float]], Iterable[int]], Iterable[Made]]
# A character: its number, its code, 1 where the file does not say which it is, its loose box (left, top, right, bottom
# in the page's own coordinates), and what was made of the text object that begins with it, if one does.
Character = tuple[int, int, int, tuple[float, float, float, float], Made | None]

_AT_ONCE = 1024
_HALVES = 0xD800
# Where pdfium puts its answers: four numbers of a box, six of a matrix, four of a colour.
_BOXES, _MATRICES = (ctypes.c_float * (4 * _AT_ONCE))(), (ctypes.c_float * (6 * _AT_ONCE))()
_COLOURS = (ctypes.c_uint * (4 * _AT_ONCE))()
_BOXES_AT, _MATRICES_AT, _COLOURS_AT = room_in(_BOXES), room_in(_MATRICES), room_in(_COLOURS)
_EACH_BOX_AT, _EACH_MATRIX_AT = _BOXES_AT[::4], _MATRICES_AT[::6]
_SIDES_AT, _CHANNELS_AT = [_BOXES_AT[at::4] for at in range(4)], [_COLOURS_AT[at::4] for at in range(4)]
_EACH_BOX, _EACH_LEFT, _EACH_COLOUR = struct.Struct("4f"), struct.Struct("f12x"), struct.Struct("16s")
_EACH_LINE = struct.Struct("16s8x")


def characters_of(text: Address, count: int, make_of: MakeOf[Made]) -> Iterator[Character[Made]]:
    """The first ``count`` characters of a text page of pdfium's; the spaces and line ends of its own are left out."""
    known = 0
    text = ready(text)
    for first in range(0, count, _AT_ONCE):
        indexes, same = range(first, min(first + _AT_ONCE, count)), repeat(text)
        codes = list(map(quick_calls.unicode_of, same, indexes))
        items = list(map(quick_calls.text_object, same, indexes))
        if max(codes) >= _HALVES:
            items = [item if _is_whole(code) else 0 for item, code in zip(items, codes, strict=True)]
        begun: list[int] = []
        for index, item in zip(indexes, items, strict=True):
            if item != known and item:
                known = item
                begun.append(index)
        made = dict(zip(begun, _made(text, begun, [items[index - first] for index in begun], make_of), strict=True))
        unmapped = map(quick_calls.without_map, same, indexes)
        _ask(map(quick_calls.loose_box, same, indexes, _EACH_BOX_AT))
        boxes = _EACH_BOX.iter_unpack(bytes(_BOXES))
        told = zip(indexes, codes, unmapped, boxes, map(made.get, indexes), strict=False)
        yield from compress(told, items)


def _is_whole(code: int) -> bool:
    """Whether a code is that of a character, and not of half of one."""
    return code < _HALVES or 0xDFFF < code <= 0x10FFFF


def _made(text: Address, begun: list[int], numbers: list[int], make_of: MakeOf[Made]) -> Iterable[Made]:
    """What is made of the text objects that begin with some characters."""
    items = list(map(Address, numbers))
    _ask(map(quick_calls.matrix, repeat(text), begun, _EACH_MATRIX_AT))
    filled = list(map(quick_calls.fill_colour, items, *_CHANNELS_AT))
    _ask(map(quick_calls.bounds, items, *_SIDES_AT))
    looks = zip(
        map(quick_calls.font_size, repeat(text), begun),
        map(quick_calls.render_mode, items),
        filled,
        _EACH_COLOUR.iter_unpack(_COLOURS),
        _EACH_LINE.iter_unpack(_MATRICES),
        strict=False,
    )
    clips = map(quick_calls.count_clips, map(quick_calls.clip_path, items))
    return make_of(numbers, looks, _EACH_LEFT.iter_unpack(_BOXES), clips)


def _ask(answers: Iterable[int]) -> None:
    """Asks all of it: the answers are where pdfium was told to put them."""
    deque(answers, maxlen=0)

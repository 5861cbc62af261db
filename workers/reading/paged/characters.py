"""What pdfium tells of the characters of a page, asked of many at a time.

A page has hundreds of characters, each of them often a text object of its own, and pdfium answers one question about
one of them at a call. So each question is asked of a thousand, with no line of Python between the calls, and the
answers are taken apart together.
"""

from __future__ import annotations

import ctypes
import struct
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import repeat

from workers.reading.paged import quick_calls
from workers.reading.paged.quick_calls import Address, room_in

# What a text object looks like: the size of its font, its render mode, the four floats of its matrix that turn and
# stretch it, and the four unsigned ints of its colour (red, green, blue, opacity; nothing for a pattern).
Looks = tuple[float, int, bytes, bytes]
# A text object: its address, its looks, its left edge, and how many paths clip it.
TextObject = tuple[Address, Looks, float, int]
# A character: its number, its code, whether the file does not say which it is, its loose box (left, top, right, bottom
# in the page's own coordinates), and the text object where one begins with it.
Character = tuple[int, int, bool, tuple[float, float, float, float], TextObject | None]

_AT_ONCE = 1024
_HALVES = 0xD800
_NOWHERE = Address(None)
_FILLED = frozenset({0, 4})
# Where pdfium puts its answers: four numbers of a box, six of a matrix, four of a colour.
_BOXES, _MATRICES = (ctypes.c_float * (4 * _AT_ONCE))(), (ctypes.c_float * (6 * _AT_ONCE))()
_COLOURS = (ctypes.c_uint * (4 * _AT_ONCE))()
_BOXES_AT, _MATRICES_AT, _COLOURS_AT = room_in(_BOXES), room_in(_MATRICES), room_in(_COLOURS)
_EACH_BOX, _EACH_LEFT, _EACH_COLOUR = struct.Struct("4f"), struct.Struct("f12x"), struct.Struct("16s")
_EACH_LINE = struct.Struct("16s8x")


def characters_of(text: Address, count: int) -> Iterator[Character]:
    """The first ``count`` characters of a text page of pdfium's; the spaces and line ends of its own are left out."""
    known = None
    for first in range(0, count, _AT_ONCE):
        indexes, same = range(first, min(first + _AT_ONCE, count)), repeat(text)
        codes = list(map(quick_calls.unicode_of, same, indexes))
        items = list(map(quick_calls.text_object, same, indexes))
        if max(codes) >= _HALVES:
            items = [item if _is_whole(code) else _NOWHERE for item, code in zip(items, codes, strict=True)]
        begun: list[int] = []
        for index, item in zip(indexes, items, strict=True):
            address = item.value
            if address is not None and address != known:
                known = address
                begun.append(index)
        objects = dict(zip(begun, _objects(text, begun, [items[index - first] for index in begun]), strict=True))
        unmapped = map(quick_calls.without_map, same, indexes)
        _ask(map(quick_calls.loose_box, same, indexes, _BOXES_AT[::4]))
        boxes = _EACH_BOX.iter_unpack(bytes(_BOXES))
        for index, code, item, unknown, box in zip(indexes, codes, items, unmapped, boxes, strict=False):
            if item:
                yield index, code, unknown == 1, box, objects.get(index)


def _is_whole(code: int) -> bool:
    """Whether a code is that of a character, and not of half of one."""
    return code < _HALVES or 0xDFFF < code <= 0x10FFFF


def _objects(text: Address, begun: list[int], items: list[Address]) -> list[TextObject]:
    """The text objects that begin with some characters."""
    _ask(map(quick_calls.matrix, repeat(text), begun, _MATRICES_AT[::6]))
    filled = list(map(quick_calls.fill_colour, items, *(_COLOURS_AT[at::4] for at in range(4))))
    _ask(map(quick_calls.bounds, items, *(_BOXES_AT[at::4] for at in range(4))))
    answers = zip(
        items,
        map(quick_calls.font_size, repeat(text), begun),
        map(quick_calls.render_mode, items),
        _EACH_LINE.iter_unpack(_MATRICES),
        filled,
        _EACH_COLOUR.iter_unpack(_COLOURS),
        _EACH_LEFT.iter_unpack(_BOXES),
        map(quick_calls.count_clips, map(quick_calls.clip_path, items)),
        strict=False,
    )
    return [
        (item, (size, mode, line, colour if has_colour and mode in _FILLED else b""), left, clips)
        for item, size, mode, (line,), has_colour, (colour,), (left,), clips in answers
    ]


def _ask(answers: Iterable[int]) -> None:
    """Asks all of it: the answers are where pdfium was told to put them."""
    deque(answers, maxlen=0)

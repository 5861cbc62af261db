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
from workers.reading.paged.quick_calls import Address, all_ready, ready, room_in

# What a text object looks like, as far as pdfium's answers go: its render mode, whether it has a colour (a pattern is
# none), and as bytes its colour (four unsigned ints: red, green, blue, opacity), the size of its font (a float), and
# the four floats of its matrix that turn and stretch it.
Looks = tuple[int, int, tuple[bytes]]
# What somebody makes of a text object.
Made = TypeVar("Made")
# Makes it of many: of their numbers (their addresses), their looks, how far from the left their first characters
# stand (one that is left out too), and how many paths clip each.
MakeOf = Callable[[list[int], Iterable[Looks], list[float], Iterable[int]], Iterable[Made]]
# A character: its number, its code, 1 where the file does not say which it is, its loose box (left, top, right, bottom
# in the page's own coordinates), and what was made of the text object that begins with it, if one does.
Character = tuple[int, int, int, tuple[float, float, float, float], Made | None]

_AT_ONCE = 1024
_HALVES = 0xD800
# Where pdfium puts its answers: of a box four numbers; of a look four of a colour, one of a size, six of a matrix.
_BOXES, _LOOKS = (ctypes.c_float * (4 * _AT_ONCE))(), (ctypes.c_float * (11 * _AT_ONCE))()
_EACH_BOX_AT, _LOOKS_AT = room_in(_BOXES)[::4], room_in(_LOOKS)
_CHANNELS_AT = [_LOOKS_AT[at::11] for at in range(4)]
_EACH_SIZE_AT, _EACH_MATRIX_AT = _LOOKS_AT[4::11], _LOOKS_AT[5::11]
_EACH_BOX, _EACH_LOOK = struct.Struct("4f"), struct.Struct("36s8x")


def characters_of(text: Address, count: int, make_of: MakeOf[Made]) -> Iterator[Character[Made]]:
    """The first ``count`` characters of a text page of pdfium's; the spaces and line ends of its own are left out."""
    known = 0
    text = ready(text)
    for first in range(0, count, _AT_ONCE):
        asked, same = range(first, min(first + _AT_ONCE, count)), repeat(text)
        codes = list(map(quick_calls.unicode_of, same, asked))
        items = list(map(quick_calls.text_object, same, asked))
        if not all(map(_is_whole, set(codes))):
            items = [item if _is_whole(code) else 0 for item, code in zip(items, codes, strict=True)]
        indexes = list(compress(asked, items))
        begun: list[int] = []
        numbers: list[int] = []
        for index, item in zip(indexes, filter(None, items), strict=True):
            if item != known:
                known = item
                begun.append(index)
                numbers.append(item)
        made = dict(zip(begun, _made(text, begun, numbers, make_of), strict=True))
        unmapped = map(quick_calls.without_map, same, indexes)
        _ask(map(quick_calls.loose_box, same, indexes, _EACH_BOX_AT))
        boxes = _EACH_BOX.iter_unpack(bytes(_BOXES))
        yield from zip(indexes, compress(codes, items), unmapped, boxes, map(made.get, indexes), strict=False)


def _is_whole(code: int) -> bool:
    """Whether a code is that of a character, and not of half of one."""
    return code < _HALVES or 0xDFFF < code <= 0x10FFFF


def _made(text: Address, begun: list[int], numbers: list[int], make_of: MakeOf[Made]) -> Iterable[Made]:
    """What is made of the text objects that begin with some characters."""
    items = all_ready(numbers)
    _ask(map(quick_calls.size_of, items, _EACH_SIZE_AT))
    _ask(map(quick_calls.matrix, repeat(text), begun, _EACH_MATRIX_AT))
    filled = list(map(quick_calls.fill_colour, items, *_CHANNELS_AT))
    looks = zip(map(quick_calls.render_mode, items), filled, _EACH_LOOK.iter_unpack(_LOOKS), strict=False)
    clips = map(quick_calls.count_clips, map(quick_calls.clip_path, items))
    return make_of(numbers, looks, _LOOKS[9 : 11 * len(items) : 11], clips)


def _ask(answers: Iterable[int]) -> None:
    """Asks all of it: the answers are where pdfium was told to put them."""
    deque(answers, maxlen=0)

"""The objects of a page that are no text: ruled lines, boxes, pictures, and what is painted over other things.

Asked of pdfium directly: its Python objects cost more than all that is wanted of them.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from workers.reading.layout.pdf_tables import Box, edge
from workers.reading.paged import quick_calls
from workers.reading.paged.quick_calls import Address, ready, room_in
from workers.reading.paged.turn import Turn

MOST_EDGES = 6_000
_TEXT, _PATH = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH
_IMAGE, _FORM = raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM
_MOST_OBJECTS = 200_000
_DEEPEST_FORM = 4
_THIN = 3.0
_OPAQUE = 250
_DARK = 100
_WHITE = 250
# By how much of a page's height what covers others is put together.
HEIGHT_OF_A_BAND = 8.0
_MOST_BANDS = 500
# A box that takes up more of the page than this is its ground, and no cell.
_LARGEST_BOX = 0.9
_MOST_BOXES = 4_000
_ON_THE_SIDE = 0.5
_NEAR = 2.0
_MOST_SIDES = 8

_Place = tuple[float, float, float, float, float, float]
_HERE: _Place = (1, 0, 0, 1, 0, 0)
# An object of a page: its address, its kind, where its form puts it, and how deep in forms it is.
_Object = tuple[Address, int, _Place, int]


# The name of the mark of a layer, and room for the name of a mark.
_LAYER = "OC\0".encode("utf-16-le")
_NAME = (raw.FPDF_WCHAR * 32)()
_NAME_LENGTH = ctypes.c_ulong()
# Where pdfium puts what it tells of one object: a place for each call would take longer than the call.
_CHANNELS, _FLOATS, _FLAGS = (ctypes.c_uint * 4)(), (ctypes.c_float * 6)(), (ctypes.c_int * 2)()
_MOST_CORNERS = 100
_CORNERS = (ctypes.c_float * (2 * _MOST_CORNERS))()
_CORNERS_AT = room_in(_CORNERS)
_SIDES_AT = room_in(_FLOATS)[:4]
_value = attrgetter("value")
_CHANNELS_AT, _FLOATS_AT, _FLAGS_AT = room_in(_CHANNELS), room_in(_FLOATS), room_in(_FLAGS)


class Cover(NamedTuple):
    """Something opaque: its box as shown, when it is painted, and whether it is dark.

    ``picture``: of a picture its address. ``clipped``: what to ask for the box that is left of it within its clip:
    that takes long to find out, and hardly any is painted over something.
    """

    box: Box
    order: int
    is_dark: bool
    picture: int | None = None
    clipped: Callable[[], Box | None] | None = None


@dataclass
class Shapes:
    """What stands on a page besides its text.

    ``edges`` are ruled lines, as pdfplumber's table finder wants them; ``boxes`` outlines and fills that may be cells;
    ``pictures`` the boxes of images; ``outlines`` how many other shapes there are. ``texts`` has, of each text object
    by its address, when it is painted, and whether a form holds it or a mark is on it: a layer may hide it then.
    ``covers`` are what is opaque by its height on the page, in the order in which it is painted, ``dark`` those of them
    that are dark.
    """

    edges: list[dict[str, Any]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    outlines: int = 0
    texts: dict[int, tuple[int, bool]] = field(default_factory=dict)
    covers: dict[int, list[Cover]] = field(default_factory=partial(defaultdict, list))
    dark: dict[int, list[Cover]] = field(default_factory=partial(defaultdict, list))
    _within_clips: dict[int, Box | None] = field(default_factory=dict)

    def cover(self, each: Cover) -> None:
        """Takes in something opaque."""
        first, last = int(each.box[1] // HEIGHT_OF_A_BAND), int(each.box[3] // HEIGHT_OF_A_BAND)
        for bands in (self.covers, self.dark) if each.is_dark else (self.covers,):
            for band in range(max(first, 0), min(last, first + _MOST_BANDS) + 1):
                bands[band].append(each)

    def is_covered(self, x: float, y: float, order: int, is_opaque: Callable[[int], bool]) -> bool:
        """Whether something opaque is painted over what was painted ``order``-th in a place of the page as shown.

        ``is_opaque`` says of a picture by its address whether it is.
        """
        for each in reversed(self.covers.get(int(y // HEIGHT_OF_A_BAND), ())):
            (left, top, right, bottom), number, _, picture, clipped = each
            if number <= order:
                return False
            if (
                left < x < right
                and top < y < bottom
                and (picture is None or is_opaque(picture))
                and (clipped is None or self._is_left(number, clipped, x, y))
            ):
                return True
        return False

    def _is_left(self, order: int, clipped: Callable[[], Box | None], x: float, y: float) -> bool:
        """Whether a place is within what its clip leaves of the ``order``-th object."""
        if order not in self._within_clips:
            self._within_clips[order] = clipped()
        box = self._within_clips[order]
        return box is not None and box[0] < x < box[2] and box[1] < y < box[3]

    def is_on_dark(self, x: float, y: float, order: int) -> bool:
        """Whether something dark was painted before the ``order``-th in a place of the page as shown."""
        return any(
            each.order < order and each.box[0] < x < each.box[2] and each.box[1] < y < each.box[3]
            for each in self.dark.get(int(y // HEIGHT_OF_A_BAND), ())
        )


def shapes_of(page: Any, turn: Turn) -> Shapes:
    """The shapes of a page of pdfium's, those inside its forms included."""
    found = Shapes()
    width, height = page.get_size()
    objects = _objects(page)
    found.texts = _texts(objects)
    for order, (address, kind, place, _) in enumerate(objects):
        if kind == _TEXT or kind not in (_PATH, _IMAGE):
            continue
        box = turn.box(*_bounds(address, place))
        if kind == _IMAGE:
            found.pictures.append(box)
            if not quick_calls.has_transparency(address):
                found.cover(Cover(box, order, False, address.value))
            continue
        found.outlines += 1
        if len(found.edges) <= MOST_EDGES:
            _take_path(found, address, place, turn, box, order, width * height)
    if len(found.edges) > MOST_EDGES:
        # A drawing, no table; the finder would take minutes over it.
        found.edges, found.boxes = [], []
    return found


def _texts(objects: Sequence[_Object]) -> dict[int, tuple[int, bool]]:
    """Of each text object by its address, when it is painted, and whether a layer may hide it or a form holds it."""
    texts = [(order, address, depth > 0) for order, (address, kind, _, depth) in enumerate(objects) if kind == _TEXT]
    if not texts:
        return {}
    orders, addresses, held = zip(*texts, strict=True)
    marks = list(map(quick_calls.count_marks, addresses))
    if any(held) or max(marks) > 0:
        each = zip(addresses, marks, held, strict=True)
        held = tuple(inside or (count > 0 and _is_on_a_layer(address, count)) for address, count, inside in each)
    return dict(zip(map(_value, addresses), zip(orders, held, strict=True), strict=True))


def _is_on_a_layer(address: Address, count: int) -> bool:
    """Whether one of an object's marks says that it is part of a layer, which may be switched off; most do not."""
    item = quick_calls.handle_of(address)
    for index in range(count):
        raw.FPDFPageObjMark_GetName(raw.FPDFPageObj_GetMark(item, index), _NAME, ctypes.sizeof(_NAME), _NAME_LENGTH)
        if _NAME_LENGTH.value == len(_LAYER) and bytes(_NAME).startswith(_LAYER):
            return True
    return False


def clip_of(address: Address, turn: Turn, place: _Place = _HERE) -> Box | None:
    """The box outside which an object is not painted, as shown; None where there is none."""
    clip_at = quick_calls.clip_path(address)
    count = quick_calls.count_clips(clip_at) if clip_at else 0
    if count <= 0 or count > 20:
        return None
    left, top, right, bottom = -1e9, -1e9, 1e9, 1e9
    for path in range(count):
        corners = range(min(quick_calls.count_clip_segments(clip_at, path), _MOST_CORNERS))
        segments = map(quick_calls.segment_of_clip, repeat(clip_at), repeat(path), corners)
        told = list(map(quick_calls.point_of_segment, segments, _CORNERS_AT[::2], _CORNERS_AT[1::2]))
        if told:
            xs, ys = _CORNERS[: 2 * len(told) : 2], _CORNERS[1 : 2 * len(told) : 2]
            if place is not _HERE:
                points = [_point(place, x, y) for x, y in zip(xs, ys, strict=True)]
                xs, ys = [x for x, _ in points], [y for _, y in points]
            box = turn.box(min(xs), min(ys), max(xs), max(ys))
            left, top, right, bottom = max(left, box[0]), max(top, box[1]), min(right, box[2]), min(bottom, box[3])
    return left, top, right, bottom


def colour_of(address: Address) -> tuple[int, int, int, int] | None:
    """Red, green, blue and opacity (0 to 255) with which an object is filled; None where it is a pattern."""
    if not quick_calls.fill_colour(address, *_CHANNELS_AT):
        return None
    red, green, blue, opacity = _CHANNELS[:]
    return red, green, blue, opacity


def brightness(colour: tuple[int, int, int, int]) -> float:
    """How bright a colour is, 0 to 255."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def _objects(page: Any) -> list[_Object]:
    """The objects of a page as painted, forms before what is in them."""
    count, address = raw.FPDFPage_CountObjects(page), ready(quick_calls.address_of(page.raw))
    items = list(map(quick_calls.object_of_page, repeat(address), range(min(count, _MOST_OBJECTS))))
    found: list[_Object] = []
    _take(found, items, _HERE, 0)
    return found[:_MOST_OBJECTS]


def _take(found: list[_Object], items: Sequence[Address], place: _Place, depth: int) -> None:
    """Takes in some objects and those inside them, as long as there is room."""
    kinds = list(map(quick_calls.kind_of, items))
    if _FORM not in kinds or depth >= _DEEPEST_FORM:
        found += zip(items, kinds, repeat(place), repeat(depth))
        return
    for item, kind in zip(items, kinds, strict=True):
        found.append((item, kind, place, depth))
        room = _MOST_OBJECTS - len(found)
        if room <= 0:
            return
        if kind == _FORM:
            count = min(raw.FPDFFormObj_CountObjects(quick_calls.handle_of(item)), room)
            inside = [quick_calls.object_of_form(item, ctypes.c_ulong(index)) for index in range(count)]
            _take(found, inside, _after(_matrix(item), place), depth + 1)


def _take_path(found: Shapes, item: Address, place: _Place, turn: Turn, box: Box, order: int, area: float) -> None:
    """The ruled lines of one path: its strokes, or the long axis of a thin filled box; and the box that it may be."""
    if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
        fill, stroke = _mode(item)
        colour = colour_of(item) if fill and not stroke else None
        if colour is None or brightness(colour) < _WHITE:
            found.edges.append(thin_edge(box))
        return
    fill, stroke = _mode(item)
    strokes: list[dict[str, Any]] = []
    if stroke:
        strokes, sides = _strokes(item, place, turn, box)
        found.edges += strokes
        if sides and len(found.boxes) < _MOST_BOXES:
            found.boxes.append(box)
    if not fill:
        return
    colour = colour_of(item)
    if colour is None or colour[3] < _OPAQUE or quick_calls.has_transparency(item):
        return
    is_white = brightness(colour) >= _WHITE
    if is_white and box[3] - box[1] < _MOST_BANDS * HEIGHT_OF_A_BAND:
        # It is no box of a table, and only what it is painted over has to be known.
        found.cover(Cover(box, order, False, None, partial(_within_clip, box, item, turn, place)))
        return
    left = _within_clip(box, item, turn, place)
    if left is None:
        return
    found.cover(Cover(left, order, brightness(colour) < _DARK))
    is_ground = (left[2] - left[0]) * (left[3] - left[1]) > _LARGEST_BOX * area
    if not stroke and not is_ground and not is_white and len(found.boxes) < _MOST_BOXES:
        found.boxes.append(left)


def _within_clip(box: Box, item: Address, turn: Turn, place: _Place) -> Box | None:
    """What its clip leaves of an object's box; None where that is next to nothing."""
    clip = clip_of(item, turn, place)
    if clip is not None:
        box = max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3])
    return None if box[2] - box[0] <= _THIN or box[3] - box[1] <= _THIN else box


def _mode(item: Address) -> tuple[bool, bool]:
    """Whether a path is filled, and whether it is stroked."""
    if not quick_calls.draw_mode(item, *_FLAGS_AT):
        return False, False
    fill, stroke = _FLAGS[:]
    return fill != 0, stroke != 0


def _matrix(item: Address) -> _Place:
    if not quick_calls.placed(item, _FLOATS_AT[0]):
        return _HERE
    a, b, c, d, e, f = _FLOATS[:]
    return a, b, c, d, e, f


def _after(first: _Place, then: _Place) -> _Place:
    """Both transformations as one."""
    if then is _HERE:
        return first
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _point(place: _Place, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = place
    return a * x + c * y + e, b * x + d * y + f


def _bounds(item: Address, place: _Place) -> Box:
    """Two opposite corners of an object; those of an object in a form are moved with the form."""
    if not quick_calls.bounds(item, *_SIDES_AT):
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = _FLOATS[:4]
    if place is _HERE:
        return x0, y0, x1, y1
    corners = [_point(place, x, y) for x in (x0, x1) for y in (y0, y1)]
    return (
        min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)
    )  # fmt: skip


def thin_edge(box: Box) -> dict[str, Any]:
    """The long axis of a thin box."""
    x0, top, x1, bottom = box
    if x1 - x0 >= bottom - top:
        middle = (top + bottom) / 2
        return edge(x0, middle, x1, middle)
    middle = (x0 + x1) / 2
    return edge(middle, top, middle, bottom)


def _strokes(item: Address, place: _Place, turn: Turn, box: Box) -> tuple[list[dict[str, Any]], bool]:
    """The straight horizontal and vertical strokes of a path, and whether they are the four sides of its box."""
    matrix = _after(_matrix(item), place)
    count = min(quick_calls.count_segments(item), MOST_EDGES)
    start = last = None
    found: list[Box] = []
    for index in range(count):
        segment = quick_calls.segment_of_path(item, index)
        kind = quick_calls.kind_of_segment(segment)
        quick_calls.point_of_segment(segment, *_FLOATS_AT[:2])
        point = _point(matrix, _FLOATS[0], _FLOATS[1])
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = last = point
            continue
        if kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            found.append(turn.box(*last, *point))
        last = point
        if quick_calls.closes(segment) and start is not None:
            found.append(turn.box(*last, *start))
    straight = [each for each in found if _is_straight(each)]
    return [thin_edge(each) for each in straight], _are_sides(straight, box)


def _is_straight(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= 1 and box != (box[0], box[1], box[0], box[1])


def _are_sides(strokes: list[Box], box: Box) -> bool:
    """Whether strokes lie on all four sides of a box, round corners left out; bounds are as wide as the line."""
    high, wide = _ON_THE_SIDE * (box[3] - box[1]), _ON_THE_SIDE * (box[2] - box[0])
    upright = [each for each in strokes if each[3] - each[1] >= high]
    level = [each for each in strokes if each[2] - each[0] >= wide]
    sides = [any(abs(each[side] - box[side]) <= _NEAR for each in upright) for side in (0, 2)]
    sides += [any(abs(each[side] - box[side]) <= _NEAR for each in level) for side in (1, 3)]
    return len(strokes) <= _MOST_SIDES and all(sides)

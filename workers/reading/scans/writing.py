"""Writing on a scanned page: what is dark, which specks are dirt, and how the rest falls into lines.

Nothing is recognised here. That a cell is empty, or holds a stroke, is seen from the ink in it and never guessed from
what a recogniser makes of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

# Pixels at 200 dpi: a full stop of 9 points is 4 wide.
_NEIGHBOURHOOD, _DARKER = 41, 18
_SPECK_AREA, _SPECK_SIDE = 7, 3
_GLYPH_HEIGHTS = (14, 90)
_USUAL_HEIGHT = 30.0
_TALLER_THAN_A_LINE = 1.7
_THICKEST_RULE = 10
_RESIDUE = 3


# Left, top, right and bottom (one past), in pixels.
Box = tuple[int, int, int, int]


class Blot(NamedTuple):
    """A connected patch of ink: left, top, right, bottom (one past) and how many pixels are dark."""

    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Writing:
    """One line of writing: its box (left, top, right, bottom) and the blots in it from left to right."""

    box: Box
    blots: tuple[Blot, ...]


def ink_of(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """255 where a grey page is clearly darker than what lies around, else 0; tinted cells and shadows do not count."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    ink: NDArray[Any] = cv2.adaptiveThreshold(
        smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _NEIGHBOURHOOD, _DARKER
    )
    return ink.astype(np.uint8)


def blots_in(ink: NDArray[np.uint8], box: Box) -> list[Blot]:
    """The blots in a box of the page, specks left out, in the page's coordinates."""
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink[top:bottom, left:right], connectivity=8)
    return [
        Blot(left + x, top + y, left + x + width, top + y + height, area)
        for x, y, width, height, area in stats[1:].tolist()
        if area > _SPECK_AREA and max(width, height) > _SPECK_SIDE
    ]


def inside_rules(ink: NDArray[np.uint8], box: Box) -> Box:
    """A cell's box without the ruled lines round it, which are as thick as they are."""
    left, top, right, bottom = box
    part = ink[top : bottom + 1, left : right + 1] > 0
    rows, columns = part.mean(axis=1), part.mean(axis=0)
    insets = [_thickness(profile) for profile in (columns, rows, columns[::-1], rows[::-1])]
    return left + insets[0], top + insets[1], right - insets[2], bottom - insets[3]


def _thickness(profile: NDArray[Any]) -> int:
    dark = np.flatnonzero(profile[:_THICKEST_RULE] > 0.5)
    return (int(dark[-1]) + 1 if dark.size else 1) + 2


def without_residue(blots: Sequence[Blot], box: Box) -> list[Blot]:
    """The blots of a cell without what is left of the lines round it: thin, and along the edge."""
    left, top, right, bottom = box
    kept = []
    for blot in blots:
        beside = blot.left <= left + 1 or blot.right >= right - 1
        above = blot.top <= top + 1 or blot.bottom >= bottom - 1
        if (beside and blot.width <= _RESIDUE) or (above and blot.height <= _RESIDUE):
            continue
        kept.append(blot)
    return kept


def glyph_height(blots: Sequence[Blot]) -> float:
    """How tall characters usually are among some blots."""
    heights = [blot.height for blot in blots if _GLYPH_HEIGHTS[0] <= blot.height <= _GLYPH_HEIGHTS[1]]
    return float(np.median(heights)) if heights else _USUAL_HEIGHT


def lines_of(blots: Sequence[Blot], usual: float) -> list[Writing]:
    """The blots as lines from top to bottom. ``usual`` is the height of a character.

    The tallest come first and make the lines; dots and single strokes join the line at whose height they stand.
    """
    bands: list[tuple[float, float, list[Blot]]] = []
    by_height = sorted(blots, key=lambda blot: (blot.height > _TALLER_THAN_A_LINE * usual, -blot.height))
    for blot in by_height:
        middle = (blot.top + blot.bottom) / 2
        near = [band for band in bands if band[0] - 0.1 * usual <= middle <= band[1] + 0.1 * usual]
        if near:
            min(near, key=lambda band: abs((band[0] + band[1]) / 2 - middle))[2].append(blot)
        else:
            bands.append((blot.top, blot.bottom, [blot]))
    lines = []
    for group in _with_strokes_joined(bands, usual):
        group.sort(key=lambda blot: blot.left)
        box = (group[0].left, min(b.top for b in group), max(b.right for b in group), max(b.bottom for b in group))
        lines.append(Writing(box, tuple(group)))
    return lines


def _with_strokes_joined(bands: Sequence[tuple[float, float, list[Blot]]], usual: float) -> list[list[Blot]]:
    """Flat bands close to each other are the strokes of one character that stands alone: 二, 三, 六."""
    joined: list[tuple[float, float, list[Blot]]] = []
    for top, bottom, group in sorted(bands, key=lambda band: band[0]):
        if joined:
            before_top, before_bottom, before = joined[-1]
            flat = min(bottom - top, before_bottom - before_top) < 0.6 * usual
            if flat and max(bottom, before_bottom) - before_top <= 1.3 * usual and top - before_bottom < 0.6 * usual:
                joined[-1] = (before_top, max(bottom, before_bottom), before + group)
                continue
        joined.append((top, bottom, group))
    return [group for _, _, group in joined]


def ground_of(picture: NDArray[np.uint8]) -> int:
    """How light the ground of a picture is: the grey that nine tenths of it are not lighter than.

    It is what np.percentile interpolates, which takes ten times as long over so few pixels.
    """
    place = 0.9 * (picture.size - 1)
    reached = np.bincount(picture.ravel(), minlength=256).cumsum()
    below, above = np.searchsorted(reached, (int(place), math.ceil(place)), side="right").tolist()
    return int(below + (above - below) * (place - int(place)))


def picture_of(
    grey: NDArray[np.uint8], line: Writing, usual: float, within: Box, margin: float, beside: float | None = None
) -> NDArray[np.uint8]:
    """The picture of a line with some ground round it, not beyond ``within``.

    Above and below it is ``margin`` of its height, on both sides ``beside`` of it: twice ``margin`` where that is not
    given. What is flatter than a character (a full stop, a stroke) stands in as much room as one.
    """
    left, top, right, bottom = line.box
    height = max(bottom - top, usual)
    middle = (top + bottom) / 2
    pad = margin * height
    first_row, last_row = round(middle - height / 2 - pad), round(middle + height / 2 + pad)
    side = 2 * pad if beside is None else beside * height
    first, last = round(left - side), round(right + side)
    cut = grey[max(first_row, within[1]) : min(last_row, within[3]), max(first, within[0]) : min(last, within[2])]
    ground = ground_of(cut) if cut.size else 255
    return cv2.copyMakeBorder(
        cut,
        max(within[1] - first_row, 0),
        max(last_row - within[3], 0),
        max(within[0] - first, 0),
        max(last - within[2], 0),
        cv2.BORDER_CONSTANT,
        value=[ground],
    ).astype(np.uint8)


def is_stroke(lines: Sequence[Writing], usual: float) -> bool:
    """Whether all the ink is one flat stroke: somebody's way to say that there is nothing."""
    if len(lines) != 1:
        return False
    left, top, right, bottom = lines[0].box
    return bottom - top <= usual / 4 and right - left >= usual / 3 and right - left >= 2 * (bottom - top)

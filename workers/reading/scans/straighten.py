"""A page that lies askew in its scan made straight, and the way back from there to the page as shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_STEEPEST = 6.0
_COARSE, _FINE = 0.25, 0.05
_LEAST = 0.04
_SEARCH_WIDTH = 800


@dataclass(frozen=True, slots=True)
class StraightPage:
    """A grey page whose lines are level. ``back`` maps its pixels to those of the page as shown (2 x 3)."""

    grey: NDArray[np.uint8]
    back: tuple[tuple[float, float, float], tuple[float, float, float]]

    def as_shown(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """The smallest upright box on the page as shown that holds a box of the straight page."""
        corners = [(x, y) for x in box[::2] for y in box[1::2]]
        xs, ys = ([row[0] * x + row[1] * y + row[2] for x, y in corners] for row in self.back)
        return min(xs), min(ys), max(xs), max(ys)


def straighten(grey: NDArray[np.uint8], quarter_turns: int = 0) -> StraightPage:
    """Turns a page by the angle at which its rows of ink stand out most from the gaps between them.

    Before that it is turned by ``quarter_turns`` of 90 degrees counter-clockwise.
    """
    upright = np.rot90(grey, quarter_turns).copy()
    before = _back_from_quarter_turns(quarter_turns % 4, *grey.shape)
    angle = _skew(upright)
    if abs(angle) < _LEAST:
        return _page(upright, before)
    grey = upright
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    ground = float(np.percentile(grey, 80))
    straight = cv2.warpAffine(
        grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=ground
    )
    level = np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1]])
    return _page(straight.astype(np.uint8), before @ level)


def _page(grey: NDArray[np.uint8], back: NDArray[np.float64]) -> StraightPage:
    first, second = ((float(row[0]), float(row[1]), float(row[2])) for row in back[:2])
    return StraightPage(grey, (first, second))


def _back_from_quarter_turns(turns: int, height: int, width: int) -> NDArray[np.float64]:
    """From the pixels of a page turned counter-clockwise to those of the page of this height and width (3 x 3)."""
    rows = {
        0: [[1, 0, 0], [0, 1, 0]],
        1: [[0, -1, width], [1, 0, 0]],
        2: [[-1, 0, width], [0, -1, height]],
        3: [[0, 1, 0], [-1, 0, height]],
    }[turns]
    return np.array([*rows, [0, 0, 1]], np.float64)


def _skew(grey: NDArray[np.uint8]) -> float:
    """By how many degrees the page has to be turned (counter-clockwise) for its rows to be level."""
    scale = min(1.0, _SEARCH_WIDTH / grey.shape[1])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    ys, xs = np.nonzero(ink)
    if ys.size == 0:
        return 0.0

    def contrast(degrees: float) -> float:
        # Where each dark pixel comes to lie, without turning the picture for every angle that is tried.
        radians = math.radians(degrees)
        rows = np.round(ys * math.cos(radians) - xs * math.sin(radians)).astype(np.int64)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        return float((np.diff(counts) ** 2).sum())

    coarse = max(np.arange(-_STEEPEST, _STEEPEST + _COARSE, _COARSE), key=lambda angle: contrast(float(angle)))
    fine = max(np.arange(coarse - _COARSE, coarse + _COARSE + _FINE, _FINE), key=lambda angle: contrast(float(angle)))
    return float(fine)

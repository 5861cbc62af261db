"""From a page's own coordinates (origin bottom left) to those of the page as it is shown (origin top left)."""

from __future__ import annotations

from typing import Any

from workers.reading.layout.pdf_tables import Box


class Turn:
    """How a page is turned when it is shown: by 0, 90, 180 or 270 degrees to the right."""

    def __init__(self, rotation: int, box: Box) -> None:
        self._rotation = rotation % 360
        self._box = box

    @property
    def only_moves(self) -> bool:
        """Whether the page is shown as it is written: then only the origin is another."""
        return self._rotation == 0

    @property
    def corner(self) -> tuple[float, float]:
        """The page's left and top edge in its own coordinates."""
        return self._box[0], self._box[3]

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """left, top, right, bottom of a box given by two of its corners."""
        left, bottom, right, top = self._box
        if self._rotation == 0 and x0 <= x1 and y0 <= y1:
            return x0 - left, top - y1, x1 - left, top - y0
        if self._rotation == 90:
            xs, ys = (y0 - bottom, y1 - bottom), (x0 - left, x1 - left)
        elif self._rotation == 180:
            xs, ys = (right - x0, right - x1), (y0 - bottom, y1 - bottom)
        elif self._rotation == 270:
            xs, ys = (top - y0, top - y1), (right - x0, right - x1)
        else:
            xs, ys = (x0 - left, x1 - left), (top - y0, top - y1)
        return min(xs), min(ys), max(xs), max(ys)

    def angle(self, degrees: float) -> float:
        """By how much a line of text that runs at an angle (counter-clockwise) is turned to the right when shown."""
        return (self._rotation - degrees) % 360


def turn_of(page: Any) -> Turn:
    """How a page of pdfium's is turned."""
    return Turn(page.get_rotation(), page.get_bbox())

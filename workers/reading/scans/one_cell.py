"""Whether the picture of one cell says what was read there in another way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report.numerals import letters_of
from workers.reading.scans.other_looks import NumberPicture
from workers.reading.scans.recognition import read_lines
from workers.reading.scans.writing import (
    Box,
    Writing,
    blots_in,
    glyph_height,
    ink_of,
    inside_rules,
    is_stroke,
    lines_of,
    picture_of,
    without_residue,
)

_MARGIN = 0.3
_IN_NUMBERS = frozenset("0123456789.,-/%")
_STROKES = frozenset("-‐‑‒–—―─━−_一")


def pictures_say(cells: Sequence[tuple[NDArray[np.uint8], Box, str]]) -> list[bool]:
    """Of each cell (a grey picture at 200 dpi, the box of the cell in it, a text), whether it says the text.

    A number that a first look reads otherwise is looked at in other ways, which then all have to read it.
    """
    written = [_Cell(grey, box, letters_of(text)) for grey, box, text in cells]
    for numbers in (True, False):
        chosen = [cell for cell in written if cell.is_number is numbers]
        read = iter(read_lines([line for cell in chosen for line in cell.lines], numbers=numbers))
        for cell in chosen:
            cell.said = letters_of("".join(next(read).text for _ in cell.lines))
    return [cell.is_alike() for cell in written]


class _Cell:
    """The lines of writing in a cell, and what is said of them."""

    def __init__(self, grey: NDArray[np.uint8], box: Box, text: str) -> None:
        self.text, self.said = text, ""
        self.is_number = bool(text) and _IN_NUMBERS.issuperset(text)
        ink = ink_of(grey)
        inside = inside_rules(ink, box)
        blots = without_residue(blots_in(ink, inside), inside)
        usual = glyph_height(blots)
        self._writing: list[Writing] = lines_of(blots, usual)
        self._is_stroke = is_stroke(self._writing, usual)
        self.lines: list[NDArray[Any]] = [picture_of(grey, line, usual, inside, _MARGIN) for line in self._writing]

    def is_alike(self) -> bool:
        """Whether the picture says the text."""
        if self._is_stroke:
            return bool(self.text) and _STROKES.issuperset(self.text)
        if self.said == self.text:
            return True
        single = self.is_number and len(self.lines) == 1
        return single and NumberPicture(self.lines[0]).always_reads(self.text)

"""One scanned page: its tables as grids, the rest as lines, with what is not sure said to be so.

::

    grey page ─► straight ─► ink ─┬─► ruled cells ─► blank, stroke, or lines of writing ─► read, numbers twice ─► Grid
                                  └─► lines of writing outside the tables ─► read ─► Line

A number counts as certain only where two looks at it agree, the model is sure of every character, and there are no more
blots in the cell than characters were read.

What the model takes grows with the width of the pictures. So each line is looked at small, with little ground beside
it, and in the picture that is read best only where the small one leaves a doubt, as one in ten does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from report.figure import Place
from report.numerals import fold_width, without_space
from workers.reading.content import UNREAD, Cell, Grid, grid_of
from workers.reading.layout.glyph import TextLine
from workers.reading.scans.other_looks import NumberPicture
from workers.reading.scans.recognition import Written, read_lines
from workers.reading.scans.ruled_cells import find_tables
from workers.reading.scans.straighten import StraightPage, straighten
from workers.reading.scans.writing import (
    Blot,
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

_SURE, _SURE_OF_SMALL = 0.9, 0.95
_SURE_DIGIT_IN_TEXT = 0.85
_ROUND_A_TABLE = 10
_LONGEST_DOUBTFUL = 3
_ONE_LEANS, _SLASH_LEANS = 0.15, 0.24
_LARGEST_GLYPH = 3.5
_FEWEST_TO_TURN = 4
_FEWEST_WORDS = 3
_SAMPLE = 12
# A page has some 3,000 blots and, full of tables, 400 lines; a photograph has no end of both.
_MOST_BLOTS, _MOST_LINES = 8_000, 1_500
_WORDS = re.compile("政府|信息|公开|行政|申请|情况|结果|工作|年度")
_NUMBER_LIKE = re.compile(r"[0-9OoDQIl|〇○.,，/\\%-]{1,14}")
_LOOK_ALIKE = str.maketrans("OoDQ〇○Il|，", "00000011" + "1,")
_DIGITS = re.compile(r"[0-9][0-9.,，]*")
# A digit, and hardly anything else: a number with its unit or a note.
_NUMBER_WITH_LITTLE = re.compile(r"(?=.*[0-9])[^0-9]{0,3}(?:[0-9.,][^0-9.,]{0,3})+")


class _Look(NamedTuple):
    """How a line is shown to the model: ground above and below, and on each side (of its height); ``read_lines``."""

    margin: float
    beside: float
    tight: bool


# The first and the second look at a line, which differ in how large its characters become.
_SMALL = (_Look(0.45, 0.2, tight=True), _Look(0.3, 0.15, tight=True))
_FULL = (_Look(0.15, 0.3, tight=False), _Look(0.3, 0.6, tight=False))


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What stands on a scanned page, in PDF points of the straightened page; the places of cells are as shown.

    ``numbers`` are the pictures of the cells in which a number was read, by their place.
    """

    lines: tuple[TextLine, ...]
    tables: tuple[tuple[float, Grid], ...]
    numbers: dict[Place, NumberPicture]


def read_scanned_page(grey: NDArray[np.uint8], page: int, points: float, *, tables_only: bool = False) -> ScannedPage:
    """Reads a page (grey, dark on light, about 200 dpi). ``points`` is the size of a pixel in PDF points.

    A page that lies on its side or upside down is turned. With ``tables_only`` nothing outside tables is read.
    Raises ReadError where the extra ``ocr`` is not installed.
    """
    attempt = _Attempt(straighten(grey), page, points, tables_only)
    if attempt.lines >= _FEWEST_TO_TURN and attempt.words < _FEWEST_WORDS:
        turned = [_Attempt(straighten(grey, turns), page, points, tables_only) for turns in (1, 3, 2)]
        attempt = max([attempt, *turned], key=lambda each: each.words)
    return attempt.page()


@dataclass(slots=True)
class _CellInk:
    """A cell of a table with the writing found in it; ``first`` is the place of its first line among all."""

    table: int
    cell: int
    box: Box
    lines: list[Writing]
    first: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to be read: how tall characters are there, what its picture may not reach beyond, and whether more is
    written with it than this line."""

    writing: Writing
    usual: float
    within: Box
    beside_others: bool


class _Attempt:
    """One way round to read a page: everything is found, the widest lines are read, the others when it is settled."""

    def __init__(self, straight: StraightPage, page: int, points: float, tables_only: bool) -> None:
        self._straight, self._number, self._points = straight, page, points
        self._grey = straight.grey
        height, width = self._grey.shape
        self._whole = (0, 0, width, height)
        ink = ink_of(self._grey)
        self._tables = find_tables(ink)
        blots = self._blots_of_cells(ink)
        usual = glyph_height([blot for of_cell in blots for blot in of_cell[3]])
        self._usual = usual
        self._cells = [_CellInk(table, cell, box, lines_of(own, usual)) for table, cell, box, own in blots]
        self._lines: list[_Line] = []
        for each in self._cells:
            each.first = len(self._lines)
            if not is_stroke(each.lines, usual):
                self._lines += [_Line(line, usual, each.box, len(each.lines) > 1) for line in each.lines]
        self._texts = [] if tables_only else self._running_lines(ink)
        self._first_text = len(self._lines)
        size = glyph_height([blot for line in self._texts for blot in line.blots])
        self._lines += [_Line(line, size, self._whole, True) for line in self._texts]
        if len(self._lines) > _MOST_LINES:
            self._lines, self._texts, self._tables, self._cells = [], [], [], []
        boxes = [line.writing.box for line in self._lines]
        widest = sorted(range(len(boxes)), key=lambda index: boxes[index][0] - boxes[index][2])[:_SAMPLE]
        self._written: dict[int, Written] = {}
        self._read(widest)

    @property
    def lines(self) -> int:
        """How many lines of writing there are."""
        return len(self._lines)

    @property
    def words(self) -> int:
        """How many words that reports are full of stand in the widest lines: next to none where the page lies askew."""
        return sum(len(_WORDS.findall(one.text)) for one in self._written.values())

    def page(self) -> ScannedPage:
        """What is written in all lines; the numbers are looked at a second time."""
        self._read([index for index in range(len(self._lines)) if index not in self._written])
        texts = [self._text_of(each) for each in self._cells]
        settled = self._settled(texts)
        numbers: dict[Place, NumberPicture] = {}
        rows: list[list[list[Cell]]] = [[[] for _ in range(table.rows)] for table in self._tables]
        for index, (each, text) in enumerate(zip(self._cells, texts, strict=True)):
            ruled = self._tables[each.table].cells[each.cell]
            place = self._place(ruled.box)
            certain = True
            if index in settled:
                text, certain = settled[index]
                numbers[place] = NumberPicture(self._picture(self._lines[each.first], _FULL[1]).copy())
            elif text and len(without_space(text)) <= _LONGEST_DOUBTFUL and text != "-":
                certain = False
            rows[each.table][ruled.row].append(
                Cell(text, ruled.row, ruled.column, ruled.height, ruled.width, place, certain)
            )
        tables = tuple(
            (table.box[1] * self._points, grid_of(own, page=self._number))
            for table, own in zip(self._tables, rows, strict=True)
        )
        return ScannedPage(tuple(self._running_text()), tables, numbers)

    def _read(self, places: Sequence[int]) -> None:
        """Reads the lines at some places: small, and then in full what is doubtful."""
        self._written |= zip(places, self._seen(places, _SMALL[0]), strict=True)
        doubtful = [place for place in places if _is_doubtful(self._lines[place], self._written[place])]
        self._written |= zip(doubtful, self._seen(doubtful, _FULL[0]), strict=True)

    def _seen(self, places: Sequence[int], look: _Look, *, numbers: bool = False) -> list[Written]:
        pictures = [self._picture(self._lines[place], look) for place in places]
        return read_lines(pictures, numbers=numbers, tight=look.tight)

    def _picture(self, line: _Line, look: _Look) -> NDArray[np.uint8]:
        return picture_of(self._grey, line.writing, line.usual, line.within, look.margin, look.beside)

    def _blots_of_cells(self, ink: NDArray[np.uint8]) -> list[tuple[int, int, Box, list[Blot]]]:
        found = []
        for number, table in enumerate(self._tables):
            for index, cell in enumerate(table.cells):
                box = inside_rules(ink, cell.box)
                found.append((number, index, box, without_residue(blots_in(ink, box), box)))
        return found

    def _running_lines(self, ink: NDArray[np.uint8]) -> list[Writing]:
        free = ink.copy()
        for table in self._tables:
            left, top, right, bottom = table.box
            free[
                max(top - _ROUND_A_TABLE, 0) : bottom + _ROUND_A_TABLE,
                max(left - _ROUND_A_TABLE, 0) : right + _ROUND_A_TABLE,
            ] = 0
        blots = blots_in(free, self._whole)
        if len(blots) > _MOST_BLOTS:
            return []
        size = glyph_height(blots)
        # Pictures, seals and rules are no writing.
        blots = [blot for blot in blots if blot.height <= _LARGEST_GLYPH * size and blot.width <= 6 * size]
        return [line for line in lines_of(blots, size) if line.box[3] - line.box[1] > size / 4]

    def _text_of(self, cell: _CellInk) -> str:
        if not cell.lines:
            return ""
        if is_stroke(cell.lines, self._usual):
            return "-"
        own = [self._written[index] for index in range(cell.first, cell.first + len(cell.lines))]
        return "\n".join(one.text for one in own if one.text) or UNREAD

    def _settled(self, texts: Sequence[str]) -> dict[int, tuple[str, bool]]:
        """The text of the cells that hold one line in which a number seems to stand, and whether it is certain.

        Where two small looks leave a doubt, two full ones decide.
        """
        chosen = [
            index
            for index, (cell, text) in enumerate(zip(self._cells, texts, strict=True))
            if len(cell.lines) == 1 and text != "-" and _is_number_like(text)
        ]
        second = self._seen([self._cells[index].first for index in chosen], _SMALL[1], numbers=True)
        settled = {
            index: self._agreed(self._cells[index], texts[index], again, small=True)
            for index, again in zip(chosen, second, strict=True)
        }
        doubtful = [index for index, (_, certain) in settled.items() if not certain]
        places = [self._cells[index].first for index in doubtful]
        first, second = self._seen(places, _FULL[0]), self._seen(places, _FULL[1], numbers=True)
        for index, place, one, again in zip(doubtful, places, first, second, strict=True):
            self._written[place] = one
            settled[index] = self._agreed(self._cells[index], self._text_of(self._cells[index]), again, small=False)
        return settled

    def _agreed(self, cell: _CellInk, text: str, second: Written, *, small: bool) -> tuple[str, bool]:
        """The text of a cell with a number, and whether it is certain.

        A slash never is in a small picture, where a 7 can pass for one.
        """
        first = without_space(fold_width(text)).translate(_LOOK_ALIKE)
        line = cell.lines[0]
        inside = all(
            blot.left > cell.box[0]
            and blot.top > cell.box[1]
            and blot.right < cell.box[2]
            and blot.bottom < cell.box[3]
            for blot in line.blots
        )
        agreed = first == second.text and second.least >= (_SURE_OF_SMALL if small else _SURE)
        whole = _columns_of_ink(line.blots) <= len(first)
        if first in ("/", "1") and len(line.blots) == 1:
            # A slash is as thin as a 1, and told from it by how it leans.
            lean = _lean(self._grey, line.box)
            if lean >= _SLASH_LEANS:
                return "/", inside and not small
            return first, agreed and inside and first == "1" and lean < _ONE_LEANS
        return first, agreed and inside and whole

    def _running_text(self) -> list[TextLine]:
        lines = []
        for index, writing in enumerate(self._texts, self._first_text):
            text = _with_doubtful_numbers_out(self._written[index])
            if text.strip():
                left, top, right, bottom = (value * self._points for value in writing.box)
                lines.append(TextLine(text, left, top, right, bottom, self._number))
        return lines

    def _place(self, box: Box) -> Place:
        left, top, right, bottom = (round(value * self._points, 2) for value in self._straight.as_shown(box))
        return Place(page=self._number, bbox=(left, top, right, bottom))


def _is_number_like(text: str) -> bool:
    return _NUMBER_LIKE.fullmatch(without_space(fold_width(text))) is not None


def _is_doubtful(line: _Line, small: Written) -> bool:
    """Whether a line that was read small has to be read in full.

    A number that stands alone in its cell is looked at a second time in any case. One that nobody looks at again is
    doubtful however sure the model is: in a cell of several lines, or with a unit or a note beside it.
    """
    if not line.beside_others and _is_number_like(small.text):
        return False
    return small.least < _SURE or _NUMBER_WITH_LITTLE.fullmatch(fold_width(small.text)) is not None


def _columns_of_ink(blots: Sequence[Blot]) -> int:
    """How many patches stand side by side: at least as many characters were written, commas and points included."""
    count, reach = 0, -1
    for blot in sorted(blots, key=lambda blot: blot.left):
        if blot.left >= reach:
            count += 1
        reach = max(reach, blot.right)
    return count


def _lean(grey: NDArray[Any], box: tuple[int, int, int, int]) -> float:
    """How far the ink in a box runs to the right for each pixel up: an upright 1 hardly at all, a slash 0.3 to 0.5."""
    left, top, right, bottom = box
    part = grey[top:bottom, left:right].astype(np.float64)
    light, darkest = np.percentile(part, 90), np.percentile(part, 5)
    dark = np.clip((light + darkest) / 2 - part, 0, None)
    weight = dark.sum(axis=1)
    rows = np.flatnonzero(weight > 0)
    if rows.size < 4:
        return 0.0
    middles = (dark[rows] * np.arange(part.shape[1])).sum(axis=1) / weight[rows]
    return -float(np.polyfit(rows, middles, 1)[0])


def _with_doubtful_numbers_out(written: Written) -> str:
    """The text of a line; a number in it of which one digit is not sure gives way to a mark, as it would mislead."""
    if len(written.text) != len(written.sureness):
        return written.text

    def kept(match: re.Match[str]) -> str:
        sure = min(written.sureness[match.start() : match.end()]) >= _SURE_DIGIT_IN_TEXT
        return match[0] if sure else UNREAD

    return _DIGITS.sub(kept, written.text)

"""The last witness for a PDF: the picture of a cell, drawn by pdfium and recognised as that of a scan would be.

It alone does not believe what the file says of its glyphs: a map that gives other digits for those that are printed, an
old value under a patch, another number over it. It is asked only where an error would rest on what was read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from report.figure import Figure
from workers.reading.layout.pdf_tables import Box
from workers.reading.paged.ink import Ink
from workers.reading.paged.open_pdf import open_pdf
from workers.reading.paged.turn import Turn, turn_of
from workers.reading.scans.recognition import leave_scan, recognition_is_possible

_DPI, _POINTS = 200, 72.0
# Around a cell, in points: adaptive thresholds want some ground.
_AROUND = 8.0
# From a cell's box to what stands in it.
_INSET = 2.5
# Round a year in the running text, of its height.
_ROUND_A_YEAR = 0.25
_MOST_PLACES = 4
_PAGES_WITH_YEARS = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """A text that was read, and the box (points, origin top left) of the page (from 1) where it stands."""

    text: str
    page: int
    bbox: Box


def of_figures(figures: Iterable[Figure]) -> list[Printed]:
    """The cells of those figures that have a place on a page."""
    return [
        Printed(figure.text, figure.place.page, figure.place.bbox)
        for figure in figures
        if figure.place.page is not None and figure.place.bbox is not None
    ]


def of_years(data: bytes, years: Iterable[int]) -> list[Printed]:
    """Some of the places where the text of a PDF names these years."""
    found: list[Printed] = []
    wanted = sorted(set(years))
    with open_pdf(data) as pdf:
        for number in range(1, min(_PAGES_WITH_YEARS, len(pdf.document)) + 1 if wanted else 1):
            text, turn = pdf.text(number), turn_of(pdf.page(number))
            for year in wanted:
                found += [Printed(str(year), number, box) for box in _places(text, turn, str(year))]
    return found


def cells_with_ink(data: bytes, figures: Iterable[Figure]) -> set[str]:
    """The keys of those figures in whose cells something is drawn, ruled lines around them apart."""
    by_page: dict[int, list[Figure]] = {}
    for figure in figures:
        if figure.place.page is not None and figure.place.bbox is not None:
            by_page.setdefault(figure.place.page, []).append(figure)
    if not by_page:
        return set()
    found: set[str] = set()
    with open_pdf(data) as pdf:
        for number, own in by_page.items():
            ink = Ink(pdf.page(number))
            found |= {figure.key for figure in own if ink.is_drawn(_within(figure.place.bbox))}
    return found


def _within(box: Box | None) -> Box:
    """The inside of a cell, without the lines around it."""
    left, top, right, bottom = box or (0.0, 0.0, 0.0, 0.0)
    across, down = min(_INSET, (right - left) / 4), min(_INSET, (bottom - top) / 4)
    return left + across, top + down, right - across, bottom - down


def pictures_agree(data: bytes, printed: Sequence[Printed]) -> list[bool] | None:
    """Of each text, whether its picture says the same; None where pictures cannot be recognised here.

    Raises ReadError (scan) where scans are left to others.
    """
    if not printed or not recognition_is_possible():
        return None
    leave_scan()
    # numpy and OpenCV are as large as all the rest.
    from workers.reading.scans.one_cell import pictures_say

    with open_pdf(data) as pdf:
        return pictures_say([(*_drawn(pdf.page(each.page), each.bbox), each.text) for each in printed])


def _drawn(page: Any, bbox: Box) -> tuple[Any, tuple[int, int, int, int]]:
    """The picture of a place with some ground around it, and the box of the place in it (pixels)."""
    width, height = page.get_size()
    left, top, right, bottom = bbox
    x0, y0 = max(left - _AROUND, 0), max(top - _AROUND, 0)
    x1, y1 = min(right + _AROUND, width), min(bottom + _AROUND, height)
    scale = _DPI / _POINTS
    picture = page.render(scale=scale, grayscale=True, crop=(x0, height - y1, width - x1, y0)).to_numpy()
    box = [round(value * scale) for value in (left - x0, top - y0, right - x0, bottom - y0)]
    return picture.reshape(picture.shape[:2]), (box[0], box[1], box[2], box[3])


def _places(text: Any, turn: Turn, wanted: str) -> Iterator[Box]:
    """The boxes of the first places where a text stands, with some room around."""
    code = (wanted + "\0").encode("utf-16-le")
    search = raw.FPDFText_FindStart(text, ctypes.cast(ctypes.c_char_p(code), raw.FPDF_WIDESTRING), 0, 0)
    corners = [ctypes.c_double() for _ in range(4)]
    try:
        for _ in range(_MOST_PLACES):
            if not raw.FPDFText_FindNext(search):
                return
            first = raw.FPDFText_GetSchResultIndex(search)
            boxes = []
            for index in range(first, first + len(wanted)):
                raw.FPDFText_GetCharBox(text, index, *corners)
                x0, x1, y0, y1 = (corner.value for corner in corners)
                boxes.append(turn.box(x0, y0, x1, y1))
            room = _ROUND_A_YEAR * (boxes[0][3] - boxes[0][1])
            yield (
                min(box[0] for box in boxes) - room, min(box[1] for box in boxes) - room,
                max(box[2] for box in boxes) + room, max(box[3] for box in boxes) + room,
            )  # fmt: skip
    finally:
        raw.FPDFText_FindClose(search)

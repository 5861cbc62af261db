"""A second look at the digits of some cells of a PDF: whether they really stand where they were read.

The first reading goes by each glyph's advance box and by lines that it puts together itself. Here the same cells are
asked for in another way: by the outlines of the glyphs, in the order in which the file writes them, and by what pdfium
itself says of each. Where both agree, reading the page again with another library would see the same glyphs at the same
places; where they do not, it has to be read again.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from itertools import repeat
from typing import Any

import pypdfium2.raw as raw

from report.figure import Figure
from report.numerals import fold_width
from workers.reading.layout.pdf_tables import Box
from workers.reading.paged import quick_calls
from workers.reading.paged.open_pdf import OpenPdf, open_pdf
from workers.reading.paged.turn import Turn, turn_of

_NEAR = 1.0
_IN_NUMBERS = frozenset("0123456789.,-")
# By code, in plain and in full width.
_READ_AS = {code: character for character in _IN_NUMBERS for code in (ord(character), ord(character) + 0xFEE0)}
_FIRST_PRINTED = 32
# Where pdfium puts an outline.
_SIDES = (ctypes.c_double * 4)()
_SIDES_AT = quick_calls.room_in(_SIDES)


def pages_in_doubt(data: bytes, figures: Iterable[Figure]) -> set[int]:
    """The pages (from 1) of those figures whose digits are not confirmed by the ink in their cells."""
    wanted: dict[int, list[Figure]] = {}
    for figure in figures:
        if figure.place.page is not None and figure.place.bbox is not None:
            wanted.setdefault(figure.place.page, []).append(figure)
    with open_pdf(data) as pdf:
        return {number for number, own in wanted.items() if not _page_confirms(pdf, number, own)}


def _page_confirms(pdf: OpenPdf, number: int, figures: list[Figure]) -> bool:
    inked = list(_inked(pdf.text(number), turn_of(pdf.page(number))))
    return all(_read_in(figure.place.bbox, inked) == _digits(figure.text) for figure in figures)


def _digits(text: str) -> str:
    return "".join(character for character in fold_width(text) if character in _IN_NUMBERS)


def _read_in(box: Box | None, inked: list[tuple[str, Box]]) -> str | None:
    """The characters of numbers inked inside a box, in the file's order; None where one lies across its edge."""
    if box is None:
        return None
    left, top, right, bottom = box
    found = ""
    for character, (x0, y0, x1, y1) in inked:
        if not (left < (x0 + x1) / 2 < right and top < (y0 + y1) / 2 < bottom):
            continue
        if not character or x0 < left - _NEAR or x1 > right + _NEAR or y0 < top - _NEAR or y1 > bottom + _NEAR:
            return None
        found += character
    return found


def _inked(text: Any, turn: Turn) -> Iterable[tuple[str, Box]]:
    """The characters of numbers with the box of their outline; an empty one where the file does not say what it is."""
    handle = quick_calls.ready(quick_calls.address_of(text.raw))
    indexes = range(raw.FPDFText_CountChars(text.raw))
    for index, code in enumerate(map(quick_calls.unicode_of, repeat(handle), indexes)):
        character = _READ_AS.get(code)
        if character is None and code >= _FIRST_PRINTED:
            continue
        unknown = quick_calls.without_map(handle, index) == 1
        if unknown or character is not None:
            quick_calls.outline(handle, index, *_SIDES_AT)
            x0, x1, y0, y1 = _SIDES[:]
            yield "" if unknown or character is None else character, turn.box(x0, y0, x1, y1)

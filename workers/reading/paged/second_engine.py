"""The second witness for the figures of a PDF: pdf-oxide reads again the cells on which an error would rest.

Both engines go by what the file says of its glyphs: where that itself is not true they agree, and only the picture of
the cell can tell (:mod:`workers.reading.paged.cell_pictures`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

from report.figure import Figure, Place
from report.numerals import letters_of
from workers.reading.paged.open_pdf import open_pdf
from workers.reading.paged.turn import Turn, turn_of

# What pdf-oxide raises over a file or a page that it cannot read.
_NOT_READ = (OSError, RuntimeError, ValueError)
# Of a font's size: from the base line to the middle of a digit.
_MIDDLE = 0.35
# The character, its middle from the left and from the top, and its size, in points.
_Character = tuple[str, float, float, float]


def read_alike(data: bytes, figures: Iterable[Figure]) -> set[str]:
    """The keys of those figures in whose cells a second engine reads the same.

    A cell in which it reads something else, or on whose page it fails, is not among them.
    """
    asked = [figure for figure in figures if figure.place.page is not None and figure.place.bbox is not None]
    if not asked:
        return set()
    characters = _characters(data, {figure.place.page for figure in asked if figure.place.page is not None})
    # The cells of a row have their height in common.
    row = lru_cache(maxsize=None)(partial(_between, characters))
    return {figure.key for figure in asked if _read_in(figure.place, row) == letters_of(figure.text)}


def _characters(data: bytes, pages: Iterable[int]) -> dict[int, list[_Character]]:
    """The second engine's characters on some pages (from 1), as shown; a page that it cannot read is left out."""
    # Loading it takes a tenth of a second, and most formats need no second look.
    import pdf_oxide

    found: dict[int, list[_Character]] = {}
    try:
        with open_pdf(data) as pdf:
            second = pdf_oxide.PdfDocument.from_bytes(data)
            for number in sorted(pages):
                turn = turn_of(pdf.page(number))
                found[number] = [_shown(character, turn) for character in second.extract_chars(number - 1)]
    except BaseException as error:
        # A panic of its Rust code is no Exception, and its class cannot be imported.
        if not isinstance(error, _NOT_READ) and type(error).__name__ != "PanicException":
            raise
        # What was read of other pages holds; figures of this one stay unconfirmed.
        return found
    return found


def _shown(character: Any, turn: Turn) -> _Character:
    """A character and the middle of it on the page as shown; its box is of no use where the text is turned."""
    size, degrees = character.font_size, character.rotation_degrees
    along, above = character.advance_width / 2, size * _MIDDLE
    x, y = character.origin_x, character.origin_y
    if degrees:
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x, y = x + along * cosine - above * sine, y + along * sine + above * cosine
    else:
        x, y = x + along, y + above
    left, top, _, _ = turn.box(x, y, x, y)
    return character.char, left, top, size


def _between(
    characters: Mapping[int, list[_Character]], page: int, top: float, bottom: float
) -> list[_Character] | None:
    """The characters of a page between two heights; None where the second engine did not read the page."""
    on_page = characters.get(page)
    return None if on_page is None else [each for each in on_page if top < each[2] < bottom]


def _read_in(place: Place, row: Callable[[int, float, float], list[_Character] | None]) -> str | None:
    """What the second engine reads inside a cell; None where it did not read the page."""
    if place.page is None or place.bbox is None:
        return None
    left, top, right, bottom = place.bbox
    beside = row(place.page, top, bottom)
    if beside is None:
        return None
    inside = [each for each in beside if left < each[1] < right]
    heights = [each[2] for each in inside]
    if inside and max(heights) - min(heights) < min(each[3] for each in inside) / 2:
        # One line: on a turned page the file's order is not the one that is seen.
        inside.sort(key=lambda each: each[1])
    return letters_of("".join(each[0] for each in inside))

"""The second witness for the figures of a PDF: pdf-oxide reads again the cells on which an error would rest.

Both engines go by what the file says of its glyphs: where that itself is not true (a ToUnicode map with other digits)
they agree, and only the picture of the cell could tell. For a report on which nobody would be accused the engine is not
even loaded.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium

from report.figure import Confirmation, Figure, Place, State
from report.form import Form
from report.report import Gap, Report, Unread
from workers.reading.paged.pdf import Turn, turn_of

_BY_SECOND_ENGINE = (Confirmation.SECOND_ENGINE,)
_WRITTEN = (State.NUMBER, State.TEXT, State.SLASH, State.DASH)
# What pdf-oxide raises over a file or a page that it cannot read.
_NOT_READ = (OSError, RuntimeError, ValueError)
# Of a font's size: from the base line to the middle of a digit.
_MIDDLE = 0.35
# The character, its middle from the left and from the top, and its size, in points.
_Character = tuple[str, float, float, float]


def seen_twice(data: bytes, report: Report, form: Form, in_wrong_sums: Collection[str]) -> Report:
    """The report with what a second engine says of every figure on which an error would rest.

    ``in_wrong_sums``: the keys of the figures of sums that do not agree.
    Where it reads the same in the figure's cell, that confirms it. Where it reads something else, or the cell cannot be
    looked at, the figure is not certain, a gap says so, and no rule accuses anybody on it.
    """
    if report.seen_once is not None:
        # Numbers in pictures are looked at again in another way; a text layer over them is no witness.
        return report
    accusing = list(_accusing(report, form, in_wrong_sums))
    if not accusing:
        return report
    characters = _characters(data, {figure.place.page for figure in accusing if figure.place.page is not None})
    figures = dict(report.figures)
    unconfirmed = []
    for figure in accusing:
        read = _read_in(figure.place, characters)
        if read is not None and read == _bare(figure.text):
            figures[figure.key] = replace(figure, confirmed_by=_BY_SECOND_ENGINE)
        else:
            figures[figure.key] = replace(figure, certain=False)
            unconfirmed.append(figure.key)
    if not unconfirmed:
        return replace(report, figures=figures)
    gap = Gap(Unread.UNCERTAIN, "另一种读法没有读出同样的内容", tuple(unconfirmed))
    return replace(report, figures=figures, gaps=(*report.gaps, gap))


def _accusing(report: Report, form: Form, in_wrong_sums: Collection[str]) -> Iterator[Figure]:
    """The figures on which T03, T05 to T08 or D07 may rest, and those of Y01 that no balance of a column holds."""
    foreign = {f"requests.{row.key}" for row in form.file.table_three.rows if not row.in_form}
    foreign |= {f"proactive.{row.key}" for block in form.file.table_two for row in block.rows if not row.in_form}
    asked = {*in_wrong_sums, *_in_open_balances(report, form)}
    for key, figure in report.figures.items():
        if not figure.certain or figure.state not in _WRITTEN:
            continue
        if key in asked or key.rpartition(".")[0] in foreign or _is_no_count(figure, form.names[key].kind):
            yield figure


def _in_open_balances(report: Report, form: Form) -> Iterator[str]:
    """The figures of those columns of table three whose balance cannot be computed."""
    for equation in form.sums(report.figures):
        keys = (*equation.parts, *equation.totals)
        if equation.rule == "T07" and any(report.number(key) is None for key in keys):
            yield from keys


def _is_no_count(figure: Figure, kind: str) -> bool:
    if kind == "amount":
        return False
    if figure.value is None:
        return figure.state is State.TEXT
    return not isinstance(figure.value, int) or (figure.value < 0 and kind != "change")


def _characters(data: bytes, pages: Iterable[int]) -> dict[int, list[_Character]]:
    """The second engine's characters on some pages (from 1), as shown; a page that it cannot read is left out."""
    # Loading it takes a tenth of a second, and most reports need no second look.
    import pdf_oxide

    found: dict[int, list[_Character]] = {}
    shown = pdfium.PdfDocument(data)
    try:
        second = pdf_oxide.PdfDocument.from_bytes(data)
        for number in sorted(pages):
            page = shown[number - 1]
            try:
                turn = turn_of(page)
            finally:
                page.close()
            found[number] = [_shown(character, turn) for character in second.extract_chars(number - 1)]
    except BaseException as error:
        # A panic of its Rust code is no Exception, and its class cannot be imported.
        if not isinstance(error, _NOT_READ) and type(error).__name__ != "PanicException":
            raise
        # What was read of other pages holds; figures of this one stay unconfirmed.
        return found
    finally:
        shown.close()
    return found


def _shown(character: Any, turn: Turn) -> _Character:
    """A character and the middle of it on the page as shown; its box is of no use where the text is turned."""
    angle = math.radians(character.rotation_degrees)
    along, above = character.advance_width / 2, character.font_size * _MIDDLE
    x = character.origin_x + along * math.cos(angle) - above * math.sin(angle)
    y = character.origin_y + along * math.sin(angle) + above * math.cos(angle)
    left, top, _, _ = turn.box(x, y, x, y)
    return character.char, left, top, character.font_size


def _read_in(place: Place, characters: Mapping[int, list[_Character]]) -> str | None:
    """What the second engine reads inside a cell; None where it did not read the page."""
    on_page = None if place.page is None else characters.get(place.page)
    if on_page is None or place.bbox is None:
        return None
    left, top, right, bottom = place.bbox
    inside = [each for each in on_page if left < each[1] < right and top < each[2] < bottom]
    heights = [each[2] for each in inside]
    if inside and max(heights) - min(heights) < min(each[3] for each in inside) / 2:
        # One line: on a turned page the file's order is not the one that is seen.
        inside.sort(key=lambda each: each[1])
    return _bare("".join(each[0] for each in inside))


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())

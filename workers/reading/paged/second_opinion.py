"""A PDF read once, and once more in another way where the first reading leaves doubts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pypdfium2 as pdfium

from report.account import PieceKind
from report.figure import ABSENT, NUMBER, UNREADABLE, Figure
from report.form import Form
from report.report import Gap, Report, Unread
from workers.reading.content import UNREAD, Content, Embedded, Piece
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.form.form_figures import read_figures, without_settled
from workers.reading.form.skeleton import skeleton_of
from workers.reading.paged.open_pdf import open_pdf
from workers.reading.paged.pdf import read_pdf, read_pdf_again, was_repaired
from workers.reading.paged.second_look import pages_in_doubt
from workers.reading.paged.witnesses import seen_twice

_NO_WORDS = (ReadErrorKind.NO_TEXT, ReadErrorKind.GARBLED)
_REPAIRED = "PDF 文件已损坏，数字是修复后读出的"
_NOT_THERE = (ABSENT, UNREADABLE)


def read_pdf_twice(data: bytes, forms: Mapping[str, Form], understand: Callable[[Content], Report]) -> Report:
    """The Report of a PDF. ``understand`` makes one of what a reader hands on.

    No number of a file that had to be repaired is certain, and what is not there may be lost: its glyphs are those that
    were left, some of them twice. Raises ReadError.
    """
    try:
        with open_pdf(data):
            return _read_and_confirmed(data, forms, understand)
    except pdfium.PdfiumError:
        # It cannot be opened, and reading it says why.
        return _read_twice(data, forms, understand)


def _read_and_confirmed(data: bytes, forms: Mapping[str, Form], understand: Callable[[Content], Report]) -> Report:
    report = _read_twice(data, forms, understand)
    if not was_repaired(data):
        form = forms.get(report.form or "")
        if form is None:
            return report
        return seen_twice(
            data, report, form, lambda: understand(read_pdf(data, skeleton_of(forms), from_pictures=True))
        )
    figures = {key: replace(figure, certain=False) for key, figure in report.figures.items()}
    numbers = tuple(key for key, figure in figures.items() if figure.state is NUMBER)
    gaps = (*report.gaps, Gap(Unread.UNCERTAIN, _REPAIRED, numbers))
    return replace(report, figures=figures, gaps=gaps, may_be_cut=True)


def _read_twice(data: bytes, forms: Mapping[str, Form], understand: Callable[[Content], Report]) -> Report:
    """The Report of a PDF, sound or not.

    pdfium reads first. Where a sum does not agree, the ink in its cells is looked at; pdfplumber alone reads the pages
    where that leaves a doubt, and the whole document where figures are missing or nothing was recognised; the reading
    with more numbers in it then counts. It is not asked of a document with hidden, struck or unread glyphs, with notes
    or with fields: it does not tell them from others. Raises ReadError.
    """
    skeleton = skeleton_of(forms)
    try:
        content = read_pdf(data, skeleton)
        first = understand(content)
    except ReadError as error:
        again = read_pdf_again(data, skeleton) if error.kind in _NO_WORDS else None
        if again is None:
            raise
        return understand(again)
    if not _is_plain(content):
        return _with_what_is_not_seen(first, content)
    form = forms.get(first.form or "")
    if form is not None and _is_complete(first):
        pages = pages_in_doubt(data, _figures_of_wrong_sums(first, form))
        again = read_pdf_again(data, skeleton, pages) if pages else None
        return first if again is None else with_second_opinion(first, read_figures(again, form).figures)
    again = read_pdf_again(data, skeleton)
    if again is None:
        return first
    try:
        second = understand(again)
    except ReadError:
        # The first reading did recognise a report.
        return first
    if _numbers(second) > _numbers(first):
        first, second = second, first
    return with_second_opinion(first, second.figures) if first.form == second.form else first


def with_second_opinion(report: Report, second: Mapping[str, Figure]) -> Report:
    """What the first could not tell is taken from the second; where both have numbers that differ, neither counts."""
    figures = dict(report.figures)
    settled, disputed = set(), []
    for key, figure in second.items():
        own = figures.get(key)
        if own is None or figure.state is not NUMBER or not figure.certain:
            continue
        if own.state in _NOT_THERE:
            figures[key] = figure
            settled.add(key)
        elif own.state is NUMBER and own.value != figure.value:
            figures[key] = Figure(key, UNREADABLE, None, own.text, own.place, False)
            disputed.append(key)
    gaps = without_settled(report.gaps, settled)
    if disputed:
        gaps.append(Gap(Unread.UNCERTAIN, "两种读法读出的数不同", tuple(disputed)))
    return replace(report, figures=figures, gaps=tuple(gaps))


def _with_what_is_not_seen(report: Report, content: Content) -> Report:
    """The report with a gap where numbers of its tables are others in the file than on the page, or are not told."""
    places = {figure.place for figure in report.figures.values() if figure.place.page is not None}
    cells = {cell for grid in content.grids() for row in grid.rows for cell in row if cell and cell.place in places}
    count = sum(UNREAD in cell.text or any(map(_hides_a_number, cell.pieces)) for cell in cells)
    gap = Gap(Unread.DISAGREEING, f"表格中有{count}格，文件里的文字不是页面上看到的数字")
    return replace(report, gaps=(*report.gaps, gap)) if count else report


def _hides_a_number(piece: Piece) -> bool:
    return piece.kind is PieceKind.HIDDEN and any(character.isdigit() for character in piece.text)


def _is_plain(content: Content) -> bool:
    """Whether a document has no glyphs but plain visible ones with characters."""
    if any(isinstance(block, Embedded) and block.kind is not PieceKind.PICTURE for block in content.blocks):
        return False
    cells = (cell for grid in content.grids() for row in grid.rows for cell in row if cell is not None)
    return not any(cell.pieces or UNREAD in cell.text for cell in cells)


def _is_complete(report: Report) -> bool:
    return not any(figure.state in _NOT_THERE for figure in report.figures.values())


def _numbers(report: Report) -> int:
    return sum(figure.state is NUMBER for figure in report.figures.values())


def _figures_of_wrong_sums(report: Report, form: Form) -> list[Figure]:
    figures: dict[str, Figure] = {}
    for equation in form.sums(report.figures):
        parts, totals = ([report.figures[key] for key in keys] for keys in (equation.parts, equation.totals))
        values = [[figure.value for figure in side if figure.value is not None] for side in (parts, totals)]
        if len(values[0]) == len(parts) and len(values[1]) == len(totals) and sum(values[0]) != sum(values[1]):
            figures |= {figure.key: figure for figure in (*parts, *totals)}
    return list(figures.values())

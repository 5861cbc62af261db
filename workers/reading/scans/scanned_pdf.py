"""The pages of a PDF that have no text of their own, or none to believe, and the tables that others have as pictures.

Such pages are drawn at 200 dpi and recognised. What that takes is loaded with the first of them, so that a PDF with
text pays nothing; where the extra ``ocr`` is not installed, pages stay as they were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from report.account import PieceKind
from workers.reading.content import UNREAD, Grid
from workers.reading.layout.glyph import PdfPage
from workers.reading.scans.recognition import check_recognition, leave_scan, recognition_is_installed

MOST_SCANNED_PAGES = 30
_DPI = 200
_POINTS = 72.0
_MOST_PIXELS = 12_000_000
_FEWEST_GLYPHS = 40
_FEWEST_OUTLINES = 200
_PICTURED = 0.3
_SMALLEST_TABLE = (250.0, 60.0)

Box = tuple[float, float, float, float]


def with_pictures_read(page: PdfPage, source: Any, pictures: Sequence[Box], outlines: int) -> PdfPage:
    """The page with what only its picture shows.

    ``source`` is pdfium's page, ``pictures`` the boxes of its images (points, origin top left), ``outlines`` how many
    other shapes it has: text turned to curves is many. A page whose text is missing, garbled or an invisible layer over
    a scan is read from its picture alone; on any other page the tables in pictures are added.
    """
    whole = _is_scan(page, pictures, outlines)
    tabular = list(page.images) if page.turned is None else []
    if not (whole or tabular) or not recognition_is_installed():
        return page
    if whole:
        return page_from_picture(page, source)
    leave_scan()
    # numpy and OpenCV are as large as all the rest.
    from workers.reading.scans.scan import read_scanned_page

    grey, scale = _drawn(page, source)
    only = _only(grey, tabular, scale)
    read = read_scanned_page(only, page.number, 1 / scale, tables_only=True)
    found = [grid for _, grid in read.tables]
    unread = [box for box in page.images if not any(_is_in(grid, box) for grid in found)]
    return replace(page, images=unread, grids=read.tables, pictures=read.numbers)


def page_from_picture(page: PdfPage, source: Any) -> PdfPage:
    """The page as it is recognised from its picture, whatever its text says. Raises ReadError as scans do."""
    leave_scan()
    check_recognition()
    from workers.reading.scans.scan import read_scanned_page

    grey, scale = _drawn(page, source)
    read = read_scanned_page(grey, page.number, 1 / scale)
    return replace(
        page,
        glyphs=(),
        edges=(),
        images=(),
        boxes=(),
        annotations=(),
        lines=read.lines,
        grids=read.tables,
        pictures=read.numbers,
    )


def _drawn(page: PdfPage, source: Any) -> tuple[Any, float]:
    """The page in grey, and how many pixels a point has."""
    scale = min(_DPI / _POINTS, (_MOST_PIXELS / max(page.width * page.height, 1)) ** 0.5)
    drawn = source.render(scale=scale, grayscale=True).to_numpy()
    return drawn.reshape(drawn.shape[:2]), scale


def _is_scan(page: PdfPage, pictures: Sequence[Box], outlines: int) -> bool:
    """Whether what a person sees of a page is no text, or none to believe: a layer to search in is not seen."""
    share = sum((box[2] - box[0]) * (box[3] - box[1]) for box in pictures) / max(page.width * page.height, 1)
    seen = [glyph.kind for glyph in page.glyphs].count(PieceKind.TEXT)
    if seen < _FEWEST_GLYPHS:
        return share > _PICTURED or outlines > _FEWEST_OUTLINES
    return [glyph.kind for glyph in page.glyphs if glyph.text == UNREAD].count(PieceKind.TEXT) > seen / 2


def _is_in(grid: Grid, box: Box) -> bool:
    """Whether a table was found in a picture."""
    places = [cell.place.bbox for row in grid.rows for cell in row if cell is not None and cell.place.bbox]
    return any(
        box[0] <= (place[0] + place[2]) / 2 <= box[2] and box[1] <= (place[1] + place[3]) / 2 <= box[3]
        for place in places[:1]
    )


def is_picture(box: Box) -> bool:
    """Whether an image is large enough to be a table in a picture; a seal or a logo is not."""
    return box[2] - box[0] > _SMALLEST_TABLE[0] and box[3] - box[1] > _SMALLEST_TABLE[1]


def _only(grey: Any, boxes: Sequence[Box], scale: float) -> Any:
    """The page with nothing on it but what stands in the boxes."""
    kept = grey.copy()
    kept[:] = 255
    for box in boxes:
        left, top, right, bottom = (max(round(value * scale), 0) for value in box)
        kept[top:bottom, left:right] = grey[top:bottom, left:right]
    return kept

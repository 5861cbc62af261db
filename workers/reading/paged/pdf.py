"""PDF with text: glyphs and ruled lines from pdfium, tables by pdfplumber's finder; pdfplumber alone as second opinion.

pdfium reads a page five times faster than pdfminer, and pdfplumber finds the same tables in what it hands on. Every
page is closed as soon as it is read; without that a long document keeps all its pages in memory.
"""

from __future__ import annotations

import ctypes
import io
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfminer.pdfexceptions import PDFException
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from report.figure import Place
from workers.reading.content import Block, Content, Grid, Picture
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.layout.pdf_layout import Glyph, PdfPage, TextLine, lay_out, paragraphs_and_grids
from workers.reading.layout.pdf_tables import Box, edge
from workers.reading.paged.garbled import is_unreadable, readable_glyphs
from workers.reading.scans.recognition import HOW_TO_INSTALL, recognition_is_installed
from workers.reading.scans.scanned_pdf import MOST_SCANNED_PAGES, is_picture, page_from_picture, with_pictures_read

# pdfminer says every oddity of a file aloud; what matters of them shows in what is read.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_MOST_PAGES = 150
_MOST_SLOW_PAGES = 40
_MOST_GLYPHS = 300_000
_MOST_EDGES = 6_000
_MOST_OBJECTS = 200_000
_DEEPEST_FORM = 4
_THIN = 3.0
_TALL = 60.0
_LOW = frozenset(".,·-–—_~'\"，。、．·…—－“”‘’；：;:")
_LOW_HEIGHT = 0.75
_SAME_BASE = 1.0
_FEWEST_LETTERS = 40
# pdfminer raises nearly anything over a broken file.
_NO_OPINION = (
    PSException, PDFException, PdfminerException, MalformedPDFException, ReadError, ArithmeticError, AssertionError,
    AttributeError, LookupError, NotImplementedError, OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_BROKEN = "PDF 文件已损坏，打不开；请重新下载，或另存后再试。"


def read_pdf(data: bytes, *, from_pictures: bool = False) -> Content:
    """The paragraphs and tables of a PDF.

    ``from_pictures``: its text is not true, and every page is recognised as that of a scan is.
    Raises ReadError: encrypted, broken, too_large, no_text (a scan), garbled (its fonts do not tell the characters).
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadError(ReadErrorKind.ENCRYPTED, "PDF 设有打开密码；请去掉密码后再试。") from error
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error
    try:
        if len(document) > _MOST_PAGES:
            raise ReadError(
                ReadErrorKind.TOO_LARGE, f"PDF 有 {len(document)} 页，超过 {_MOST_PAGES} 页；请确认这是一份年报。"
            )
        return content_of(_pdfium_pages(document, from_pictures))
    except (pdfium.PdfiumError, ctypes.ArgumentError) as error:
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error
    finally:
        document.close()


def was_repaired(data: bytes) -> bool:
    """Whether a PDF that can be opened is damaged: its table of objects is wrong, and pdfium gathered what it found."""
    document = pdfium.PdfDocument(data)
    try:
        return not raw.FPDF_DocumentHasValidCrossReferenceTable(document)
    finally:
        document.close()


def read_pdf_again(data: bytes, pages: Collection[int] | None = None) -> Content | None:
    """What plain pdfplumber makes of some pages (from 1) or of all; None where it fails or would take too long."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > _MOST_SLOW_PAGES:
                return None
            return content_of(_pdfminer_pages(document, pages))
    except _NO_OPINION:
        # A second opinion that cannot be had changes nothing: the first one stands with its doubts.
        return None


def content_of(pages: Iterable[PdfPage], what: str = "PDF") -> Content:
    """The content of pages. ``what`` kind of file they are of. Raises ReadError: too_large, no_text, garbled."""
    laid_out: list[list[TextLine | Grid]] = []
    margins: Counter[str] = Counter()
    pictures: dict[Place, Picture] = {}
    letters = unreadable = glyphs = images = 0
    for page in pages:
        images += page.images
        glyphs += len(page.glyphs)
        if glyphs > _MOST_GLYPHS:
            raise ReadError(ReadErrorKind.TOO_LARGE, f"{what} 的文字多得不合常理；请确认这是一份年报。")
        items, edge_lines = lay_out(page)
        margins.update({line.text for line in edge_lines})
        laid_out.append(items)
        letters += len(page.glyphs) + sum(len(line.text) for line in page.lines)
        letters += sum(len(cell.text) for _, grid in page.grids for row in grid.rows for cell in row if cell)
        unreadable += sum(is_unreadable(glyph.text) for glyph in page.glyphs)
        pictures.update(page.pictures)
    if letters < _FEWEST_LETTERS:
        raise ReadError(
            ReadErrorKind.NO_TEXT,
            f"{what} 里没有认出文字；请提供清晰的扫描件，或有文字的 PDF、Word、网页版本。"
            if recognition_is_installed()
            else f"{what} 里没有文字（多半是扫描件或图片），{HOW_TO_INSTALL}",
        )
    if unreadable > letters / 2:
        raise ReadError(
            ReadErrorKind.GARBLED, f"{what} 的字体没有说明各字是什么字，读出来是乱码；请提供 Word 或网页版本。"
        )
    repeated = frozenset(text for text, count in margins.items() if count > 1)
    blocks: list[Block] = paragraphs_and_grids(laid_out, repeated)
    garbled = unreadable > letters / 20
    return Content(tuple(blocks), margins=tuple(repeated), images=images, garbled=garbled, pictures=pictures)


def _pdfium_pages(document: Any, from_pictures: bool) -> Iterator[PdfPage]:
    scanned = 0
    for number in range(len(document)):
        page = document[number]
        try:
            found = _pdfium_page(page, number + 1, from_pictures)
        finally:
            page.close()
        scanned += bool(found.lines)
        if scanned > MOST_SCANNED_PAGES:
            raise ReadError(
                ReadErrorKind.TOO_LARGE, f"扫描件超过 {MOST_SCANNED_PAGES} 页；请确认这是一份年报，或分成几份再试。"
            )
        yield found


def _pdfium_page(page: Any, number: int, from_pictures: bool) -> PdfPage:
    turn = turn_of(page)
    text = page.get_textpage()
    try:
        glyphs = readable_glyphs(list(_pdfium_glyphs(text, turn)))
    finally:
        text.close()
    edges: list[dict[str, Any]] = []
    pictures: list[Box] = []
    outlines = 0
    for item, place in _objects(page):
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(turn.box(*_bounds(item, place)))
            continue
        outlines += 1
        edges += _pdfium_edges(item, place, turn)
        if len(edges) > _MOST_EDGES:
            # A drawing, no table; the finder would take minutes over it.
            edges = []
            break
    width, height = page.get_size()
    images = sum(is_picture(box) for box in pictures)
    found = PdfPage(number, width, height, glyphs, edges, images)
    return page_from_picture(found, page) if from_pictures else with_pictures_read(found, page, pictures, outlines)


_Place = tuple[float, float, float, float, float, float]
_HERE: _Place = (1, 0, 0, 1, 0, 0)


def _objects(page: Any) -> Iterator[tuple[Any, _Place]]:
    """The paths and images of a page, those inside its forms included, and where the form around each puts it.

    Asked of pdfium directly: its Python objects cost more than all that is wanted of them.
    """
    count = raw.FPDFPage_CountObjects(page)
    open_forms = [((raw.FPDFPage_GetObject(page, index) for index in range(count)), _HERE)]
    seen = 0
    while open_forms:
        items, place = open_forms[-1]
        item = next(items, None)
        if item is None:
            open_forms.pop()
            continue
        seen += 1
        if seen > _MOST_OBJECTS:
            return
        kind = raw.FPDFPageObj_GetType(item)
        if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            yield item, place
        elif kind == raw.FPDF_PAGEOBJ_FORM and len(open_forms) <= _DEEPEST_FORM:
            inside = raw.FPDFFormObj_CountObjects(item)
            within = (raw.FPDFFormObj_GetObject(item, index) for index in range(inside))
            open_forms.append((within, _after(_matrix(item), place)))


def _matrix(item: Any) -> _Place:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return _HERE
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _after(first: _Place, then: _Place) -> _Place:
    """Both transformations as one."""
    if then is _HERE:
        return first
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _point(place: _Place, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = place
    return a * x + c * y + e, b * x + d * y + f


def _bounds(item: Any, place: _Place) -> Box:
    """Two opposite corners of an object; those of an object in a form are moved with the form."""
    box = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *box)
    x0, y0, x1, y1 = (value.value for value in box)
    if place is _HERE:
        return x0, y0, x1, y1
    corners = [_point(place, x, y) for x in (x0, x1) for y in (y0, y1)]
    return (
        min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)
    )  # fmt: skip


class Turn:
    """From a page's own coordinates (origin bottom left) to those of the page as shown (origin top left)."""

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
        if self._rotation == 90:
            xs, ys = (y0 - bottom, y1 - bottom), (x0 - left, x1 - left)
        elif self._rotation == 180:
            xs, ys = (right - x0, right - x1), (y0 - bottom, y1 - bottom)
        elif self._rotation == 270:
            xs, ys = (top - y0, top - y1), (right - x0, right - x1)
        else:
            xs, ys = (x0 - left, x1 - left), (top - y0, top - y1)
        return min(xs), min(ys), max(xs), max(ys)


def turn_of(page: Any) -> Turn:
    """How a page of pdfium's is turned."""
    return Turn(page.get_rotation(), page.get_bbox())


def _pdfium_glyphs(text: Any, turn: Turn) -> Iterator[Glyph]:
    # A page has hundreds of these: names are looked up once, and a page that is not turned is only moved.
    unicode_of, loose_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    loose = raw.FS_RECTF()
    tight = [ctypes.c_double() for _ in range(4)]
    handle, moved = text.raw, turn.only_moves
    left, top = turn.corner
    before, tall = -1, (0.0, 0.0)
    for index in range(min(raw.FPDFText_CountChars(handle), _MOST_GLYPHS + 1)):
        code = unicode_of(handle, index)
        if code <= 32 or code in (0xA0, 0x3000) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        loose_box(handle, index, loose)
        x0, y0, x1, y1 = loose.left, loose.bottom, loose.right, loose.top
        if y1 - y0 > _TALL or x1 - x0 > _TALL:
            # The loose box of vertical text is wrong; the tight one holds.
            raw.FPDFText_GetCharBox(handle, index, *tight)
            x0, x1, y0, y1 = (value.value for value in tight)
        if chr(code) in _LOW and y1 - y0 < _LOW_HEIGHT * (tall[1] - tall[0]) and _on_one_line(handle, before, index):
            # A font that does not tell its height: a stop has the height of its ink, and would fall out of its line.
            y0, y1 = tall
        else:
            before, tall = index, (y0, y1)
        if moved and x0 <= x1 and y0 <= y1:
            yield Glyph(chr(code), x0 - left, top - y1, x1 - left, top - y0)
        else:
            yield Glyph(chr(code), *turn.box(x0, y0, x1, y1))


def _on_one_line(text: Any, before: int, index: int) -> bool:
    """Whether two characters stand on the same base line, side by side."""
    if before < 0:
        return False
    ax, ay, bx, by = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharOrigin(text, before, ax, ay)
    raw.FPDFText_GetCharOrigin(text, index, bx, by)
    return abs(ay.value - by.value) < _SAME_BASE and ax.value < bx.value


def _pdfium_edges(item: Any, place: _Place, turn: Turn) -> Iterator[dict[str, Any]]:
    """The ruled lines of one path: its strokes, or the long axis of a thin filled box; a filled background has none."""
    box = turn.box(*_bounds(item, place))
    if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
        yield _thin_edge(box)
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if stroke.value:
        yield from _strokes(item, place, turn)


def _thin_edge(box: Box) -> dict[str, Any]:
    x0, top, x1, bottom = box
    if x1 - x0 >= bottom - top:
        middle = (top + bottom) / 2
        return edge(x0, middle, x1, middle)
    middle = (x0 + x1) / 2
    return edge(middle, top, middle, bottom)


def _strokes(item: Any, place: _Place, turn: Turn) -> Iterator[dict[str, Any]]:
    """The straight horizontal and vertical strokes of a path."""
    matrix = _after(_matrix(item), place)
    count = min(raw.FPDFPath_CountSegments(item), _MOST_EDGES)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _point(matrix, x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = last = point
            continue
        if kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield from _straight(turn.box(*last, *point))
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield from _straight(turn.box(*last, *start))


def _straight(box: Box) -> Iterator[dict[str, Any]]:
    if min(box[2] - box[0], box[3] - box[1]) <= 1 and box != (box[0], box[1], box[0], box[1]):
        yield _thin_edge(box)


def _pdfminer_pages(document: Any, pages: Collection[int] | None) -> Iterator[PdfPage]:
    for page in document.pages:
        if pages is not None and page.page_number not in pages:
            continue
        try:
            glyphs = readable_glyphs(
                [
                    Glyph(char["text"], char["x0"], char["top"], char["x1"], char["bottom"])
                    for char in page.chars
                    if char["text"].strip()
                ]
            )
            edges = [_thin_edge((line["x0"], line["top"], line["x1"], line["bottom"])) for line in page.lines]
            for shape in page.rects:
                box = (shape["x0"], shape["top"], shape["x1"], shape["bottom"])
                if min(shape["width"], shape["height"]) <= _THIN:
                    edges.append(_thin_edge(box))
                elif shape["stroke"]:
                    x0, top, x1, bottom = box
                    edges += [
                        edge(x0, top, x1, top), edge(x0, bottom, x1, bottom),
                        edge(x0, top, x0, bottom), edge(x1, top, x1, bottom),
                    ]  # fmt: skip
            images = sum(is_picture((each["x0"], each["top"], each["x1"], each["bottom"])) for each in page.images)
            yield PdfPage(page.page_number, float(page.width), float(page.height), glyphs, edges[:_MOST_EDGES], images)
        finally:
            page.close()

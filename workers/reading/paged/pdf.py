"""PDF with text: glyphs and ruled lines from pdfium, tables by pdfplumber's finder; pdfplumber alone as second opinion.

pdfium reads a page five times faster than pdfminer, and pdfplumber finds the same tables in what it hands on. Every
page is closed as soon as it is read; without that a long document keeps all its pages in memory.
"""

from __future__ import annotations

import ctypes
import io
import logging
import math
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
from workers.reading.content import Block, Content, Picture
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.form.skeleton import Skeleton
from workers.reading.layout.glyph import Glyph, PdfPage
from workers.reading.layout.pdf_layout import Item, lay_out, paragraphs_and_grids
from workers.reading.layout.pdf_tables import edge
from workers.reading.layout.strikes import without_struck
from workers.reading.layout.upright import upright
from workers.reading.paged.annotations import annotations_of
from workers.reading.paged.garbled import count_unreadable, readable_glyphs
from workers.reading.paged.glyphs import MOST_GLYPHS, glyphs_of
from workers.reading.paged.open_pdf import OpenPdf, open_pdf
from workers.reading.paged.shapes import MOST_EDGES, shapes_of, thin_edge
from workers.reading.paged.turn import turn_of
from workers.reading.scans.recognition import HOW_TO_INSTALL, recognition_is_installed
from workers.reading.scans.scanned_pdf import MOST_SCANNED_PAGES, is_picture, page_from_picture, with_pictures_read

# pdfminer says every oddity of a file aloud; what matters of them shows in what is read.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_MOST_PAGES = 150
_MOST_SLOW_PAGES = 40
_THIN = 3.0
_FEWEST_LETTERS = 40
# pdfminer raises nearly anything over a broken file.
_NO_OPINION = (
    PSException, PDFException, PdfminerException, MalformedPDFException, ReadError, ArithmeticError, AssertionError,
    AttributeError, LookupError, NotImplementedError, OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_BROKEN = "PDF 文件已损坏，打不开；请重新下载，或另存后再试。"


def read_pdf(data: bytes, skeleton: Skeleton | None = None, *, from_pictures: bool = False) -> Content:
    """The paragraphs and tables of a PDF.

    ``skeleton`` is that of the forms, for tables without lines. ``from_pictures``: its text is not true, and every page
    is recognised as that of a scan is.
    Raises ReadError: encrypted, broken, too_large, no_text (a scan), garbled (its fonts do not tell the characters).
    """
    try:
        with open_pdf(data) as pdf:
            count = len(pdf.document)
            if count > _MOST_PAGES:
                raise ReadError(
                    ReadErrorKind.TOO_LARGE, f"PDF 有 {count} 页，超过 {_MOST_PAGES} 页；请确认这是一份年报。"
                )
            return content_of(_pdfium_pages(pdf, from_pictures), skeleton=skeleton)
    except (pdfium.PdfiumError, ctypes.ArgumentError) as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadError(ReadErrorKind.ENCRYPTED, "PDF 设有打开密码；请去掉密码后再试。") from error
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error


def was_repaired(data: bytes) -> bool:
    """Whether a PDF that can be opened is damaged: its table of objects is wrong, and pdfium gathered what it found."""
    with open_pdf(data) as pdf:
        return not raw.FPDF_DocumentHasValidCrossReferenceTable(pdf.document)


def read_pdf_again(
    data: bytes, skeleton: Skeleton | None = None, pages: Collection[int] | None = None
) -> Content | None:
    """What plain pdfplumber makes of some pages (from 1) or of all; None where it fails or would take too long."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > _MOST_SLOW_PAGES:
                return None
            return content_of(_pdfminer_pages(document, pages), skeleton=skeleton)
    except _NO_OPINION:
        # A second opinion that cannot be had changes nothing: the first one stands with its doubts.
        return None


def content_of(pages: Iterable[PdfPage], what: str = "PDF", skeleton: Skeleton | None = None) -> Content:
    """The content of pages.

    ``what`` kind of file they are of, ``skeleton`` that of the forms. Raises ReadError: too_large, no_text, garbled.
    """
    laid_out: list[list[Item]] = []
    margins: Counter[str] = Counter()
    pictures: dict[Place, Picture] = {}
    letters = unreadable = glyphs = images = 0
    for page in pages:
        images += len(page.images)
        glyphs += len(page.glyphs)
        if glyphs > MOST_GLYPHS:
            raise ReadError(ReadErrorKind.TOO_LARGE, f"{what} 的文字多得不合常理；请确认这是一份年报。")
        items, edge_lines = lay_out(page, skeleton)
        margins.update({line.text for line in edge_lines})
        laid_out.append(items)
        letters += len(page.glyphs) + sum(len(line.text) for line in page.lines)
        letters += sum(len(cell.text) for _, grid in page.grids for row in grid.rows for cell in row if cell)
        unreadable += count_unreadable(page.glyphs)
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


def _pdfium_pages(pdf: OpenPdf, from_pictures: bool) -> Iterator[PdfPage]:
    scanned = 0
    for number in range(1, len(pdf.document) + 1):
        found = _pdfium_page(pdf, number, from_pictures)
        scanned += bool(found.lines)
        if scanned > MOST_SCANNED_PAGES:
            raise ReadError(
                ReadErrorKind.TOO_LARGE, f"扫描件超过 {MOST_SCANNED_PAGES} 页；请确认这是一份年报，或分成几份再试。"
            )
        yield found


def _pdfium_page(pdf: OpenPdf, number: int, from_pictures: bool) -> PdfPage:
    page = pdf.page(number)
    turn = turn_of(page)
    shapes = shapes_of(page, turn)
    glyphs = readable_glyphs(glyphs_of(pdf.text(number), page, turn, shapes))
    width, height = page.get_size()
    found = PdfPage(
        number, width, height, glyphs, shapes.edges,
        images=[box for box in shapes.pictures if is_picture(box)],
        boxes=shapes.boxes,
        annotations=annotations_of(page, turn),
    )  # fmt: skip
    if from_pictures:
        return page_from_picture(found, page)
    return with_pictures_read(without_struck(upright(found)), page, shapes.pictures, shapes.outlines)


def _pdfminer_pages(document: Any, pages: Collection[int] | None) -> Iterator[PdfPage]:
    for page in document.pages:
        if pages is not None and page.page_number not in pages:
            continue
        try:
            glyphs = readable_glyphs([_glyph(char) for char in page.chars if char["text"].strip()])
            edges = [thin_edge((line["x0"], line["top"], line["x1"], line["bottom"])) for line in page.lines]
            for shape in page.rects:
                box = (shape["x0"], shape["top"], shape["x1"], shape["bottom"])
                if min(shape["width"], shape["height"]) <= _THIN:
                    edges.append(thin_edge(box))
                elif shape["stroke"]:
                    x0, top, x1, bottom = box
                    edges += [
                        edge(x0, top, x1, top), edge(x0, bottom, x1, bottom),
                        edge(x0, top, x0, bottom), edge(x1, top, x1, bottom),
                    ]  # fmt: skip
            pictures = [(each["x0"], each["top"], each["x1"], each["bottom"]) for each in page.images]
            images = [box for box in pictures if is_picture(box)]
            width, height = float(page.width), float(page.height)
            yield upright(PdfPage(page.page_number, width, height, glyphs, edges[:MOST_EDGES], images))
        finally:
            page.close()


def _glyph(char: dict[str, Any]) -> Glyph:
    """A glyph of pdfminer's."""
    matrix = char["matrix"]
    angle = -math.degrees(math.atan2(matrix[1], matrix[0])) % 360
    return Glyph(
        char["text"], char["x0"], char["top"], char["x1"], char["bottom"], size=float(char["size"]), angle=angle
    )

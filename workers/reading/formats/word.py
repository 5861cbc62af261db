"""Word documents (DOCX): paragraphs and tables in order, merged cells in every position they cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from report.account import CLOSED
from report.figure import Place
from workers.reading.content import (
    PLAIN,
    Block,
    Cell,
    Content,
    Embedded,
    Grid,
    Paragraph,
    Piece,
    grid_of,
    is_layout,
    shown_by_field,
)
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.word_numbering import Numbering
from workers.reading.formats.word_package import WordPackage, open_package
from workers.reading.formats.word_pieces import ALTERNATE, CHOICE, FALLBACK, Runs, Styles

_MOST_CELLS = 100_000
_WIDEST = 64
_P, _TBL, _TR, _TC, _SDT = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:sdt")
_SDT_CONTENT = qn("w:sdtContent")
_INSERTED, _MOVED_TO = qn("w:ins"), qn("w:moveTo")
_BOX = qn("w:txbxContent")
_TRANSPARENT = frozenset({_SDT, _INSERTED, _MOVED_TO, qn("w:customXml"), qn("w:smartTag")})
_DEEPEST = 20
_VAL = qn("w:val")


def read_word(data: bytes) -> Content:
    """The paragraphs and tables of a DOCX, its templates and macro files included.

    Raises ReadError: broken where it cannot be opened, too_large where it would unpack to more than 200 MB.
    """
    package = open_package(data)
    body = package.document.find(qn("w:body"))
    if body is None:
        raise ReadError(ReadErrorKind.BROKEN, "Word 文件里没有正文；请用 Word 或 WPS 另存为 docx 后再试。")
    reading = _Reading(Numbering(package.numbering, package.styles), Runs(Styles(package.styles)))
    return Content(tuple(reading.blocks_in(body, 0)), title=package.title)


@dataclass(frozen=True, slots=True)
class WordPlaces:
    """Where in the markup the reader's places are: cells by table, row and column, and paragraphs with their text."""

    cells: dict[tuple[int, int, int], Any]
    paragraphs: list[tuple[str, Any]]


def places_in(package: WordPackage) -> WordPlaces:
    """The elements of what :func:`read_word` reads, by the same walk."""
    reading = _Reading(Numbering(package.numbering, package.styles), Runs(Styles(package.styles)))
    body = package.document.find(qn("w:body"))
    if body is not None:
        reading.blocks_in(body, 0)
    return reading.places


class _Reading:
    """The blocks of one document, asked for in its order."""

    def __init__(self, numbering: Numbering, runs: Runs) -> None:
        self._numbering = numbering
        self._runs = runs
        self._tables = 0
        self._cells = 0
        self.places = WordPlaces({}, [])

    def blocks_in(self, element: Any, depth: int) -> list[Block]:
        """The paragraphs and tables that an element holds. A text box stands after the paragraph that it hangs on."""
        blocks: list[Block] = []
        if depth > _DEEPEST:
            return blocks
        for child in _children(element):
            if child.tag == _P:
                text, pieces = self._runs.read(child)
                number = self._numbering.before(child)
                if text.strip():
                    self.places.paragraphs.append((number + text.strip(), child))
                    blocks.append(Paragraph(number + text.strip()))
                # A box has paragraphs of its own below.
                blocks += [Embedded(one.kind, one.text) for one in pieces if one.kind in CLOSED and not one.text]
                for box in _boxes(child):
                    blocks += self.blocks_in(box, depth + 1)
            elif child.tag == _TBL:
                blocks += self._table(child, depth)
        return blocks

    def _table(self, table: Any, depth: int) -> list[Block]:
        """A table, with those in its cells behind it; what its cells hold where it is there for the layout only."""
        own = [cell for row in _children(table) if row.tag == _TR for cell in _children(row) if cell.tag == _TC]
        if all(cell.find(f".//{_TBL}") is None for cell in own):
            return [self._grid(table)]
        inside = [block for cell in own for block in self.blocks_in(cell, depth + 1)]
        inner = [block for block in inside if isinstance(block, Grid)]
        return inside if is_layout(inner, len(own)) else [self._grid(table), *inner]

    def _grid(self, table: Any) -> Grid:
        """The table's cells with their reach: gridSpan across, vMerge down, gridBefore before the first."""
        number = self._tables
        self._tables += 1
        rows: list[list[Cell]] = []
        open_below: dict[int, Cell] = {}
        shown = (child for child in _children(table) if child.tag == _TR and not _is_gone(child))
        for row_number, row in enumerate(shown):
            cells: list[Cell] = []
            column = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
            for cell in (child for child in _children(row) if child.tag == _TC):
                properties = cell.find(qn("w:tcPr"))
                width = _number(None if properties is None else properties.find(qn("w:gridSpan")), 1)
                merge = None if properties is None else properties.find(qn("w:vMerge"))
                self._cells += width
                if self._cells > _MOST_CELLS:
                    raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
                goes_on = merge is not None and merge.get(_VAL) != "restart" and column in open_below
                if goes_on:
                    above = open_below[column]
                    taller = above._replace(height=above.height + 1)
                    rows[above.row] = [taller if each is above else each for each in rows[above.row]]
                    open_below[column] = taller
                else:
                    text, pieces = self._cell(cell, properties)
                    place = Place(table=number, row=row_number, column=column)
                    made = Cell(text, row_number, column, 1, width, place, pieces=pieces, confirmed_by=PLAIN)
                    cells.append(made)
                    self.places.cells[number, row_number, column] = cell
                    open_below.pop(column, None)
                    if merge is not None:
                        open_below[column] = made
                column += width
            rows.append(cells)
        return grid_of(rows)

    def _cell(self, cell: Any, properties: Any) -> tuple[str, tuple[Piece, ...]]:
        """The plain text of a cell's own paragraphs, and its other pieces."""
        fill = None if properties is None else properties.find(qn("w:shd"))
        shaded = fill is not None and (fill.get(qn("w:fill")) or "auto").lower() not in ("auto", "ffffff")
        read = [self._runs.read(paragraph, shaded=shaded) for paragraph in _own_paragraphs(cell)]
        text = "\n".join(line.strip() for line, _ in read if line.strip())
        return shown_by_field(text, tuple(piece for _, pieces in read for piece in pieces))


def _is_gone(row: Any) -> bool:
    """Whether a row is hidden, or deleted in a tracked change."""
    properties = row.find(qn("w:trPr"))
    if properties is None:
        return False
    return any(
        one is not None and one.get(_VAL) not in ("0", "false", "off")
        for one in (properties.find(qn("w:hidden")), properties.find(qn("w:del")))
    )


def _own_paragraphs(cell: Any) -> Iterator[Any]:
    """The paragraphs of a cell, those of tables in it left out."""
    return (child for child in _children(cell) if child.tag == _P)


def _children(element: Any) -> Iterator[Any]:
    """The element's children, those inside content controls and tracked insertions included."""
    for child in element:
        if child.tag == ALTERNATE:
            kept = child.find(CHOICE)
            yield from _children(child.find(FALLBACK) if kept is None else kept) if len(child) else ()
        elif child.tag in _TRANSPARENT:
            content = child.find(_SDT_CONTENT) if child.tag == _SDT else child
            if content is not None:
                yield from _children(content)
        else:
            yield child


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes that hang on a paragraph, each once: Word writes it a second time for old programs (Fallback)."""
    for box in paragraph.iter(_BOX):
        holders = []
        parent = box.getparent()
        while parent is not None and parent is not paragraph:
            holders.append(parent.tag)
            parent = parent.getparent()
        if FALLBACK not in holders and _BOX not in holders:
            yield box


def _number(element: Any, otherwise: int) -> int:
    value = "" if element is None else element.get(_VAL) or ""
    return min(int(value), _WIDEST) if value.isascii() and value.isdigit() and len(value) < 6 else otherwise

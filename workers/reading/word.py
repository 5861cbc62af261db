"""Word documents (DOCX): paragraphs and tables in order, merged cells in every position they cover."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from report.figure import Place
from workers.reading.content import LINE_BREAK, Block, Cell, Content, Grid, Paragraph, grid_of
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.word_numbering import Numbering

_MOST_BYTES = 200 * 2**20
_MOST_CELLS = 100_000
_WIDEST = 64
_P, _TBL, _TR, _TC, _SDT = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:sdt")
_SDT_CONTENT, _T, _TAB, _BR, _DELETED = qn("w:sdtContent"), qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:del")
_VAL, _DRAWING, _PICT = qn("w:val"), qn("w:drawing"), qn("w:pict")
_BROKEN = "Word 文件已损坏，打不开；请用 Word 或 WPS 另存为 docx 后再试。"
_CANNOT_OPEN = (
    zipfile.BadZipFile, zlib.error, OpcError, PythonDocxError, etree.LxmlError,
    KeyError, ValueError, OSError, NotImplementedError, EOFError, AttributeError, IndexError, TypeError,
)  # fmt: skip


def read_word(data: bytes) -> Content:
    """The paragraphs and tables of a DOCX.

    Raises ReadError: broken where it cannot be opened, too_large where it would unpack to more than 200 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                raise ReadError(ReadErrorKind.TOO_LARGE, "Word 文件解压后超过 200 MB；请检查文件，必要时另存后再试。")
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise ReadError(ReadErrorKind.ENCRYPTED, "Word 文件设有密码；请去掉密码后再试。")
        document = Document(io.BytesIO(data))
        body: Any = document.element.body
        numbering = Numbering(_part(document, RELATIONSHIP_TYPE.NUMBERING), _part(document, RELATIONSHIP_TYPE.STYLES))
    except _CANNOT_OPEN as error:
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error
    blocks: list[Block] = []
    tables = 0
    for element in _children(body):
        if element.tag == _P:
            text = _text(element).strip()
            number = numbering.before(element)
            if text:
                blocks.append(Paragraph(number + text))
        elif element.tag == _TBL:
            blocks.append(_grid(element, tables))
            tables += 1
    images = sum(1 for _ in body.iter(_DRAWING, _PICT))
    return Content(tuple(blocks), title=_title(document), images=images)


def _children(element: Any) -> Iterator[Any]:
    """The element's children, those inside content controls included."""
    for child in element:
        if child.tag == _SDT:
            content = child.find(_SDT_CONTENT)
            if content is not None:
                yield from _children(content)
        else:
            yield child


def _text(element: Any) -> str:
    parts: list[str] = []
    for node in element.iter(_T, _TAB, _BR):
        if node.tag == _T:
            parts.append(node.text or "")
        else:
            parts.append(LINE_BREAK if node.tag == _BR else " ")
    return "".join(parts)


def _grid(table: Any, number: int) -> Grid:
    """The table's cells with their reach: gridSpan across, vMerge down, gridBefore before the first."""
    rows: list[list[Cell]] = []
    open_below: dict[int, Cell] = {}
    count = 0
    for row_number, row in enumerate(child for child in _children(table) if child.tag == _TR):
        cells: list[Cell] = []
        column = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for cell in (child for child in _children(row) if child.tag == _TC):
            properties = cell.find(qn("w:tcPr"))
            width = _number(None if properties is None else properties.find(qn("w:gridSpan")), 1)
            merge = None if properties is None else properties.find(qn("w:vMerge"))
            count += width
            if count > _MOST_CELLS:
                raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
            goes_on = merge is not None and merge.get(_VAL) != "restart" and column in open_below
            if goes_on:
                above = open_below[column]
                taller = Cell(above.text, above.row, above.column, above.height + 1, above.width, above.place)
                rows[above.row] = [taller if each is above else each for each in rows[above.row]]
                open_below[column] = taller
            else:
                text = "\n".join(filter(None, (_text(p).strip() for p in cell.iter(_P))))
                place = Place(table=number, row=row_number, column=column)
                made = Cell(text, row_number, column, 1, width, place)
                cells.append(made)
                open_below.pop(column, None)
                if merge is not None:
                    open_below[column] = made
            column += width
        rows.append(cells)
    return grid_of(rows)


def _number(element: Any, otherwise: int) -> int:
    value = "" if element is None else element.get(_VAL) or ""
    return min(int(value), _WIDEST) if value.isascii() and value.isdigit() and len(value) < 6 else otherwise


def _part(document: Any, kind: str) -> Any:
    """The XML of a part of the document, None where it has no such part."""
    try:
        return getattr(document.part.part_related_by(kind), "element", None)
    except KeyError:
        return None


def _title(document: Any) -> str | None:
    try:
        title = document.core_properties.title
    except (KeyError, ValueError):
        return None
    return title.strip() or None if isinstance(title, str) else None

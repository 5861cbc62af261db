"""OpenDocument text (ODT), as LibreOffice and WPS write it: paragraphs and tables in order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from report.account import CLOSED, PieceKind
from report.figure import Place
from workers.reading.content import (
    GAP,
    LINE_BREAK,
    PLAIN,
    Block,
    Cell,
    Content,
    Embedded,
    Grid,
    Paragraph,
    Piece,
    grid_of,
    shown_by_field,
    without_gaps,
)
from workers.reading.errors import ReadError, ReadErrorKind, is_out_of_memory

_MOST_BYTES, _MOST_CELLS, _MOST_REPEATED = 200 * 2**20, 100_000, 64
_BROKEN = "ODT 文件已损坏，打不开；请另存为 docx 或 PDF 后再试。"
_OFFICE, _TEXT, _TABLE, _STYLE, _FO, _DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "text", "table", "style", "xsl-fo-compatible", "drawing")
)
_ROWS = (f"{_TABLE}table-row-group", f"{_TABLE}table-rows", f"{_TABLE}table-header-rows")
_WITHIN = frozenset(f"{_TEXT}{name}" for name in ("span", "a", "ruby-base", "meta", "meta-field", "bookmark-ref"))
_NOT_SHOWN = frozenset(
    f"{_TEXT}{name}" for name in ("tracked-changes", "variable-set", "sequence-decls", "hidden-text")
)
_SHAPES = frozenset(f"{_DRAW}{name}" for name in ("line", "rect", "custom-shape", "connector", "polyline", "path"))


def read_open_document(data: bytes) -> Content:
    """The paragraphs and tables of an ODT. Raises ReadError: broken, encrypted, too_large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                raise ReadError(ReadErrorKind.TOO_LARGE, "ODT 文件解压后超过 200 MB；请检查文件，必要时另存后再试。")
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise ReadError(ReadErrorKind.ENCRYPTED, "ODT 文件设有密码；请去掉密码后再试。")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            content = etree.fromstring(archive.read("content.xml"), parser=parser)
            styles = (
                etree.fromstring(archive.read("styles.xml"), parser=parser)
                if "styles.xml" in archive.namelist()
                else None
            )
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        KeyError,
        ValueError,
        OSError,
        NotImplementedError,
    ) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ReadError(ReadErrorKind.BROKEN, "ODT 文件里没有正文；请确认这是文字文件后再试。")
    reading = _Reading(_kinds([styles, content]))
    reading.blocks_in(body, 0)
    return Content(tuple(reading.blocks))


@dataclass
class _Reading:
    """The blocks found so far; ``kinds`` is what text of a style is beside plain text."""

    kinds: dict[str, PieceKind]
    blocks: list[Block] = field(default_factory=list)
    tables: int = 0
    cells: int = 0

    def blocks_in(self, element: Any, depth: int) -> None:
        for number, child in enumerate(element):
            if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                text, pieces = self._read(child)
                self.blocks += [Paragraph(text.strip())] if text.strip() else []
                self.blocks += [Embedded(piece.kind) for piece in pieces if piece.kind in CLOSED]
            elif child.tag == f"{_TABLE}table":
                self.blocks.append(self._grid(child, depth))
            elif child.tag not in _NOT_SHOWN and depth < 60:
                before = len(self.blocks)
                self.blocks_in(child, depth + 1)
                if element.tag == f"{_TEXT}list" and len(self.blocks) > before:
                    self._number(before, number, element)

    def _number(self, at: int, number: int, listed: Any) -> None:
        """What a list prints before its items is not in the text: their headings are known by their words."""

    def _grid(self, table: Any, depth: int) -> Grid:
        number, self.tables = self.tables, self.tables + 1
        rows: list[list[Cell]] = []
        for row in _rows(table):
            cells: list[Cell] = []
            column = 0
            for element in row:
                if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                    continue
                width = _count(element, "number-columns-spanned")
                for _ in range(_count(element, "number-columns-repeated")):
                    self.cells += 1
                    if self.cells > _MOST_CELLS:
                        raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
                    if element.tag == f"{_TABLE}table-cell":
                        text, pieces = self._cell(element)
                        place = Place(table=number, row=len(rows), column=column)
                        height = _count(element, "number-rows-spanned")
                        cells.append(
                            Cell(text, len(rows), column, height, width, place, pieces=pieces, confirmed_by=PLAIN)
                        )
                    column += 1
            rows.append(cells)
        return grid_of(rows)

    def _cell(self, element: Any) -> tuple[str, tuple[Piece, ...]]:
        read = [self._read(one) for one in element if one.tag in (f"{_TEXT}p", f"{_TEXT}h")]
        text = "\n".join(line.strip() for line, _ in read if line.strip())
        pieces = [piece for _, found in read for piece in found]
        if element.find(f".//{_TABLE}table") is not None or element.find(f"{_TEXT}list") is not None:
            pieces.append(Piece(PieceKind.OBJECT))
        return shown_by_field(text, tuple(pieces))

    def _read(self, paragraph: Any) -> tuple[str, list[Piece]]:
        parts: list[str] = []
        pieces: list[Piece] = []
        self._gather(paragraph, self._kind(paragraph, None), parts, pieces)
        return without_gaps("".join(parts)), pieces

    def _kind(self, element: Any, around: PieceKind | None) -> PieceKind | None:
        return self.kinds.get(element.get(f"{_TEXT}style-name") or "", around)

    def _gather(self, element: Any, kind: PieceKind | None, parts: list[str], pieces: list[Piece]) -> None:
        def take(text: str | None) -> None:
            if text and kind is None:
                parts.append(text)
            elif text and text.strip():
                pieces.append(Piece(kind or PieceKind.HIDDEN, text))
                parts.append(GAP)

        take(element.text)
        for child in element:
            tag = child.tag
            if tag in _WITHIN:
                self._gather(child, self._kind(child, kind), parts, pieces)
            elif tag in (f"{_TEXT}s", f"{_TEXT}tab"):
                take(" ")
            elif tag == f"{_TEXT}line-break":
                parts.append(LINE_BREAK)
            elif tag in (f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}note-ref"):
                pieces.append(Piece(PieceKind.NOTE))
                parts.append(GAP)
            elif tag == f"{_TEXT}ruby":
                for inner in child:
                    if inner.tag == f"{_TEXT}ruby-base":
                        self._gather(inner, kind, parts, pieces)
                    else:
                        pieces.append(Piece(PieceKind.RUBY, "".join(inner.itertext())))
            elif tag.startswith(_DRAW) and tag not in _SHAPES:
                pieces.append(_drawn(child))
            elif tag in _NOT_SHOWN or tag.startswith(f"{_TEXT}change"):
                pieces += [Piece(PieceKind.HIDDEN)] if tag in _NOT_SHOWN else []
            elif tag.startswith(_TEXT) and "".join(child.itertext()).strip():
                # A field: what it shows is plain to see, but may be something else when it is next shown.
                take("".join(child.itertext()))
            take(child.tail)


def _drawn(element: Any) -> Piece:
    text = "\n".join("".join(one.itertext()) for one in element.iter(f"{_TEXT}p")).strip()
    if text:
        return Piece(PieceKind.FIELD, text)
    return Piece(PieceKind.OBJECT if element.find(f".//{_DRAW}object") is not None else PieceKind.PICTURE)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            for _ in range(_count(child, "number-rows-repeated")):
                yield child
        elif child.tag in _ROWS:
            yield from _rows(child)


def _count(element: Any, name: str) -> int:
    written = element.get(f"{_TABLE}{name}") or "1"
    return (
        max(1, min(int(written), _MOST_REPEATED)) if written.isascii() and written.isdigit() and len(written) < 6 else 1
    )


def _kinds(parts: list[Any]) -> dict[str, PieceKind]:
    """What text of each style is beside plain text, styles on which others are based considered."""
    found: dict[str, PieceKind] = {}
    for part in parts:
        for style in part.iter(f"{_STYLE}style") if part is not None else ():
            name, parent = style.get(f"{_STYLE}name") or "", style.get(f"{_STYLE}parent-style-name") or ""
            properties = style.find(f"{_STYLE}text-properties")
            kind = None if properties is None else _kind_of(properties)
            if kind is None and parent in found:
                kind = found[parent]
            if kind is not None:
                found[name] = kind
    return found


def _kind_of(properties: Any) -> PieceKind | None:
    if properties.get(f"{_TEXT}display") == "none":
        return PieceKind.HIDDEN
    ground = properties.get(f"{_FO}background-color") or "transparent"
    if (properties.get(f"{_FO}color") or "").lower() in ("#ffffff", "#fefefe") and ground in ("transparent", "#ffffff"):
        return PieceKind.HIDDEN
    if any((properties.get(f"{_STYLE}text-line-through-{name}") or "none") != "none" for name in ("style", "type")):
        return PieceKind.STRUCK
    position = (properties.get(f"{_STYLE}text-position") or "0%").split()[0]
    return PieceKind.NOTE if position not in ("0%", "0") else None

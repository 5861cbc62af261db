"""Web pages: the body of the article among the portal's furniture, its paragraphs, and its tables as grids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain

from lxml import html

from report.account import PieceKind
from report.figure import Place
from report.labels import LabelBook
from report.titles import judge_title
from workers.reading.content import (
    LINE_BREAK,
    PLAIN,
    Block,
    Cell,
    Content,
    Embedded,
    Grid,
    Paragraph,
    grid_of,
    shown_by_field,
)
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.article import find_article, is_furniture, texts_before
from workers.reading.formats.decoding import decode
from workers.reading.formats.page_cell import CLOSED_TAGS, cell_pieces, field_value, is_nothing
from workers.reading.formats.page_style import PLAIN_LOOK, Look, PageStyle
from workers.reading.formats.page_tree import parse_page
from workers.reading.formats.plain_rows import text_blocks

_DROPPED = frozenset({"script", "style", "noscript", "option", "button", "head", "template"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol",
    "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_WIDEST, _TALLEST, _MOST_CELLS = 64, 400, 200_000
_DEEPEST = 200
_DATA_CELLS = 12
_TITLE_META = frozenset({"articletitle", "title", "og:title"})
# The ends of addresses of files: what hangs on a page may be the very table that is not in it.
_ATTACHMENTS = (".doc", ".docx", ".pdf", ".xls", ".xlsx", ".wps", ".et", ".zip", ".rar", ".ofd")
_HOLDS_ALL = frozenset({"html", "body"})
_COUNT = re.compile(r"\s*\+?([0-9]{1,5})(?![0-9])")
_NOTE_MARK = re.compile(r"[\s\[\]（()）〔〕注*※†‡①-⑳0-9]{1,6}")
_LONGEST_EMBEDDED, _LONGEST_HIDDEN, _LONGEST_NOTE = 200, 2000, 12


def read_web_page(data: bytes, headings: LabelBook) -> Content:
    """The article of a page. ``headings`` are the sections' headings, by which the article is found.

    Raises ReadError (broken, too_large) where the page cannot be parsed.
    """
    text = decode(data, named_inside=True)
    root = parse_page(text)
    style = PageStyle(root, text)
    article = find_article(root, headings, style)
    walk = _Walk(style, kept=article.kept)
    _walk(article.element, walk, style.look_of(article.element), 0)
    walk.close()
    return Content(tuple(walk.blocks), title=_title(root, article.element), breaks_off=breaks_off(text))


def breaks_off(text: str) -> bool:
    """Whether the source of a page or of a piece of one ends before its own end: </html>, </table>, or within a tag."""
    source = text.lower()
    if "<html" in source or "<body" in source:
        return "</html" not in source and "</body" not in source
    return source.rfind("<table") > source.rfind("</table") or source.rfind("<") > source.rfind(">")


def tables_of(text: str, first: int) -> list[Grid]:
    """The tables of a piece of HTML; ``first`` is how many tables the document had before them."""
    root = parse_page(text)
    walk = _Walk(PageStyle(root, text), tables=first)
    _walk(root, walk, PLAIN_LOOK, 0)
    return [block for block in walk.blocks if isinstance(block, Grid)]


@dataclass
class _Walk:
    """The blocks found so far and the text of the paragraph that is still open."""

    style: PageStyle
    blocks: list[Block] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    tables: int = 0
    cells: int = 0
    kept: frozenset[html.HtmlElement] = frozenset()

    def close(self) -> None:
        text = "".join(self.open).strip()
        self.open.clear()
        if text:
            self.blocks.append(Paragraph(text))

    def embed(self, kind: PieceKind, text: str) -> None:
        self.close()
        self.blocks.append(Embedded(kind, " ".join(text.split())[:_LONGEST_EMBEDDED]))


def _walk(element: html.HtmlElement, walk: _Walk, look: Look, depth: int) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED or depth > _DEEPEST:
        return
    if tag == "br":
        # An editor's line break is the end of a line of its own as often as of one within a sentence.
        walk.open.append(LINE_BREAK)
        return
    if tag in CLOSED_TAGS:
        if not look.is_unseen and not is_nothing(element):
            walk.embed(CLOSED_TAGS[tag], element.get("alt") or element.get("src") or field_value(element) or "")
        # <embed> has no end of its own: what a parser puts into it stands behind it.
        for child in element if tag == "embed" else ():
            _walk(child, walk, look, depth + 1)
        return
    kind = look.kind
    if kind is not None and tag not in _HOLDS_ALL:
        _aside(element, kind, walk)
        return
    if walk.style.is_table(element) and _is_data(element, walk.style):
        walk.close()
        for caption in element.iterchildren("caption"):
            _walk(caption, walk, walk.style.look(caption, look), depth + 1)
        walk.blocks.append(_grid(element, walk, look))
        return
    block = tag in _BLOCKS
    if block and element not in walk.kept and is_furniture(element):
        return
    if block:
        walk.close()
    _note_what_hangs_on(element, tag, walk)
    if tag == "pre":
        # Its line breaks and its columns of spaces are the author's.
        text, _ = cell_pieces(element, walk.style, look)
        walk.blocks += text_blocks(text, walk)
        return
    if element.text:
        walk.open.append(element.text)
    for child in element:
        _walk(child, walk, walk.style.look(child, look) if isinstance(child.tag, str) else look, depth + 1)
        if child.tail:
            walk.open.append(child.tail)
    if block:
        walk.close()


def _note_what_hangs_on(element: html.HtmlElement, tag: str, walk: _Walk) -> None:
    """What an element shows or leads to beside its text."""
    if element in walk.style.generated and not element.text:
        walk.embed(PieceKind.GENERATED, "")
    if walk.style.has_big_picture(element):
        walk.embed(PieceKind.PICTURE, "")
    if tag == "a":
        target = (element.get("href") or "").lower().split("?")[0]
        if target.endswith(_ATTACHMENTS):
            walk.blocks.append(Embedded(PieceKind.LINK, target[:_LONGEST_EMBEDDED]))


def _aside(element: html.HtmlElement, kind: PieceKind, walk: _Walk) -> None:
    """Text that is hidden, struck or raised: no running text, but there. What was struck in a sentence is not said."""
    text = "".join(element.itertext()).strip()
    if kind is PieceKind.NOTE and not _NOTE_MARK.fullmatch(text):
        walk.open.append(text)
    elif len(text) > _LONGEST_NOTE and kind is PieceKind.HIDDEN:
        walk.blocks.append(Embedded(kind, " ".join(text.split())[:_LONGEST_HIDDEN]))


def _is_data(table: html.HtmlElement, style: PageStyle) -> bool:
    """Whether a table holds data and is not there for the layout: it has rows of several cells of its own."""
    rows = list(style.rows_of(table))
    if not style.has_tables and table.find(".//table") is None:
        return any(len(row) > 1 for row in rows)
    inner = [one for one in table.iter() if one is not table and isinstance(one.tag, str) and style.is_table(one)]
    if not inner:
        return any(len(row) > 1 for row in rows)
    own = sum(cell.find(".//table") is None for row in rows for cell in style.cells_of(row))
    nested = max((len(list(style.rows_of(one))) for one in inner), default=0)
    return own >= _DATA_CELLS and nested <= 1


def _grid(table: html.HtmlElement, walk: _Walk, look: Look) -> Grid:
    """The table as a grid, its merged cells in every position they cover; what is not displayed has no place in it."""
    rows: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    # A page has hundreds of cells.
    style, new = walk.style, tuple.__new__
    elements = [row for row in style.rows_of(table) if not style.is_removed(row)]
    for number, row in enumerate(elements):
        cells: list[Cell] = []
        column = 0
        row_look = style.look(row, look)
        for element in style.cells_of(row):
            names = element.keys()
            inner = row_look
            if not style.is_plain(element, names):
                if style.is_removed(element):
                    continue
                inner = style.look(element, row_look)
            while (number, column) in taken:
                column += 1
            width = height = 1
            if names:
                width = _span(element, "colspan", _WIDEST) if "colspan" in names else 1
                if "rowspan" in names:
                    height = min(_span(element, "rowspan", _TALLEST), len(elements) - number)
            walk.cells += width * height
            if walk.cells > _MOST_CELLS:
                raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
            if height > 1:
                taken |= {(number + down, column + across) for down in range(1, height) for across in range(width)}
            place = Place(table=walk.tables, row=number, column=column)
            text, pieces = cell_pieces(element, style, inner)
            if pieces:
                text, pieces = shown_by_field(text, pieces)
            cells.append(new(Cell, (text, number, column, height, width, place, True, pieces, PLAIN)))
            column += width
        rows.append(cells)
    walk.tables += 1
    # Where no tag says how far a cell reaches, its position says nothing of its column.
    return grid_of(rows, from_text=table.tag != "table")


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    written = cell.get(name)
    if written is None:
        return 1
    # As the standard has it: 3px and 3% are 3.
    digits = _COUNT.match(written)
    return max(1, min(int(digits[1]), most)) if digits is not None else 1


def _title(root: html.HtmlElement, article: html.HtmlElement) -> str | None:
    """What the page calls its article: the meta tags of government sites, a heading, the window, a line above."""
    found: list[str] = []
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        if name in _TITLE_META:
            found.append(meta.get("content") or "")
    found += ["".join(heading.itertext()) for heading in root.iter("h1", "h2")]
    window = root.find(".//title")
    if window is not None and window.text:
        found += window.text.replace("-", "_").replace("|", "_").split("_")
    for text in chain(found, texts_before(article)):
        text = " ".join(text.split())
        if text and judge_title(text).is_report:
            return text
    return None

"""Web pages: the body of the article among the portal's furniture, its paragraphs, and its tables as grids."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from lxml import etree, html

from report.figure import Place
from report.labels import LabelBook
from report.titles import judge_title
from workers.reading.content import LINE_BREAK, PLAIN, Block, Cell, Content, Grid, Paragraph, grid_of
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.article import find_article, is_furniture, rows_of, texts_before
from workers.reading.formats.decoding import decode

_DROPPED = frozenset({
    "script", "style", "noscript", "iframe", "object", "select", "option", "button", "input", "textarea", "head",
    "template", "svg",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol",
    "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_WIDEST, _TALLEST, _MOST_CELLS = 64, 400, 200_000
_DEEPEST = 200
_DATA_CELLS = 12
_TITLE_META = frozenset({"articletitle", "title", "og:title"})
# A page begins with markup of other kinds (XML declarations) that a parser of text refuses.
_XML_DECLARATION = "<?xml"


def read_web_page(data: bytes, headings: LabelBook) -> Content:
    """The article of a page. ``headings`` are the sections' headings, by which the article is found.

    Raises ReadError (broken, too_large) where the page cannot be parsed.
    """
    root = _parse(decode(data, named_inside=True))
    article = find_article(root, headings)
    walk = _Walk(kept=article.kept)
    _walk(article.element, walk, 0)
    walk.close()
    return Content(tuple(walk.blocks), title=_title(root, article.element), images=walk.images)


def tables_of(text: str, first: int) -> list[Grid]:
    """The tables of a piece of HTML; ``first`` is how many tables the document had before them."""
    walk = _Walk(tables=first)
    _walk(_parse(text), walk, 0)
    return [block for block in walk.blocks if isinstance(block, Grid)]


def _parse(text: str) -> html.HtmlElement:
    text = text.replace("\x00", "")
    if text.lstrip()[:5] == _XML_DECLARATION:
        text = text[text.find(">") + 1 :]
    try:
        return html.document_fromstring(
            text, parser=html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise ReadError(ReadErrorKind.BROKEN, "网页内容为空或已损坏；请重新下载后再试。") from error


@dataclass
class _Walk:
    """The blocks found so far and the text of the paragraph that is still open."""

    blocks: list[Block] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    tables: int = 0
    cells: int = 0
    images: int = 0
    kept: frozenset[html.HtmlElement] = frozenset()

    def close(self) -> None:
        text = "".join(self.open).strip()
        self.open.clear()
        if text:
            self.blocks.append(Paragraph(text))


def _walk(element: html.HtmlElement, walk: _Walk, depth: int) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED or depth > _DEEPEST:
        return
    if tag == "img":
        walk.images += 1
        return
    if tag == "br":
        # An editor's line break is the end of a line of its own as often as of one within a sentence.
        walk.open.append(LINE_BREAK)
        return
    if tag == "table" and _is_data(element):
        walk.close()
        walk.blocks.append(_grid(element, walk))
        return
    block = tag in _BLOCKS
    if block and element not in walk.kept and is_furniture(element):
        return
    if block:
        walk.close()
    if element.text:
        walk.open.append(element.text)
    for child in element:
        _walk(child, walk, depth + 1)
        if child.tail:
            walk.open.append(child.tail)
    if block:
        walk.close()


def _is_data(table: html.HtmlElement) -> bool:
    """Whether a table holds data and is not there for the layout: it has rows of several cells of its own."""
    if table.find(".//table") is None:
        return any(len(row) > 1 for row in rows_of(table))
    own = sum(cell.find(".//table") is None for row in rows_of(table) for cell in row if cell.tag in ("td", "th"))
    nested = max((len(list(rows_of(inner))) for inner in table.iter("table") if inner is not table), default=0)
    return own >= _DATA_CELLS and nested <= 1


def _grid(table: html.HtmlElement, walk: _Walk) -> Grid:
    """The table as a grid, its merged cells in every position they cover."""
    rows: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    elements = list(rows_of(table))
    for number, row in enumerate(elements):
        cells: list[Cell] = []
        column = 0
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            while (number, column) in taken:
                column += 1
            width = _span(element, "colspan", _WIDEST)
            height = min(_span(element, "rowspan", _TALLEST), len(elements) - number)
            walk.cells += width * height
            if walk.cells > _MOST_CELLS:
                raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
            if height > 1:
                taken |= {(number + down, column + across) for down in range(1, height) for across in range(width)}
            place = Place(table=walk.tables, row=number, column=column)
            cells.append(Cell(_cell_text(element, walk), number, column, height, width, place, confirmed_by=PLAIN))
            column += width
        rows.append(cells)
    walk.tables += 1
    return grid_of(rows)


def _cell_text(cell: html.HtmlElement, walk: _Walk) -> str:
    if len(cell) == 0:
        return (cell.text or "").strip()
    parts: list[str] = []
    for element in cell.iter():
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            if element.tail:
                parts.append(element.tail)
            continue
        if element.tag == "img":
            walk.images += 1
        if element is not cell and (element.tag in _BLOCKS or element.tag == "br"):
            parts.append("\n")
        if element.text:
            parts.append(element.text)
        if element is not cell and element.tail:
            parts.append(element.tail)
    return "".join(parts).strip()


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    written = cell.get(name)
    if written is None:
        return 1
    value = written.strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() and len(value) < 6 else 1


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

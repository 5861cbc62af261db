"""The tree of a page, as a browser would have it.

``lxml`` makes it, and html5lib, which follows the letter of the HTML standard and is many times slower, only where
lxml's tree shows parts of tables out of their places, or a tag is closed within one that sets a number apart.
"""

from __future__ import annotations

import json
import re

import html5lib
from lxml import etree, html

from workers.reading.errors import ReadError, ReadErrorKind, is_out_of_memory

# A page begins with markup of other kinds (XML declarations) that a parser of text refuses.
_XML_DECLARATION = "<?xml"
# Signs that nobody sees and that no XML may hold.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# What stands in the parts of a table by the standard.
_NOT_SHOWN = frozenset({"script", "style", "template"})
_IN_A_ROW = frozenset({"td", "th"}) | _NOT_SHOWN
_IN_A_GROUP = frozenset({"tr"}) | _NOT_SHOWN
_IN_A_TABLE = frozenset({"caption", "colgroup", "col", "tbody", "thead", "tfoot", "tr"}) | _NOT_SHOWN
_HOLD_ROWS = frozenset({"table", "tbody", "thead", "tfoot"})
# What sets a piece apart from a number (raised, struck), closed by the end of something around it.
_CROSSED = re.compile(r"<(sup|sub|s|strike|del)\b[^>]{0,200}>[^<>]{0,80}</(?!\1\b)", re.IGNORECASE)
_ONE_CLASS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
_LARGEST_MENDED = 6_000_000
# A table that a script writes as it stands, which a browser shows as if it stood in the page.
_WRITTEN = re.compile(r"""document\.write(?:ln)?\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")
_SCRIPT = re.compile(r"<script\b[^>]{0,500}>(.{1,400000}?)</script\s*>", re.IGNORECASE | re.DOTALL)


def parse_page(text: str) -> html.HtmlElement:
    """The root of a page. Raises ReadError (broken) where it is empty or cannot be parsed."""
    text = _with_written_tables(_CONTROLS.sub("", text))
    if text.lstrip()[:5] == _XML_DECLARATION:
        text = text[text.find(">") + 1 :]
    try:
        root = html.document_fromstring(text, parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise ReadError(ReadErrorKind.BROKEN, "网页内容为空或已损坏；请重新下载后再试。") from error
    if len(text) <= _LARGEST_MENDED and (_is_out_of_place(root) or _CROSSED.search(text)):
        mended = _as_a_browser(text)
        root = root if mended is None else mended
    _put_heads_and_feet_where_they_show(root)
    return root


def _put_heads_and_feet_where_they_show(root: html.HtmlElement) -> None:
    """The first head of a table is displayed above and its first foot below all else, wherever they are written."""
    for tag in ("thead", "tfoot"):
        for part in list(root.iter(tag)):
            table = part.getparent()
            if table is None or table.tag != "table" or next(table.iterchildren(tag)) is not part:
                continue
            if tag == "tfoot":
                table.append(part)
            else:
                table.insert(0, part)


def _is_out_of_place(root: html.HtmlElement) -> bool:
    """Whether parts of tables do not stand where the standard has them, or other things stand between them."""
    cells = groups = 0
    for row in root.iter("tr"):
        parent = row.getparent()
        if parent is None or parent.tag not in _HOLD_ROWS:
            return True
        tags = [child.tag for child in row]
        if not _IN_A_ROW.issuperset(tags):
            return True
        cells += tags.count("td") + tags.count("th")
    for table in root.iter("table"):
        tags = [child.tag for child in table]
        if not _IN_A_TABLE.issuperset(tags):
            return True
        groups += tags.count("tbody") + tags.count("thead")
    if any(not _IN_A_GROUP.issuperset([child.tag for child in group]) for group in root.iter("tbody")):
        return True
    return sum(1 for _ in root.iter("td", "th")) != cells or sum(1 for _ in root.iter("tbody", "thead")) != groups


def _parser() -> html.HTMLParser:
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    # lxml.html asks a function of its own for the class of each element, each time that one is looked at.
    parser.set_element_class_lookup(_ONE_CLASS)
    return parser


def _as_a_browser(text: str) -> html.HtmlElement | None:
    """The tree as the HTML standard has it; None where even that cannot be had."""
    try:
        document = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
        written = html5lib.serialize(document, tree="etree", omit_optional_tags=False, quote_attr_values="always")
        # Once more through lxml, so that everybody has elements of one kind; now nothing is left to mend.
        return html.document_fromstring(written, parser=_parser())
    except (etree.LxmlError, ValueError, AssertionError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def _with_written_tables(text: str) -> str:
    return _SCRIPT.sub(_written, text) if "document.write" in text else text


def _written(script: re.Match[str]) -> str:
    parts = []
    for literal in _WRITTEN.findall(script[1]):
        quoted = literal if literal[0] == '"' else '"' + literal[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        try:
            parts.append(json.loads(quoted))
        except ValueError:
            return script[0]
    written = "".join(map(str, parts))
    return written if "<t" in written.lower() else script[0]

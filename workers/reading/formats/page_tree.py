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
# Parts of a table that do not stand where the standard has them, or other things that stand between them.
_OUT_OF_PLACE = etree.XPath(
    "boolean(descendant::tr[not(parent::table or parent::tbody or parent::thead or parent::tfoot)])"
    " or boolean(descendant::td[not(parent::tr)]) or boolean(descendant::th[not(parent::tr)])"
    " or boolean(descendant::tbody[not(parent::table)]) or boolean(descendant::thead[not(parent::table)])"
    " or boolean(descendant::tr/*[not(self::td or self::th or self::script or self::style or self::template)])"
    " or boolean(descendant::table/*[not(self::caption or self::colgroup or self::col or self::tbody or self::thead"
    " or self::tfoot or self::tr or self::script or self::style or self::template)])"
    " or boolean(descendant::tbody/*[not(self::tr or self::script or self::style or self::template)])"
)
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
    if len(text) <= _LARGEST_MENDED and (_OUT_OF_PLACE(root) or _CROSSED.search(text)):
        mended = _as_a_browser(text)
        return root if mended is None else mended
    return root


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

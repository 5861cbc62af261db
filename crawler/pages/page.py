"""One answer of a portal as the crawler sees it: address, headers, bytes, and the text and tree made from them."""

from __future__ import annotations

import codecs
import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast
from urllib.parse import quote, urlsplit, urlunsplit

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from crawler.pages.canonical import is_short_enough, resolve
from crawler.pages.menus import Menus

_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,500}>", re.IGNORECASE)
_NO_MARKUP = re.compile(rb"<!--.*?-->|<script\b.*?</script", re.IGNORECASE | re.DOTALL)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.IGNORECASE)
LONGEST_TITLE = 500
# Two bytes a letter have a zero byte in each of these; a file that is no page has none of them.
_MARKUP = re.compile(rb"^\W{0,9}<(?:!doctype\s{1,9}html|html|head|\?xml)\b")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The encodings of Chinese pages, and by which of Python's each is read: gb18030 holds all of the GB family. What is
# not here is not believed: some of Python's codecs are no encodings of texts, and Latin is a server's default.
_ENCODINGS = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "ms936": "gb18030", "euc-cn": "gb18030",
    "big5": "big5", "big5-hkscs": "big5hkscs", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16-le": "utf-16-le",
    "utf-16be": "utf-16-be", "utf-16-be": "utf-16-be",
}  # fmt: skip
_SENT_AS = {"gb18030": "gb18030", "big5": "big5", "big5hkscs": "big5hkscs"}
_QUERY_SAFE = "!#$%&'()*+,/:;=?@[]~"
# A server that cuts a title cuts the last letter in two; more than a few such are no cut titles.
_FEW_LOST = 10
_SHARE_LOST = 0.02
_HEAD_BYTES = 8192
_BEGINNING = 4096
# What every template closes: rows and cells may be left open.
_CLOSED = ("table", "ul", "ol", "dl", "script", "style", "form")
# That so many characters in a row are UTF-8 by accident does not happen.
_SURELY_UTF8 = 24
# How files begin, and what stands near their ends.
_FILE_ENDS = ((b"%PDF-", b"%%EOF"), (b"PK\x03\x04", b"PK\x05\x06"), (b"{\\rtf", b"}"))
_FILE_TAIL = 66_000
_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain", "")
_UNSEEN = ("script", "style", "noscript", "template", "head", "title", "meta", "link")
_EMPTY = "<html><body></body></html>"
_TEXTS = etree.XPath("descendant::text()", smart_strings=False)
# Every element is of one class: lxml.html asks a function of Python which one, for each element that is looked at.
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)


@dataclass(frozen=True)
class Page:
    """``address`` is where the answer came from in the end; ``asked`` is what was asked for first.

    ``encoding`` is what the portal file says, if it says anything. ``not_modified``: the portal answered 304, and
    ``body`` is what it answered the last time. ``length_unsaid``: nobody said how long the answer is, and it ended when
    the connection did.
    """

    asked: str
    address: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    request_headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    not_modified: bool = False
    length_unsaid: bool = False

    @property
    def media_type(self) -> str:
        """The media type that the portal claims, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def is_html(self) -> bool:
        """Whether this is a page for people (by its bytes where the portal claims something else or nothing)."""
        start = self.body[:2048].replace(b"\x00", b"").lower()
        if self.body[:5] == b"%PDF-" or (b"\x00" in self.body[:1024] and not _MARKUP.search(start)):
            return False
        return self.media_type in _HTML_TYPES or b"<html" in start

    @property
    def text(self) -> str:
        """The decoded source: by its byte order mark, the portal file, the header, the meta tag, else by its bytes."""
        return self._decoded[0]

    @property
    def codec(self) -> str:
        """By which of Python's encodings the source was read."""
        return self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        marked = next((codec for mark, codec in _MARKS if self.body.startswith(mark)), None)
        declared = (self.encoding, self._header_charset(), self._meta_charset())
        said = marked or next((codec for name in declared if name and (codec := _codec(name)) is not None), None)
        if said is None or (said == "gb18030" and self._is_surely_utf8):
            try:
                return self.body.decode("utf-8-sig"), "utf-8"
            except UnicodeDecodeError:
                said = "gb18030"
        return self.body.decode(said, errors="replace"), said

    @property
    def _is_surely_utf8(self) -> bool:
        """Whether a page that says it is of the GB family is UTF-8: then its bytes know better."""
        try:
            text = self.body.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return sum("\u4e00" <= letter <= "\u9fff" for letter in text[:100_000]) >= _SURELY_UTF8

    @cached_property
    def base(self) -> str:
        """The address that relative links of the page start from: its own, unless a base element says another."""
        element = self.tree.find(".//base[@href]")
        if element is None:
            return self.address
        return resolve(self.address, element.get("href", "")) or self.address

    def link(self, href: str) -> str | None:
        """The absolute address of a link on this page; None where it leads to no page.

        Letters in a query are sent in the page's own encoding, as browsers do.
        """
        known = self._linked.get(href, "")
        if known == "":
            known = self._linked[href] = self._link(href)
        return known

    @cached_property
    def _linked(self) -> dict[str, str | None]:
        """What is known of the page's links: each is asked for by several readers."""
        return {}

    def _link(self, href: str) -> str | None:
        address = resolve(self.base, href)
        if address is None or address.isascii():
            return address
        parts = urlsplit(address)
        encoded = quote(parts.query.encode(_SENT_AS.get(self.codec, "utf-8"), "xmlcharrefreplace"), _QUERY_SAFE)
        sent = urlunsplit(parts._replace(query=encoded))
        return sent if is_short_enough(sent) else None

    @cached_property
    def garbled(self) -> bool:
        """Whether so much of its text could not be decoded that a person could not read it either."""
        text = self.visible_text
        return text.count("\ufffd") > max(_FEW_LOST, len(text) * _SHARE_LOST)

    @cached_property
    def garbled_in_parts(self) -> bool:
        """Whether of a garbled page the most was decoded: what is lost are pieces of it, in another encoding."""
        text = self.visible_text
        read = sum("\u4e00" <= letter <= "\u9fff" for letter in text)
        return self.garbled and read > text.count("\ufffd")

    @property
    def tree(self) -> HtmlElement:
        """The page's tree; an empty one where there is nothing to parse. Raises MemoryError."""
        return self._parsed[0]

    @property
    def cut(self) -> bool:
        """Whether its elements stand so deep in each other that those within were left out: rows without an end tag."""
        return self._parsed[1]

    @property
    def ends(self) -> bool:
        """Whether a page that begins as one ends as one: else its rest may be lost, or in a comment without an end.

        Where the answer itself ended in order (as long as it said, or with its last chunk), the last tags may be left
        out, as some templates do; a list, a table or a script that is still open was broken off by the server.
        """
        source = self.text.lower()
        if not self.is_html or "<html" not in source[:_BEGINNING]:
            return True
        closed = "</html" in source or "</body" in source
        return (closed or not (self.length_unsaid or _is_broken_off(source))) and source.rfind("<!--") <= source.rfind(
            "-->"
        )

    @property
    def cut_short(self) -> bool:
        """Whether an answer of unsaid length lacks its own end: it was cut on its way, and is no shorter document."""
        if not self.length_unsaid:
            return False
        if self.is_html:
            source = self.text.lower()
            opened = any(source.count(f"<{tag}") > source.count(f"</{tag}") for tag in ("table", "script"))
            return not self.ends or (opened and "</html" not in source) or source.rfind("<") > source.rfind(">")
        found = next((end for start, end in _FILE_ENDS if self.body.startswith(start)), None)
        return found is not None and found not in self.body[-_FILE_TAIL:]

    @cached_property
    def _parsed(self) -> tuple[HtmlElement, bool]:
        source = re.sub(r"^\s*<\?xml[^>]*\?>", "", self.text).replace("\x00", "")
        # Without comments: one between a heading and its list, or in the middle of a date, hides nothing.
        parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
        parser.set_element_class_lookup(_ONE_CLASS)
        try:
            tree = lxml.html.document_fromstring(source if source.strip() else _EMPTY, parser=parser)
        except etree.XMLSyntaxError as error:
            if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise
        except (etree.ParserError, ValueError):
            return lxml.html.document_fromstring(_EMPTY), False
        return tree, any(one.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for one in parser.error_log)

    @cached_property
    def menus(self) -> Menus:
        """The menus of its tree."""
        return Menus()

    @cached_property
    def shown(self) -> HtmlElement:
        """A copy of the tree in which what a person does not see (scripts, the head) is empty."""
        shown = copy.deepcopy(self.tree)
        for unseen in [*shown.iter(*_UNSEEN)]:
            unseen.clear(keep_tail=True)
        return shown

    @cached_property
    def visible_text(self) -> str:
        """What a person sees, with every run of white space as one blank."""
        return shown_text(self.shown)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The page labels (meta tags) by lower-case name."""
        found: dict[str, str] = {}
        for meta in self.tree.iter("meta"):
            attributes = {name.lower(): value for name, value in meta.attrib.items()}
            name = str(attributes.get("name", "")).strip().lower()
            if name:
                found.setdefault(name, str(attributes.get("content", "")).strip())
        return found

    @property
    def title(self) -> str:
        """The text of the title element, of bounded length: what looks for words in it takes longer than it is long."""
        found = self.tree.find(".//title")
        return " ".join(found.text_content()[:LONGEST_TITLE].split()) if found is not None else ""

    def _header_charset(self) -> str | None:
        match = _CHARSET.search(self.headers.get("content-type", "").encode("ascii", "replace"))
        return match[1].decode("ascii") if match else None

    def _meta_charset(self) -> str | None:
        """What a meta element says: a script element may have an encoding of its own, which is not the page's."""
        start = self.body[:_HEAD_BYTES]
        declared = _DECLARED.search(start)
        if declared is not None:
            return declared[1].decode("ascii")
        for meta in _META.finditer(_NO_MARKUP.sub(b"", start)):
            match = _CHARSET.search(meta[0])
            if match is not None:
                return match[1].decode("ascii")
        return None


def shown_text(element: HtmlElement) -> str:
    """The same as :func:`visible_text` of an element of ``Page.shown``, which is much faster where there is much."""
    texts = _TEXTS(element)
    assert isinstance(texts, list)  # noqa: S101 - narrows the type: the expression is a list of strings
    return " ".join(" ".join(cast("list[str]", texts)).split())


def visible_text(element: HtmlElement) -> str:
    """The text of an element that a person sees, with every run of white space as one blank."""
    if not len(element) and isinstance(element.tag, str):
        return "" if element.tag in _UNSEEN else " ".join((element.text or "").split())
    return " ".join(" ".join(_pieces(element)).split())


def _pieces(element: HtmlElement) -> list[str]:
    pieces: list[str] = []
    unseen = 0
    for event, node in lxml.etree.iterwalk(element, events=("start", "end")):
        hidden = node.tag in _UNSEEN
        if event == "start":
            unseen += hidden
            if not unseen and node.text:
                pieces.append(node.text)
        else:
            unseen -= hidden
            if not unseen and node is not element and node.tail:
                pieces.append(node.tail)
    return pieces


def _is_broken_off(source: str) -> bool:
    """Whether a source in small letters ends within a tag, or within what has to be closed."""
    opened = any(source.count(f"<{tag}") > source.count(f"</{tag}") for tag in _CLOSED)
    return opened or source.rfind("<") > source.rfind(">")


def _codec(name: str) -> str | None:
    """By which of Python's encodings a declared one is read; None for one that pages are not written in."""
    return _ENCODINGS.get(name.strip().lower())

"""One answer of a portal as the crawler sees it: address, headers, bytes, and the text and tree made from them."""

from __future__ import annotations

import codecs
import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain", "")
_UNSEEN = ("script", "style", "noscript", "template", "head", "title", "meta", "link")
_EMPTY = "<html><body></body></html>"
_TEXTS = etree.XPath("descendant::text()", smart_strings=False)


@dataclass(frozen=True)
class Page:
    """``address`` is where the answer came from in the end; ``asked`` is what was asked for first.

    ``encoding`` is what the portal file says, if it says anything. ``not_modified``: the portal answered 304, and
    ``body`` is what it answered the last time.
    """

    asked: str
    address: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    request_headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    not_modified: bool = False

    @property
    def media_type(self) -> str:
        """The media type that the portal claims, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Whether this is a page for people (by its bytes where the portal claims something else or nothing)."""
        if b"\x00" in self.body[:1024] or self.body[:5] == b"%PDF-":
            return False
        return self.media_type in _HTML_TYPES or b"<html" in self.body[:2048].lower()

    @cached_property
    def text(self) -> str:
        """The decoded source: by the portal file, the header, the meta tag, UTF-8 if it is that, else gb18030."""
        for name in (self.encoding, self._header_charset(), self._meta_charset()):
            if name is not None and (known := _codec(name)) is not None:
                return self.body.decode(known, errors="replace")
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.body.decode("gb18030", errors="replace")

    @cached_property
    def tree(self) -> HtmlElement:
        """The page's tree; an empty one where there is nothing to parse."""
        source = re.sub(r"^\s*<\?xml[^>]*\?>", "", self.text).replace("\x00", "")
        try:
            return lxml.html.document_fromstring(source if source.strip() else _EMPTY)
        except (lxml.etree.ParserError, ValueError):
            return lxml.html.document_fromstring(_EMPTY)

    @cached_property
    def shown(self) -> HtmlElement:
        """A copy of the tree in which what a person does not see (scripts, the head, comments) is empty."""
        shown = copy.deepcopy(self.tree)
        for unseen in [*shown.iter(*_UNSEEN)]:
            unseen.clear(keep_tail=True)
        for comment in shown.iter(etree.Comment, etree.ProcessingInstruction):
            comment.text = ""
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
        """The text of the title element."""
        found = self.tree.find(".//title")
        return _SPACE.sub(" ", found.text_content()).strip() if found is not None else ""

    def _header_charset(self) -> str | None:
        match = _CHARSET.search(self.headers.get("content-type", "").encode("ascii", "replace"))
        return match[1].decode("ascii") if match else None

    def _meta_charset(self) -> str | None:
        if self.body.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        start = self.body[:4096]
        match = _DECLARED.search(start) or _CHARSET.search(start)
        return match[1].decode("ascii") if match else None


def shown_text(element: HtmlElement) -> str:
    """The same as :func:`visible_text` of an element of ``Page.shown``, which is much faster where there is much."""
    texts = _TEXTS(element)
    assert isinstance(texts, list)  # noqa: S101 - narrows the type: the expression is a list of strings
    return " ".join(" ".join(cast("list[str]", texts)).split())


def visible_text(element: HtmlElement) -> str:
    """The text of an element that a person sees, with every run of white space as one blank."""
    return _SPACE.sub(" ", " ".join(_pieces(element))).strip()


def _pieces(element: HtmlElement) -> list[str]:
    pieces: list[str] = []
    unseen = 0
    for event, node in lxml.etree.iterwalk(element, events=("start", "end", "comment")):
        if event == "comment":
            if not unseen and node.tail:
                pieces.append(node.tail)
            continue
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


def _codec(name: str) -> str | None:
    """Python's name of an encoding; everything of the GB family is gb18030, which holds them all."""
    try:
        known = codecs.lookup(name.strip()).name
    except LookupError:
        return None
    return "gb18030" if known in ("gb2312", "gbk", "gb18030", "hz") else known

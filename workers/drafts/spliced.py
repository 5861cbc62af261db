"""Something more in an XML part, between bytes that stay as they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from workers.reading.errors import ReadError, ReadErrorKind

_NAME = re.compile(rb"<([^\s/>]+)")
_PROPERTIES = "pPr"


@dataclass(frozen=True, slots=True)
class Inside:
    """Where in the bytes an element's content begins (behind its properties) and ends.

    Of an element without content (``<w:p/>``) both are the end of its tag, and ``empty`` is its name.
    """

    begin: int
    end: int
    empty: str = ""


def insides_of(content: bytes, wanted: Collection[int]) -> dict[int, Inside]:
    """Where the elements with these numbers (from 0, in the order in which they begin) have their content.

    Raises ReadError where that cannot be told.
    """
    walk = _Walk(content, frozenset(wanted))
    return walk.found


def spliced(content: bytes, begins: Mapping[Inside, str], ends: Mapping[Inside, str]) -> bytes:
    """The content with something put at the beginning and at the end of elements. Raises ReadError where it breaks."""
    more: list[tuple[int, int, bytes]] = []
    for inside in {*begins, *ends}:
        begin, end = begins.get(inside, "").encode(), ends.get(inside, "").encode()
        if inside.empty:
            # <w:p/> becomes <w:p>…</w:p>.
            more.append((inside.end - 2, inside.end, b">" + begin + end + f"</{inside.empty}>".encode()))
        else:
            more += [(inside.begin, inside.begin, begin), (inside.end, inside.end, end)]
    made = bytearray()
    last = 0
    for since, until, words in sorted(more):
        made += content[last:since] + words
        last = until
    made += content[last:]
    whole = bytes(made)
    try:
        etree.fromstring(whole, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise _cannot() from error
    return whole


class _Walk:
    """Goes through a part once, and notes the bytes at which the wanted elements begin and end."""

    def __init__(self, content: bytes, wanted: frozenset[int]) -> None:
        self.found: dict[int, Inside] = {}
        self._content, self._wanted = content, wanted
        self._number = -1
        self._open: list[int] = []
        self._tags: dict[int, int] = {}
        self._behind: dict[int, int] = {}
        # Elements whose tag, or whose properties, the next piece of the markup lies behind.
        self._tag_ends: list[tuple[int, int]] = []
        self._empty: list[int] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        for handler in ("CharacterDataHandler", "CommentHandler", "StartCdataSectionHandler", "DefaultHandler"):
            setattr(self._parser, handler, self._other)
        self._parser.ProcessingInstructionHandler = self._other
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            raise _cannot() from error
        self._resolve(len(content))
        if set(self.found) != set(wanted):
            raise _cannot()

    def _start(self, name: str, attributes: object) -> None:
        at = self._parser.CurrentByteIndex
        self._resolve(at)
        self._number += 1
        parent = self._open[-1] if self._open else None
        self._open.append(self._number)
        self._tags[self._number] = at
        if self._number in self._wanted:
            self._tag_ends.append((self._number, at))
        if parent in self._wanted and self._number == (parent or 0) + 1 and name.endswith(f" {_PROPERTIES}"):
            # The properties come first; what is put in stands behind them.
            self._behind[self._number] = parent or 0

    def _end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        number = self._open.pop()
        begun = self._tags.pop(number)
        if at != begun:
            self._resolve(at)
        if (of := self._behind.pop(number, None)) is not None:
            self._tag_ends.append((of, at))
        if number not in self._wanted:
            return
        if at == begun:
            self._empty.append(number)
        else:
            begin = self.found[number].begin
            self.found[number] = Inside(begin, at)

    def _other(self, *_: object) -> None:
        self._resolve(self._parser.CurrentByteIndex)

    def _resolve(self, at: int) -> None:
        """What waited for the next piece of the markup: it begins here."""
        waiting, self._tag_ends = self._tag_ends, []
        for number, begun in waiting:
            if at <= begun:
                self._tag_ends.append((number, begun))
            elif number in self._empty:
                name = _NAME.match(self._content, begun)
                if name is None or self._content[at - 2 : at] != b"/>":
                    raise _cannot()
                self.found[number] = Inside(at, at, name[1].decode())
            else:
                self.found[number] = Inside(at, at)


def _cannot() -> ReadError:
    return ReadError(ReadErrorKind.KIND_NOT_READ, "这个 Word 文件的写法不能加批注；请按页面上的说明修改。")

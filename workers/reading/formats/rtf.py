"""RTF: paragraphs and tables in order, as Word, WPS and LibreOffice write them.

An RTF file is text with control words; a table is rows whose definition (``\\trowd … \\cellx``) tells the cells' right
edges in twips, followed by the cells' text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from report.account import CLOSED, PieceKind
from workers.reading.content import (
    GAP,
    LINE_BREAK,
    Block,
    Content,
    Embedded,
    Grid,
    Paragraph,
    Piece,
    is_layout,
    shown_by_field,
    without_gaps,
)
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.edged_rows import EdgedCell, grid_of_edges

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
# Groups whose text is none of the document's.
_ASIDE = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "footnote", "annotation", "listtable", "listoverridetable", "revtbl", "rsidtbl",
    "generator", "xmlnstbl", "themedata", "colorschememapping", "latentstyles", "datastore", "fldinst", "bkmkstart",
    "bkmkend", "nonshppict", "filetbl", "upr", "pntext", "listtext",
})  # fmt: skip
# Groups that begin with \* and hold text of the document all the same; every other such group is skipped.
_STARRED_TEXT = frozenset({"shpinst", "shptxt", "nesttableprops", "ud"})
_CHARACTERS = {
    "tab": " ", "line": LINE_BREAK, "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emdash": "—", "endash": "–", "bullet": "•", "emspace": " ", "enspace": " ", "~": "\u00a0", "_": "-",
    "\\": "\\", "{": "{", "}": "}",
}  # fmt: skip
# Groups in which something is shown that nobody here reads, and the marks of notes.
_CLOSED_WORDS = {
    "pict": PieceKind.PICTURE, "object": PieceKind.OBJECT, "footnote": PieceKind.NOTE, "annotation": PieceKind.NOTE,
}  # fmt: skip
# Fields that a word processor draws from their instruction: what they show stands nowhere as text.
_DRAWN = re.compile(rb"\s*(?:EQ|ADVANCE|SYMBOL|FORMDROPDOWN|FORMCHECKBOX|INCLUDEPICTURE|EMBED|LINK|SHAPE)\b", re.I)
_WHITE = 0xF0
_CODE_PAGES = {134: "gb18030", 136: "big5", 0: "cp1252"}
_DEEPEST = 500
_MOST_TABLES_DEEP = 8


@dataclass(slots=True)
class _State:
    """What a group inherits from the one around it."""

    aside: bool = False
    unseen: bool = False
    struck: bool = False
    raised: bool = False
    white: bool = False
    shaded: bool = False
    silent: bool = False
    in_colours: bool = False
    in_both: bool = False
    in_field: bool = False
    encoding: str = "gb18030"
    skip_after_unicode: int = 1
    in_table: bool = False
    depth: int = 1


@dataclass(slots=True)
class _Definition:
    """The cells of a row as ``\\trowd`` lists them."""

    left: int = 0
    edges: list[EdgedCell] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Table:
    rows: list[list[EdgedCell]] = field(default_factory=list)
    cells: list[tuple[str, tuple[Piece, ...]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    inside: list[Block] = field(default_factory=list)


def read_rtf(data: bytes) -> Content:
    """The paragraphs and tables of an RTF file. Raises ReadError (too_large) where it is nested beyond reason."""
    reading = _Reading()
    for match in _TOKEN.finditer(data):
        reading.take(match)
    return reading.content()


class _Reading:
    """The document so far: the open groups, the open tables and the text of the open paragraph."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[Piece] = []
        self._colour_words: list[int] = []
        self._states = [_State()]
        self._fonts: dict[int, str] = {}
        self._font: int | None = None
        self._tables: list[_Table] = []
        self._count = 0
        self._text: list[str] = []
        self._bytes = bytearray()
        self._definition = _Definition()
        self._skip = 0
        self._starred = False
        self._field_is_drawn = False

    def content(self) -> Content:
        """What was read."""
        self._end_paragraph()
        self._close_tables(0)
        return Content(tuple(self.blocks), breaks_off=len(self._states) > 1)

    def take(self, match: re.Match[bytes]) -> None:
        """Reads the next token."""
        word, number, code, sign, brace, text = match.groups()
        if code is not None:
            if self._skip:
                self._skip -= 1
            elif self._is_shown():
                self._bytes.append(int(code, 16))
            return
        if text is not None:
            skipped, self._skip = min(self._skip, len(text)), self._skip - min(self._skip, len(text))
            if self._is_shown():
                self._bytes += text[skipped:]
            elif self._state.in_field and _DRAWN.match(text):
                self._field_is_drawn = True
            return
        self._flush()
        if brace == b"{":
            if len(self._states) > _DEEPEST:
                raise ReadError(ReadErrorKind.TOO_LARGE, "RTF 文件嵌套层数不合常理；请另存为 docx 后再试。")
            self._states.append(replace(self._states[-1]))
            self._starred = False
        elif brace == b"}":
            if len(self._states) > 1 and self._states.pop().in_field and not self._state.in_field:
                if self._field_is_drawn and self._is_shown():
                    self._aside(PieceKind.FIELD)
                self._field_is_drawn = False
        elif sign is not None:
            self._sign(sign.decode("latin-1"))
        elif word is not None:
            self._word(word.decode("ascii"), None if number is None else int(number))

    @property
    def _state(self) -> _State:
        return self._states[-1]

    def _is_shown(self) -> bool:
        return not self._state.aside

    def _put(self, text: str) -> None:
        """Takes text as what its state makes it: plain, or a piece of another kind."""
        state = self._state
        if state.unseen or state.silent or (state.white and not state.shaded):
            kind: PieceKind | None = PieceKind.HIDDEN
        elif state.struck:
            kind = PieceKind.STRUCK
        else:
            kind = PieceKind.NOTE if state.raised else None
        if kind is None:
            self._text.append(text)
        elif text.strip():
            self._aside(kind, text)

    def _aside(self, kind: PieceKind, text: str = "") -> None:
        if self._pieces and self._pieces[-1].kind is kind and self._text and self._text[-1] == GAP:
            self._pieces[-1] = Piece(kind, self._pieces[-1].text + text)
            return
        self._pieces.append(Piece(kind, text))
        self._text.append(GAP)

    def _flush(self) -> None:
        """Bytes of two-byte characters are only text together."""
        if self._bytes:
            self._put(bytes(self._bytes).decode(self._state.encoding, "replace"))
            self._bytes.clear()

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._starred = True
        elif sign in "\r\n":
            self._end_paragraph()
        elif self._skip:
            self._skip -= 1
        elif self._is_shown():
            # A sign that is not known says nothing: a backslash before a digit makes it no text.
            self._put(_CHARACTERS.get(sign, ""))

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        state = self._state
        if word == "ud" and starred and state.in_both:
            # What is written twice, for old programs and in Unicode: this is the second.
            state.aside = state.in_both = False
            return
        if word in _ASIDE or (starred and word not in _STARRED_TEXT):
            if word in _CLOSED_WORDS and not state.aside and not starred:
                self._aside(_CLOSED_WORDS[word])
            state.in_colours = word == "colortbl"
            state.in_both = word == "upr" and not state.aside
            state.in_field = word == "fldinst" and not state.aside
            if word == "fonttbl":
                self._font = None
            state.aside = True
            return
        self._font_word(word, number)
        if state.in_colours and word in ("red", "green", "blue"):
            self._colour_words.append(min(max(number or 0, 0), 255))
        if state.aside:
            return
        if self._look_word(word, number):
            return
        if word in ("u", "uc"):
            self._unicode(word, number or 0)
        elif word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        else:
            self._structure(word, number)

    def _look_word(self, word: str, number: int | None) -> bool:
        """Whether the word says how text looks; it is then taken to heart."""
        state = self._state
        if word in ("v", "webhidden"):
            state.unseen = number != 0
        elif word in ("strike", "striked", "deleted"):
            state.struck = number != 0
        elif word in ("super", "sub"):
            state.raised = number != 0
        elif word == "nosupersub":
            state.raised = False
        elif word in ("up", "dn"):
            state.raised = number != 0
        elif word == "cf":
            state.white = number in self._white_colours()
        elif word in ("highlight", "cb", "chcbpat"):
            state.shaded = bool(number) and number not in self._white_colours()
        elif word == "plain":
            state.unseen = state.struck = state.raised = state.white = state.shaded = False
        else:
            return False
        return True

    def _white_colours(self) -> set[int]:
        """The numbers of the colours that are white or nearly so."""
        levels = self._colour_words
        triples = [levels[at : at + 3] for at in range(0, len(levels) - 2, 3)]
        # The first colour is automatic and has no levels.
        return {index + 1 for index, triple in enumerate(triples) if all(level >= _WHITE for level in triple)}

    def _font_word(self, word: str, number: int | None) -> None:
        """Which encoding the bytes have: the font's character set says it."""
        state = self._state
        if word == "f" and number is not None:
            self._font = number
            if not state.aside:
                state.encoding = self._fonts.get(number, state.encoding)
        elif word == "fcharset" and self._font is not None and number in _CODE_PAGES:
            # Fonts for Latin text name no encoding that Chinese text would be in.
            if number:
                self._fonts[self._font] = _CODE_PAGES[number]
        elif word == "ansicpg" and number == 950:
            state.encoding = "big5"

    def _unicode(self, word: str, number: int) -> None:
        if word == "uc":
            self._state.skip_after_unicode = min(max(number, 0), 8)
            return
        self._put(chr(number % 65536))
        self._skip = self._state.skip_after_unicode

    def _structure(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "pard":
            state.in_table, state.depth = False, 1
        elif word == "intbl":
            state.in_table = True
        elif word == "itap":
            state.depth = max(number or 1, 1)
        elif word in ("par", "sect", "page"):
            self._end_paragraph()
        elif word in ("cell", "nestcell"):
            state.in_table = True
            self._end_cell(1 if word == "cell" else max(state.depth, 2))
        elif word in ("row", "nestrow"):
            self._end_row(1 if word == "row" else max(state.depth, 2))
        elif word == "trowd":
            self._definition = _Definition()
        elif word == "trleft":
            self._definition.left = number or 0
        elif word in ("clvmgf", "clvmrg", "clmrg"):
            self._definition.flags.add(word)
        elif word == "cellx":
            self._define_cell(number or 0)

    def _define_cell(self, right: int) -> None:
        definition = self._definition
        left = definition.edges[-1].right if definition.edges else definition.left
        flags, definition.flags = definition.flags, set()
        definition.edges.append(
            EdgedCell("", left, max(right, left), "clvmgf" in flags, "clvmrg" in flags, "clmrg" in flags)
        )

    def _taken(self) -> tuple[str, list[Piece]]:
        self._flush()
        text, pieces = without_gaps("".join(self._text)).strip(), self._pieces
        self._text.clear()
        self._pieces = []
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), pieces

    def _end_paragraph(self) -> None:
        text, pieces = self._taken()
        depth = min(self._state.depth, _MOST_TABLES_DEEP) if self._state.in_table else 0
        if not text and not pieces:
            return
        self._open_tables(depth)
        if not depth:
            self.blocks += [Paragraph(text)] if text else []
            self.blocks += [Embedded(piece.kind) for piece in pieces if piece.kind in CLOSED]
            return
        self._tables[-1].pieces += pieces
        if text:
            self._tables[-1].lines.append(text)
            self._tables[-1].inside.append(Paragraph(text))

    def _open_tables(self, depth: int) -> None:
        self._close_tables(depth)
        while len(self._tables) < depth:
            self._tables.append(_Table())

    def _end_cell(self, depth: int) -> None:
        depth = min(depth, _MOST_TABLES_DEEP)
        text, pieces = self._taken()
        self._open_tables(depth)
        table = self._tables[-1]
        table.pieces += pieces
        if text:
            table.lines.append(text)
            table.inside.append(Paragraph(text))
        table.cells.append(shown_by_field("\n".join(table.lines), tuple(table.pieces)))
        table.lines, table.pieces = [], []

    def _end_row(self, depth: int) -> None:
        depth = min(depth, _MOST_TABLES_DEEP)
        self._open_tables(depth)
        table = self._tables[-1]
        texts, table.cells = table.cells, []
        edges = self._definition.edges
        if len(edges) == len(texts):
            table.rows.append(
                [replace(edge, text=text, pieces=pieces) for edge, (text, pieces) in zip(edges, texts, strict=True)]
            )
        elif texts:
            # Their order is all that is known: positions far beyond the others, so that nothing is taken for aligned.
            table.rows.append(
                [
                    EdgedCell(text, at * 1_000_000, (at + 1) * 1_000_000, pieces=pieces)
                    for at, (text, pieces) in enumerate(texts)
                ]
            )

    def _close_tables(self, depth: int) -> None:
        while len(self._tables) > depth:
            table = self._tables.pop()
            around = self._tables[-1].inside if self._tables else self.blocks
            inner = list(_grids(table.inside))
            if is_layout(inner, sum(map(len, table.rows))):
                around += table.inside
            elif table.rows:
                around += [grid_of_edges(table.rows, self._count), *inner]
                self._count += 1


def _grids(blocks: list[Block]) -> Iterator[Grid]:
    return (block for block in blocks if isinstance(block, Grid))

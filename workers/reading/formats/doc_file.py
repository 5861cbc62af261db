"""The binary Word file (DOC, and the WPS files that are the same): its text with the properties of each paragraph.

The container is opened by ``legacy_doc``. Its own text is not enough here: it drops empty cells, after which nobody
knows which number stands in which column. The structures are those of Microsoft's [MS-DOC]: the piece table (Clx) says
where the text stands, the paragraph pages (PlcBtePapx) what is a cell, a row and a merge, the character pages
(PlcBteChpx) what was deleted or hidden.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from legacy_doc import ExtractionOptions, LegacyDocError
from legacy_doc.ole import OleReader

from report.account import PieceKind
from workers.reading.content import GAP, Piece
from workers.reading.errors import ReadError, ReadErrorKind

_ENCRYPTED_FLAG, _SECOND_TABLE_FLAG = 0x0100, 0x0200
_OLDEST = 101  # Word 97; Word 6 and 95 keep their text otherwise
_PAPX, _CHPX, _CLX = 13, 12, 33  # places in the list of structures (FibRgFcLcb97)
_TEXT, _STORIES_BEFORE_BOXES, _BOXES = 3, (4, 5, 6, 7, 8), 9  # places in the list of lengths (FibRgLw97)
# The begin, the middle and the end of a field.
_FIELD_SIGNS = "\x13\x14\x15"
_PAGE = 512
_MOST_CHARACTERS = 3_000_000
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_TABLE_DEFINITION, _TABS, _ELSEWHERE = 0xD608, 0xC615, 0x6646
# Character properties: deleted in a tracked change, hidden, struck once and twice, set high or low, moved, symbol.
_DELETED, _HIDDEN, _STRUCK, _STRUCK_TWICE, _LEVEL, _MOVED, _SYMBOL = (
    0x0800,
    0x083C,
    0x0837,
    0x2A53,
    0x2A48,
    0x4845,
    0x6A09,
)
_COLOUR, _COLOUR_INDEX, _GROUND, _HIGHLIGHT, _WHITE_INDEX = 0x6870, 0x2A42, 0xCA71, 0x2A0C, 8
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_BROKEN = "Word 文件（doc/wps）已损坏，打不开；请用 Word 或 WPS 另存为 docx 后再试。"


@dataclass(frozen=True, slots=True)
class DocParagraph:
    """One paragraph: its characters with their marks, and what it is in a table.

    ``depth``: in how many tables it stands. ``definition``: of a row's end the operand of sprmTDefTable. ``pieces``:
    what stands in it that is no plain visible text; where they stood the text has a GAP.
    """

    text: str
    depth: int = 0
    ends_cell: bool = False
    ends_row: bool = False
    definition: bytes = b""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text as it stands in the file: where it begins there, and how many bytes a character takes."""

    text: str
    start: int
    size: int


def doc_paragraphs(data: bytes) -> Iterator[DocParagraph]:
    """The paragraphs of the document's body, then those of its text boxes.

    Raises ReadError: encrypted, broken, and kind_not_read for what is older than Word 97.
    """
    try:
        yield from _paragraphs(data)
    except (LegacyDocError, struct.error, IndexError, ValueError) as error:
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error


def _paragraphs(data: bytes) -> Iterator[DocParagraph]:
    ole = OleReader(data, options=ExtractionOptions(max_file_bytes=max(len(data), 1)))
    main = ole.read_stream("WordDocument")
    version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 10)[0]
    if flags & _ENCRYPTED_FLAG:
        raise ReadError(ReadErrorKind.ENCRYPTED, "Word 文件设有密码；请去掉密码后再试。")
    if version < _OLDEST:
        raise ReadError(ReadErrorKind.KIND_NOT_READ, "这是 Word 97 以前的文件，读不了；请另存为 docx 后再试。")
    table = ole.read_stream("1Table" if flags & _SECOND_TABLE_FLAG else "0Table")
    elsewhere = ole.try_read_stream("Data") or b""
    lengths_at = 34 + 2 * struct.unpack_from("<H", main, 32)[0] + 2
    places_at = lengths_at + 4 * struct.unpack_from("<H", main, lengths_at - 2)[0] + 2

    def structure(index: int) -> bytes:
        start, length = struct.unpack_from("<II", main, places_at + 8 * index)
        return bytes(table[start : start + length])

    def length(index: int) -> int:
        return max(int(struct.unpack_from("<i", main, lengths_at + 4 * index)[0]), 0)

    pieces = list(_pieces(main, structure(_CLX)))
    paragraphs = _runs(main, structure(_PAPX), _paragraph_properties)
    looks = _runs(main, structure(_CHPX), _character_properties)
    body, boxes = length(_TEXT), length(_BOXES)
    boxes_at = body + sum(length(index) for index in _STORIES_BEFORE_BOXES)
    for first, last in ((0, body), (boxes_at, boxes_at + boxes)):
        text, others = "", _Others()
        for character, place in _characters(pieces, first, last):
            if character in "\r\x07\x0c":
                yield _paragraph(text, others.taken(), character, _properties(paragraphs.at(place), elsewhere))
                text = ""
                continue
            kind = _kind(looks.at(place))
            text += character if kind is None or character in _FIELD_SIGNS else others.add(kind, character)
        if text:
            yield DocParagraph(text, pieces=others.taken())


class _Others:
    """The pieces of a paragraph that are no plain text, character by character."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []

    def add(self, kind: PieceKind, character: str) -> str:
        """What stands in the text in the character's place."""
        if self._pieces and self._pieces[-1].kind is kind:
            self._pieces[-1] = Piece(kind, self._pieces[-1].text + character)
        else:
            self._pieces.append(Piece(kind, character))
        return GAP

    def taken(self) -> tuple[Piece, ...]:
        """The pieces so far; from now on there are none."""
        taken, self._pieces = tuple(self._pieces), []
        return taken


def _paragraph(text: str, pieces: tuple[Piece, ...], mark: str, properties: dict[int, bytes]) -> DocParagraph:
    def is_on(code: int) -> bool:
        return properties.get(code, b"\0")[0] != 0

    depth = int.from_bytes(properties[_DEPTH], "little") if _DEPTH in properties else int(is_on(_IN_TABLE))
    inner = depth > 1
    ends_row = is_on(_INNER_ROW_END) if inner else is_on(_ROW_END)
    ends_cell = is_on(_INNER_CELL) if inner else mark == "\x07"
    return DocParagraph(
        text, depth, ends_cell and not ends_row, ends_row, properties.get(_TABLE_DEFINITION, b""), pieces
    )


def _pieces(main: bytes, clx: bytes) -> Iterator[_Piece]:
    """The text in its order; a piece holds one byte a character (cp1252) or two (UTF-16)."""
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise LegacyDocError("no piece table")
    length = struct.unpack_from("<I", clx, at + 1)[0]
    plan = clx[at + 5 : at + 5 + length]
    count = (len(plan) - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", plan)
    for index in range(count):
        characters = starts[index + 1] - starts[index]
        where = struct.unpack_from("<I", plan, 4 * (count + 1) + 8 * index + 2)[0]
        narrow = bool(where & 0x40000000)
        start = (where & 0x3FFFFFFF) // (2 if narrow else 1)
        size = 1 if narrow else 2
        if characters < 0 or starts[index + 1] > _MOST_CHARACTERS or start + characters * size > len(main):
            raise LegacyDocError("a piece of text lies outside the file")
        raw = main[start : start + characters * size]
        # Half a surrogate pair counts as a character of its own here.
        text = raw.decode("cp1252", "replace") if narrow else "".join(map(chr, struct.unpack(f"<{characters}H", raw)))
        yield _Piece(text, start, size)


def _characters(pieces: list[_Piece], first: int, last: int) -> Iterator[tuple[str, int]]:
    """The characters from ``first`` to before ``last`` with their places in the file."""
    begun = 0
    for piece in pieces:
        for index in range(max(first - begun, 0), min(last - begun, len(piece.text))):
            yield piece.text[index], piece.start + index * piece.size
        begun += len(piece.text)


class _Runs:
    """Stretches of the file with the same properties."""

    def __init__(self, runs: list[tuple[int, int, bytes]]) -> None:
        self._runs = sorted(runs, key=lambda run: run[0])
        self._starts = [start for start, _, _ in self._runs]

    def at(self, place: int) -> bytes:
        """The properties of the character at a place in the file."""
        index = bisect_right(self._starts, place) - 1
        if index < 0 or place >= self._runs[index][1]:
            return b""
        return self._runs[index][2]


def _runs(main: bytes, plan: bytes, properties: Callable[[bytes, int, int], bytes]) -> _Runs:
    """The runs of all property pages that a plan (PlcBtePapx, PlcBteChpx) names."""
    runs: list[tuple[int, int, bytes]] = []
    count = (len(plan) - 4) // 8
    for index in range(max(count, 0)):
        number = struct.unpack_from("<I", plan, 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
        page = main[number * _PAGE : (number + 1) * _PAGE]
        if len(page) < _PAGE:
            continue
        many = page[-1]
        places = struct.unpack_from(f"<{many + 1}I", page)
        runs += [
            (places[run], places[run + 1], properties(page, 4 * (many + 1), run))
            for run in range(many)
            if places[run] < places[run + 1]
        ]
    return _Runs(runs)


def _paragraph_properties(page: bytes, start: int, run: int) -> bytes:
    at = 2 * page[start + 13 * run]
    if at == 0:
        return b""
    if page[at]:
        return page[at + 3 : at + 2 * page[at]]
    return page[at + 4 : at + 2 + 2 * page[at + 1]]


def _character_properties(page: bytes, start: int, run: int) -> bytes:
    at = 2 * page[start + run]
    return page[at + 1 : at + 1 + page[at]] if at else b""


@lru_cache(maxsize=1024)
def _kind(packed: bytes) -> PieceKind | None:
    """What a character is by its properties besides plain visible text; None where it is that."""
    if not packed:
        return None
    properties = _properties(packed, b"")

    def is_on(*codes: int) -> bool:
        return any(properties.get(code, b"\0")[0] == 1 for code in codes)

    shaded = any(any(properties.get(code, b"")[:-2]) for code in (_GROUND,)) or any(properties.get(_HIGHLIGHT, b""))
    white = (
        properties.get(_COLOUR, b"")[:3] == b"\xff\xff\xff" or properties.get(_COLOUR_INDEX, b"\0")[0] == _WHITE_INDEX
    )
    if is_on(_HIDDEN) or (white and not shaded):
        return PieceKind.HIDDEN
    if is_on(_DELETED, _STRUCK, _STRUCK_TWICE):
        return PieceKind.STRUCK
    if properties.get(_LEVEL, b"\0")[0] in (1, 2) or any(properties.get(_MOVED, b"")):
        return PieceKind.NOTE
    return PieceKind.SYMBOL if _SYMBOL in properties else None


def _properties(packed: bytes, elsewhere: bytes) -> dict[int, bytes]:
    """Property code to operand. ``elsewhere`` holds the lists that were too long for their page."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 3 <= len(packed):
        code = struct.unpack_from("<H", packed, at)[0]
        at += 2
        kind = code >> 13
        if kind != 6:
            size = _OPERAND[kind]
        elif code == _TABLE_DEFINITION:
            size = struct.unpack_from("<H", packed, at)[0] - 1 if at + 2 <= len(packed) else 0
            at += 2
        elif code == _TABS and packed[at] == 255:
            deleted = packed[at + 1]
            size = 2 + 4 * deleted + 3 * packed[at + 2 + 4 * deleted]
            at += 1
        else:
            size = packed[at]
            at += 1
        operand = packed[at : at + max(size, 0)]
        at += max(size, 0)
        if len(operand) < size:
            break
        if code == _ELSEWHERE and elsewhere:
            where = struct.unpack("<I", operand)[0]
            length = struct.unpack_from("<H", elsewhere, where)[0]
            found |= _properties(elsewhere[where + 2 : where + 2 + length], b"")
        elif operand:
            found[code] = operand
    return found

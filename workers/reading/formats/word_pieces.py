"""What stands in a paragraph of a Word file: its plain visible text, and beside it what is no such text.

Runs are told apart by what Word shows of them: deleted, hidden (by themselves or by their style), struck, raised, in
the colour of their ground, notes, ruby, symbols, codes of fields and results that no field shows, drawings, objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from docx.oxml.ns import qn

from report.account import PieceKind
from workers.reading.content import GAP, LINE_BREAK, UNREAD, Piece, without_gaps

_P, _R, _T, _RPR, _RSTYLE = (qn(f"w:{name}") for name in ("p", "r", "t", "rPr", "rStyle"))
_VAL, _ID, _BASED_ON, _STYLE = qn("w:val"), qn("w:styleId"), qn("w:basedOn"), qn("w:style")
_DELETED = frozenset(qn(f"w:{name}") for name in ("del", "moveFrom"))
_THROUGH = frozenset(
    qn(f"w:{name}") for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "rubyBase")
)
# Text whose direction is set: from right to left its digits are shown in another order.
_DIRECTED = frozenset((qn("w:bdo"), qn("w:dir")))
# What is shown of these is in no text: the number of the page, today's date, strokes of a pen, another document.
_NOT_TOLD = {
    qn(f"w:{name}"): PieceKind.FIELD
    for name in ("pgNum", "dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong")
} | {qn("w:contentPart"): PieceKind.DRAWING, qn("w:subDoc"): PieceKind.OBJECT}
_SDT, _SDT_CONTENT, _PLACEHOLDER = qn("w:sdt"), qn("w:sdtContent"), qn("w:showingPlcHdr")
_FIELD_SIMPLE, _INSTRUCTION, _FIELD_CHARACTER = qn("w:fldSimple"), qn("w:instrText"), qn("w:fldChar")
_FIELD_TYPE, _INSTR = qn("w:fldCharType"), qn("w:instr")
_LIST, _LIST_ENTRY, _LIST_RESULT, _CHECK_BOX = (
    qn(f"w:{name}") for name in ("ddList", "listEntry", "result", "checkBox")
)
_NOTES = frozenset(qn(f"w:{name}") for name in ("footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef"))
_RUBY, _RUBY_TEXT, _RUBY_BASE = qn("w:ruby"), qn("w:rt"), qn("w:rubyBase")
_SYMBOL, _DELETED_TEXT, _HYPHEN = qn("w:sym"), qn("w:delText"), qn("w:noBreakHyphen")
_TABS = frozenset((qn("w:tab"), qn("w:ptab")))
_BREAKS = frozenset((qn("w:br"), qn("w:cr")))
_DRAWING, _PICT, _OBJECT, _BOX = qn("w:drawing"), qn("w:pict"), qn("w:object"), qn("w:txbxContent")
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE, CHOICE, FALLBACK = (f"{_COMPATIBILITY}{name}" for name in ("AlternateContent", "Choice", "Fallback"))
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MATHS, _MATH_TEXT = (f"{_MATH}oMath", f"{_MATH}oMathPara"), f"{_MATH}t"
_MATH_LEVELS = tuple(f"{_MATH}{name}" for name in ("sSup", "sSub", "sSubSup", "f", "nary", "rad", "m", "limUpp"))
_PICTURE_SIGNS = ("blip", "imagedata", "chart", "relIds", "OLEObject", "control", "svgBlip")
# Fields whose result is not shown, and such as are shown without one.
_SILENT = frozenset({"SET", "ASK", "XE", "TC", "RD", "TA", "PRIVATE", "COMMENTS"})
_DRAWN = frozenset({"EQ", "ADVANCE", "INCLUDEPICTURE", "EMBED", "LINK", "SHAPE", "SYMBOL", "FORMCHECKBOX"})
_SMALL = 0.72
# Digits that are smaller than this are not sure to be of the same number.
_NEARLY_AS_LARGE = 0.9
_DIGITS = frozenset("0123456789.,+- \u00a0\u3000\t")
# Highlights by name whose colour a text may have.
_HIGHLIGHTS = {"black": "000000", "white": "ffffff", "red": "ff0000", "yellow": "ffff00", "blue": "0000ff"}
_WHITE = 0xF0
_MOST_STYLES_DEEP = 12
_DEFAULT_SIZE = 21
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class _Look:
    """What a run's properties say; None where they say nothing."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    white: bool | None = None
    shaded: bool | None = None
    size: int | None = None

    def over(self, below: _Look) -> _Look:
        """This look where it says something, else the one below."""
        mine = {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}
        return replace(below, **mine)


class Styles:
    """The character properties that the document's styles give."""

    def __init__(self, part: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._known: dict[str, _Look] = {}
        self.default = _Look()
        if part is None:
            return
        self._elements = {style.get(_ID) or "": style for style in part.iter(_STYLE)}
        for defaults in part.iter(qn("w:rPrDefault")):
            self.default = _look(defaults.find(_RPR))

    def look(self, name: str, depth: int = 0) -> _Look:
        """The look of a style with all on which it is based."""
        if name not in self._known:
            style = self._elements.get(name)
            if style is None or depth > _MOST_STYLES_DEEP:
                return _Look()
            base = style.find(_BASED_ON)
            below = _Look() if base is None else self.look(base.get(_VAL) or "", depth + 1)
            self._known[name] = _look(style.find(_RPR)).over(below)
        return self._known[name]


@dataclass
class _Found:
    text: list[tuple[str, int]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def aside(self, kind: PieceKind, text: str = "") -> None:
        self.pieces.append(Piece(kind, text))
        self.text.append((GAP, 0))


@dataclass
class _Field:
    """A field that is still open: its code so far, and whether its result has begun."""

    code: str = ""
    result: bool = False
    shown: bool = False
    choice: str | None = None

    @property
    def name(self) -> str:
        return self.code.split()[0].upper() if self.code.split() else ""


class Runs:
    """Reads the runs of one document's paragraphs in their order; fields may reach from one to the next."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[_Field] = []

    def read(self, paragraph: Any, *, shaded: bool = False) -> tuple[str, tuple[Piece, ...]]:
        """The plain text and the other pieces of a paragraph; ``shaded``: it stands on a ground that is not white."""
        found = _Found()
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        below = (
            self._styles.default
            if style is None
            else self._styles.look(style.get(_VAL) or "").over(self._styles.default)
        )
        self._within(paragraph, replace(below, shaded=shaded or bool(below.shaded)), found, 0)
        text = _of_one_size(found)
        return without_gaps(text), tuple(found.pieces)

    def _within(self, element: Any, below: _Look, found: _Found, depth: int) -> None:
        if depth > 30:
            return
        for child in element:
            tag = child.tag
            if tag == _R:
                self._run(child, below, found, depth)
            elif tag in _DELETED:
                text = "".join(node.text or "" for node in child.iter(_DELETED_TEXT, _T))
                if text.strip():
                    found.aside(PieceKind.STRUCK, text)
            elif tag == _SDT:
                self._control(child, below, found, depth)
            elif tag == _FIELD_SIMPLE:
                name = (child.get(_INSTR) or "").split()[:1]
                if not name or name[0].upper() not in _SILENT:
                    self._within(child, below, found, depth + 1)
            elif tag in _DIRECTED and child.get(_VAL) == "rtl":
                found.aside(PieceKind.DRAWING, "".join(child.itertext(_T)))
            elif tag in _THROUGH or tag in _DIRECTED:
                self._within(child, below, found, depth + 1)
            elif tag in _NOT_TOLD:
                found.aside(_NOT_TOLD[tag])
            elif tag == ALTERNATE:
                self._alternate(child, below, found, depth)
            elif tag in _MATHS:
                _formula(child, found)

    def _control(self, control: Any, below: _Look, found: _Found, depth: int) -> None:
        content = control.find(_SDT_CONTENT)
        if next(control.iter(_PLACEHOLDER), None) is not None:
            found.aside(PieceKind.FIELD)
        elif content is not None:
            self._within(content, below, found, depth + 1)

    def _alternate(self, element: Any, below: _Look, found: _Found, depth: int) -> None:
        choice, fallback = element.find(CHOICE), element.find(FALLBACK)
        kept = choice if choice is not None else fallback
        if kept is None:
            return
        texts = {"".join(one.itertext(_T)) for one in (choice, fallback) if one is not None}
        if len(texts) > 1 and kept.find(f".//{_BOX}") is None and any(text.strip() for text in texts):
            # Which of the two is shown depends on who shows it.
            found.aside(PieceKind.OBJECT)
            return
        self._nodes(kept, below, found, depth + 1)

    def _run(self, run: Any, below: _Look, found: _Found, depth: int) -> None:
        properties = run.find(_RPR)
        look = below
        if properties is not None:
            style = properties.find(_RSTYLE)
            if style is not None:
                look = self._styles.look(style.get(_VAL) or "").over(look)
            look = _look(properties).over(look)
        self._nodes(run, look, found, depth)

    def _nodes(self, run: Any, look: _Look, found: _Found, depth: int) -> None:
        for node in run:
            tag = node.tag
            if tag == _FIELD_CHARACTER:
                self._field_character(node, found)
            elif tag == _INSTRUCTION:
                if self._fields:
                    self._fields[-1].code += node.text or ""
            elif self._fields and not all(one.result for one in self._fields):
                # What stands in the code of a field is seen by nobody.
                if tag == _T and (node.text or "").strip():
                    found.pieces.append(Piece(PieceKind.HIDDEN, node.text))
            elif tag == _R:
                self._run(node, look, found, depth + 1)
            else:
                self._node(node, tag, look, found, depth)

    def _node(self, node: Any, tag: str, look: _Look, found: _Found, depth: int) -> None:
        if tag == _T:
            self._text(node.text or "", look, found)
        elif tag in _BREAKS:
            found.text.append((LINE_BREAK, 0))
        elif tag in _TABS:
            found.text.append((" ", 0))
        elif tag == _HYPHEN:
            self._text("-", look, found)
        elif tag == _DELETED_TEXT:
            found.aside(PieceKind.STRUCK, node.text or "")
        elif tag in _NOTES:
            found.aside(PieceKind.NOTE)
        elif tag == _SYMBOL:
            _symbol(node, found)
        elif tag == _RUBY:
            over = node.find(_RUBY_TEXT)
            if over is not None:
                found.pieces.append(Piece(PieceKind.RUBY, "".join(over.itertext(_T))))
            base = node.find(_RUBY_BASE)
            if base is not None:
                self._within(base, look, found, depth + 1)
        elif tag in _NOT_TOLD:
            found.aside(_NOT_TOLD[tag])
        elif tag == ALTERNATE:
            self._alternate(node, look, found, depth)
        elif tag in (_DRAWING, _PICT, _OBJECT):
            drawn = drawn_piece(node)
            if drawn is not None and not look.hidden:
                found.pieces.append(drawn)

    def _text(self, text: str, look: _Look, found: _Found) -> None:
        if any(one.name in _SILENT for one in self._fields):
            kind: PieceKind | None = PieceKind.HIDDEN
        elif look.hidden or (look.white and not look.shaded):
            kind = PieceKind.HIDDEN
        elif look.struck:
            kind = PieceKind.STRUCK
        else:
            kind = PieceKind.NOTE if look.raised else None
        for one in self._fields:
            one.shown |= bool(text.strip())
        if kind is None:
            found.text.append((text, look.size or _DEFAULT_SIZE))
        elif text.strip():
            found.aside(kind, text)

    def _field_character(self, node: Any, found: _Found) -> None:
        kind = node.get(_FIELD_TYPE)
        if kind == "begin" and len(self._fields) < 20:
            self._fields.append(_Field(choice=_chosen(node)))
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if ended.choice is not None and not ended.shown:
                found.pieces.append(Piece(PieceKind.FIELD, ended.choice))
            elif ended.name in _DRAWN or (ended.choice is None and ended.name == "FORMDROPDOWN"):
                found.aside(PieceKind.FIELD)


def drawn_piece(drawing: Any) -> Piece | None:
    """What a drawing, picture or object shows: the text of its boxes, a picture, or nothing but lines (None)."""
    boxes = [box for box in drawing.iter(_BOX) if not any(above.tag == FALLBACK for above in box.iterancestors())]
    text = "\n".join("".join(paragraph.itertext(_T)) for box in boxes for paragraph in box.iter(_P)).strip()
    if text:
        return Piece(PieceKind.FIELD, text)
    if drawing.tag == _OBJECT:
        return Piece(PieceKind.OBJECT)
    for one in drawing.iter():
        if isinstance(one.tag, str) and one.tag.endswith(_PICTURE_SIGNS):
            return Piece(PieceKind.OBJECT if one.tag.endswith(("OLEObject", "control", "chart")) else PieceKind.PICTURE)
    return None


def _formula(element: Any, found: _Found) -> None:
    if any(next(element.iter(level), None) is not None for level in _MATH_LEVELS):
        found.aside(PieceKind.OBJECT)
        return
    text = "".join(node.text or "" for node in element.iter(_MATH_TEXT)).strip()
    if text:
        found.pieces.append(Piece(PieceKind.FIELD, text))


def _symbol(node: Any, found: _Found) -> None:
    """A sign of a symbol font. The font Symbol has its digits where everybody has them; of others that is not known."""
    code = node.get(qn("w:char")) or ""
    sign = chr(int(code[-2:], 16)) if len(code) == 4 and all(one in "0123456789abcdefABCDEF" for one in code) else ""
    if (node.get(qn("w:font")) or "").lower() == "symbol" and sign.isdigit() and code[:2].upper() in ("F0", "00"):
        found.pieces.append(Piece(PieceKind.MARK, sign))
        found.text.append((sign, 0))
    else:
        found.aside(PieceKind.SYMBOL)


def _chosen(begin: Any) -> str | None:
    """What a drop-down field shows, None where it is none."""
    for listed in begin.iter(_LIST):
        entries = [entry.get(_VAL) or "" for entry in listed.iter(_LIST_ENTRY)]
        result = listed.find(_LIST_RESULT)
        chosen = 0 if result is None else int(result.get(_VAL) or "0") if (result.get(_VAL) or "0").isdigit() else -1
        return entries[chosen] if 0 <= chosen < len(entries) else ""
    return None


def _look(properties: Any) -> _Look:
    """What character properties say."""
    if properties is None:
        return _Look()
    hidden = struck = raised = white = shaded = size = None
    colour = ground = ""
    for one in _named(properties):
        name, value = one.tag.rpartition("}")[2], (one.get(_VAL) or "").lower()
        if name in ("vanish", "webHidden", "specVanish"):
            hidden = bool(hidden) or value not in _OFF
        elif name in ("strike", "dstrike"):
            struck = bool(struck) or value not in _OFF
        elif name == "vertAlign":
            raised = value in ("superscript", "subscript")
        elif name == "position":
            raised = value not in ("0", "") or raised
        elif name == "w":
            hidden = True if len(value) == 1 and value.isdigit() else hidden
        elif name == "color":
            colour = value
            white = _is_hex(value) and all(int(value[at : at + 2], 16) >= _WHITE for at in (0, 2, 4))
        elif name in ("shd", "highlight"):
            fill = (one.get(qn("w:fill")) or value).lower()
            ground = _HIGHLIGHTS.get(fill, fill)
            shaded = fill not in ("auto", "ffffff", "white", "none", "clear", "")
        elif name == "sz":
            size = int(value) if value.isdigit() and len(value) < 5 else None
    if colour and colour == ground and _is_hex(colour):
        hidden = True
    return _Look(hidden, struck, raised, white, shaded, size)


def _named(properties: Any) -> Iterator[Any]:
    return (one for one in properties if isinstance(one.tag, str))


def _is_hex(value: str) -> bool:
    return len(value) == 6 and all(character in "0123456789abcdef" for character in value)


def _of_one_size(found: _Found) -> str:
    """The plain text; runs much smaller than the largest are notes and stand aside."""
    sizes = [size for text, size in found.text if size and text.strip()]
    largest = max(sizes, default=0)
    joined = "".join(text for text, _ in found.text)
    if not sizes or min(sizes) >= largest * _NEARLY_AS_LARGE:
        return joined
    if min(sizes) >= largest * _SMALL:
        # Neither surely a note nor surely part of the number.
        return UNREAD * len(joined.strip()) if joined.strip() and _DIGITS.issuperset(joined) else joined
    kept = []
    for text, size in found.text:
        if size and text.strip() and size < largest * _SMALL:
            found.pieces.append(Piece(PieceKind.NOTE, text))
            kept.append(GAP)
        else:
            kept.append(text)
    return "".join(kept)

"""What stands in a cell of a web page: its plain visible text, and beside it what is no such text."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import html

from report.account import PieceKind
from workers.reading.content import GAP, UNREAD, Piece, without_gaps
from workers.reading.formats.page_style import Look, PageStyle

# Elements whose content nobody here reads, by what they are.
CLOSED_TAGS = {
    "img": PieceKind.PICTURE, "svg": PieceKind.DRAWING, "canvas": PieceKind.DRAWING, "video": PieceKind.OBJECT,
    "iframe": PieceKind.FRAME, "frame": PieceKind.FRAME, "object": PieceKind.OBJECT, "embed": PieceKind.OBJECT,
    "audio": PieceKind.OBJECT, "msup": PieceKind.DRAWING, "msub": PieceKind.DRAWING, "msubsup": PieceKind.DRAWING,
    "mfrac": PieceKind.DRAWING, "mover": PieceKind.DRAWING, "munder": PieceKind.DRAWING, "mroot": PieceKind.DRAWING,
    "applet": PieceKind.OBJECT, "select": PieceKind.FIELD, "textarea": PieceKind.FIELD, "input": PieceKind.FIELD,
    "meter": PieceKind.FIELD, "progress": PieceKind.FIELD, "picture": PieceKind.PICTURE, "map": PieceKind.PICTURE,
}  # fmt: skip
_UNSEEN_TAGS = frozenset({"script", "style", "noscript", "head", "template", "title", "datalist"})
_TEXT_FIELDS = frozenset({"text", "number", "tel", ""})
_BREAKS = frozenset({
    "address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "li", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_HOLD_TEXT = frozenset({"p", "span", "font", "div", "b", "strong", "center", "o:p"})
# A piece so much smaller than the others of its cell is a note. Where no size is written, 16 pixels are only likely.
_SMALL, _SMALL_BESIDE_UNKNOWN = 0.72, 0.6
# Digits that are smaller than this are not sure to be of the same number.
_NEARLY_AS_LARGE = 0.9
_DIGITS = frozenset("0123456789.,+- \u00a0\u3000\r\n\t")
_LONGEST_ANCHOR = 6


@dataclass
class _Found:
    """Plain text by its look, and the other pieces."""

    text: list[tuple[str, Look | None]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def cell_pieces(cell: html.HtmlElement, style: PageStyle, look: Look) -> tuple[str, tuple[Piece, ...]]:
    """The plain text of a cell, and its other pieces; ``look`` is that of the cell itself."""
    inside, seen = _only_text(cell, style, look)
    if inside is not None and seen.kind is None:
        text = (inside.text or "").strip()
        if text or (inside is cell and not _is_painted(cell, style)):
            # Nearly every cell: plain text and nothing else, perhaps within a paragraph and a span.
            return text, ()
    found = _Found()
    if style.generated and cell in style.generated:
        found.pieces.append(Piece(PieceKind.GENERATED, style.generated[cell]))
    _gather(cell, style, look, found, 0)
    text = without_gaps(_of_one_size(found))
    if not text.strip() and any(_is_painted(element, style) for element in cell.iter()):
        found.pieces.append(Piece(PieceKind.PICTURE))
    return text.strip(), tuple(found.pieces)


def _only_text(cell: html.HtmlElement, style: PageStyle, look: Look) -> tuple[html.HtmlElement | None, Look]:
    """The element in which all text of a cell stands, with its look; None where it stands in several."""
    element = cell
    while not style.reorders and not (style.generated and element in style.generated):
        count = len(element)
        if count == 0:
            return element, look
        child = element[0]
        if count > 1 or child.tag not in _HOLD_TEXT or not _is_blank(element.text) or not _is_blank(child.tail):
            break
        element, look = child, style.look(child, look)
    return None, look


def _is_painted(element: html.HtmlElement, style: PageStyle) -> bool:
    """Whether a picture lies behind an element, which may show what its text does not say."""
    if element.get("background"):
        return True
    ground = style.style(element)
    return "url(" in ground.get("background", "") + ground.get("background-image", "")


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def field_value(element: html.HtmlElement) -> str | None:
    """What a field shows, where the page says it; None where that is not known."""
    if element.tag == "input":
        return (element.get("value") or "") if (element.get("type") or "").lower() in _TEXT_FIELDS else None
    if element.tag == "textarea":
        return element.text or ""
    chosen = [option for option in element.iter("option") if "selected" in option.attrib]
    return "".join(chosen[0].itertext()) if len(chosen) == 1 else None


def _gather(element: html.HtmlElement, style: PageStyle, look: Look, found: _Found, depth: int) -> None:
    _take(element.text, look, found)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in _UNSEEN_TAGS and depth < 100:
            _child(child, tag, style, look, found, depth)
        _take(child.tail, look, found)


def _child(child: html.HtmlElement, tag: str, style: PageStyle, look: Look, found: _Found, depth: int) -> None:
    inner = style.look(child, look)
    if tag in _BREAKS:
        found.text.append(("\n", None))
    if style.generated and child in style.generated and not inner.is_unseen:
        found.pieces.append(Piece(PieceKind.GENERATED, style.generated[child]))
    if tag in CLOSED_TAGS:
        if not inner.is_unseen and not is_nothing(child):
            _closed(child, found)
    elif style.is_reordered(child):
        _name(PieceKind.DRAWING, child, found)
    elif tag == "details" and "open" not in child.attrib:
        _name(PieceKind.HIDDEN, child, found)
    elif tag in ("rt", "rp", "rtc"):
        _name(PieceKind.RUBY, child, found)
    elif _is_note_anchor(child):
        _name(PieceKind.NOTE, child, found)
    else:
        _gather(child, style, inner, found, depth + 1)
        if tag in _BREAKS and tag != "br":
            found.text.append(("\n", None))


def _take(text: str | None, look: Look, found: _Found) -> None:
    if not text:
        return
    kind = look.kind
    if kind is None:
        found.text.append((text, look))
    elif text.strip():
        _put_aside(Piece(kind, text.strip()), found)


def _name(kind: PieceKind, element: html.HtmlElement, found: _Found) -> None:
    text = "".join(element.itertext()).strip()
    if text:
        _put_aside(Piece(kind, text), found)


def _put_aside(piece: Piece, found: _Found) -> None:
    found.pieces.append(piece)
    found.text.append((GAP, None))


def _closed(element: html.HtmlElement, found: _Found) -> None:
    if element.tag in ("input", "select", "textarea"):
        value = field_value(element)
        found.pieces.append(Piece(PieceKind.FIELD, (value or "").strip()))
    else:
        found.pieces.append(Piece(CLOSED_TAGS[element.tag], element.get("alt") or element.get("src") or ""))


def is_nothing(element: html.HtmlElement) -> bool:
    """Whether an element shows nothing: a hidden field, a picture of one pixel that keeps room or counts visits."""
    if element.tag == "input":
        return (element.get("type") or "").lower() == "hidden"
    sizes = [(element.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return element.tag in ("img", "iframe") and any(size in ("0", "1") for size in sizes)


def _is_note_anchor(element: html.HtmlElement) -> bool:
    """Whether an element is the mark of a note: a short link within the page."""
    if element.tag != "a":
        return False
    href = element.get("href") or ""
    inside = href.startswith("#") or "footnote" in href or "_ftn" in href or "_edn" in href
    return inside and len("".join(element.itertext()).strip()) <= _LONGEST_ANCHOR


def _of_one_size(found: _Found) -> str:
    """The plain text; pieces much smaller than its largest are notes and stand aside."""
    seen = [(text, look) for text, look in found.text if look is not None and text.strip()]
    if len(seen) < 2:
        return "".join(text for text, _ in found.text)
    largest = max((look for _, look in seen), key=lambda look: look.size)
    known = largest.sized
    is_number = _DIGITS.issuperset("".join(text for text, _ in seen))
    kept = []
    for text, look in found.text:
        limit = _SMALL if known and look is not None and look.sized else _SMALL_BESIDE_UNKNOWN
        if look is not None and text.strip() and look.size < largest.size * limit:
            found.pieces.append(Piece(PieceKind.NOTE, text.strip()))
            kept.append(GAP)
        elif is_number and look is not None and look.size < largest.size * _NEARLY_AS_LARGE and text.strip():
            # Neither surely a note nor surely part of the number.
            kept.append(UNREAD)
        else:
            kept.append(text)
    return "".join(kept)

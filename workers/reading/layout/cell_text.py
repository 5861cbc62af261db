"""What stands in a cell: plain glyphs of one kind as its text, all else as pieces beside it (design, decision 19)."""

from __future__ import annotations

from collections.abc import Sequence

from report.account import TEXT, PieceKind
from report.figure import NUMBER
from workers.reading.content import GAP, UNREAD, Piece, shown_by_field, without_gaps
from workers.reading.form.cell_value import state_of
from workers.reading.layout.glyph import Glyph
from workers.reading.layout.pdf_tables import Box
from workers.reading.layout.text_lines import lines_of

_SMALL = 0.8
# Of the taller one's height: how far a base line lies above or below another that is not the same.
_RAISED, _LOWERED = 0.1, -0.07
# From the bottom of a glyph's box to its base line, of its height.
_DESCENT = 0.18
_COPY = 0.3
_LOOK_BACK = 20
# How far a digit may lie over the one before it (of its width) or over the edge of its cell (of its height). In sound
# documents it is 0.06 and -0.18.
_OVERLAP = 0.25
_OVER_THE_EDGE = 0.2
_SAME_LINE = 0.5
_LEAVES_A_GAP = (PieceKind.NOTE, PieceKind.STRUCK)


def said_in(glyphs: Sequence[Glyph], box: Box, doubtful: bool = False) -> tuple[str, tuple[Piece, ...]]:
    """The text of a cell and its pieces of other kinds. ``glyphs`` in the order of the file.

    A number whose glyphs do not stand one after the other, or of which a digit belongs to a neighbour (``doubtful``),
    is none.
    """
    if not glyphs:
        return "", ()
    is_plain = glyphs[0].kind is TEXT if len(glyphs) == 1 else _all_text(glyphs)
    # Most cells hold one digit.
    if len(glyphs) > 1 or not is_plain:
        glyphs = without_copies(_with_notes(glyphs))
        is_plain = is_plain and _all_text(glyphs)
    plain = standing = glyphs
    if not is_plain:
        plain = [glyph for glyph in glyphs if glyph.kind is TEXT]
        standing = [glyph._replace(text=GAP) if glyph.kind in _LEAVES_A_GAP else glyph for glyph in glyphs]
        standing = [glyph for glyph in standing if glyph.kind is TEXT or glyph.text == GAP]
    if len(standing) == 1:
        text = without_gaps(standing[0].text if standing[0].text.strip() else "")
    else:
        text = without_gaps("\n".join([line[4] for line in lines_of(standing)]))
    if "\n" in text:
        text = "\n".join([line for line in text.split("\n") if line.strip()])
    if (doubtful or not _stand_in_step(plain, box)) and state_of(text)[0] is NUMBER:
        text = UNREAD * len(plain)
    return text, () if is_plain else pieces_of(glyphs)


def _all_text(glyphs: Sequence[Glyph]) -> bool:
    return [glyph.kind for glyph in glyphs].count(TEXT) == len(glyphs)


def pieces_of(glyphs: Sequence[Glyph]) -> tuple[Piece, ...]:
    """What is no plain text among some glyphs: one piece a kind."""
    kinds = dict.fromkeys(glyph.kind for glyph in glyphs if glyph.kind is not TEXT)
    return tuple(Piece(kind, "".join(glyph.text for glyph in glyphs if glyph.kind is kind)) for kind in kinds)


def with_annotations(
    text: str, pieces: tuple[Piece, ...], put_upon: Sequence[tuple[PieceKind, str]]
) -> tuple[str, tuple[Piece, ...]]:
    """A cell with what annotations put upon it: the value of one field in an empty cell is what stands in it."""
    return shown_by_field(text, (*pieces, *(Piece(kind, said) for kind, said in put_upon)))


def without_copies(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs without those drawn again beside themselves, to look bold or to throw a shadow."""
    if len({glyph.text for glyph in glyphs}) == len(glyphs):
        return list(glyphs)
    kept: list[Glyph] = []
    alike: dict[str, list[tuple[float, float]]] = {}
    for glyph in glyphs:
        text, x0, top, x1, _, kind, _, _, _ = glyph
        # To ask for the hash of a kind takes longer than to compare it.
        name = text if kind is TEXT else f"{text}\0{kind.value}"
        others = alike.get(name)
        if others is None:
            alike[name] = [(x0, top)]
            kept.append(glyph)
            continue
        near = _COPY * (x1 - x0)
        for left, upper in others[-_LOOK_BACK:]:
            if -near < upper - top < near and -near < left - x0 < near:
                break
        else:
            kept.append(glyph)
            others.append((x0, top))
    return kept


def _with_notes(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs with those that are set small and high or low as notes; a small digit among large ones is unread."""
    sizes = {_size(glyph) for glyph in glyphs if glyph.kind is TEXT}
    large = max(sizes, default=0)
    if not sizes or min(sizes) >= _SMALL * large:
        return glyphs
    full = [glyph for glyph in glyphs if glyph.kind is TEXT and _size(glyph) >= _SMALL * large]
    digits = any(glyph.text.isdigit() for glyph in full)
    first = min((glyph.x0 for glyph in full if glyph.text.isdecimal()), default=None)
    found = []
    for glyph in glyphs:
        if glyph.kind is TEXT and _size(glyph) < _SMALL * large:
            beside = min(full, key=lambda other: abs(other.x0 - glyph.x0) + 3 * abs(_middle(other) - _middle(glyph)))
            above = _base(beside) - _base(glyph)
            height = beside.bottom - beside.top
            in_line = abs(_middle(beside) - _middle(glyph)) < 0.8 * height
            if in_line and first is not None and glyph.x0 < first and glyph.text.isdecimal():
                # A note follows its number: of a small digit before a larger one nobody knows which is the number.
                glyph = glyph._replace(text=UNREAD)
            elif in_line and not (_LOWERED * height < above < _RAISED * height):
                # In the line of what it is a note to, so that digits on both sides of it are seen to be apart.
                glyph = glyph._replace(kind=PieceKind.NOTE, top=beside.top, bottom=beside.bottom)
            elif digits and glyph.text.isdigit():
                glyph = glyph._replace(text=UNREAD)
        found.append(glyph)
    return found


def _size(glyph: Glyph) -> float:
    return glyph.size or glyph.bottom - glyph.top


def _middle(glyph: Glyph) -> float:
    return (glyph.top + glyph.bottom) / 2


def _base(glyph: Glyph) -> float:
    return glyph.bottom - _DESCENT * (glyph.bottom - glyph.top)


def _stand_in_step(glyphs: Sequence[Glyph], box: Box) -> bool:
    """Whether the characters of a cell stand one after the other, in the file's order too, and inside it.

    Where they do not (a font whose widths are wrong, a text drawn over another, a number too long for its cell), a
    number made of them is not the one that was written.
    """
    if not glyphs:
        return True
    size = glyphs[0].bottom - glyphs[0].top
    end = start = box[0] - _OVER_THE_EDGE * size
    top = glyphs[0].top
    for glyph in glyphs:
        if glyph.top - top > _SAME_LINE * size:
            # A new line, as of a unit under its number.
            end, top = start, glyph.top
        if glyph.x0 < end:
            return False
        end = glyph.x1 - _OVERLAP * (glyph.x1 - glyph.x0)
    return glyphs[-1].x1 <= box[2] + _OVER_THE_EDGE * size

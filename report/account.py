"""The account of a document: what became of everything that a person sees in it (design, decision 16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from report.figure import NOWHERE, Place

EXAMPLES = 20
_LONGEST_EXAMPLE = 60


class PieceKind(StrEnum):
    """What a piece of a document is. All but ``TEXT`` and ``CELL`` are no part of the numbers and the running text."""

    TEXT = "text"
    CELL = "cell"
    TABLE = "table"
    # Known by name, and left out of every number.
    NOTE = "note"
    STRUCK = "struck"
    HIDDEN = "hidden"
    RUBY = "ruby"
    MARK = "mark"
    WATERMARK = "watermark"
    MARGIN = "margin"
    # What nobody here reads: anything may stand in it.
    PICTURE = "picture"
    DRAWING = "drawing"
    FRAME = "frame"
    OBJECT = "object"
    FIELD = "field"
    SYMBOL = "symbol"
    GENERATED = "generated"
    SCRIPT = "script"
    LINK = "link"
    ANNOTATION = "annotation"


# Pieces in which anything may stand: where one could be the thing, nothing is said to be absent.
CLOSED = frozenset({
    PieceKind.PICTURE, PieceKind.DRAWING, PieceKind.FRAME, PieceKind.OBJECT, PieceKind.FIELD, PieceKind.SYMBOL,
    PieceKind.GENERATED, PieceKind.SCRIPT, PieceKind.LINK, PieceKind.ANNOTATION,
})  # fmt: skip


class Fate(StrEnum):
    """What became of a piece: read and understood, known as something else by name, or neither."""

    UNDERSTOOD = "understood"
    NAMED = "named"
    UNACCOUNTED = "unaccounted"


# As figure.NUMBER: asked of a class they take long, and a document has thousands of glyphs and hundreds of cells.
TEXT, UNDERSTOOD = PieceKind.TEXT, Fate.UNDERSTOOD


@dataclass(frozen=True, slots=True)
class Example:
    """One piece that was not understood: its kind and fate, the beginning of its text, and where it stands."""

    kind: PieceKind
    fate: Fate
    text: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Account:
    """How many pieces a document has by what became of them; ``examples`` are of those that are unaccounted first."""

    understood: int = 0
    named: int = 0
    unaccounted: int = 0
    examples: tuple[Example, ...] = ()

    @property
    def pieces(self) -> int:
        """How many pieces there are."""
        return self.understood + self.named + self.unaccounted


def account_of(entries: Iterable[Example]) -> Account:
    """The account of pieces with their fates."""
    understood = 0
    named: list[Example] = []
    unaccounted: list[Example] = []
    for entry in entries:
        if entry.fate is UNDERSTOOD:
            understood += 1
        else:
            (named if entry.fate is Fate.NAMED else unaccounted).append(entry)
    examples = tuple(
        Example(one.kind, one.fate, one.text.strip()[:_LONGEST_EXAMPLE], one.place)
        for one in (*unaccounted[:EXAMPLES], *named[:EXAMPLES])[:EXAMPLES]
    )
    return Account(understood, len(named), len(unaccounted), examples)

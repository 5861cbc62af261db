"""What stands in a cell: a number, nothing, a stroke, or something else."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from report.figure import Figure, State
from report.numerals import arabic_number, fold_width, without_space
from workers.reading.content import UNREAD, Cell

_SLASHES = frozenset({"/", "\\", "／", "∕", "⁄", "//"})
_DASHES = frozenset("-‐‑‒–—―─━−_")
_UNIT = re.compile(r"(?:万元|元|件|项|条|宗|个|份|次|人次|起)$")
_SHORT = 24
_BROKEN_NUMBER = re.compile(r"[0-9.,]\s+[0-9.,]")


def state_of(text: str) -> tuple[State, int | Decimal | None]:
    """The state of a cell's text and, where it is a number, its value.

    Digits with white space between them may be one number or two: unreadable.
    """
    # Nearly every cell of a report holds one of a few short texts.
    return _state_of_short(text) if len(text) <= _SHORT else _state_of(text)


def _state_of(text: str) -> tuple[State, int | Decimal | None]:
    folded = fold_width(text).strip()
    letters = without_space(folded)
    if not letters:
        return State.BLANK, None
    if UNREAD in letters:
        return State.UNREADABLE, None
    if letters in _SLASHES:
        return State.SLASH, None
    if all(character in _DASHES for character in letters):
        return State.DASH, None
    value = arabic_number(_UNIT.sub("", letters.replace("−", "-")))
    if value is None:
        return State.TEXT, None
    if _BROKEN_NUMBER.search(folded):
        return State.UNREADABLE, None
    return State.NUMBER, value


_state_of_short = lru_cache(maxsize=4096)(_state_of)


def is_value(text: str) -> bool:
    """Whether the text is what a cell for numbers holds: a number or a stroke; nothing is no value."""
    return state_of(text)[0] in (State.NUMBER, State.SLASH, State.DASH, State.UNREADABLE)


def figure_of(key: str, cell: Cell) -> Figure:
    """The figure that stands in a cell; one with something unread in it is unreadable, not blank and not shorter."""
    if cell.is_unread:
        text = cell.text.strip() or " ".join(piece.text for piece in cell.pieces if piece.text)
        return Figure(key, State.UNREADABLE, None, text, cell.place, False)
    state, value = state_of(cell.text)
    confirmed_by = () if cell.pieces else cell.confirmed_by
    return Figure(key, state, value, cell.text.strip(), cell.place, cell.certain, confirmed_by)

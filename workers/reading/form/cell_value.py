"""What stands in a cell: a number, nothing, a stroke, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from report.figure import BLANK, NUMBER, TEXT, UNREADABLE, Figure, State
from report.numerals import arabic_number, fold_width, without_space
from workers.reading.content import UNREAD, Cell

_SLASHES = frozenset({"/", "\\", "／", "∕", "⁄", "//"})
_DASHES = frozenset("-‐‑‒–—―─━−_")
_UNIT = re.compile(r"(?:万元|元|件|项|条|宗|个|份|次|人次|起)$")
_SHORT = 24
_VALUES = frozenset({NUMBER, State.SLASH, State.DASH, UNREADABLE})
# 增10, 减4, +10: how the column 本年增/减 is filled in (facts/practice.md, section 2).
_CHANGE = re.compile(r"(?:本年)?(增加?|减少?|新增|上升|下降)([0-9]{1,9})")
# A number with the mark of a note behind it, or in brackets: what is not plain text of one kind.
_NOTED = re.compile(
    r"([+-]?[0-9][0-9,.]{0,14})(?:[①-⑳※*†‡⁰¹²³⁴-⁹]{1,3}|[\[〔【](?:注?[0-9]{0,2}|注)[\]〕】]|[（(]?注[0-9①-⑳]{0,2}[）)]?)"
)
_BESIDE = re.compile(r"[0-9][0-9,.]{0,14}[（(][0-9]{1,9}[）)]|[（(][0-9]{1,9}[）)][0-9][0-9,.]{0,14}")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
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
        return BLANK, None
    if UNREAD in letters or _PRIVATE.search(letters) or _BESIDE.fullmatch(letters):
        return UNREADABLE, None
    if letters in _SLASHES:
        return State.SLASH, None
    if all(character in _DASHES for character in letters):
        return State.DASH, None
    noted = _NOTED.fullmatch(letters.replace("−", "-"))
    value = arabic_number(noted[1] if noted else _UNIT.sub("", letters.replace("−", "-")))
    if value is None:
        return TEXT, None
    if _BROKEN_NUMBER.search(folded):
        return UNREADABLE, None
    return NUMBER, value


_state_of_short = lru_cache(maxsize=4096)(_state_of)


@lru_cache(maxsize=4096)
def _is_noted(text: str) -> bool:
    """Whether a number has the mark of a note behind it."""
    return _NOTED.fullmatch(without_space(fold_width(text)).replace("−", "-")) is not None


@lru_cache(maxsize=4096)
def _is_short_value(text: str) -> bool:
    return _state_of(text)[0] in _VALUES


def is_value(text: str) -> bool:
    """Whether the text is what a cell for numbers holds: a number or a stroke; nothing is no value."""
    if len(text) <= _SHORT:
        return _is_short_value(text)
    # Lines of running text are asked for too, and no number or stroke begins as nearly all of them do.
    if "\u4e00" <= text[0] <= "\u9fff" and UNREAD not in text and not _PRIVATE.search(text):
        return False
    return _state_of(text)[0] in _VALUES


def has_value(cells: Iterable[Cell]) -> bool:
    """Whether one of some cells holds a number or a stroke."""
    # Each of the tables' readers asks it of each row: a loop, as the generator of any() costs as much again.
    for cell in cells:  # noqa: SIM110
        if is_value(cell.text):
            return True
    return False


def figure_of(key: str, cell: Cell) -> Figure:
    """The figure that stands in a cell; one with something unread in it is unreadable, not blank and not shorter."""
    if cell.pieces and cell.is_unread:
        text = cell.text.strip() or " ".join(piece.text for piece in cell.pieces if piece.text)
        return Figure(key, UNREADABLE, None, text, cell.place, False)
    text = cell.text
    state, value = state_of(text)
    if state is TEXT and key.endswith(".change") and (change := _CHANGE.fullmatch(without_space(cell.text))):
        state, value = NUMBER, int(change[2]) * (-1 if change[1][0] in "减下" else 1)
    noted = state is NUMBER and not text.isdecimal() and _is_noted(text)
    confirmed_by = () if cell.pieces or noted else cell.confirmed_by
    return Figure(key, state, value, text.strip(), cell.place, cell.certain, confirmed_by)

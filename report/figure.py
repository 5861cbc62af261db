"""One number of the form, with where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    """What stands in a cell. Only ``NUMBER`` has a value and takes part in sums: blank is not zero."""

    NUMBER = "number"
    BLANK = "blank"
    SLASH = "slash"
    DASH = "dash"
    TEXT = "text"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


# A member asked of its class takes ten times as long before Python 3.12, and there are hundreds of figures in a report.
NUMBER, BLANK, TEXT, ABSENT, UNREADABLE = State.NUMBER, State.BLANK, State.TEXT, State.ABSENT, State.UNREADABLE
# What stands in these cells is a word of the document; what is absent or unreadable is the account's business.
WRITTEN = frozenset({State.NUMBER, State.TEXT, State.SLASH, State.DASH})


class Confirmation(StrEnum):
    """How a figure was seen a second time (design, decision 18).

    ``PLAIN_TEXT``: nothing stands in its cell but plain visible text of one kind (web pages, Word, text).
    ``SECOND_ENGINE``: another engine has the same glyphs in the cell. ``PICTURE``: they were recognised in the picture
    of the cell. ``SECOND_RECOGNITION``: the cell of a scan was recognised again at another scale. ``PERSON``: somebody
    read the original.
    """

    PLAIN_TEXT = "plain_text"
    SECOND_ENGINE = "second_engine"
    PICTURE = "picture"
    SECOND_RECOGNITION = "second_recognition"
    PERSON = "person"


# Nobody changes one; it is not frozen because a document has thousands, and a frozen one is made four times slower.
@dataclass(slots=True, unsafe_hash=True)
class Place:
    """Where something was read.

    ``page`` (from 1) and ``bbox`` (left, top, right, bottom in PDF points, origin top left) in paged
    documents; ``table``, ``row`` and ``column`` (from 0, in the document's own tables) in the others.
    """

    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None


NOWHERE = Place()


# Nobody changes one; not frozen, as Place: a document has hundreds.
@dataclass(slots=True, unsafe_hash=True)
class Figure:
    """One figure of a form.

    ``key`` is the name of contract section 3. ``value`` is set only where ``state`` is ``NUMBER``: an int,
    or a Decimal where the document has a decimal point. ``text`` is what stands in the cell, as written.
    ``certain`` is false where the reader had to guess which cell it was or what it says. ``confirmed_by`` is how it was
    seen a second time; without it nobody is accused on it.
    """

    key: str
    state: State
    value: int | Decimal | None = None
    text: str = ""
    place: Place = NOWHERE
    certain: bool = True
    confirmed_by: tuple[Confirmation, ...] = ()

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.state is NUMBER):
            raise ValueError(f"{self.key}: a value goes with the state number, and with no other")

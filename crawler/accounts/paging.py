"""How long a list says it is, which pagers it shows, and how the reading of it ended.

Whoever reads a list (``crawler/visiting/list_reading``, by what its family knows of paging) makes one ``PagingState``
for it; a look is complete only where each of them ended in what is an end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ledger.crawling.account_kinds import PagerKind, PagingEnd


@dataclass(frozen=True, slots=True)
class Pager:
    """One pager on a page: what it is made of, what it says, and where it leads (None: only a script knows)."""

    kind: PagerKind
    text: str
    address: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The pager for ``probe`` and ``why``."""
        return {"kind": self.kind.value, "text": self.text, "address": self.address}


@dataclass(frozen=True, slots=True)
class PagingState:
    """One list's paging.

    ``seen`` are the pagers that its pages show, ``unfollowed`` those of them that could not be followed.
    ``stated_count`` is the number of rows that the list states (totalrecord, total, 共N条, the sixth argument), None
    where it states none, ``stated_pages`` the number of pages; ``read`` and ``pages`` are how many of them were read.
    """

    address: str
    end: PagingEnd = PagingEnd.SINGLE_PAGE
    seen: tuple[Pager, ...] = ()
    unfollowed: tuple[Pager, ...] = ()
    stated_count: int | None = None
    stated_pages: int | None = None
    read: int = 0
    pages: int = 0

    @property
    def followed_to_end(self) -> bool:
        """Whether the list was read to an end that was recognised as one, as long as it says it is."""
        if not self.end.is_end or self.unfollowed:
            return False
        rows_missed = self.stated_count is not None and self.read < self.stated_count
        pages_missed = self.stated_pages is not None and self.pages < self.stated_pages
        return not (rows_missed or pages_missed)

    def as_json(self) -> dict[str, Any]:
        """As in contract.md, section 4, and how it ended."""
        return {
            "address": self.address,
            "seen": [pager.as_json() for pager in self.seen],
            "followed_to_end": self.followed_to_end,
            "stated_count": self.stated_count,
            "read": self.read,
            "stated_pages": self.stated_pages,
            "pages": self.pages,
            "end": self.end.value,
            "unfollowed": [pager.as_json() for pager in self.unfollowed],
        }


def not_followed(states: Iterable[PagingState]) -> list[PagingState]:
    """The lists of a column that were not read to their end."""
    return [state for state in states if not state.followed_to_end]

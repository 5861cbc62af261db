"""What a list page shows of its paging, as data: each pager that was seen, where it leads, and what it states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Numbers above these are not believed; a list that has more pages than are read is incomplete in any case.
MOST_PAGES = 1_000
MOST_ROWS = 1_000_000


class System(StrEnum):
    """By what a pager was recognised."""

    LINKS = "links"  # links, options and form buttons whose addresses stand in the page
    TRS = "trs"  # createPageHTML, pages counted from 0: index_1 is page two
    UCAP = "ucap"  # createPageHTML, pages counted from 1: name_2 is page two
    DATA_STORE = "data_store"  # hanweb and TrueCMS: further groups of records from an endpoint
    ENDPOINT = "endpoint"  # rows from an endpoint, counted by page or by row
    FEED = "feed"  # Atom's next
    STATED = "stated"  # no pager, but a number of pages or rows
    SCRIPT = "script"  # drawn or moved by a script that is not understood
    OTHER_FAMILY = "other_family"  # the page is built by a system that the portal file's family does not read


@dataclass(frozen=True, slots=True)
class ShownPager:
    """One pager as a list page shows it.

    ``text`` is what stands there, shortened, for people. ``pages`` are the addresses that it leads to. ``pages_stated``
    and ``rows_stated`` are the numbers that it gives (None: none). ``followable`` is false where it has, or may have,
    further pages whose address cannot be told; ``inert`` such a pager as sites show it on the last page too.
    """

    system: System
    text: str
    pages: tuple[str, ...] = ()
    pages_stated: int | None = None
    rows_stated: int | None = None
    followable: bool = True
    inert: bool = False


def following(pagers: Sequence[ShownPager]) -> list[str]:
    """The addresses of all pages that the pagers lead to, each once."""
    return list(dict.fromkeys(address for pager in pagers for address in pager.pages))


def pages_stated(pagers: Sequence[ShownPager]) -> int | None:
    """The number of pages that a page states; the greatest, where it states several."""
    return max((pager.pages_stated for pager in pagers if pager.pages_stated is not None), default=None)


def rows_stated(pagers: Sequence[ShownPager]) -> int | None:
    """The number of rows that a page states; the greatest, where it states several."""
    return max((pager.rows_stated for pager in pagers if pager.rows_stated is not None), default=None)

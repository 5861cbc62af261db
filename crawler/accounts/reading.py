"""What was understood of a list page by whoever read it: what the account settles the page's pieces by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.crawling.account_kinds import PieceName


@dataclass(frozen=True, slots=True)
class Understood:
    """One entry as it was judged: its title, what it was taken for, as whose report of which year."""

    title: str
    name: PieceName
    agency: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class PageReading:
    """The entries of a page by canonical address, the lists and list pages that are read after it.

    ``leads_on``: the page names further pages of its list, or the place where its rows come from, which are read.
    ``columns`` are the addresses of the portal's columns: a link to one of them leads to what is read elsewhere.
    ``kinds`` are those of the agencies whose reports belong here and in no other column.
    """

    entries: Mapping[str, Understood]
    folders: frozenset[str] = frozenset()
    leads_on: bool = False
    pages: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def has(self, agencies: frozenset[str], year: int | None) -> bool:
        """Whether every one of these agencies has a report of this year among the entries."""
        own = {entry.agency for entry in self.entries.values() if year is not None and entry.year == year}
        return agencies <= own

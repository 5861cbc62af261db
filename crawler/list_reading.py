"""Reads all pages of a column's list, to its end or to what stops it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from config.portals import PortalColumn
from crawler.clock import Clock
from crawler.families.family import Family, ListEntry
from crawler.fetching import Fetched
from crawler.looks import Listed
from ledger.states import PortalState

MOST_LIST_PAGES = 200


@dataclass
class ReadColumn:
    """What was read of a column. ``bad_page`` is the address and the answer that ended the reading, if one did.

    ``dropped`` is filled by whoever judges the entries: the entry and the reason, by address.
    """

    column: PortalColumn
    begun_at: datetime
    entries: dict[str, ListEntry] = field(default_factory=dict)
    found: PortalState = PortalState.HEALTHY
    sentence: str = ""
    complete: bool = True
    recognised: bool = False
    bad_page: tuple[str, Fetched] | None = None
    dropped: dict[str, tuple[ListEntry, str]] = field(default_factory=dict)

    @property
    def listed(self) -> Listed:
        """The figures by which the list is judged."""
        dated = sum(entry.listed is not None for entry in self.entries.values())
        return Listed(len(self.entries), len(self.dropped), dated, self.recognised)

    def stop(self, found: PortalState, sentence: str) -> None:
        """Notes that the list was not read to its end."""
        self.complete = False
        self.found = found
        self.sentence = f"栏目“{self.column.name}”：{sentence}"


async def read_list(
    family: Family, column: PortalColumn, fetch: Callable[[str], Awaitable[Fetched]], clock: Clock
) -> ReadColumn:
    """Reads a column's list with ``fetch``, page by page."""
    read = ReadColumn(column, clock.now())
    waiting = [family.first_page(column)]
    asked: set[str] = set()
    said = 0
    while waiting:
        address = waiting.pop(0)
        if len(asked) == MOST_LIST_PAGES:
            read.stop(PortalState.LAYOUT_CHANGED, f"超过 {MOST_LIST_PAGES} 页仍未到头，已停止")
            return read
        asked.add(address)
        fetched = await fetch(address)
        if fetched.page is None or not fetched.quality.good:
            read.bad_page = address, fetched
            read.stop(fetched.quality.found, fetched.quality.sentence)
            return read
        fresh = [entry for entry in family.entries(fetched.page) if entry.address not in read.entries]
        read.entries.update((entry.address, entry) for entry in fresh)
        said = max(said, family.pages_said(fetched.page))
        read.recognised = read.recognised or family.is_list(fetched.page)
        if fresh or len(asked) == 1:
            # A page that has nothing new is beyond the end; what it names is not followed.
            following = family.next_pages(fetched.page, column)
            waiting += [page for page in following if page not in asked and page not in waiting]
    if said > len(asked):
        read.stop(PortalState.LAYOUT_CHANGED, f"列表写明共 {said} 页，只找到 {len(asked)} 页；请核对门户文件中的类型")
    return read

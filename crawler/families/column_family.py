"""The family by which one column is read: the one that its file names, or the one that its first page is of.

A named family is held against the page, too: a page whose rows come from an endpoint that the family does not ask is
said to be of another one, and is never read to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from config.families import FamilyFile
from config.portals import AUTO, JSON_LIST, PortalColumn, PortalFile
from crawler.families.detection import LIST_FAMILIES, Fit, fits, of_system, same_list
from crawler.families.family import Family, ListEntry, SubList, UnreadableListError
from crawler.families.folders import Sections, UnitCodes
from crawler.families.paging.pager import ShownPager, System
from crawler.pages.kinds import is_data
from crawler.pages.page import Page


class ColumnFamily(Family):
    """Reads a column by the family ``named``; where that is ``auto``, by the one that is found.

    ``found_before`` is the family that was found before: it stays as long as it is among those that fit. ``found`` is
    what the column is read by with the signs that speak for it, ``changed`` whether another one was known.
    """

    name = AUTO

    def __init__(
        self,
        portal: PortalFile,
        column: PortalColumn,
        presets: Mapping[str, FamilyFile],
        make: Callable[[str], Family],
        known: str | None = None,
    ) -> None:
        super().__init__(portal)
        self._column = column
        self._presets = presets
        self._make = make
        self.found_before = known
        self.named = column.family or portal.family
        self._family = None if self.named == AUTO else make(self.named)
        self.found: Fit | None = None
        self._other: ShownPager | None = None

    @property
    def changed(self) -> bool:
        """Whether the page is of another family than was found before."""
        if self.named != AUTO or self.found_before is None or self.found is None:
            return False
        return not same_list(self.found_before, self.found.family)

    def first_page(self, column: PortalColumn) -> str:
        """As the named family; a list that is to be found begins at the column's address."""
        return self._family.first_page(column) if self._family is not None else super().first_page(column)

    def lists(self, column: PortalColumn) -> list[SubList]:
        """As the named family; where it is to be found those of units, if the address has their place."""
        if self._family is not None:
            return self._family.lists(column)
        return UnitCodes(self.portal).lists(column) if column.units else super().lists(column)

    def sublists(self, page: Page, column: PortalColumn, here: SubList) -> list[SubList]:
        """As the family; of a plain list those of its sections."""
        family = self._for(page)
        return (Sections(self.portal) if family.name in LIST_FAMILIES else family).sublists(page, column, here)

    def entries(self, page: Page) -> list[ListEntry]:
        """As the family."""
        return self._for(page).entries(page)

    def row_addresses(self, page: Page, entries: Sequence[ListEntry]) -> list[str]:
        """As the family."""
        return self._for(page).row_addresses(page, entries)

    def pagers(self, page: Page, column: PortalColumn) -> list[ShownPager]:
        """As the family; and on the first page what says that it is built by another system."""
        found = self._for(page).pagers(page, column)
        other, self._other = self._other, None
        return [*found, other] if other is not None else found

    def instead_of(self, address: str) -> str | None:
        """As the family."""
        return self._family.instead_of(address) if self._family is not None else None

    def is_list(self, page: Page) -> bool:
        """As the family."""
        return self._for(page).is_list(page)

    def _found_on(self, page: Page) -> Fit:
        """The likeliest family, or the one of before: where it still fits, and no system has the rows."""
        today = fits(page, self.portal, self._column, self._presets)
        if today[0].family == JSON_LIST and self.portal.json_rows is None:
            what = "数据（JSON）" if is_data(page) else "网页以外的内容"
            raise UnreadableListError(
                f"栏目的回答是{what}，门户文件没有写明怎样读（json_rows）；请核对栏目地址，"
                "或按 docs/add-a-portal.md 补上"
            )
        if self.found_before is None:
            return today[0]
        _, other = of_system(page, self.portal, self._column, self._presets, self.found_before)
        kept = [fit for fit in today if same_list(fit.family, self.found_before)]
        return other or (kept or today)[0]

    def _for(self, page: Page) -> Family:
        if self._family is None:
            self.found = self._found_on(page)
            self._family = self._make(self.found.family)
        elif self.found is None:
            self.found, other = of_system(page, self.portal, self._column, self._presets, self.named)
            if other is not None:
                says = f"页面是 {other.family}（{'、'.join(other.signs)}），门户文件写的是 {self.named}"
                self._other = ShownPager(System.OTHER_FAMILY, says, followable=False)
        return self._family

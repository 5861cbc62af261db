"""Lists below a list: year folders, and a column whose entries are the columns of departments and subdistricts.

Folder names drift every year (``dcqid2023`` for ``dcqjd2023``, ``2024n78`` for the reports of 2025), so nothing is
guessed from a pattern: the folders are those that the directory page links to, and what they are says the link's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlsplit

from config.portals import AgencyKind, PortalColumn
from crawler.families.family import SubList
from crawler.families.trs import Trs
from crawler.pages.canonical import resolve
from crawler.pages.page import Page, visible_text
from report.titles import judge_title

DEEPEST = 3
_LONGEST_NAME = 30
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_REPORTS = re.compile(r"年报|年度报告|20\d{2}|信息公开")
_CALLED_REPORTS = re.compile(r"年报|年度报告")
_YEAR_IN_FOLDER = re.compile(r"(?<!\d)(20\d{2})(?:nb|n|nd|nnb|ndbg)?/$", re.IGNORECASE)
_FOLDER = re.compile(r"(/[^/]*/)(?:index\.(?:s?html?|jsp))?$")
_DATED_FOLDER = re.compile(r"/20\d{4}/$")
# What a folder's name says of whose reports stand in it; the order matters (镇街部门 is everybody's).
_KINDS: tuple[tuple[re.Pattern[str], frozenset[AgencyKind]], ...] = (
    (re.compile(r"部门.*(?:街道|镇|乡)|(?:街道|镇|乡).*部门"), frozenset(get_args(AgencyKind))),
    (re.compile(r"街道|镇|乡|街镇"), frozenset({"subdistrict", "town"})),
    (re.compile(r"部门|委办局|工作机构|[局委办]$"), frozenset({"department"})),
    (re.compile(r"[区县市]政府$|[区县市]人民政府$|本级"), frozenset({"government"})),
)


class ColumnOfColumns(Trs):
    """The family ``column-of-columns``: a directory whose links lead to a list for each group or each unit."""

    name = "column-of-columns"

    def is_list(self, page: Page) -> bool:
        """A directory that names folders is one, even if it has no entries of its own."""
        return super().is_list(page) or any(True for _ in self._folders(page))

    def sublists(self, page: Page, column: PortalColumn, here: SubList) -> list[SubList]:
        """The folders that belong to the column by kind and year."""
        if here.depth == DEEPEST:
            return []
        found: dict[str, SubList] = {}
        for address, name in self._folders(page):
            year = self._year(address, name) or here.year
            if (column.years and year is not None and year not in column.years) or not _may_hold(name, column):
                continue
            found.setdefault(address, SubList(address, year, here.depth + 1))
        return list(found.values())

    def _folders(self, page: Page) -> Iterator[tuple[str, str]]:
        """Address and name of each link that leads to a folder below the page's own."""
        for link in page.tree.iter("a"):
            name = visible_text(link) or " ".join((link.get("title") or "").split())
            address = page.link(link.get("href", ""))
            if address is None or not name or len(name) > _LONGEST_NAME or judge_title(name).is_report:
                continue
            if self._is_below(page, address, name):
                yield address, name

    def _is_below(self, page: Page, address: str, name: str) -> bool:
        here, there = urlsplit(page.address), urlsplit(address)
        folder = here.path.rpartition("/")[0] + "/"
        leads_to_folder = _FOLDER.search(there.path) is not None and not _DATED_FOLDER.search(there.path)
        below = there.path.startswith(folder) and there.path.rpartition("/")[0] + "/" != folder
        return there.netloc == here.netloc and leads_to_folder and below

    def _year(self, address: str, name: str) -> int | None:
        """The report year of a folder: by its name, or where that says none by the folder itself."""
        match = _YEAR.search(name)
        if match is None:
            match = _YEAR_IN_FOLDER.search(urlsplit(address).path.rpartition("/")[0] + "/")
        return int(match[1]) if match else None


class Sections(ColumnOfColumns):
    """What a plain list has below it: the whole lists of its sections, called reports (东片街道年报), of no year."""

    name = "sections"

    def _is_below(self, page: Page, address: str, name: str) -> bool:
        return (
            _CALLED_REPORTS.search(name) is not None
            and _YEAR.search(name) is None
            and super()._is_below(page, address, name)
        )


class YearFolders(ColumnOfColumns):
    """The family ``year-folders``: the directory links to a folder for each year, with or without groups in them."""

    name = "year-folders"

    def sublists(self, page: Page, column: PortalColumn, here: SubList) -> list[SubList]:
        """On the directory itself only the years; below them the groups of that year."""
        found = super().sublists(page, column, here)
        return [one for one in found if one.year is not None] if here.depth == 0 else found


class NumberedColumns(ColumnOfColumns):
    """The family ``numbered-columns``: columns ``c100281``, ``xxgk12`` whose numbers mean nothing and lie anywhere."""

    name = "numbered-columns"
    _numbered = re.compile(r"/[a-z]+\d+(?:[a-z]+\d*)*/(?:index\.(?:s?html?))?$", re.IGNORECASE)
    _told = re.compile(r"年报|年度报告|20\d{2}|街道|镇|乡|地区|部门|[局委办]$|政府$")

    @classmethod
    def is_numbered(cls, address: str) -> bool:
        """Whether an address is a numbered column's."""
        return cls._numbered.search(urlsplit(address).path) is not None

    def _is_below(self, page: Page, address: str, name: str) -> bool:
        here, there = urlsplit(page.address), urlsplit(address)
        root = here.path.strip("/").partition("/")[0]
        numbered = there.netloc == here.netloc and self.is_numbered(address)
        same_tree = there.path.strip("/").partition("/")[0] == root and there.path != here.path
        reached = (numbered and same_tree) or super()._is_below(page, address, name)
        return reached and self._told.search(name) is not None


class UnitCodes(ColumnOfColumns):
    """The family ``unit-codes``: a unit has its own tree under a code (``/mtg11J201/``); the file names the codes."""

    name = "unit-codes"

    def lists(self, column: PortalColumn) -> list[SubList]:
        """The list of each unit."""
        if not column.units:
            return super().lists(column)
        addresses = [column.address.replace("{unit}", unit) for unit in column.units]
        return [SubList(resolve(self.portal.start, address) or address) for address in addresses]

    def _is_below(self, page: Page, address: str, name: str) -> bool:
        """Of a unit's whole tree only what is named like its reports, or like a year of them."""
        return super()._is_below(page, address, name) and _REPORTS.search(name) is not None


def kinds_called(name: str) -> frozenset[AgencyKind] | None:
    """Whose reports stand in a folder of this name; None where the name does not say."""
    return next((kinds for pattern, kinds in _KINDS if pattern.search(name)), None)


def _may_hold(name: str, column: PortalColumn) -> bool:
    kinds = kinds_called(name)
    return kinds is None or not column.kinds or not kinds.isdisjoint(column.kinds)

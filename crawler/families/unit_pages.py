"""One page a unit, whose content is replaced each year: the list names units, and the page tells which year it is of.

Seen on hanweb sites (``/module/xxgk/xxgkAnnualReport.jsp?area=…&fbtime=2022``); ``fbtime`` and its like are the year.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from crawler.families.family import Family, ListEntry
from crawler.pages.page import Page, visible_text
from report.titles import judge_title

_UNIT = re.compile(r"(?:街道|镇|乡|地区|办事处|政府|局|委|委员会|办|办公室|中心|大队)$")
_YEAR_PARAMETERS = ("fbtime", "nf", "year", "nd")
_TITLE = "政府信息公开工作年度报告"


class UnitPages(Family):
    """The family ``unit-pages``."""

    name = "unit-pages"

    def entries(self, page: Page) -> list[ListEntry]:
        """An entry for each link that is named like a unit or like a report."""
        found: dict[str, ListEntry] = {}
        for link in page.tree.iter("a"):
            name = visible_text(link)
            address = page.link(link.get("href", ""))
            if address is None or not (_UNIT.search(name) or judge_title(name).is_report):
                continue
            entry = self.entry(address, name)
            found.setdefault(entry.address, entry)
        return list(found.values())

    def entry(self, address: str, name: str) -> ListEntry:
        """The entry of one unit's page."""
        year = next((int(value) for key, value in parse_qsl(urlsplit(address).query) if _is_year(key, value)), None)
        title = name if judge_title(name).is_report else f"{name}{year or ''}{'年' if year else ''}{_TITLE}"
        # With the year in its address the page of each year is one of its own.
        made = self.known(address, title)
        return replace(made, year=year, replaced=year is None and judge_title(name).year is None)


def _is_year(key: str, value: str) -> bool:
    return key.lower() in _YEAR_PARAMETERS and re.fullmatch(r"20\d{2}", value) is not None

"""Lists that a script fills from a JSON endpoint: the portal file says where in its answer the rows stand."""

from __future__ import annotations

import json
import re
from typing import Any

from config.portals import JsonRows, PortalColumn, PortalFile
from config.yaml_file import ConfigurationError
from crawler.families.family import Family, ListEntry
from crawler.pages.canonical import resolve
from crawler.pages.page import Page
from report.storable import storable

_TAG = re.compile(r"<[^>]+>")
_KEY = re.compile(r"\{(\w+)\}")


class JsonList(Family):
    """The family ``json-list``; ``json_rows`` of the portal file is its map."""

    name = "json-list"

    def __init__(self, portal: PortalFile) -> None:
        super().__init__(portal)
        if portal.json_rows is None:
            raise ConfigurationError(
                f"门户文件 {portal.portal}", "类型 json-list 没有写明 json_rows", "请按 docs/add-a-portal.md 补上"
            )
        self._map: JsonRows = portal.json_rows

    def first_page(self, column: PortalColumn) -> str:
        """The endpoint's address for the first page."""
        return self._page_address(column, self._map.first)

    def entries(self, page: Page) -> list[ListEntry]:
        """The rows that have a title and a link."""
        found: dict[str, ListEntry] = {}
        for row in self._rows_in(page) or []:
            title = _TAG.sub("", str(row.get(self._map.title) or "")).strip()
            link = resolve(self.portal.start, self._link(row))
            if title and link is not None:
                date = row.get(self._map.date) if self._map.date else None
                entry = self.known(link, title, str(date) if date else None)
                found.setdefault(entry.address, entry)
        return list(found.values())

    def next_pages(self, page: Page, column: PortalColumn) -> list[str]:
        """All other pages, by the number of pages that the answer names."""
        if "{page}" not in column.address:
            return []
        return [self._page_address(column, self._map.first + number) for number in range(1, self.pages_said(page))]

    def is_list(self, page: Page) -> bool:
        """Whether the rows stand where the portal file says, be there any or not."""
        return self._rows_in(page) is not None

    def pages_said(self, page: Page) -> int:
        """The number of pages by the answer."""
        said = _at(_parsed(page), self._map.pages) if self._map.pages else None
        return int(said) if isinstance(said, int | str) and str(said).isdigit() else 0

    def _rows_in(self, page: Page) -> list[dict[str, Any]] | None:
        rows = _at(_parsed(page), self._map.rows)
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None

    def _link(self, row: dict[str, Any]) -> str:
        if "{" not in self._map.link:
            return str(row.get(self._map.link) or "")
        return _KEY.sub(lambda match: str(row.get(match[1], "")), self._map.link)

    def _page_address(self, column: PortalColumn, number: int) -> str:
        written = column.address.replace("{page}", str(number))
        return resolve(self.portal.start, written) or written


def _parsed(page: Page) -> Any:
    """The answer as an object; None where it is no JSON (an error page, a login page)."""
    try:
        return storable(json.loads(page.text))
    except (ValueError, RecursionError):
        return None


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value

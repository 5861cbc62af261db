"""Where in a page's template a list stands: what its rows hold, the elements around them with their names.

The pages of one list have one template, so that the place of reports on one page is that of the list on every other,
also where a page has a single row that is no report and bears no date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from lxml.html import HtmlElement

Standing = tuple[str, ...]
_HIGHEST = 4
_LONGEST_NAME = 60
_DIGITS = re.compile(r"\d+")


def standing_of(container: HtmlElement) -> Standing:
    """The names of an element and of those around it; numbers in them count the rows or the pages."""
    return tuple(
        _DIGITS.sub(
            "#", f"{outer.tag} {(outer.get('class') or '')[:_LONGEST_NAME]} {(outer.get('id') or '')[:_LONGEST_NAME]}"
        )
        for outer in (container, *_around(container))
    )


def lists_among(holding: Iterable[tuple[HtmlElement, bool]]) -> set[HtmlElement]:
    """Of the elements that hold reports those that are lists: ``holding`` says of each report whether its row is a row.

    A report in a paragraph of the page does not make a list of the page.
    """
    rows = list(holding)
    many = Counter(container for container, _ in rows)
    return {
        container
        for container, in_row in rows
        if container.tag not in ("body", "html") and (in_row or many[container] > 1)
    }


def _around(container: HtmlElement) -> list[HtmlElement]:
    return [outer for outer, _ in zip(container.iterancestors(), range(_HIGHEST), strict=False)]

"""What of a page is called a menu, a header, a footer, or the way to the page; and what stands in it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_MENUS = ("nav", "header", "footer")
_MENU_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|header|foot|footer|crumbs?|breadcrumbs?|position)(?:$|[\s_-])", re.IGNORECASE
)
_LONGEST_NAME = 500


def is_menu(element: HtmlElement) -> bool:
    """Whether an element is itself what is called so."""
    named = f"{element.get('class', '')} {element.get('id', '')}"[:_LONGEST_NAME]
    return element.tag in _MENUS or _MENU_NAMES.search(named) is not None


class Menus:
    """The menus of one page. What is around an element is around its neighbours too, and is looked at once."""

    def __init__(self) -> None:
        self._within: dict[HtmlElement, bool] = {}

    def hold(self, element: HtmlElement) -> bool:
        """Whether an element stands in one, be it a menu itself or not."""
        passed = []
        within = False
        outer = element.getparent()
        while outer is not None:
            if (known := self._within.get(outer)) is not None:
                within = known
                break
            passed.append(outer)
            if is_menu(outer):
                within = bool(outer.tag != "body")
                break
            outer = outer.getparent()
        self._within |= dict.fromkeys(passed, within)
        return within

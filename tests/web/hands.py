"""How somebody uses a page in a browser: with mouse and fingers, or with the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# A page has no more places than this at which the Tab key stops.
MOST_STOPS = 150
_HAS_THE_FOCUS = "one => one === document.activeElement"


@dataclass(frozen=True)
class Hands:
    """A person at a page; ``keys``: with the keyboard alone, so that what it cannot reach fails the test."""

    page: Page
    keys: bool

    def press(self, what: Locator) -> None:
        """A link, a button, or the heading of something that opens."""
        if self.keys:
            self._go_to(what)
            self.page.keyboard.press("Enter")
        else:
            what.click()

    def follow(self, what: Locator) -> None:
        """A link or a button that leads to another page, until that is there."""
        with self.page.expect_navigation():
            self.press(what)

    def write(self, where: Locator, text: str) -> None:
        """Text in a field."""
        if self.keys:
            self._go_to(where)
            self.page.keyboard.type(text)
        else:
            where.fill(text)

    def choose(self, which: Locator) -> None:
        """One of several: the Tab key stops once for all of them, and arrows go from one to the next."""
        if not self.keys:
            which.check()
            return
        name = which.get_attribute("name")
        group = which.locator("xpath=ancestor::form").locator(f"input[name='{name}']")
        self._go_to(group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if which.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert which.is_checked()

    def _go_to(self, where: Locator) -> None:
        handle = where.element_handle()
        for key in [*["Tab"] * MOST_STOPS, *["Shift+Tab"] * MOST_STOPS]:
            if handle.evaluate(_HAS_THE_FOCUS):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not reach {where}")

"""Mails on a phone and on a desk, in a real browser: nothing hangs over the edge, nothing is too small to read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from cli.demo.inbox import Inbox
from config.settings import Settings, load_settings
from ledger.states import PortalState
from monitor.loop import tick
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import OFFICES_WITH_SUMMARY, World, at, write_register
from tests.monitor.incidents.test_alerts import two_broken_sums

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')]
    .filter(element => element.innerText).map(element => parseFloat(getComputedStyle(element).fontSize)))"""


@pytest.fixture
def pages(sqlite_settings: Settings, inbox: Inbox) -> list[Path]:
    """An alert with cells, a missing report, and a summary with everything in it."""
    write_register(sqlite_settings.home, offices=OFFICES_WITH_SUMMARY)
    ledger = open_mailing_ledger(sqlite_settings)
    world = World(ledger)
    two_broken_sums(world)
    settings = load_settings(smtp_host=inbox.host, smtp_port=inbox.port)
    for day, state in ((1, PortalState.HEALTHY), (2, PortalState.HEALTHY), (3, PortalState.BLOCKED)):
        world.look(f"2020-02-{day:02}", found=state)
        tick(settings, ledger, at(f"2020-02-{day:02} 13:00"))
    ledger.close()
    return sorted(inbox.folder.glob("*.html"))


def test_data_tables_are_tables_for_a_screen_reader(pages: list[Path]) -> None:
    tables = [table for path in pages for table in html.fromstring(path.read_text("utf-8")).iter("table")]
    assert len(tables) >= 2
    for table in tables:
        assert table.get("role") is None and table.findtext("caption")
        headings = table.findall(".//th")
        assert {heading.get("scope") for heading in headings} == {"col", "row"}
        assert all(str(heading.xpath("string()")).strip() for heading in headings)
        assert all(row.find("th") is not None for row in table.iter("tr"))


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1000])
def test_a_mail_fits_the_screen(browser: Browser, pages: list[Path], width: int) -> None:
    assert len(pages) >= 3
    page = browser.new_page(viewport={"width": width, "height": 800})
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        assert page.evaluate(SMALLEST) >= 16, path.name
    page.close()

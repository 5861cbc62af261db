"""``make pictures``: the pages of the desk for docs/pictures, at 390 and 1,280 pixels, and the board on A4.

The season is that of the desk's tests (tests/web/prepared.py), as it is served; the same season gives the same
pages, but for the machinery's, which is of the moment.
"""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image

from config.settings import PREFIX, load_settings
from ledger.database import open_ledger
from monitor.loop import tick
from tests.browser import chromium
from tests.documents.report_source import with_printed
from tests.pictures import FOLDER, few_colours
from tests.web.prepared import TODAY, prepare, served, session_for
from tests.workers.drafts.made import GOVERNMENT, word
from web.guard import SESSION_COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = (390, 1280)
TALLEST = 2400
WRONG_CELLS = {"review.total": "99", "requests.received.total": "999"}
BOARD = "/?district=云山区&year=2023"
PAGES = {
    "board": BOARD,
    "districts": "/?year=2023",
    "report": "/reports/yunshan-government/2023",
    "web-page": "/reports/yunshan-culture/2023",
    "absent": "/reports/yunshan-dongjie/2023",
    "findings": "/findings",
    "rectifications": "/rectifications?agency=yunshan-government&year=2023",
    "agency": "/agencies/yunshan-government",
    "incidents": "/incidents",
    "notices": "/notices",
    "notice": "/notices/1",
    "next-letters": "/notices/next",
    "summaries": "/summaries",
    "circular": "/summaries/circular?district=云山区",
    "portals": "/portals",
    "portal": "/portals/yunshan",
    "machinery": "/machinery",
    "add": "/add",
    "register": "/register",
    "people": "/people",
    "audit": "/audit",
    "account": "/account",
    "indicators": "/indicators?district=云山区&year=2023",
    "check": "/check",
    "rules": "/check/rules",
}


def main() -> None:
    """Serves the desk and draws every page of it."""
    from playwright.sync_api import sync_playwright

    for variable in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[variable]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        prepare(Path(folder))
        settings = load_settings(home=Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        with closing(open_ledger(settings)) as ledger:
            tick(settings.model_copy(update={"smtp_port": 9}), ledger, TODAY)
            token = session_for(ledger, "wangmin")
            with served(settings, ledger) as address:
                for name, path in PAGES.items():
                    for width in WIDTHS:
                        picture = _draw(browser, address, path, token, width)
                        (FOLDER / f"desk-{name}-{width}.png").write_bytes(picture)
                for width in WIDTHS:
                    (FOLDER / f"desk-check-result-{width}.png").write_bytes(
                        _draw_result(browser, address, token, width)
                    )
                (FOLDER / "desk-board-a4.png").write_bytes(_print(browser, address, token))
        browser.close()


def _draw(browser: Browser, address: str, path: str, token: str, width: int) -> bytes:
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.goto(address + path)
    shot = page.screenshot(full_page=True)
    context.close()
    return _cut(shot)


def _draw_result(browser: Browser, address: str, token: str, width: int) -> bytes:
    """What comes of a draft with two errors."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/check")
    draft = with_printed(GOVERNMENT, WRONG_CELLS)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.set_input_files("#file", files={"name": "年度报告（送审稿）.docx", "mimeType": kind, "buffer": word(draft)})
    page.click("form.panel button")
    page.wait_for_selector("h1:has-text('自查结果')", timeout=300_000)
    shot = page.screenshot(full_page=True)
    context.close()
    return _cut(shot)


def _cut(shot: bytes) -> bytes:
    with Image.open(io.BytesIO(shot)) as picture:
        return few_colours(picture.crop((0, 0, picture.width, min(picture.height, TALLEST))))


def _print(browser: Browser, address: str, token: str) -> bytes:
    """The board as it is printed; RuntimeError where it takes more than one page."""
    context = browser.new_context()
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.goto(address + BOARD)
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    if len(document) != 1:
        raise RuntimeError(f"the board takes {len(document)} pages of A4")
    picture = document[0].render(scale=1.2).to_pil()
    document.close()
    context.close()
    return few_colours(picture)


if __name__ == "__main__":
    main()

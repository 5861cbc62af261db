"""``make pictures``: what mails look like, for docs/pictures: on a telephone (390 pixels) and on a desk (1,000).

The mails are those of the two seasons in tests/monitor/two_years, as they arrived; Chromium draws them, with the font
that comes with the installation. The same mails give the same pictures. What lies in them is drawn too: the page of
evidence (of a real PDF, whose page it shows), and on A4, as LibreOffice prints them, 整改通知单 and 台账.
"""

from __future__ import annotations

import base64
import io
import os
import sys
import tempfile
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from cli.demo.inbox import Inbox
from config.settings import PREFIX, load_settings
from monitor.charts.ink import FONT
from tests.browser import chromium
from tests.mailing import open_mailing_ledger
from tests.monitor.evidence.published import HONGZE, page_of_evidence, publish
from tests.monitor.factory import World, at, write_register
from tests.monitor.two_years.season import Season, write_home
from tests.office_program import convert

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTHS = (390, 1000)
COLOURS = 256
# Which mail is shown under which name: the first one of the inbox whose subject begins so.
SHOWN = {
    "weekly": "车站街道21天未更正（第2次催办）；云山区周报2月9日",
    "wrong": "区住建委：表四1处不平",
    "missing": "区商务局、学院路街道等6家未公布",
    "disputed": "学院路街道公布日期待核",
    "reminder": "滨河街道7天未更正（第1次催办）",
    "correction": "清水镇更正：“表四1处不平”不成立",
    "settled": "区民政局已更正",
}
# What lies in which of these mails, by the ending of its name, and how many pages of it are shown.
PAPERS = {"notice": ("wrong", ".docx", 2), "ledger": ("weekly", ".xlsx", 3)}
EVIDENCE = "evidence"
# So much of a long page is shown; the rest is more of the same.
TALLEST = 4200
PAGE_WIDTH = 720
GAP = 12


def main() -> int:
    """Lives through the two seasons (about two minutes), and draws. 1 where a mail that is to be shown did not come."""
    from playwright.sync_api import sync_playwright

    for variable in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[variable]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = _mails(Path(folder))
        missing = [subject for name, subject in SHOWN.items() if name not in files]
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        FOLDER.mkdir(exist_ok=True)
        for name, file in files.items():
            for width in WIDTHS:
                (FOLDER / f"{name}-{width}.png").write_bytes(draw(browser, file, width))
        for name, (mail, ending, pages) in PAPERS.items():
            if mail in files:
                (FOLDER / f"{name}-a4.png").write_bytes(print_on_a4(_enclosed(files[mail], ending), pages))
        page = _evidence(Path(folder) / "evidence")
        for width in WIDTHS:
            (FOLDER / f"{EVIDENCE}-{width}.png").write_bytes(draw(browser, page, width))
        browser.close()
    for subject in missing:
        print(f"no mail begins with {subject}", file=sys.stderr)  # noqa: T201
    return bool(missing)


def draw(browser: Browser, file: Path, width: int) -> bytes:
    """A mail as a page of this width, drawn with the shipped font alone; a PNG of few colours."""
    # What forbids a page to take a style from elsewhere would forbid it ours.
    page = browser.new_page(viewport={"width": width, "height": 600}, bypass_csp=True)
    page.goto(file.as_uri())
    font = f"url(data:font/otf;base64,{base64.b64encode(FONT.read_bytes()).decode('ascii')})"
    page.add_style_tag(content="@font-face{font-family:shipped;src:" + font + "} *{font-family:shipped!important}")
    page.evaluate("document.fonts.ready")
    if not page.evaluate("document.fonts.check('16px shipped', '年报')"):
        raise RuntimeError("the shipped font was not loaded")
    shot = page.screenshot(full_page=True)
    page.close()
    with Image.open(io.BytesIO(shot)) as picture:
        return few_colours(picture.crop((0, 0, picture.width, min(picture.height, TALLEST))))


def print_on_a4(paper: Path, most: int) -> bytes:
    """The first pages of a Word file or workbook as LibreOffice prints them, side by side; a PNG of few colours."""
    import pypdfium2

    document = pypdfium2.PdfDocument(convert(paper, "pdf"))
    pages = [page.render(scale=PAGE_WIDTH / page.get_width()).to_pil().convert("RGB") for page in list(document)[:most]]
    document.close()
    width = sum(page.width for page in pages) + GAP * (len(pages) - 1)
    sheet = Image.new("RGB", (width, max(page.height for page in pages)), "#8a94a0")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width + GAP
    return few_colours(sheet)


def few_colours(picture: Image.Image) -> bytes:
    """A picture as a small PNG."""
    written = io.BytesIO()
    few = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def _enclosed(page: Path, ending: str) -> Path:
    """The first file with this ending that lies in a mail, beside the mail's page."""
    mail = message_from_bytes(page.with_suffix(".eml").read_bytes(), policy=policy.default)
    parts: list[Any] = [part for part in mail.walk() if str(part.get_filename() or "").endswith(ending)]
    file = page.with_suffix(ending)
    file.write_bytes(parts[0].get_payload(decode=True))
    return file


def _evidence(folder: Path) -> Path:
    """The page of evidence about a real report, as it would lie in a letter."""
    folder.mkdir()
    settings = load_settings(home=folder)
    write_register(folder)
    ledger = open_mailing_ledger(settings)
    publish(World(ledger), settings, HONGZE.read_bytes(), "yunshan-government", 2023, "2024-03-20")
    page = folder / "evidence.html"
    page.write_text(page_of_evidence(ledger, settings, at("2024-03-21")), encoding="utf-8")
    ledger.close()
    return page


def _mails(folder: Path) -> dict[str, Path]:
    """The seasons' mails that are shown, by name, as HTML files."""
    home = folder / "home"
    home.mkdir()
    os.environ["NIANBAO_HOME"] = str(home)
    os.environ["NIANBAO_ALLOW_PRIVATE_ADDRESSES"] = "true"
    write_home(home)
    with Inbox(folder / "inbox") as inbox:
        season = Season(load_settings(smtp_host=inbox.host, smtp_port=inbox.port))
        season.live()
        season.close()
        files = sorted(inbox.folder.glob("*.html"))
        return {
            name: file
            for name, beginning in SHOWN.items()
            if (file := _first(zip(files, inbox.messages(), strict=True), beginning)) is not None
        }


def _first(mails: Iterable[tuple[Path, EmailMessage]], beginning: str) -> Path | None:
    return next((file for file, message in mails if str(message["Subject"]).startswith(beginning)), None)


if __name__ == "__main__":
    sys.exit(main())

"""The pictures of mails in docs: there at both widths, small, shown on the pages, and drawn with our own font."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.pictures import EVIDENCE, FOLDER, PAPERS, SHOWN, WIDTHS, draw

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHECKOUT = FOLDER.parent.parent
PAGES = ("docs/receive-mail.md", "README.md", "README.zh-CN.md")
MOST_BYTES = 400_000


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", (*SHOWN, EVIDENCE))
def test_every_picture_is_there(name: str, width: int) -> None:
    path = FOLDER / f"{name}-{width}.png"
    assert path.stat().st_size < MOST_BYTES
    with Image.open(path) as picture:
        assert picture.width == width


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_is_there(name: str) -> None:
    assert (FOLDER / f"{name}-a4.png").stat().st_size < MOST_BYTES


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_there_and_said_in_words(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    shown = re.findall(r'<img src="([^"]+)" width="\d+" alt="([^"]+)">', text)
    assert shown and text.count("<img") == len(shown)
    assert [source for source, _ in shown if not ((CHECKOUT / page).parent / source).exists()] == []


@pytest.mark.browser
def test_a_page_is_drawn_with_the_shipped_font(browser: Browser, tmp_path: Path) -> None:
    mail = tmp_path / "mail.html"
    mail.write_text("<meta charset=utf-8><p style='font-family:serif'>年报公布</p>", encoding="utf-8")
    other = tmp_path / "other.html"
    other.write_text("<meta charset=utf-8><p style='font-family:monospace'>年报公布</p>", encoding="utf-8")
    drawn = draw(browser, mail, 390)
    assert Image.open(io.BytesIO(drawn)).width == 390
    assert drawn == draw(browser, other, 390)

"""That a test in a browser is skipped with a word without Chromium, and fails where it is required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHECKOUT = Path(__file__).resolve().parent.parent
PLANTED = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    pass

@pytest.mark.browser
@pytest.mark.skip(reason="not today")
def test_that_skips_itself():
    pass

@pytest.mark.browser
@pytest.mark.xfail(reason="known", strict=True)
def test_that_is_known_to_fail():
    raise AssertionError

@pytest.mark.skip(reason="needs no browser")
def test_without_a_browser():
    pass
"""


def run(folder: Path, *, required: str, path: Path) -> subprocess.CompletedProcess[str]:
    (folder / "test_planted.py").write_text(PLANTED, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser: x\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.browser",
        "-p",
        "tests.nothing_skipped",
        "-p",
        "no:cacheprovider",
        "-q",
        "-rs",
        str(folder),
    ]
    environment = {**os.environ, "NIANBAO_TEST_REQUIRE": required, "PATH": str(path), "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False
    )


def test_without_chromium_a_browser_test_is_skipped_with_a_word(tmp_path: Path) -> None:
    result = run(tmp_path, required="", path=tmp_path)

    assert result.returncode == 0, result.stdout
    assert "no Chromium on PATH (chromium, chromium-browser, google-chrome)" in result.stdout
    assert "4 skipped" in result.stdout


def test_where_the_browser_is_required_a_skipped_browser_test_fails(tmp_path: Path) -> None:
    result = run(tmp_path, required="browser", path=tmp_path)

    assert result.returncode == 1, result.stdout
    assert "1 skipped, 3 errors" in result.stdout
    assert "skipped, but NIANBAO_TEST_REQUIRE=browser requires it" in result.stdout


def test_a_browser_test_that_skips_itself_fails_too_where_the_browser_is_required(tmp_path: Path) -> None:
    found = tmp_path / "chromium"
    found.write_text("#!/bin/sh\n", encoding="utf-8")
    found.chmod(0o755)

    result = run(tmp_path, required="browser", path=tmp_path)

    assert "1 passed, 1 skipped, 1 xfailed, 1 error" in result.stdout, result.stdout


def test_where_everything_is_required_no_test_may_be_skipped(tmp_path: Path) -> None:
    result = run(tmp_path, required="all", path=tmp_path)

    assert result.returncode == 1, result.stdout
    assert "4 errors" in result.stdout and "skipped, but NIANBAO_TEST_REQUIRE=all requires it" in result.stdout


@pytest.mark.browser
def test_the_browser_draws_chinese(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<meta charset=utf-8><style>span{font-size:40px}</style><span>年报</span><br><span>\ue000\ue001</span>"
    )
    chinese, unknown = (span.screenshot() for span in page.locator("span").all())

    # Without a Chinese font both would be the same boxes.
    assert chinese != unknown
    assert page.inner_text("span >> nth=0") == "年报"
    page.close()

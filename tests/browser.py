"""Tests in a real browser: skipped with a word where there is no Chromium, unless they are required."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The path of the Chromium on this machine, None where there is none."""
    return next((path for path in map(shutil.which, CHROMIUM) if path), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium() is not None:
        return
    skip = pytest.mark.skip(reason=f"no Chromium on PATH ({', '.join(CHROMIUM)}); .ci/run installs one")
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(skip)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window. A test that uses it is marked ``browser``.

    For a module and not for the run: while it is open, its loop runs in this thread, and nothing else with one can.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()

"""Tests in a real browser: skipped with a word where there is no Chromium, never skipped where one is demanded.

``NIANBAO_TEST_REQUIRE=browser`` (set by .ci/run) turns a skipped test that is marked ``browser`` into a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DEMAND = "NIANBAO_TEST_REQUIRE"
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    demanded = "browser" in os.environ.get(DEMAND, "").split(",")
    if demanded and report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("browser"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, but {DEMAND}=browser demands it: {why}"
    return report


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

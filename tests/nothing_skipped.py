"""A test that was meant to run and is skipped fails.

``NIANBAO_TEST_REQUIRE=all`` (set by .ci/run) means every test, ``NIANBAO_TEST_REQUIRE=browser`` those with that mark.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

REQUIRE = "NIANBAO_TEST_REQUIRE"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skip into a failure; a test that is known to fail (xfail) is none."""
    report = yield
    required = [name for name in os.environ.get(REQUIRE, "").split(",") if name]
    meant = "all" in required or any(item.get_closest_marker(name) for name in required)
    if meant and report.skipped and not hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, but {REQUIRE}={','.join(required)} requires it: {why}"
    return report

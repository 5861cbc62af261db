"""The office of every test here gets its weekly summary."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.monitor.factory import OFFICES_WITH_SUMMARY, write_register


@pytest.fixture
def home(home: Path) -> Path:
    """The invented district, and its office with the weekly summary."""
    write_register(home, offices=OFFICES_WITH_SUMMARY)
    return home

"""The machinery that these tests watch."""

from __future__ import annotations

import pytest

from config.settings import Settings
from ledger.database import Ledger
from tests.monitor.machinery.rows import Machinery


@pytest.fixture
def machinery(mailing: Settings, ledger: Ledger) -> Machinery:
    """The machinery of an installation with operators and an inbox."""
    return Machinery(mailing, ledger)

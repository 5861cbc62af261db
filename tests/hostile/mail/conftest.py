"""The invented district, written to as a crawler and the workers would."""

from __future__ import annotations

import pytest

from ledger.database import Ledger
from tests.monitor.factory import World


@pytest.fixture
def world(ledger: Ledger) -> World:
    """Writes what a crawler and the workers would."""
    return World(ledger)

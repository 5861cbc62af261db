"""An invented district with its office and operators, and a real inbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from tests.monitor.factory import World, write_register


@pytest.fixture
def home(home: Path) -> Path:
    """The home of every test here has the invented district."""
    write_register(home)
    return home


@pytest.fixture
def world(ledger: Ledger) -> World:
    """Writes what a crawler and the workers would."""
    return World(ledger)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    """A real mail server."""
    with Inbox(tmp_path / "inbox") as running:
        yield running


@pytest.fixture
def mailing(settings: Settings, inbox: Inbox) -> Settings:
    """Settings that send to the inbox."""
    return settings.model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})

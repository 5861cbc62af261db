"""What lies in the queue is data and nothing else: whoever got into the broker cannot make a worker run his code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu.serialization import disable_insecure_serializers, enable_insecure_serializers
from redis import Redis

from config.settings import Settings
from ledger.database import Ledger
from tests.waiting import wait_until
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents, StartWorker, send
from tests.workers.test_pipeline import assert_read_once, wait_for
from workers.queue import CANARY, TASK, make_celery


class Bomb:
    """Makes a file wherever it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


@pytest.fixture
def attacker() -> Iterator[None]:
    """May send what our own programs never would."""
    enable_insecure_serializers(["pickle", "yaml"])  # type: ignore[no-untyped-call]
    yield
    disable_insecure_serializers(["json"])  # type: ignore[no-untyped-call]


# What the broker carries does not depend on the database.
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_pickle_is_refused_and_not_opened(
    settings: Settings,
    ledger: Ledger,
    documents: Documents,
    start_worker: StartWorker,
    tmp_path: Path,
    attacker: None,
) -> None:
    blown = tmp_path / "blown"
    worker = start_worker()
    app = make_celery(settings)
    app.conf.accept_content = ["json", "pickle", "yaml"]
    app.send_task(TASK, args=[Bomb(blown), "x"], serializer="pickle", queue="read")
    app.send_task(TASK, args=[1, "x"], serializer="yaml", queue="read")
    # JSON that is no task of ours, or not as we write it.
    app.send_task("os.system", args=[f"touch {blown}"], queue="read")
    app.send_task(TASK, args=["1; DROP TABLE work", {"__class__": "os"}], queue="read")
    app.send_task(CANARY, args=[["../../etc/passwd"]], queue="read")
    send(settings, [documents.publish(ZUOJIAZHUANG)], NOON)
    wait_for(ledger, worker)
    assert_read_once(ledger)
    assert not blown.exists()
    assert worker.said().count("ContentDisallowed") >= 2
    broker = Redis(unix_socket_path=str(settings.embedded_broker_socket))
    wait_until(lambda: (broker.llen("read"), broker.hlen("unacked")) == (0, 0), "nothing of it comes back")

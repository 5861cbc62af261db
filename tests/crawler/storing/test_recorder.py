"""The recorder of a round's process, when the ledger is away for some of those who write into it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crawler.storing.recorder import Recorder
from ledger.database import Ledger

AWAY = OperationalError("", None, Exception("server closed the connection unexpectedly"))


def test_who_still_waits_when_it_is_closed_breaks_nothing(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(_session: Session) -> None:
        inside.set()
        go.wait(60)
        raise AWAY

    async def rounds() -> None:
        with closing(Recorder(ledger)) as recorder:
            one = asyncio.ensure_future(recorder.write(slow))
            await asyncio.get_running_loop().run_in_executor(None, inside.wait, 60)
            other = asyncio.ensure_future(recorder.write(lambda _session: None))
            await asyncio.sleep(0)
            other.cancel()
            go.set()
            one.cancel()
            await asyncio.gather(one, other, return_exceptions=True)
        # What was being written comes back to a loop that goes on.
        for _ in range(5):
            await asyncio.sleep(0.01)

    asyncio.run(rounds())
    assert "never retrieved" not in caplog.text and "cannot schedule" not in caplog.text

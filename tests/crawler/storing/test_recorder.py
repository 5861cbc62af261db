"""The recorder of a round's process: who shares a transaction, and when the ledger is away for some of them."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crawler.storing import recorder as recorder_module
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


def test_who_is_about_to_write_shares_the_transaction_and_who_has_left_is_not_waited_for(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "GATHER_SECONDS", 60)

    async def one(recorder: Recorder, hops: int) -> list[Session]:
        for _ in range(hops):
            await asyncio.sleep(0)
        return [await recorder.write(lambda session: session) for _ in range(3)]

    async def rounds() -> tuple[list[Session], list[Session]]:
        with closing(Recorder(ledger, 3)) as recorder:
            recorder.leave()
            return await asyncio.wait_for(asyncio.gather(one(recorder, 0), one(recorder, 5)), 30)

    first, second = asyncio.run(rounds())
    assert all(one is other for one, other in zip(first, second, strict=True))


def test_nobody_waits_long_for_a_portal_that_is_slow(ledger: Ledger) -> None:
    async def alone() -> str:
        with closing(Recorder(ledger, 2)) as recorder:
            return await asyncio.wait_for(recorder.write(lambda _session: "written"), 30)

    assert asyncio.run(alone()) == "written"


def test_one_that_is_closed_while_it_waits_for_others_writes_nothing_more(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    async def rounds() -> None:
        with closing(Recorder(ledger, 2)) as recorder:
            given_up = asyncio.ensure_future(recorder.write(lambda _session: None))
            for _ in range(5):
                await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(3 * recorder_module.GATHER_SECONDS)

    asyncio.run(rounds())
    assert "never retrieved" not in caplog.text and "cannot schedule" not in caplog.text

"""Several writes share a transaction; what the database does to it is done to those only whose fault it is."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from config.settings import load_settings
from crawler.storing.recorder import Recorder
from ledger.crawling import portals
from ledger.database import Ledger, open_ledger
from ledger.models import PortalRow
from tests.crawler.times import shanghai
from tests.waiting import wait_until

NOW = shanghai(2020, 2, 3, 9)


def note(session: Session, portal: str, sentence: str) -> None:
    session.execute(update(PortalRow).where(PortalRow.portal == portal).values(sentence=sentence))


def test_what_meets_another_round_in_a_deadlock_is_written_one_by_one(home: Path, postgres_address: str) -> None:
    """The other round writes about beta, then alpha; this one about alpha, then beta, in one transaction."""
    settings = load_settings(database_url=postgres_address)
    with closing(open_ledger(settings)) as ledger, ThreadPoolExecutor(1) as thread:
        with ledger.write() as session:
            for name in ("alpha", "beta"):
                portals.keep_portal(session, name, NOW - timedelta(days=1))
        with ledger.write() as session:
            note(session, "beta", "the other's")
            written = thread.submit(asyncio.run, _write_both(Recorder(settings, ledger)))
            wait_until(lambda: _somebody_waits(ledger), "this round waits for the other")
            note(session, "alpha", "the other's")
        assert written.result(60) == ["alpha", "beta"]
        with ledger.read() as session:
            sentences = {session.get_one(PortalRow, name).sentence for name in ("alpha", "beta")}
    assert sentences == {"ours"}


async def _write_both(recorder: Recorder) -> list[str]:
    async def write(portal: str) -> str:
        def ours(session: Session) -> str:
            note(session, portal, "ours")
            return portal

        return await recorder.write(ours)

    try:
        return list(await asyncio.gather(write("alpha"), write("beta")))
    finally:
        await recorder.close()


def _somebody_waits(ledger: Ledger) -> bool:
    with ledger.read() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

"""A crawler on a machine whose clock is wrong dates what it finds, and what is due, by the ledger's clock."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from sqlalchemy import select

import crawler.rounds.loop
from cli.demo.server import PortalServer
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.models import Article, PortalRow
from tests.portals.sites import one_article, report, write_office

LIMIT_SECONDS = 240


class WrongClock(datetime):
    """Three days ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> WrongClock:
        moment = datetime.now(tz) + timedelta(days=3)
        return cls.fromtimestamp(moment.timestamp(), tz)


def test_what_is_found_is_dated_by_the_ledgers_clock(
    home: Path, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DATABASE_URL", postgres_address)
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.setattr(crawler.rounds.loop, "datetime", WrongClock)
    settings, stop = load_settings(), threading.Event()
    before = datetime.now(UTC)
    with (
        PortalServer({"alpha": one_article(report())}, date(2020, 2, 3)) as server,
        closing(open_ledger(settings)) as ledger,
    ):
        write_office(settings.home, server.addresses)
        running = threading.Thread(target=crawler.rounds.loop.run, args=(settings, ledger, stop))
        running.start()
        row, articles = None, []
        while True:
            with ledger.read() as session:
                row = session.scalars(select(PortalRow).where(PortalRow.claimed_by.is_(None))).one_or_none()
                articles = list(session.scalars(select(Article)))
            if articles and row is not None:
                break
            assert datetime.now(UTC) - before < timedelta(seconds=LIMIT_SECONDS)
            time.sleep(0.1)
        stop.set()
        running.join(LIMIT_SECONDS)
    after = datetime.now(UTC)
    assert articles
    assert row is not None
    assert all(before - timedelta(minutes=1) <= article.first_seen_at <= after for article in articles)
    assert row.next_due_at <= after + timedelta(hours=settings.crawl_interval_hours)

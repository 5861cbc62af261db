"""Forty portals in one round of one process, a dead and a slow one among them: each waits for its own host only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bench.crawling.server import Server
from bench.crawling.world import Portal, write_office
from config.settings import Settings, load_settings
from crawler.rounds.round import run_round
from crawler.storing.result import RoundResult
from ledger.database import open_ledger
from ledger.models import Article, Work
from ledger.states import PortalState

PORTALS = [Portal(number, 2) for number in range(40)]
SLOW, DEAD = PORTALS[7], PORTALS[23]
AT = datetime(2020, 2, 3, 1, tzinfo=UTC)


@pytest.fixture
def impatient(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The time limit for an answer is above what the slow portal takes, and soon over for the dead one."""
    monkeypatch.setenv("NIANBAO_FETCH_TIMEOUT_SECONDS", "3")
    return load_settings()


def test_a_slow_and_a_dead_portal_delay_nobody_but_themselves(impatient: Settings) -> None:
    with Server(PORTALS, core=None, slow=SLOW.host, dead=DEAD.host) as server:
        write_office(impatient.home, PORTALS, server.port)
        results = run_round(impatient, [portal.name for portal in PORTALS], AT)
        ended = server.asked().ended

    by_portal: dict[str, RoundResult] = {result.portal: result for result in results}
    assert by_portal[DEAD.name].found is PortalState.UNREACHABLE
    assert "3 秒内没有答完" in by_portal[DEAD.name].sentence
    assert {one.found for one in results if one.portal != DEAD.name} == {PortalState.HEALTHY}
    others = [moment for host, moment in ended.items() if host not in (SLOW.host, DEAD.host)]
    assert len(others) == 38
    # Not all of them on a loaded machine, where starting 40 processes takes longer than the slow portal.
    assert sorted(others)[len(others) // 2] < ended[SLOW.host]

    ledger = open_ledger(impatient)
    with ledger.read() as session:
        # Every article of every portal that answered is there, in a transaction with many others or not.
        assert session.scalar(select(func.count()).select_from(Article)) == 39 * 2
        assert session.scalar(select(func.count()).select_from(Work)) == 39 * 2
    ledger.close()

"""What is counted for /metrics: rounds, reads and sends by outcome and seconds, once for what is in the ledger."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from config.settings import Settings
from ledger.crawling.portals import begin_round, end_round, fail_running_rounds, keep_portal
from ledger.database import Ledger
from ledger.models import PortalRow
from ledger.states import PortalState, RoundFailure, RoundState
from ledger.tallies import Measure, count, counted
from monitor.machinery.metrics import render

NOON = datetime(2026, 1, 20, 4, tzinfo=UTC)


def page_of(settings: Settings, ledger: Ledger) -> dict[str, float]:
    with ledger.read() as session:
        page = render(session, settings, NOON).decode()
    return {name: float(value) for name, value in re.findall(r"^(nianbao_\S+) (\S+)$", page, re.MULTILINE)}


def test_seconds_are_told_apart_by_bounds_that_belong_below(settings: Settings, ledger: Ledger) -> None:
    with ledger.write() as session:
        for seconds in (0.1, 0.100001, 2.9, 3, 301, 1e6, -5):
            count(session, Measure.READ, "done", seconds)
    found = page_of(settings, ledger)
    expected = {"0.1": 2, "0.3": 3, "1": 3, "3": 5, "10": 5, "300": 5, "+Inf": 7}
    for bound, below in expected.items():
        assert found[f'nianbao_read_seconds_bucket{{le="{bound}",outcome="done"}}'] == below, bound
    assert found['nianbao_read_seconds_count{outcome="done"}'] == found['nianbao_reads_total{outcome="done"}'] == 7
    assert found['nianbao_read_seconds_sum{outcome="done"}'] == pytest.approx(0.200001 + 5.9 + 301 + 1e6)


def test_a_round_is_counted_when_it_ends_and_once(settings: Settings, ledger: Ledger) -> None:
    with ledger.write() as session:
        keep_portal(session, "east", NOON)
        first, second = begin_round(session, "east", NOON), begin_round(session, "east", NOON)
        for _ in range(2):
            end_round(session, first, RoundState.DONE, PortalState.HEALTHY, "", NOON + timedelta(seconds=20), {})
        assert second
        for _ in range(2):
            fail_running_rounds(session, "east", RoundFailure.TIME_LIMIT, "", NOON + timedelta(hours=2))
    found = page_of(settings, ledger)
    assert found['nianbao_rounds_total{outcome="healthy"}'] == found['nianbao_rounds_total{outcome="time_limit"}'] == 1
    assert found['nianbao_round_seconds_sum{outcome="time_limit"}'] == 7200
    assert found['nianbao_round_seconds_bucket{le="3600",outcome="time_limit"}'] == 0
    assert found['nianbao_round_seconds_bucket{le="30",outcome="healthy"}'] == 1


def test_what_is_rolled_back_was_not_done(ledger: Ledger) -> None:
    with suppress(RuntimeError), ledger.write() as session:
        count(session, Measure.SEND, "delivered", 1)
        raise RuntimeError
    with ledger.read() as session:
        assert counted(session) == []


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_nobody_waits_for_who_has_counted_and_not_committed(settings: Settings, ledger: Ledger) -> None:
    with ledger.write() as session:
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        count(session, Measure.ROUND, "healthy", 1)
        with ledger.write() as other:
            other.execute(text("SET LOCAL lock_timeout = '2s'"))
            count(other, Measure.ROUND, "broken", 1)
            count(other, Measure.ROUND, "healthy", 2)
        count(session, Measure.ROUND, "broken", 1)
    found = page_of(settings, ledger)
    assert found['nianbao_rounds_total{outcome="healthy"}'] == found['nianbao_rounds_total{outcome="broken"}'] == 2
    assert found['nianbao_round_seconds_sum{outcome="healthy"}'] == 3


def test_portals_have_figures_of_their_own_but_not_more_than_fifty(settings: Settings, ledger: Ledger) -> None:
    with ledger.write() as session:
        for number in range(60):
            keep_portal(session, f"p{number:02}", NOON)
    with ledger.write() as session:
        for number, row in enumerate(session.scalars(select(PortalRow).order_by(PortalRow.portal))):
            row.last_round_at = NOON - timedelta(minutes=number)
            row.paused_reason = "x" if number == 59 else None
    named = {name: age for name, age in page_of(settings, ledger).items() if "portal_last_round_age" in name}
    assert len(named) == 50
    assert max(named.values()) == 58 * 60 and min(named.values()) == 9 * 60

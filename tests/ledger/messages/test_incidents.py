"""Open incidents of a whole season are gone through without a season's worth of memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from ledger.database import Ledger
from ledger.messages.incidents import each_open_incident, incidents_by_number, list_incidents
from ledger.models import Incident
from ledger.states import Audience, IncidentKind

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 2, 5, 1, tzinfo=UTC)
MANY = 4_000


def test_few_of_them_are_in_memory_at_a_time(ledger: Ledger) -> None:
    with ledger.write() as session:
        session.add_all(_incident(number) for number in range(MANY))
    all_at_once = _peak(ledger, lambda session: len(list_incidents(session)))
    one_by_one = _peak(ledger, lambda session: sum(1 for _ in each_open_incident(session)))
    assert one_by_one < all_at_once / 3


def test_they_come_in_the_order_asked_for_and_none_twice(ledger: Ledger) -> None:
    with ledger.write() as session:
        session.add_all(_incident(number) for number in range(3))
        session.add(_incident(3, resolved_at=NOW))
    with ledger.read() as session:
        assert [one.subject for one in each_open_incident(session)] == ["0", "1", "2"]
        first, second, third = (one.id for one in each_open_incident(session))
        assert [one.id for one in incidents_by_number(session, [third, first, 10_000])] == [third, first]
        assert second not in {one.id for one in incidents_by_number(session, [])}


def _incident(number: int, resolved_at: datetime | None = None) -> Incident:
    return Incident(
        kind=IncidentKind.FINDING,
        subject=str(number),
        audience=Audience.OFFICE,
        district="示例区",
        agency="a",
        year=2025,
        level="error",
        sentence="表三不平" * 20,
        detail={"portal": "p", "said": "x" * 200},
        opened_at=NOW,
        resolved_at=resolved_at,
    )


def _peak(ledger: Ledger, go_through: Callable[[Session], int]) -> int:
    with ledger.read() as session:
        go_through(session)
    with ledger.read() as session:
        tracemalloc.start()
        try:
            assert go_through(session) == MANY
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

"""What is written of a portal round after round: its state and since when, its looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ledger.crawling import portals
from ledger.database import Ledger
from ledger.models import Look, PortalRow
from ledger.states import PortalState

NOON = datetime(2020, 2, 3, 4, tzinfo=UTC)
HEALTHY, BLOCKED = PortalState.HEALTHY, PortalState.BLOCKED


@pytest.mark.both_databases
def test_a_state_is_of_when_it_began_and_rounds_in_a_row_that_found_no_healthy_portal_are_counted(
    ledger: Ledger,
) -> None:
    rows = []
    with ledger.write() as session:
        for name in ("east", "paused", "other"):
            portals.keep_portal(session, name, NOON)
        portals.pause(session, "paused", "x", NOON)
    for hour, found in enumerate(
        (HEALTHY, HEALTHY, BLOCKED, PortalState.UNREACHABLE, PortalState.UNREACHABLE, HEALTHY)
    ):
        with ledger.write() as session:
            portals.keep_portal(session, "east", NOON + timedelta(days=1))
            for name in ("east", "paused"):
                portals.set_state(session, name, found, f"{hour}", NOON + timedelta(hours=hour))
        with ledger.read() as session:
            row, paused, other = (session.get_one(PortalRow, name) for name in ("east", "paused", "other"))
            rows.append((row.state, row.since, row.failures))
            assert (row.sentence, row.last_round_at) == (f"{hour}", NOON + timedelta(hours=hour))
            assert (paused.state, paused.last_round_at) == (PortalState.PAUSED, None)
            assert (other.state, other.failures, other.next_due_at) == (None, 0, NOON)
    assert [(state, (since - NOON) / timedelta(hours=1), failures) for state, since, failures in rows if since] == [
        (HEALTHY, 0, 0),
        (HEALTHY, 0, 0),
        (BLOCKED, 2, 1),
        (PortalState.UNREACHABLE, 3, 2),
        (PortalState.UNREACHABLE, 3, 3),
        (HEALTHY, 5, 0),
    ]


@pytest.mark.both_databases
def test_a_look_that_is_taken_again_in_its_round_stands_in_place_of_the_first(ledger: Ledger) -> None:
    with ledger.write() as session:
        portals.keep_portal(session, "east", NOON)
        first, second = (portals.begin_round(session, "east", NOON) for _ in range(2))
        for number, (of, column) in enumerate(((first, "a"), (first, "b"), (second, "a"), (first, "a"))):
            look = {"round_id": of, "portal": "east", "column": column, "begun_at": NOON, "ended_at": NOON}
            look |= {"found": HEALTHY, "complete": True, "rows": number, "dropped": 0, "sentence": ""}
            portals.keep_look(session, look | {"pages": [str(number)], "accounted": {}, "paging": {"lists": []}})
    with ledger.read() as session:
        kept = session.scalars(select(Look).order_by(Look.rows)).all()
        assert [(look.round_id, look.column, look.rows, look.pages) for look in kept] == [
            (first, "b", 1, ["1"]),
            (second, "a", 2, ["2"]),
            (first, "a", 3, ["3"]),
        ]

"""Many portals away at once are one trouble, of our own network; what each moment tells was written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import select, update

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.insert import insert_or_ignore
from ledger.models import Incident, PortalRow
from ledger.states import IncidentKind, PortalState
from monitor.incidents.wanted import update_incidents
from tests.monitor.factory import PORTAL_FILE, at, write_register

PORTALS = [f"p{number}" for number in range(6)]
NETWORK = "portals:network"
H, U, B = PortalState.HEALTHY, PortalState.UNREACHABLE, PortalState.BLOCKED
# A moment: minutes, what each portal is found as and for how many rounds in a row; what is open after it.
Moment = tuple[int, Mapping[str, tuple[PortalState, int]], set[str]]

CASES: dict[str, list[Moment]] = {
    "half of them, and all come back": [
        (0, {"p0": (U, 1), "p1": (U, 1)}, set()),
        (1, {"p0": (U, 2), "p1": (U, 2), "p2": (U, 1)}, set()),
        (2, {"p0": (U, 3)}, {NETWORK}),
        (3, {"p1": (U, 3), "p2": (U, 2)}, {NETWORK}),
        (4, {"p2": (U, 3)}, {NETWORK}),
        (5, {"p0": (H, 0)}, {NETWORK}),
        (6, {"p1": (H, 0)}, {NETWORK}),
        (7, {"p2": (H, 0)}, set()),
    ],
    "one stays away when the others are back": [
        (0, {"p0": (U, 3), "p1": (U, 3), "p2": (U, 3)}, {NETWORK}),
        (1, {"p0": (H, 0), "p1": (H, 0)}, {NETWORK}),
        (2, {"p2": (U, 4)}, {"portal:p2"}),
        (3, {"p2": (H, 0)}, set()),
    ],
    "two are two": [(0, {"p0": (U, 3), "p1": (U, 3)}, {"portal:p0", "portal:p1"})],
    "what is blocked is not the network": [
        (0, {"p0": (B, 3), "p1": (B, 3), "p2": (B, 3)}, {"portal:p0", "portal:p1", "portal:p2"}),
        (1, {"p3": (U, 3)}, {"portal:p0", "portal:p1", "portal:p2", "portal:p3"}),
    ],
    "who was away before stays told": [
        (0, {"p0": (U, 3)}, {"portal:p0"}),
        (1, {"p1": (U, 3), "p2": (U, 3), "p3": (U, 1)}, {"portal:p0", NETWORK}),
        (2, {"p1": (H, 0), "p2": (H, 0), "p3": (H, 0)}, {"portal:p0"}),
    ],
    "it spreads": [
        (0, {"p0": (U, 3), "p1": (U, 1), "p2": (U, 1)}, {NETWORK}),
        (1, {"p3": (U, 3), "p4": (U, 3), "p5": (U, 3)}, {NETWORK}),
        (2, dict.fromkeys(PORTALS, (H, 0)), set()),
    ],
    "passing": [(0, dict.fromkeys(PORTALS, (U, 2)), set())],
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_of_portals_that_are_away(sqlite_settings: Settings, ledger: Ledger, case: str) -> None:
    is_told(sqlite_settings, ledger, CASES[case])


def test_no_more_than_the_share_of_all_are_as_many_troubles(sqlite_settings: Settings, ledger: Ledger) -> None:
    settings = sqlite_settings.model_copy(update={"common_cause_share": 0.5})
    three: list[Moment] = [(0, dict.fromkeys(PORTALS[:3], (U, 3)), {f"portal:{name}" for name in PORTALS[:3]})]
    is_told(settings, ledger, three)


def is_told(settings: Settings, ledger: Ledger, moments: Sequence[Moment]) -> None:
    """Whether what is open after each of the moments is what it says."""
    write_register(settings.home)
    for portal in PORTALS:
        text = PORTAL_FILE.replace("yunshan\n", f"{portal}\n", 1)
        (settings.home / "config" / "portals" / f"{portal}.yaml").write_text(text, encoding="utf-8")
    register = load_register(settings.home)
    row = {"state": H, "failures": 0, "next_due_at": at("2019-01-01"), "sentence": "", "since": at("2019-01-01")}
    with ledger.write() as session:
        insert_or_ignore(session, PortalRow, [{"portal": portal, **row} for portal in PORTALS])
    for minute, found, expected in moments:
        now = at(f"2020-06-01 10:{minute:02}")
        with ledger.write() as session:
            before = {one.portal: one.state for one in session.scalars(select(PortalRow))}
            for portal, (state, failures) in found.items():
                since = {"since": now} if before[portal] is not state else {}
                session.execute(
                    update(PortalRow)
                    .where(PortalRow.portal == portal)
                    .values(state=state, failures=failures, last_round_at=now, **since)
                )
        update_incidents(settings, ledger, register, now)
        with ledger.read() as session:
            still = select(Incident.subject).where(Incident.kind == IncidentKind.PORTAL, Incident.resolved_at.is_(None))
            assert set(session.scalars(still)) == expected, minute

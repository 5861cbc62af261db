"""Texts that come with a question: the same answer on both databases, and neither reads a table or a statement anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, event, or_, select, text

from ledger.database import Ledger
from ledger.insert import insert_or_ignore
from ledger.models import PortalRow
from ledger.one_of import none_of, one_of

pytestmark = pytest.mark.both_databases

NOON = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)
NAMES = ("甲", "乙", "x'); --", "丁")
_ASKED = (
    select(PortalRow.portal)
    .where(
        or_(one_of(PortalRow.portal, "wanted"), PortalRow.portal == bindparam("beside")),
        none_of(PortalRow.portal, "unwanted"),
    )
    .order_by(PortalRow.portal)
)


@pytest.fixture
def portals(ledger: Ledger) -> Ledger:
    rows = [{"portal": name, "sentence": "", "failures": 0, "next_due_at": NOON} for name in NAMES]
    with ledger.write() as session:
        insert_or_ignore(session, PortalRow, rows)
    return ledger


def _answer(ledger: Ledger, wanted: list[str], unwanted: list[str], beside: str = "") -> set[str]:
    with ledger.read() as session:
        return set(session.scalars(_ASKED, {"wanted": wanted, "unwanted": unwanted, "beside": beside}))


def test_those_that_are_named_and_not_left_out(portals: Ledger) -> None:
    assert _answer(portals, [], []) == set()
    assert _answer(portals, ["甲", "x'); --", "没有"], []) == {"甲", "x'); --"}
    assert _answer(portals, list(NAMES), ["乙", "丁"]) == {"甲", "x'); --"}
    assert _answer(portals, ["甲"], ["甲"], beside="丁") == {"丁"}


def test_the_database_goes_straight_to_them(portals: Ledger) -> None:
    asked: set[str] = set()
    event.listen(portals.engine, "before_cursor_execute", lambda *said: asked.add(said[2]))
    for many in range(len(NAMES)):
        _answer(portals, list(NAMES[:many]), list(NAMES[many:]))
    if portals.engine.dialect.name == "postgresql":
        assert len(asked) == 1
        return
    named: dict[str, Any] = {"wanted": ["甲", "乙"], "unwanted": ["丁"], "beside": "丁"}
    written = _ASKED.params(named).compile(portals.engine, compile_kwargs={"literal_binds": True})
    with portals.engine.connect() as connection:
        plan = [row[-1] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {written}"))]
    assert not any(step.startswith("SCAN portals") and "INDEX" not in step for step in plan), plan
    assert any(step.lstrip().startswith("SEARCH") for step in plan), plan

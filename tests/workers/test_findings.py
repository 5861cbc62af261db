"""What becomes of findings when documents change, and that a person's word on them is never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ledger.database import Ledger
from ledger.models import FindingRow, Version
from ledger.states import FindingState, VersionRole
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents
from workers.steps import run
from workers.worker_context import WorkerContext

pytestmark = pytest.mark.both_databases

LATER = NOON + timedelta(days=1)
LATEST = NOON + timedelta(days=2)


def corrected(data: bytes) -> bytes:
    """The same report with the row of its findings T05 and T06 put right."""
    row = "本机关不掌握相关信息\t0".encode()
    assert data.count(row) == 1
    return data.replace(row, row[:-1] + b"1")


def states(ledger: Ledger) -> dict[str, FindingState]:
    with ledger.read() as session:
        return {row.rule: row.state for row in session.scalars(select(FindingRow)) if row.rule in ("T05", "T06")}


def test_a_corrected_version_resolves_and_a_fall_back_reopens(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    run(worker_context, documents.publish(ZUOJIAZHUANG), NOON, worker="w")
    assert states(ledger) == {"T05": FindingState.OPEN, "T06": FindingState.OPEN}
    run(worker_context, documents.publish(corrected(ZUOJIAZHUANG), at=LATER), LATER, worker="w")
    assert states(ledger) == {"T05": FindingState.RESOLVED, "T06": FindingState.RESOLVED}
    with ledger.read() as session:
        row = session.scalars(select(FindingRow).where(FindingRow.rule == "T05")).one()
        assert row.resolved_at is not None
        assert (row.opened_at.date(), row.resolved_at.date()) == (NOON.date(), LATER.date())
    run(worker_context, documents.publish(ZUOJIAZHUANG + b"\n", at=LATEST), LATEST, worker="w")
    assert states(ledger) == {"T05": FindingState.OPEN, "T06": FindingState.OPEN}
    with ledger.read() as session:
        row = session.scalars(select(FindingRow).where(FindingRow.rule == "T05")).one()
        newest = session.scalars(select(Version.id).order_by(Version.id.desc())).first()
        assert (row.opened_at.date(), row.resolved_at, row.version_id) == (LATEST.date(), None, newest)


def test_what_a_person_said_outlives_every_check(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    run(worker_context, documents.publish(ZUOJIAZHUANG), NOON, worker="w")
    with ledger.write() as session:
        for rule, state in (("T05", FindingState.ACKNOWLEDGED), ("T06", FindingState.DISMISSED)):
            session.execute(
                update(FindingRow)
                .where(FindingRow.rule == rule)
                .values(state=state, said_by="王", said_why="已核对", said_at=NOON)
            )
    run(worker_context, documents.publish(ZUOJIAZHUANG + b"\n", at=LATER), LATER, worker="w")
    assert states(ledger) == {"T05": FindingState.ACKNOWLEDGED, "T06": FindingState.DISMISSED}
    run(worker_context, documents.publish(corrected(ZUOJIAZHUANG), at=LATEST), LATEST, worker="w")
    assert states(ledger) == {"T05": FindingState.RESOLVED, "T06": FindingState.DISMISSED}
    with ledger.read() as session:
        said = session.execute(select(FindingRow.said_by, FindingRow.said_why).where(FindingRow.rule == "T05")).one()
    assert tuple(said) == ("王", "已核对")


def test_two_documents_of_one_report_are_both_current_whatever_the_order(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    page = documents.publish(ZUOJIAZHUANG)
    file = documents.publish(corrected(ZUOJIAZHUANG), role=VersionRole.ATTACHMENT)
    run(worker_context, page, NOON, worker="w")
    run(worker_context, file, NOON, worker="w")
    assert states(ledger) == {"T05": FindingState.OPEN, "T06": FindingState.OPEN}


def test_an_old_version_that_is_read_late_opens_nothing(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    old = documents.publish(ZUOJIAZHUANG)
    new = documents.publish(corrected(ZUOJIAZHUANG), at=LATER)
    run(worker_context, new, LATER, worker="w")
    run(worker_context, old, LATER, worker="w")
    assert states(ledger) == {"T05": FindingState.RESOLVED, "T06": FindingState.RESOLVED}


def test_what_could_not_be_read_and_then_can_is_resolved(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    run(worker_context, documents.publish(b""), NOON, worker="w")
    run(worker_context, documents.publish(corrected(ZUOJIAZHUANG), at=LATER), LATER, worker="w")
    with ledger.read() as session:
        unread = session.scalars(select(FindingRow).where(FindingRow.rule == "X01", FindingRow.found == "empty")).one()
    assert unread.state is FindingState.RESOLVED


def test_a_report_of_nobody_resolves_no_finding_of_another_report_of_nobody(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    first = documents.publish(ZUOJIAZHUANG, agency=None, year=None, portal="elsewhere")
    other = documents.publish(ZUOJIAZHUANG + "\n附".encode(), name="b", agency=None, year=None, portal="elsewhere")
    run(worker_context, first, NOON, worker="w")
    with ledger.read() as session:
        before = session.scalars(select(FindingRow.fingerprint).where(FindingRow.state == FindingState.OPEN)).all()
    assert before
    run(worker_context, other, NOON, worker="w")
    with ledger.read() as session:
        rows = session.execute(select(FindingRow.fingerprint, FindingRow.state, FindingRow.agency)).all()
    assert {row.fingerprint for row in rows} > set(before)
    assert all(row.state is FindingState.OPEN and row.agency is None for row in rows)

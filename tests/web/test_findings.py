"""复核: what a person decides of a finding, what follows from it, and that it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from config.settings import Settings
from ledger.models import FindingRow, ReadingCorrection, ReadingRow, Record, Work
from ledger.reading.findings import reopen_findings, resolve_findings
from ledger.reading.handing_out import claim_next, unread_in
from ledger.states import DeskRole, FindingDecision, FindingState, Queue, RecordKind, WorkState
from tests.monitor.factory import World
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from web.desk import Desk
from workers.dispatch import register
from workers.replay import replay
from workers.steps import Result, run
from workers.worker_context import WorkerContext, open_worker_context

PAGE = "/reports/yunshan-government/2023"


@pytest.fixture
def worker(settings: Settings) -> Iterator[WorkerContext]:
    with open_worker_context(settings) as opened:
        yield opened


def finding_of(world: World, cell: str) -> FindingRow:
    with world.ledger.read() as session:
        rows = session.scalars(select(FindingRow).where(FindingRow.rule == "T08")).all()
    return next(row for row in rows if cell in row.cells)


def decide(client: Any, finding: FindingRow, decision: str, **values: str) -> Any:
    given = {"decision": decision, "why": "已对照原件"} | values
    return send(client, PAGE, f"/findings/{finding.fingerprint}", **given)


@pytest.mark.both_databases
def test_the_queue_has_the_worst_first_and_no_way_to_decide_in_bulk(reports: None, desk: Desk, enter: Enter) -> None:
    page = page_of(enter("officer"), "/findings")
    levels = [card.get("class").split()[1] for card in page.xpath("//ol[@class='cards']/li")]
    assert levels and levels == sorted(levels, key=["error", "warning", "human"].index)
    assert page.xpath("//form[@method='post' and not(@action='/logout')]") == []


@pytest.mark.both_databases
def test_what_belongs_to_one_matter_is_one_card(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    with world.ledger.write() as session:
        rows = list(session.scalars(select(FindingRow).where(FindingRow.rule == "T08")))
        for row in rows:
            row.matter = "云山-2023-007"
    page = page_of(enter("officer"), "/findings")
    (card,) = (one for one in page.xpath("//ol[@class='cards']/li") if "云山-2023-007" in words(one))
    assert words(card).count("T08") == len(rows) > 1


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("decision", "state"),
    [
        ("confirm", FindingState.OPEN),
        ("dismiss", FindingState.DISMISSED),
        ("as_printed", FindingState.ACKNOWLEDGED),
        ("undecided", FindingState.ACKNOWLEDGED),
    ],
)
def test_a_decision_is_kept_with_who_when_and_why(
    reports: None, world: World, desk: Desk, enter: Enter, decision: str, state: FindingState
) -> None:
    finding = finding_of(world, "review.total")
    client = enter("officer")
    answer = decide(client, finding, decision)
    assert answer.status_code == 303 and answer.headers["location"].startswith(PAGE)
    after = finding_of(world, "review.total")
    assert (after.state, after.decision, after.said_by) == (state, FindingDecision(decision), "officer的姓名")
    assert (after.said_at, after.said_why) == (TODAY, "已对照原件")
    with world.ledger.read() as session:
        row = session.scalars(select(Record).where(Record.kind == RecordKind.FINDING_DECIDED)).one()
    assert (row.account, row.subject, row.district) == ("officer", finding.fingerprint, "云山区")
    assert row.detail["decision"] == decision and row.detail["before"]["state"] == "open"
    assert finding.message not in words(page_of(client, "/findings"))
    # And taken back again.
    assert decide(client, finding, "reopen").status_code == 303
    again = finding_of(world, "review.total")
    assert (again.state, again.decision) == (FindingState.OPEN, None)


@pytest.mark.both_databases
def test_a_right_reading_stands_beside_the_machines_and_the_rules_run_again(
    reports: None, world: World, desk: Desk, enter: Enter, worker: WorkerContext
) -> None:
    finding = finding_of(world, "review.total")
    long_ago = TODAY - timedelta(days=20)
    with world.ledger.write() as session:
        work_id = register(session, finding.version_id, long_ago)
    assert run(worker, work_id, long_ago, worker="w") is Result.DONE
    client = enter("officer")
    answer = decide(client, finding, "correct", **{"reading:review.total": "11"})
    assert answer.status_code == 303, words(answer)
    # The machine's reading is what it was; the person's stands beside it.
    with world.ledger.read() as session:
        right = session.scalars(select(ReadingCorrection)).one()
        assert (right.cell, right.value, right.said_by) == ("review.total", "11", "officer的姓名")
        readings = session.scalars(select(ReadingRow).where(ReadingRow.sha256 == right.sha256)).all()
        assert {row.content["figures"]["review.total"].get("value") for row in readings} == {0}
        work = session.scalars(select(Work)).one()
        assert work.state is WorkState.WAITING
        # It waits since now: nobody is told that reading piles up.
        assert unread_in(session).oldest == TODAY
    later = TODAY + timedelta(minutes=1)
    with world.ledger.write() as session:
        claimed = claim_next(session, Queue.READ, later, timedelta(minutes=15), 5)
    assert [run(worker, one.work_id, later, worker="w") for one in claimed] == [Result.DONE]
    after = finding_of(world, "review.total")
    assert (after.state, after.decision) == (FindingState.DISMISSED, FindingDecision.CORRECT)
    with world.ledger.read() as session:
        open_now = session.scalars(
            select(FindingRow).where(FindingRow.rule == "T08", FindingRow.state == FindingState.OPEN)
        ).all()
    assert [row for row in open_now if "review.total" in row.cells] == []
    page = page_of(client, PAGE)
    (cell,) = page.xpath("//td[@data-cells='review.total']")
    assert words(cell) == "11 （机器读作0）"
    (sums,) = (row for row in page.xpath("//section[@id='sums']//tr") if "表四“行政复议”" in words(row))
    assert "相符" in words(sums)


def test_what_a_person_decided_outlives_a_replay(
    reports: None, world: World, desk: Desk, enter: Enter, worker: WorkerContext
) -> None:
    from ledger.reading.stored import stored_versions

    finding = finding_of(world, "review.total")
    with world.ledger.write() as session:
        work_id = register(session, finding.version_id, TODAY)
    assert run(worker, work_id, TODAY, worker="w") is Result.DONE
    decide(enter("officer"), finding, "confirm")
    with world.ledger.read() as session:
        stored = stored_versions(session)
    assert list(replay(worker, stored, TODAY + timedelta(days=1), "w"))
    after = finding_of(world, "review.total")
    assert (after.state, after.decision, after.said_by) == (
        FindingState.OPEN,
        FindingDecision.CONFIRM,
        "officer的姓名",
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"decision": "dismiss", "why": "  "}, "没有填写原因"),
        ({"decision": "correct"}, "须填写原件中的数字"),
        ({"decision": "correct", "reading:review.total": "1１"}, "不是数字"),
        ({"decision": "correct", "reading:review.total": "NaN"}, "不是数字"),
        ({"decision": "correct", "reading:requests.received.total": "1"}, "不属于这个问题"),
        ({"decision": "burn"}, "没有填写，或不能识别：认定"),
    ],
)
def test_what_will_not_do_changes_nothing(
    reports: None, world: World, desk: Desk, enter: Enter, values: dict[str, str], sentence: str
) -> None:
    finding = finding_of(world, "review.total")
    answer = decide(enter("officer"), finding, **values)
    assert answer.status_code == 400 and sentence in answer.text
    after = finding_of(world, "review.total")
    assert (after.state, after.said_by) == (FindingState.OPEN, None)


def test_a_viewer_and_another_district_decide_nothing(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    finding = finding_of(world, "review.total")
    viewer = enter("viewer", DeskRole.VIEWER)
    given = {"decision": "dismiss", "why": "试试"}
    assert send(viewer, PAGE, f"/findings/{finding.fingerprint}", **given).status_code == 403
    elsewhere = enter("elsewhere", DeskRole.OFFICER, ["海淀区"])
    assert send(elsewhere, "/findings", f"/findings/{finding.fingerprint}", **given).status_code == 404
    assert finding_of(world, "review.total").state is FindingState.OPEN


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        ("undecided", FindingState.ACKNOWLEDGED),
        ("as_printed", FindingState.ACKNOWLEDGED),
        ("confirm", FindingState.OPEN),
    ],
)
def test_what_is_found_again_is_as_it_was_decided(
    reports: None, world: World, desk: Desk, enter: Enter, decision: str, state: FindingState
) -> None:
    finding = finding_of(world, "review.total")
    decide(enter("officer"), finding, decision)
    with world.ledger.write() as session:
        assert resolve_findings(session, [finding.fingerprint], TODAY) == 1
    with world.ledger.write() as session:
        assert reopen_findings(session, [finding.fingerprint], TODAY) == 1
    after = finding_of(world, "review.total")
    assert (after.state, after.decision) == (state, FindingDecision(decision))

"""A document that turns out to be a scan: handed over before anything is recognised, and read once, by others."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image
from sqlalchemy import select

from config.forms import load_forms
from config.settings import Settings
from ledger.database import Ledger
from ledger.machinery.heartbeat import WORKER, heartbeats, queues_taken, takes_from
from ledger.models import ReadingRow, Work
from ledger.states import Queue, WorkState
from monitor.handing_out import handing_out
from report.form import make_form
from tests.waiting import wait_until
from tests.workers import troublesome_readers as trouble
from tests.workers.conftest import NOON, SEEDS, ZUOJIAZHUANG, Documents, StartWorker
from tests.workers.test_pipeline import assert_read_once, the_work, wait_for
from workers.dispatch import send_overdue
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.read import read_document
from workers.reading.scans import recognition
from workers.reading.scans.recognition import scans_left_to_others
from workers.steps import Result, run
from workers.worker_context import WorkerContext

SCANNED_PDF = (SEEDS / "scans" / "qingshan-2023.pdf").read_bytes()
ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SCANNED_TEXT = trouble.SCAN + b"\n" + ZUOJIAZHUANG


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("L", (1200, 1700), 255).save(made, "PNG")
    return made.getvalue()


def test_a_scanned_pdf_is_left_before_it_is_recognised(
    ledger: Ledger, worker_context: WorkerContext, documents: Documents
) -> None:
    work_id = documents.publish(SCANNED_PDF)
    other = documents.publish(ZUOJIAZHUANG, name="b")
    assert run(worker_context, work_id, NOON, worker="w", queue=Queue.READ) is Result.REQUEUED_FOR_OCR
    child = worker_context.reading.pid
    with ledger.read() as session:
        left = session.get_one(Work, work_id)
        assert (left.state, left.queue, left.attempts, left.error) == (WorkState.WAITING, Queue.SCAN, 0, None)
        assert session.scalars(select(ReadingRow)).all() == []
    # A message of the queue "read" that comes late does not begin it again: it is passed on as it is.
    assert run(worker_context, work_id, NOON, worker="w", queue=Queue.READ) is Result.REQUEUED_FOR_OCR
    assert run(worker_context, other, NOON, worker="w", queue=Queue.READ) is Result.DONE
    assert worker_context.reading.pid == child


@pytest.mark.parametrize("data", [SCANNED_PDF, picture()], ids=["pdf", "picture"])
def test_where_nothing_can_be_recognised_a_scan_is_typed_as_ever(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {name: make_form(file) for name, file in load_forms().items()}
    with scans_left_to_others(), pytest.raises(ReadError) as left:
        read_document(data, source="a", forms=forms)
    assert left.value.kind is ReadErrorKind.SCAN
    for module in ("scans.recognition", "scans.scanned_pdf", "paged.pdf"):
        monkeypatch.setattr(f"workers.reading.{module}.recognition_is_installed", lambda: False)
    with scans_left_to_others(), pytest.raises(ReadError, match="没有安装文字识别组件") as typed:
        read_document(data, source="a", forms=forms)
    assert typed.value.kind in (ReadErrorKind.NO_TEXT, ReadErrorKind.KIND_NOT_READ)
    assert recognition.recognition_is_installed() is False


@ON_SQLITE
def test_a_scan_goes_from_one_queue_to_the_other_and_is_read_there(
    settings: Settings, ledger: Ledger, documents: Documents, start_worker: StartWorker
) -> None:
    reads = start_worker()
    documents.publish(SCANNED_TEXT)
    assert send_overdue(settings, ledger, NOON) == 1
    wait_until(lambda: the_work(ledger).queue is Queue.SCAN, f"it is handed over: {reads.said()[-2000:]}")
    scans = start_worker(Queue.SCAN)
    with handing_out(settings, ledger):
        wait_for(ledger, scans)
    assert_read_once(ledger)
    done = the_work(ledger)
    assert (done.attempts, done.error) == (1, None)
    assert done.worker is not None and done.worker.startswith("worker-1@")
    assert "REQUEUED_FOR_OCR" in reads.said()


@ON_SQLITE
def test_the_heartbeat_says_from_which_queue_a_worker_takes(
    settings: Settings, ledger: Ledger, start_worker: StartWorker
) -> None:
    start_worker(Queue.SCAN)
    with ledger.read() as session:
        (beat,) = heartbeats(session, WORKER)
        assert json.dumps(beat.host_checks["queues"]) == '["scan"]'
        assert takes_from(beat, Queue.SCAN) and not takes_from(beat, Queue.READ)
        assert queues_taken(session, settings, beat.at) == [Queue.READ, Queue.SCAN]

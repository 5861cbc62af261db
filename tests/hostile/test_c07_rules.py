"""c07 and c09: a narrative made to hurt the rules takes no more than its length, and nobody waits for the ledger."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

import workers.checking
from cli.demo.portals.sound_report import sound_body
from config.forms import load_forms
from config.rules import load_rules
from config.settings import Settings
from ledger.crawling import portals
from ledger.database import Ledger
from ledger.models import PortalRow, Work
from ledger.states import WorkState
from report.findings.finding import Check
from report.form import make_form
from tests.workers.conftest import Documents
from workers.reading.hints import Hints
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context
from workers.steps import Result, run
from workers.worker_context import open_worker_context

NOW = datetime(2024, 2, 1, 4, tzinfo=UTC)
TITLE = "云山区青山街道办事处2023年政府信息公开工作年度报告"
NARRATIVES = {
    "的": "办结申请" + "的" * 4900 + "。",
    "received": "收到" + "申请信息公开" * 800 + "。",
    "handled": "申请" + "办理件事项" * 900 + "予以公开1件。",
    "digits": "收到申请" + "1" * 4900 + "件。",
    "numerals": "收到申请" + "一百" * 2400 + "件。",
    "commas": "收到申请1件，" * 700 + "。",
    "labels": "申请中予以公开1件，" * 500 + "。",
    "years": "2023年较2022年增加，" * 480 + "。",
    "reviews": "行政复议1件，维持1件，" * 400 + "。",
    "lawsuits": "行政诉讼1件，纠正1件，其他1件；" * 300 + "。",
    "listing": "（1）其中网络1件，信函1件，占比50%；" * 250 + "。",
    "names": "青山街道办事处、绿水街道办事处、某某局、" * 240 + "。",
    "spaces": "申请" + " " * 4900 + "1件。",
}


def document(narrative: str) -> bytes:
    """A sound report whose first part says this too."""
    body = sound_body("青山街道办事处", 2023).replace("</p>", narrative + "</p>", 1)
    return f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{body}".encode()


def seconds_of_a_core(sentence: str, length: int) -> float:
    """What the rules take over a narrative of so many characters."""
    forms = {name: make_form(form) for name, form in load_forms(None).items()}
    narrative = sentence * max(1, length // len(sentence))
    report = read_document(document(narrative), source="x", forms=forms, hints=Hints())
    context = Context(
        expected_year=2023, agency_names=("云山区人民政府青山街道办事处", "青山街道"), agency_kind="subdistrict"
    )
    begun = time.process_time()
    check_report(report, forms, context, load_rules(None))
    return time.process_time() - begun


@pytest.mark.parametrize("name", NARRATIVES)
def test_rules_take_as_long_as_a_text_is_long(name: str) -> None:
    def is_in_step() -> bool:
        short, long = (seconds_of_a_core(NARRATIVES[name], length) for length in (24_000, 96_000))
        # Four times the text: sixteen times as long would be its square.
        return long < 10 * max(short, 0.1)

    # A core that others use at the same time is slower for a while: what is its square is so each time.
    assert any(is_in_step() for _ in range(3))


def test_others_write_while_the_rules_run(
    sqlite_settings: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bool] = []

    def checked(*arguments: object) -> Check:
        with ledger.write() as session:
            portals.keep_portal(session, f"other{len(written)}", NOW)
        written.append(True)
        return check_report(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(workers.checking, "check_report", checked)
    work_id = Documents(sqlite_settings, ledger).publish(document(NARRATIVES["commas"]), year=2023, at=NOW)
    with open_worker_context(sqlite_settings) as context:
        assert run(context, work_id, NOW, worker="w") is Result.DONE
    with ledger.read() as session:
        assert session.get_one(Work, work_id).state is WorkState.DONE
        assert written
        assert session.get(PortalRow, "other0") is not None

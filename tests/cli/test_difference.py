"""nianbao difference: what was changed in a report after it was published, from the documents as they were read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cli.demo.portals.sound_report import sound_body
from cli.main import main
from config.settings import Settings
from ledger.database import Ledger, open_ledger
from ledger.models import ReadingRow, Version
from tests.monitor.factory import write_register
from tests.workers.conftest import Documents
from workers import steps
from workers.worker_context import open_worker_context

NOON = datetime(2020, 2, 1, 4, 0, tzinfo=UTC)
DONGJIE = "yunshan-dongjie"


@pytest.fixture
def home(home: Path) -> Path:
    write_register(home)
    return home


def publish(settings: Settings, ledger: Ledger, *bodies: str) -> None:
    """A report whose page changes day by day, read by the real reader."""
    documents = Documents(settings, ledger)
    work = [
        documents.publish(
            f"<html><body>{body}</body></html>".encode(),
            at=NOON + day * timedelta(days=1),
            agency=DONGJIE,
            portal="yunshan",
        )
        for day, body in enumerate(bodies)
    ]
    with open_worker_context(settings) as worker_context:
        for one in work:
            steps.run(worker_context, one, NOON + timedelta(days=9), worker="w")


def nianbao(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(words)
    out, said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, said


def test_figures_and_sentences_that_were_changed_are_listed(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sound_body("东街街道办事处", 2019)
    assert "85条" in before
    received = before.index("一、本年新收")
    after = (before[:received] + before[received:].replace("<p>2</p>", "<p>4</p>", 1)).replace("85条", "86条")
    publish(settings, ledger, before, after)
    status, out, _ = nianbao(capsys, "difference", "东街街道", "2019")
    assert status == 0
    assert "2020年2月1日12:00的版本，2020年2月2日12:00改为另一版本" in out
    assert "表三“一、本年新收政府信息公开申请数量”行“自然人”列：由2改为4" in out
    assert "85条" in out
    assert "86条" in out
    status, out, _ = nianbao(capsys, "difference", DONGJIE, "2019", "--format", "json")
    (found,) = json.loads(out)
    assert status == 0
    assert [(one["before"], one["after"]) for one in found["figures"]] == [("2", "4")]
    assert found["sections"][0]["changed"]
    assert (found["unread"], found["not_compared"]) == ("", [])


def test_a_version_that_was_not_read_is_said_and_the_status_is_1(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = open_ledger(sqlite_settings)
    publish(sqlite_settings, ledger, sound_body("东街街道办事处", 2019))
    Documents(sqlite_settings, ledger).publish(
        b"%PDF-1.4 torn", at=NOON + timedelta(days=1), agency=DONGJIE, portal="yunshan"
    )
    status, out, _ = nianbao(capsys, "difference", "东街街道", "2019")
    assert (status, "改动后的版本尚未读出，不能对照" in out) == (1, True)
    ledger.close()


def test_versions_that_two_readers_have_read_are_not_compared(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    # They would differ in what the reader has learned.
    ledger = open_ledger(sqlite_settings)
    body = sound_body("东街街道办事处", 2019)
    publish(sqlite_settings, ledger, body, body.replace("85条", "86条"))
    with ledger.write() as session:
        newest = session.execute(select(Version.sha256).order_by(Version.id.desc())).scalars().first()
        session.execute(update(ReadingRow).where(ReadingRow.sha256 == newest).values(reader="0"))
    ledger.close()
    status, out, _ = nianbao(capsys, "difference", "东街街道", "2019", "--all")
    assert (status, "请先运行 nianbao replay" in out) == (1, True)


def test_a_report_with_one_version_and_an_agency_that_is_not_there(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, said = nianbao(capsys, "difference", "东街街道", "2019")
    assert (status, "只有一个版本，或台账中还没有" in said) == (0, True)
    status, _, said = nianbao(capsys, "difference", "西街街道", "2019")
    assert (status, len(said.splitlines())) == (2, 1)
    assert "没有叫“西街街道”的机关" in said

"""``nianbao replay``: stored documents read and checked again, and what that changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from cli.demo.inbox import Inbox
from config.settings import Settings
from config.yaml_file import data_file
from ledger.database import Ledger, open_ledger
from ledger.models import CheckRow, FindingRow, ReadingRow, Version, Work
from ledger.reading.readings import record_reading
from ledger.states import WorkState
from monitor.loop import tick
from report.report import Report
from tests.cli.test_quarantine import nianbao
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import OFFICE, at, write_register
from tests.monitor.reading_mail import text_of, told
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents
from tests.workers.test_neighbours import CHAOWAI, page
from workers.reading.version import READER_VERSION
from workers.steps import run
from workers.worker_context import open_worker_context

WRONG = "requests.received.natural_person"


def read(settings: Settings, *works: int) -> None:
    with open_worker_context(settings) as worker_context:
        for work in works:
            run(worker_context, work, NOON, worker="w")


def replayed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert nianbao(["replay", *arguments, "--format", "json"]) == status
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def rows(ledger: Ledger) -> list[list[dict[str, Any]]]:
    found = []
    with ledger.read() as session:
        for model in (Work, ReadingRow, CheckRow, FindingRow):
            listed = session.scalars(select(model))
            found.append([{c.key: getattr(row, c.key) for c in model.__table__.columns} for row in listed])
    return found


def test_what_an_earlier_reader_misread_is_read_again_and_its_findings_go(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.dispatch.READER_VERSION", "0")
    data = page(CHAOWAI, 2024)
    work = Documents(settings, ledger).publish(data, agency="chaoyang-chaowai", year=2024)
    with open_worker_context(settings) as worker_context:
        sound = worker_context.reading.read(data, "x")
        misread: Report = replace(
            sound, figures=sound.figures | {WRONG: replace(sound.figures[WRONG], value=7, text="7")}
        )
        with ledger.write() as session:
            record_reading(session, misread, "0", NOON, 0.1)
        run(replace(worker_context, reader="0"), work, NOON, worker="w")
    with ledger.read() as session:
        wrong = {row.rule for row in session.scalars(select(FindingRow).where(FindingRow.severity == "error"))}
    assert "T05" in wrong
    (one,) = replayed(capsys, sound.sha256[:12])
    assert (one["ended"], one["reader"]) == ("read", {"before": "0", "after": READER_VERSION})
    (figure,) = one["figures"]
    assert (figure["key"], figure["before"]["value"], figure["after"]["value"]) == (WRONG, 7, 2)
    assert {"rule": "T05", "before": "fail", "after": "pass"} in one["rules"]
    assert one["findings"]["opened"] == []
    assert {row["rule"]: row["state"] for row in one["findings"]["resolved"]}["T05"] == "resolved"
    # Once more, and by its whole name: nothing changes any more, and the rows are the same.
    before = rows(ledger)
    (again,) = replayed(capsys, sound.sha256)
    assert (again["ended"], again["figures"], again["rules"]) == ("checked", [], [])
    assert again["findings"] == {"opened": [], "resolved": []}
    assert rows(ledger) == before


def test_a_rule_switched_off_resolves_its_findings_and_the_office_is_told(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    write_register(sqlite_settings.home)
    ledger = open_mailing_ledger(sqlite_settings)
    publish = Documents(sqlite_settings, ledger).publish
    work = publish(ZUOJIAZHUANG, at=at("2020-01-20"), agency="yunshan-dongjie", year=2019, portal="yunshan")
    read(sqlite_settings, work)
    with Inbox(sqlite_settings.home / "inbox") as inbox:
        mailing = sqlite_settings.model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})
        tick(mailing, ledger, at("2020-02-03 13:00"))
        (alert,) = [mail for mail in told(inbox) if mail["To"] == OFFICE and "处不平" in str(mail["Subject"])]
        (sqlite_settings.home / "config" / "rules.yaml").write_text("rules:\n  T05: {enabled: false}\n")
        (one,) = replayed(capsys, "--all")
        assert one["rules"] == [{"rule": "T05", "before": "fail", "after": None}]
        assert {row["rule"] for row in one["findings"]["resolved"]} == {"T05"}
        tick(mailing, ledger, at("2020-02-03 18:00"))
        corrections = [mail for mail in told(inbox) if "更正" in str(mail["Subject"])]
        assert any("重新核读同一份报告，没有这个问题，原通知有误" in text_of(mail) for mail in corrections)
        assert all(mail["In-Reply-To"] == alert["Message-ID"] for mail in corrections)
    ledger.close()


def test_what_could_not_be_read_is_tried_again(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = Documents(settings, ledger)
    broken = documents.publish(b"%PDF-1.7 broken", name="broken")
    # A reader of old could not read this one.
    monkeypatch.setattr("workers.dispatch.READER_VERSION", "0")
    fine = documents.publish(page(CHAOWAI, 2024), agency="chaoyang-chaowai", year=2024, name="fine")
    read(settings, broken)
    with ledger.write() as session:
        session.execute(update(Work).where(Work.id == fine).values(state=WorkState.QUARANTINED))
    capsys.readouterr()
    assert nianbao(["replay", "--all"]) == 1
    said = capsys.readouterr()
    assert "PDF 文件已损坏" in said.out
    assert "2 份文件：重新读取 1，读不出 1；1 份有变化。" in said.err
    with ledger.read() as session:
        states = {(row.version_id, row.reader): row.state for row in session.scalars(select(Work))}
        versions = {row.id: row.address for row in session.scalars(select(Version))}
    assert {(versions[key].rsplit("/")[-1], reader): state for (key, reader), state in states.items()} == {
        ("broken", READER_VERSION): WorkState.QUARANTINED,
        ("fine", "0"): WorkState.DONE,
        ("fine", READER_VERSION): WorkState.DONE,
    }


def test_an_office_with_forms_of_its_own_has_a_reader_of_its_own(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = open_ledger(sqlite_settings)
    label = "一、本年新收政府信息公开申请数量"
    data = page(CHAOWAI, 2024, (label, "一、今年新收到的申请"))
    work = Documents(sqlite_settings, ledger).publish(data, agency="chaoyang-chaowai", year=2024)
    read(sqlite_settings, work)
    folder = sqlite_settings.home / "config" / "forms"
    folder.mkdir(parents=True)
    text = data_file("forms/2021.yaml", None).read_text(encoding="utf-8")
    assert text.count(label) == 1
    (folder / "2021.yaml").write_text(text.replace(label, "一、今年新收到的申请"), encoding="utf-8")
    (one,) = replayed(capsys, "--all")
    assert one["reader"]["before"] == READER_VERSION
    assert one["reader"]["after"].startswith(f"{READER_VERSION}+")
    changed = {each["key"]: each["after"]["value"] for each in one["figures"]}
    assert changed[WRONG] == 2
    ledger.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "请给出文件的 sha256"),
        (["--all", "ab12cd34"], "请给出文件的 sha256"),
        (["ab12"], "“ab12”不是 sha256"),
        (["xyzxyzxyz"], "“xyzxyzxyz”不是 sha256"),
        (["ab12cd34"], "台账中没有文件“ab12cd34”"),
    ],
)
def test_what_cannot_be_replayed_is_said(
    home: object, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert nianbao(["replay", *arguments]) == 2
    assert sentence in capsys.readouterr().err

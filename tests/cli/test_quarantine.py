"""``nianbao quarantine``: what could not be read is listed, and read again when somebody says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from cli.main import main
from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Work
from ledger.states import IncidentKind, WorkState
from monitor.calendar import chinese_moment
from monitor.incidents.wanted import wanted_incidents
from tests.workers.conftest import NOON, ZUOJIAZHUANG, Documents
from workers.steps import run
from workers.worker_context import open_worker_context


def nianbao(arguments: Sequence[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_what_could_not_be_read_is_listed_and_read_again(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nianbao(["quarantine", "list"]) == 0
    assert capsys.readouterr().err == "没有被隔离的文档。\n"
    documents = Documents(settings, ledger)
    broken = documents.publish(b"%PDF-1.7 broken", name="broken")
    fine = documents.publish(ZUOJIAZHUANG, name="fine")
    with open_worker_context(settings) as worker_context:
        for work_id in (broken, fine):
            run(worker_context, work_id, NOON, worker="w")
    assert nianbao(["quarantine", "list", "--format", "json"]) == 1
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["work"], listed["error"], listed["title"]) == (broken, "broken", "broken")
    assert listed["since"].endswith("+00:00")
    assert nianbao(["quarantine", "list"]) == 1
    table = capsys.readouterr().out
    # One time zone for people.
    assert "+00:00" not in table and chinese_moment(datetime.fromisoformat(listed["since"])) in table
    assert nianbao(["quarantine", "retry", str(broken), str(fine)]) == 0
    said = capsys.readouterr().err
    assert f"编号 {fine} 不在隔离区" in said
    assert "1 份文档已移出隔离区，由监测角色交付读取" in said
    with ledger.read() as session:
        assert {row.id: row.state for row in session.scalars(select(Work))} == {
            broken: WorkState.WAITING,
            fine: WorkState.DONE,
        }


def test_the_list_and_the_mails_are_about_the_same_documents(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = Documents(settings, ledger)
    ids = [documents.publish(b"%PDF-1.7 broken " + str(number).encode(), name="a") for number in range(2)]
    with open_worker_context(settings) as worker_context:
        for work_id in ids:
            run(worker_context, work_id, NOON, worker="w")
    assert nianbao(["quarantine", "list", "--format", "json"]) == 1
    # The first was replaced by the second, which nobody could read either.
    assert [document["work"] for document in json.loads(capsys.readouterr().out)] == ids[1:]
    with ledger.read() as session:
        register = load_register(settings.home)
        drafts = list(wanted_incidents(session, settings, register, NOON))
    assert [one.subject for one in drafts if one.kind is IncidentKind.QUARANTINE] == [f"work:{ids[1]}"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["retry"], "请给出要重试的编号"),
        (["retry", "--all", "1"], "请给出要重试的编号"),
        (["retry", "77"], "没有可以重试的文档"),
    ],
)
def test_what_cannot_be_retried_is_said(
    home: object, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert nianbao(["quarantine", *arguments]) == 2
    assert sentence in capsys.readouterr().err

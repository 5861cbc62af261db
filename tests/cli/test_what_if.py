"""``nianbao replay --what-if``: what another level would have made of the reports, and nothing is written."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select

from config.settings import Settings
from ledger.database import open_ledger
from ledger.models import FindingRow
from tests.cli.test_quarantine import nianbao
from tests.cli.test_replay import read, rows
from tests.monitor.factory import at, write_register
from tests.workers.conftest import ZUOJIAZHUANG, Documents

DONGJIE = "yunshan-dongjie"


@pytest.fixture
def stored(sqlite_settings: Settings) -> Settings:
    """A report of 2019 that breaks T05, read on 1 February 2020."""
    write_register(sqlite_settings.home)
    with closing(open_ledger(sqlite_settings)) as ledger:
        work = Documents(sqlite_settings, ledger).publish(
            ZUOJIAZHUANG, at=at("2020-01-20"), agency=DONGJIE, year=2019, portal="yunshan"
        )
        read(sqlite_settings, work)
    return sqlite_settings


def tried(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert nianbao(["replay", *arguments, "--format", "json"]) == status
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def levels(settings: Settings) -> dict[str, str]:
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        return {row.rule: row.severity for row in session.scalars(select(FindingRow))}


def test_it_says_which_findings_would_be_of_another_level_and_writes_nothing(
    stored: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_ledger(stored)) as ledger:
        before = rows(ledger)
        (milder,) = tried(capsys, "--what-if", "T05=human")
        assert (milder["agency"], milder["rule"], milder["before"], milder["after"]) == (
            DONGJIE,
            "T05",
            "error",
            "human",
        )
        graver = tried(capsys, "--what-if", "t02=error", "--what-if", "T05=warning", status=1)
        assert {(one["rule"], one["after"]) for one in graver} == {("T02", "error"), ("T05", "warning")}
        assert tried(capsys, "--what-if", "T05=error") == []
        assert tried(capsys, "--what-if", "T05=human", "--year", "2018") == []
        assert rows(ledger) == before


def test_a_rules_file_is_tried_as_a_whole(stored: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    file = stored.home / "next.yaml"
    file.write_text("rules:\n  T05: {severity: warning, from: 2099-01-01}\n  T02: {enabled: false}\n", "utf-8")
    found = {one["rule"]: (one["before"], one["after"]) for one in tried(capsys, "--what-if", str(file))}
    assert found == {"T05": ("error", "warning"), "T02": ("warning", None)}
    nianbao(["replay", "--what-if", str(file)])
    said = capsys.readouterr()
    assert "2019年度的1份报告中，1份会有变化：" in said.err and "没有写入任何内容" in said.err and "T05" in said.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--what-if", "T99=error"], "没有规则“T99”"),
        (["--what-if", "T05=grave"], "级别“grave”不认识"),
        (["--what-if", "P01=human"], "P01 由公布情况认定"),
        (["--what-if", "nowhere.yaml"], "不是“规则=级别”"),
        (["--what-if", "T05=human", "--all"], "请不要同时给出"),
        (["--year", "2019", "--all"], "--year 只与 --what-if 同用"),
    ],
)
def test_what_cannot_be_tried_is_said(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert nianbao(["replay", *arguments]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(("begins", "level"), [("2020-02-02", "error"), ("2020-02-01", "human")])
def test_a_finding_has_the_level_of_the_day_on_which_it_is_judged(
    sqlite_settings: Settings, begins: str, level: str
) -> None:
    write_register(sqlite_settings.home)
    (sqlite_settings.home / "config" / "rules.yaml").write_text(
        f"rules:\n  T05: {{severity: human, from: {begins}}}\n", encoding="utf-8"
    )
    with closing(open_ledger(sqlite_settings)) as ledger:
        work = Documents(sqlite_settings, ledger).publish(
            ZUOJIAZHUANG, at=at("2020-01-20"), agency=DONGJIE, year=2019, portal="yunshan"
        )
        read(sqlite_settings, work)  # at noon of 1 February
    assert levels(sqlite_settings)["T05"] == level

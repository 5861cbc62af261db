"""nianbao rules, as a person calls it."""

from __future__ import annotations

import json

import pytest

from cli.main import main
from config.rules import shipped_codes
from config.settings import Settings


def nianbao(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_every_rule_says_what_it_does_not_look_at() -> None:
    assert all(entry.limits.endswith("。") for entry in shipped_codes().values())


def test_the_catalogue_is_that_of_the_office(sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    own = sqlite_settings.home / "config"
    own.mkdir(exist_ok=True)
    (own / "rules.yaml").write_text("rules: {T02: {enabled: false}, D04: {severity: error}}\n", "utf-8")
    assert nianbao("rules", "list", "--format", "json") == 0
    rows = {row["code"]: row for row in json.loads(capsys.readouterr().out)}
    assert list(rows) == list(shipped_codes())
    assert (rows["T02"]["enabled"], rows["D04"]["severity"], rows["T05"]["severity"]) == (False, "error", "error")


def test_a_rule_is_shown_with_its_basis_and_its_limits(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nianbao("rules", "show", "t05") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("T05 表三各行申请人之和等于总计 · 错误")
    assert "依据：政府信息公开工作年度报告格式表三" in shown and "该行不核算" in shown and "In every row" in shown
    assert nianbao("rules", "show", "T99") == 2
    assert "没有规则“T99”；请用 nianbao rules list" in capsys.readouterr().err


def test_a_level_that_will_change_is_shown_with_its_day(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    own = sqlite_settings.home / "config"
    own.mkdir(exist_ok=True)
    (own / "rules.yaml").write_text("rules: {D04: {severity: error, from: 2999-01-01}}\n", "utf-8")
    assert nianbao("rules", "show", "D04") == 0
    shown = capsys.readouterr().out
    assert "· 提示" in shown.splitlines()[0] and "级别变动：自2999-01-01起由提示改为错误" in shown
    assert nianbao("rules", "show", "D04", "--format", "json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["severity"], row["change"]) == (
        "warning",
        {"from": "2999-01-01", "before": "warning", "after": "error"},
    )

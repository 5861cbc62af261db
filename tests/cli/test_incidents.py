"""nianbao incidents, as a person calls it."""

from __future__ import annotations

import json

import pytest

from ledger.database import Ledger
from tests.cli.test_status import run


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert run("incidents", "list", "--format", "json") == 1  # an agency is missing: an error is open
    return {row["kind"]: row for row in json.loads(capsys.readouterr().out)}


def test_a_word_is_kept_with_name_and_reason(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(listed(capsys)["missing"]["id"])
    assert run("incidents", "acknowledge", number, "--by", "王敏", "--why", "已电话催办") == 0
    assert "在情况本身解决之前仍为未解决" in capsys.readouterr().err
    assert run("incidents", "note", number, "--by", "李强", "--why", "下周再问") == 0
    row = listed(capsys)["missing"]
    assert row["resolved_at"] is None
    words = row["words"]
    assert isinstance(words, list)
    assert [(word["kind"], word["by"], word["why"]) for word in words] == [
        ("acknowledge", "王敏", "已电话催办"),
        ("note", "李强", "下周再问"),
    ]


def test_a_matter_is_known_by_one_number_everywhere(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    finding = listed(capsys)["finding"]
    number = str(finding["matter"])
    assert number.startswith("云山区-2019-") and listed(capsys)["missing"]["matter"] != number
    assert run("findings", "show", number) == 0
    assert f"事项编号：{number}" in capsys.readouterr().out
    assert run("incidents", "note", number, "--by", "王敏", "--why", "已转该街道") == 0
    assert str(listed(capsys)["finding"]["words"]).count("已转该街道") == 1
    assert run("findings", "dismiss", number, "--by", "王敏", "--why", "纸质原件无误") == 0
    assert run("findings", "list", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == []
    for command in ("findings show", "incidents note"):
        extra = () if command == "findings show" else ("--by", "王敏", "--why", "备注")
        assert run(*command.split(), "云山区-2019-99", *extra) == 2
        assert "云山区-2019-99" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("acknowledge", "999", "--by", "王敏", "--why", "已知"), "没有编号为 999 的事项"),
        (("snooze", "1", "--by", "王敏", "--why", "放假", "--until", "2020-01-01"), "2020年1月1日已经过去"),
        (("note", "1", "--by", " ", "--why", "备注"), "不能为空"),
        (("note", "1", "--why", "备注"), "缺少 --by"),
    ],
)
def test_what_cannot_be_said_is_refused_in_a_sentence(
    arguments: tuple[str, ...], sentence: str, ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("incidents", *arguments) == 2
    assert sentence in capsys.readouterr().err


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, status: int) -> str:
    capsys.readouterr()
    assert run("incidents", "list", *arguments) == status
    said = capsys.readouterr()
    return said.out + said.err


def test_the_list_is_for_people_and_the_worst_is_first(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = shown(capsys, status=1)
    assert "区文旅局" in listed and "未公布" in listed and "主管部门" in listed and "yunshan-" not in listed
    assert not [word for word in ("missing", "finding", "error", "warning", "human") if word in listed]
    first_of = [listed.index(level) for level in ("错误", "提示") if level in listed]
    assert first_of == sorted(first_of)


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--level", "error"), 1, "未公布"),
        (("--level", "human"), 0, "没有符合条件的事项"),
        (("--year", "2018"), 0, "没有符合条件的事项"),
        (("--year", "2019", "--district", "云山区"), 1, "区文旅局"),
        (("--state", "resolved"), 0, "没有符合条件的事项"),
        (("--district", "火星区"), 2, "名册中没有“火星区”；已登记的区：朝阳区、东城区、云山区"),
    ],
)
def test_the_list_is_narrowed(
    arguments: tuple[str, ...],
    status: int,
    sentence: str,
    ledger_in_home: Ledger,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert sentence in shown(capsys, *arguments, status=status)

"""``nianbao looks``: what was seen in a column, and a person's word that it is to be believed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from ledger.database import Ledger
from ledger.models import ColumnConfirmation
from tests.cli.test_status import run
from tests.monitor.factory import World

WHY = ("--by", "张三", "--why", "打开栏目核对过")


def standing(capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    run("why", "区文旅局", "2019", "--format", "json")
    return json.loads(capsys.readouterr().out)["standing"]


def test_a_column_in_which_no_report_was_recognised_counts_once_a_person_says_so(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    World(ledger_in_home).look("2020-02-03", reports={})
    World(ledger_in_home).look("2020-02-04", reports={})
    before = standing(capsys)
    assert (before["standing"], before["evidence"]["lacking"]) == ("unverifiable", "no_witness")
    assert "nianbao looks confirm" in before["sentence"]

    assert run("looks", "confirm", "yunshan/departments", "2019", *WHY) == 0
    assert "依据2020年2月4日12:00的查看" in capsys.readouterr().err
    after = standing(capsys)
    assert after["standing"] == "missing"
    assert after["evidence"]["confirmed"]["部门年报"]["by"] == "张三"

    capsys.readouterr()
    assert run("looks", "list", "departments", "--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [row["begun"] for row in listed] == sorted((row["begun"] for row in listed), reverse=True)
    (word,) = listed[0]["confirmed"]
    assert (word["year"], word["by"], word["why"]) == (2019, "张三", "打开栏目核对过")
    assert all(row["confirmed"] == [] for row in listed[1:])
    assert (listed[0]["pieces"], listed[0]["unaccounted"], listed[0]["complete"]) == (10, 0, True)
    assert run("looks", "list", "departments") == 0
    assert "2019年度（张三，" in "".join(capsys.readouterr().out.split())

    # Said twice is kept twice.
    assert run("looks", "confirm", "departments", "2019", "--by", "李四", "--why", "复核") == 0
    with ledger_in_home.read() as session:
        assert [row.said_by for row in session.scalars(select(ColumnConfirmation))] == ["张三", "李四"]


def test_every_column_is_listed_with_its_last_look(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("looks", "list", "--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(row["column"], row["begun"][:10]) for row in listed] == [
        ("departments", "2020-02-02"),
        ("streets", "2020-02-02"),
    ]


@pytest.mark.parametrize(
    ("column", "year", "sentence"),
    [
        ("yunshan/nowhere", "2019", "没有栏目“yunshan/nowhere”"),
        ("departments", "2020", "期限之后还没有完整查看过 yunshan/departments"),
    ],
)
def test_what_nobody_can_have_seen_cannot_be_confirmed(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str], column: str, year: str, sentence: str
) -> None:
    assert run("looks", "confirm", column, year, *WHY) == 2
    assert sentence in capsys.readouterr().err
    with ledger_in_home.read() as session:
        assert session.scalars(select(ColumnConfirmation)).all() == []

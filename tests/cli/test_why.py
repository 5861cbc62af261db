"""nianbao why: the facts behind a standing, in order, as they were known on a day."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Article, Incident, Look
from ledger.states import ArticleOutcome, IncidentKind, PortalState
from monitor.evidence.facts import evidence_of
from monitor.loop import tick
from tests.cli.test_status import run
from tests.monitor.factory import OFFICE, World, at


def facts(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 1) -> Any:
    capsys.readouterr()
    assert run("why", *arguments, "--format", "json") == status
    return json.loads(capsys.readouterr().out)


def test_a_report_that_is_missing_rests_on_two_looks(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    accounted = {"pieces": 12, "understood": 10, "named": 2, "unaccounted": 0, "examples": []}
    with ledger_in_home.write() as session:
        session.execute(update(Look).values(accounted=accounted))
    found = facts(capsys, "区文旅局", "2019")
    assert (found["id"], found["standing"]["standing"]) == ("yunshan-culture", "missing")
    assert found["obligation"]["due"] == "2020-01-31"
    (column,) = found["looks"]
    assert (column["column"], column["name"], column["left_out"]) == ("departments", "部门年报", 0)
    assert [(look["begun"][:10], look["complete"]) for look in column["looks"]] == [
        ("2020-02-01", True),
        ("2020-02-02", True),
    ]
    assert column["looks"][0]["accounted"] == accounted
    assert found["articles"] == found["findings"] == []
    assert [(one["before"], one["now"]) for one in found["changes"]] == [(None, "pending"), ("pending", "missing")]
    assert [(one["kind"], one["outcome"]) for one in found["incidents"]] == [("missing", None)]
    (letter,) = found["letters"]
    assert (letter["to"], letter["purpose"], letter["sent"]) == (OFFICE, "alert", None)
    assert run("why", "区文旅局", "2019") == 1
    shown = capsys.readouterr().out
    assert "云山区文化和旅游局　2019年度：未公布" in shown and "未能归类0" in shown and "待发" in shown


def test_a_report_that_was_found_rests_on_its_evidence_and_its_reading(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts(capsys, "yunshan-dongjie", "2019")
    assert found["standing"]["published"] == "2020-01-16"
    (article,) = found["articles"]
    assert {one["source"] for one in article["evidence"]} == {"page_label"}
    (document,) = article["documents"]
    assert len(document["sha256"]) == 64 and document["work"]["state"] == "done"
    (finding,) = found["findings"]
    assert (finding["rule"], finding["severity"], finding["state"]) == ("T05", "error", "open")
    (column,) = found["looks"]
    assert [look["begun"][:10] for look in column["looks"]] == ["2020-01-16"]
    assert run("why", "yunshan-dongjie", "2019") == 1
    shown = capsys.readouterr().out
    assert "网页标签中的发布日期" in shown and "T05" in shown


def test_on_an_earlier_day_only_what_was_known_then_counts(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts(capsys, "区文旅局", "2019", "--as-of", "2020-01-31", status=0)
    assert (found["standing"]["standing"], found["looks"][0]["looks"], found["letters"]) == ("pending", [], [])
    assert run("why", "区文旅局", "2019", "--as-of", "2020-01-01") == 2
    assert "台账中没有云山区文化和旅游局2019年度的状况" in capsys.readouterr().err


def test_a_look_that_proves_nothing_says_why(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    World(ledger_in_home).look("2020-02-03", found=PortalState.BLOCKED, complete=False, sentence="门户要求验证")
    looks = facts(capsys, "区文旅局", "2019")["looks"][0]["looks"]
    assert [(look["complete"], look["state"], look["why_not"]) for look in looks][-1:] == [
        (False, "blocked", "门户要求验证")
    ]
    assert run("why", "区文旅局", "2019") == 1
    assert "门户要求验证" in capsys.readouterr().out


def test_what_stands_in_its_column_and_is_nobodys_is_among_the_facts(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    World(ledger_in_home).article(
        None, None, "2020-02-01", column="departments", title="某局年报", reason="名册中没有",
        outcome=ArticleOutcome.UNASSIGNED,
    )  # fmt: skip
    found = facts(capsys, "区文旅局", "2019")
    assert found["standing"]["standing"] == "unverifiable"
    assert [(one["title"], one["outcome"], one["reason"]) for one in found["articles"]] == [
        ("某局年报", "unassigned", "名册中没有")
    ]
    assert len(found["looks"][0]["looks"]) == 2


def test_an_agency_that_is_not_in_the_register_is_one_sentence(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("why", "西街街道", "2019") == 2
    assert "名册中没有叫“西街街道”的机关" in capsys.readouterr().err


def test_the_chain_of_carry_overs_is_shown_over_all_years_and_in_the_evidence_of_its_finding(
    ledger_in_home: Ledger, sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(ledger_in_home)
    with ledger_in_home.read() as session:
        own = session.scalars(select(Article.id).where(Article.agency == "yunshan-dongjie", Article.year == 2019)).one()

    def total(row: str, number: int) -> dict[str, Any]:
        return {f"requests.{row}.total": {"value": number, "state": "number", "text": str(number)}}

    for year, number in ((2017, 3), (2018, 3)):
        article = world.article("yunshan-dongjie", year, "2020-01-10", column="streets", baseline=True)
        figures = total("carried_out", number) | total("carried_in", 3 if year == 2018 else 0)
        world.version(article, "2020-01-10", figures=figures)
    version = world.version(own, "2020-02-01", "again", figures=total("carried_in", 1))
    found = facts(capsys, "yunshan-dongjie", "2019")
    assert [(one["before"], one["after"], one["state"]) for one in found["carry_overs"]] == [
        (2017, 2018, "agrees"),
        (2018, 2019, "broken"),
    ]
    assert found["carry_overs"][1]["differing"] == [
        {"column": "total", "name": "总计", "carried_out": 3, "carried_in": 1}
    ]
    assert run("why", "yunshan-dongjie", "2019") == 1
    shown = capsys.readouterr().out
    assert "不符（首个不符）" in shown and "总计：结转下年度3，次年上年结转1" in shown
    world.finding(version, "yunshan-dongjie", 2019, "2020-02-03", rule="Y01", message="上年结转不符")
    tick(sqlite_settings.model_copy(update={"smtp_port": 9}), ledger_in_home, at("2020-02-04 13:00"))
    with ledger_in_home.read() as session:
        about = (Incident.kind == IncidentKind.FINDING, Incident.sentence == "上年结转不符")
        told = session.scalars(select(Incident).where(*about)).all()
        (evidence,) = evidence_of(session, load_register(sqlite_settings.home), told, at("2020-02-04 13:00"))
    known = {one.name: one.value for one in evidence.known}
    assert known["历年结转"].startswith("2017→2018年度相符；2018→2019年度不符（首个不符）：总计结转下年度3")

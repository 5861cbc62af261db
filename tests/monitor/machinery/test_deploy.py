"""The alert rules and the dashboard speak of metrics and labels that there are, and of pages that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import update

from config.settings import Settings, load_settings
from ledger.database import Ledger
from ledger.models import Canary, Heartbeat, Notice, PortalRow
from ledger.states import IncidentKind, NoticeKind, NoticeState, PortalState, WorkState
from ledger.tallies import Measure, count
from monitor.loop import tick
from monitor.machinery.metrics import render
from monitor.machinery.reading_state import ReadingWord
from monitor.machinery.report import Part
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import World, write_register

CHECKOUT = Path(__file__).resolve().parents[3]
RULES_FILE = CHECKOUT / "deploy" / "prometheus" / "nianbao.rules.yml"
RULES: list[dict[str, Any]] = yaml.load(RULES_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)["groups"][0]["rules"]
ALERT_TESTS_FILE = Path(__file__).with_name("alerts.test.yml")
ALERT_TESTS: dict[str, Any] = yaml.load(ALERT_TESTS_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
DASHBOARD: dict[str, Any] = json.loads((CHECKOUT / "deploy" / "grafana" / "nianbao.json").read_text(encoding="utf-8"))
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
]
NOW = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)
VALUES = {
    ("nianbao_reading_state", "state"): {word.value for word in ReadingWord},
    ("nianbao_wrong", "part"): {part.value for part in Part},
    ("nianbao_documents", "state"): {state.value for state in WorkState},
    ("nianbao_portals", "state"): {state.value for state in PortalState},
    ("nianbao_incidents_open", "kind"): {kind.value for kind in IncidentKind},
    ("nianbao_heartbeat_age_seconds", "role"): {"crawler", "worker", "monitor"},
    ("nianbao_processes", "role"): {"crawler", "worker", "monitor"},
    ("nianbao_processes_busy", "role"): {"crawler", "worker", "monitor"},
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The labels of every metric of an installation in which everything happened once."""
    home = tmp_path_factory.mktemp("home")
    write_register(home)
    settings = load_settings(home=home)
    with closing(open_mailing_ledger(settings)) as ledger:
        _live(settings, ledger)
        with ledger.read() as session:
            page = render(session, settings, NOW).decode()
    found: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(nianbao_\w+)(?:\{(.*?)\})? ", page, re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return found


def _live(settings: Settings, ledger: Ledger) -> None:
    World(ledger)
    tick(settings, ledger, NOW)
    host_checks = {"skew": 0.0, "disks": [{"what": "a", "folder": "/a", "free": 1, "total": 2}]}
    beat = {"name": "h:1", "host": "h", "at": NOW, "version": "1", "host_checks": host_checks, "last_work_at": NOW}
    notice = {"recipient": "a@b.example", "subject": "", "text": "", "html": "", "created_at": NOW}
    with ledger.write() as session:
        session.add(Heartbeat(role="crawler", busy=False, **beat))
        session.add(Heartbeat(role="worker", busy=False, **beat))
        session.add(Canary(slot=1, sent_at=NOW, published=True, back_at=NOW + timedelta(seconds=1)))
        session.execute(update(PortalRow).values(last_round_at=NOW))
        for measure in Measure:
            count(session, measure, "done", 0.2)
        session.add(
            Notice(
                identity="a", message_id="a", kind=NoticeKind.WEEKLY, state=NoticeState.SENT, sent_at=NOW,
                next_attempt_at=NOW, **notice,
            )
        )  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_asks_for_metrics_labels_and_values_that_there_are(
    expression: str, measured: dict[str, set[str]]
) -> None:
    named = re.findall(r"(nianbao_\w+)(?:\{(.*?)\})?", expression)
    assert named
    for metric, selector in named:
        assert metric in measured
        for label, values in re.findall(r'(\w+)(?:=~|!=|=)"(.*?)"', selector):
            assert label in measured[metric]
            assert set(values.split("|")) <= VALUES[metric, label]
    grouped = re.findall(r"(?:by|without) \((.*?)\)", expression)
    labels = set().union(*(measured[metric] for metric, _ in named)) | {"instance"}
    assert {label.strip() for group in grouped for label in group.split(",")} <= labels


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_a_rule_says_what_happens_how_grave_it_is_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert re.search(r"[\u4e00-\u9fff]", rule["annotations"]["summary"])
    assert (CHECKOUT / rule["annotations"]["runbook"]).is_file()
    for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
        assert re.search(rf"by \([^)]*\b{label}\b", rule["expr"]), label


def test_the_rules_are_taken_by_prometheus_itself_and_fire_when_they_should() -> None:
    """By promtool where it is installed (.ci/run brings it); else what can be said without it."""
    promtool = shutil.which("promtool")
    tested = {alert["alertname"] for test in ALERT_TESTS["tests"] for alert in test["alert_rule_test"]}
    assert tested >= {rule["alert"] for rule in RULES if rule["labels"]["severity"] == "critical"}
    if promtool is None:
        assert len({rule["alert"] for rule in RULES}) == len(RULES)
        for expression in EXPRESSIONS:
            assert all(expression.count(a) == expression.count(b) for a, b in ("()", "{}", "[]")), expression
        return
    for command in (("check", "rules", RULES_FILE), ("test", "rules", ALERT_TESTS_FILE)):
        done = subprocess.run([promtool, *command], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_how_long_and_how_much_is_too_much_is_judged_by_the_settings_and_by_no_rule() -> None:
    judged = r"nianbao_\w+_(?:seconds|bytes)\b[^<>=]*[<>=]"
    assert [rule["alert"] for rule in RULES if re.search(judged, rule["expr"])] == []


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in DASHBOARD["panels"]}
    assert len(places) == len(DASHBOARD["panels"])
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {"${datasource}"}

"""The JSON Schemas that ship describe what the commands really print, and see a field that is missing or renamed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ledger.database import Ledger
from monitor.outputs.schemas import SHAPES, schema_text, written
from tests.cli.test_check import BROKEN, CUT, SOUND, checked
from tests.cli.test_export import two_reports as two_reports
from tests.cli.test_quarantine import nianbao
from tests.cli.test_status import run


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text(name)))


def faults(name: str, value: Any) -> list[str]:
    return [f"{list(one.absolute_path)}: {one.message[:200]}" for one in validator(name).iter_errors(value)]


def renamed(value: Any) -> Iterator[tuple[str, Any]]:
    """The same with one field of it renamed: each of its own, and of the first of every list in it."""
    for key in value:
        changed = {("renamed" if one == key else one): given for one, given in value.items()}
        yield key, changed
        if isinstance(value[key], list) and value[key] and isinstance(value[key][0], dict):
            for inner, first in renamed(value[key][0]):
                yield f"{key}.{inner}", value | {key: [first, *value[key][1:]]}


@pytest.mark.parametrize("name", SHAPES)
def test_a_schema_is_valid_and_made_of_the_shape(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(schema_text(name)))
    assert schema_text(name) == written(name), "python -m monitor.outputs.schemas"


def test_status_and_why_are_as_their_schemas_say(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--format", "json") == 1
    status = json.loads(capsys.readouterr().out)
    assert status["agencies"] and status["portals"] and status["troubles"]
    assert faults("status", status) == []
    for agency in ("yunshan-dongjie", "yunshan-culture"):
        run("why", agency, "2019", "--format", "json")
        facts = json.loads(capsys.readouterr().out)
        assert faults("why", facts) == []
    for name, value in (("status", status), ("why", facts)):
        for field, changed in renamed(value):
            assert faults(name, changed), f"{name}: {field} was renamed, and the schema did not see it"
    status["agencies"][0]["standing"] = "unknown"
    assert faults("status", status)


def test_check_is_as_its_schema_says() -> None:
    found = checked(BROKEN, SOUND, CUT)
    assert faults("check", found) == []
    errors = next(one for one in found if one["findings"])
    for field, changed in renamed(errors):
        assert faults("check", [changed]), f"{field} was renamed, and the schema did not see it"
    for spoil in (_an_outcome, _a_state, _a_level, _a_blank_cell_with_a_value):
        spoilt = copy.deepcopy(errors)
        spoil(spoilt)
        assert faults("check", [spoilt]), spoil.__name__


def _an_outcome(one: Any) -> None:
    one["rules"]["T05"] = "passed"


def _a_state(one: Any) -> None:
    next(iter(one["figures"].values()))["state"] = "empty"


def _a_level(one: Any) -> None:
    one["findings"][0]["severity"] = "fatal"


def _a_blank_cell_with_a_value(one: Any) -> None:
    next(iter(one["figures"].values())).update({"state": "blank", "value": 0})


def test_export_is_as_its_schema_says(two_reports: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert nianbao(["export", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows and faults("export", rows) == []
    for field, changed in renamed(rows[0]):
        assert faults("export", [changed]), field


def test_a_schema_is_printed_and_an_unknown_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema", "status") == 0
    assert capsys.readouterr().out == schema_text("status")
    assert run("schema", "--format", "json") == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == list(SHAPES)
    assert run("schema", "weather") == 2
    assert "可用的：check、status" in capsys.readouterr().err

"""The documents of tests/documents: exactly the findings that a careful reader would give, each with its reason.

A golden file in ``golden/`` lists them. Where it is missing it is written with empty reasons, and the test fails until
somebody has looked at each finding and said why it is right.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report.findings.finding import Outcome
from report.report import Report
from tests.workers.rules.factory import check, forms
from workers.reading.read import read_document

DOCUMENTS = Path(__file__).resolve().parents[2] / "documents"
GOLDEN = Path(__file__).resolve().parent / "golden"
# The real documents, and what was made of them; others in those folders try the reader and say nothing of rules.
NAMES = (
    "html/yunshan-2018.trs.html",
    "html/yunshan-2024.trs.html",
    "html/zuojiazhuang-2019.body.html",
    "html/zuojiazhuang-2019.trs.html",
    "real/hongze-2023.pdf",
    "seeds/000_94c0c8a1a4856154.txt",
    "seeds/002_07fb4919d9928ff3.txt",
    "word/nanmofang-2019.docx",
)


@cache
def document(name: str) -> Report:
    """A document as it is read."""
    return read_document((DOCUMENTS / name).read_bytes(), source=name, forms=forms())


@pytest.mark.parametrize("name", NAMES)
def test_a_document_has_the_findings_of_a_careful_reader(name: str) -> None:
    found = _found(document(name))
    golden = GOLDEN / f"{name.replace('/', '-')}.json"
    if not golden.is_file():
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{golden.name} was written: look at every finding and say in it why it is right")
    expected = json.loads(golden.read_text(encoding="utf-8"))
    assert all(finding.pop("why") for finding in expected["findings"]), "a finding has no reason beside it"
    assert found["not_assessable"] == expected["not_assessable"]
    for finding in found["findings"]:
        del finding["why"]
    assert found["findings"] == expected["findings"]


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name.replace('/', '-')}.json" for name in NAMES}


def _found(report: Report) -> dict[str, Any]:
    result = check(report)
    return {
        "findings": [
            {
                "rule": one.rule,
                "severity": one.severity.value,
                "message": one.message,
                "cells": len(one.cells),
                "why": "",
            }
            for one in result.findings
        ],
        "not_assessable": [code for code, one in result.results.items() if one.outcome is Outcome.NOT_ASSESSABLE],
    }

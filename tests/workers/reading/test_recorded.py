"""Every recorded document against the golden file beside it.

A new case is a file dropped into ``tests/documents/<kind>/``. A missing golden file is written, and the test fails and
asks for a look at it. A document that cannot be read has its error as golden.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from report.form import Form
from report.report import Report
from workers.reading.errors import ReadError
from workers.reading.read import read_document

from .conftest import DOCUMENTS

KINDS = ("doc", "html", "ofd", "pdf", "real", "rtf", "seeds", "text", "word", "zip", "broken")
RECORDED = sorted(
    path
    for kind in KINDS
    for path in (DOCUMENTS / kind).glob("*")
    if path.is_file() and not path.name.endswith(".golden.json")
)


@pytest.mark.parametrize("path", RECORDED, ids=[f"{path.parent.name}/{path.name}" for path in RECORDED])
def test_reads_as_recorded(forms: dict[str, Form], path: Path) -> None:
    golden = path.with_name(path.name + ".golden.json")
    read = _read(path, forms)
    if not golden.exists():
        golden.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{golden.name} was not there and has been written: look at it, then commit it")
    assert read == json.loads(golden.read_text(encoding="utf-8"))


def _read(path: Path, forms: dict[str, Form]) -> dict[str, Any]:
    """The report as JSON; of a figure only what is worth a look."""
    try:
        report = read_document(path.read_bytes(), source=path.name, forms=forms)
    except ReadError as error:
        return {"error": error.kind.value, "sentence": error.sentence}
    content: dict[str, Any] = TypeAdapter(Report).dump_python(report, mode="json")
    # What became of every piece has tests of its own (test_account.py).
    del content["accounted"]
    if not content["unknown_labels"]:
        del content["unknown_labels"]
    content["figures"] = {
        key: figure["value"] if figure["state"] == "number" and figure["certain"] else figure["state"]
        for key, figure in content["figures"].items()
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
    return plain

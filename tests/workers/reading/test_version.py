"""The reader's version: who changes what a known document is read as, raises it, or stored readings stay as they were.

``readings.json`` has the version and a hash of each golden file. After a look at what changed,
``.venv/bin/python -m tests.workers.reading.test_version`` writes it anew; it refuses where readings changed and the
version did not.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path

from config.forms import load_forms
from workers.reading.version import READER_VERSION, reader_version

from .conftest import DOCUMENTS

RECORD = Path(__file__).with_name("readings.json")
RAISE_IT = "what these documents are read as has changed: raise READER_VERSION in workers/reading/version.py"
WRITE_IT = "run .venv/bin/python -m tests.workers.reading.test_version and commit readings.json"


def goldens() -> dict[str, str]:
    """A hash of each golden file, by the document's path."""
    found = sorted(DOCUMENTS.glob("*/*.golden.json"))
    return {
        str(path.relative_to(DOCUMENTS)).removesuffix(".golden.json"): sha256(path.read_bytes()).hexdigest()[:16]
        for path in found
    }


def changed() -> list[str]:
    """The documents that were known when the version was recorded and are read as something else now."""
    recorded, now = json.loads(RECORD.read_text(encoding="utf-8"))["goldens"], goldens()
    return [path for path, digest in recorded.items() if now.get(path, digest) != digest]


def test_a_new_reading_of_a_known_document_has_a_new_version() -> None:
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    if recorded["reader"] == READER_VERSION:
        assert changed() == [], RAISE_IT
    assert recorded == {"reader": READER_VERSION, "goldens": goldens()}, WRITE_IT


def test_forms_of_an_offices_own_are_another_reader() -> None:
    forms = load_forms()
    assert reader_version(forms) == READER_VERSION
    other = forms | {"2021": forms["2021"].model_copy(update={"name": "另一版"})}
    marked = reader_version(other)
    assert marked.startswith(f"{READER_VERSION}+") and marked == reader_version(dict(reversed(other.items())))


if __name__ == "__main__":
    if RECORD.exists() and json.loads(RECORD.read_text(encoding="utf-8"))["reader"] == READER_VERSION and changed():
        sys.exit(f"{RAISE_IT}: {', '.join(changed())}")
    RECORD.write_text(json.dumps({"reader": READER_VERSION, "goldens": goldens()}, indent=1) + "\n", encoding="utf-8")

"""The software bill of materials: it is what the lock file says, it is valid, and no licence forbids us to be used."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.bill_of_materials import CHECKOUT, LOCK, bill, licence, locked

PACKAGES = locked(LOCK.read_text(encoding="utf-8"))
FOR_DEVELOPERS = locked((CHECKOUT / "requirements-dev.lock").read_text(encoding="utf-8"))
# Weak copyleft: a library of its own, taken as it is.
WEAK = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}
STRONG = re.compile(r"A?GPL|Affero|GNU (?!Lesser)|SSPL|Commons Clause|BUSL|proprietary", re.IGNORECASE)


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    text = JsonV1Dot6(bill(PACKAGES)).output_as_string()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    answer: dict[str, Any] = json.loads(text)
    return answer


def test_it_names_every_package_of_the_lock_file_with_its_hashes(written: dict[str, Any]) -> None:
    lock = LOCK.read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.\-]+)==([\w.+]+)", lock, re.MULTILINE)
    assert len(pins) > 100
    assert Counter((one["name"], one["version"]) for one in written["components"]) == Counter(pins)
    digests = [each["content"] for one in written["components"] for each in one["externalReferences"][0]["hashes"]]
    assert Counter(digests) == Counter(re.findall(r"--hash=sha256:(\w{64})", lock))
    assert all(one["externalReferences"][0]["hashes"] for one in written["components"])
    assert all(len(one["licenses"]) == 1 for one in written["components"])


def test_it_says_who_asks_for_what(written: dict[str, Any]) -> None:
    asks = {one["ref"]: one.get("dependsOn", []) for one in written["dependencies"]}
    by_name = {ref.removeprefix("pkg:pypi/").partition("@")[0]: refs for ref, refs in asks.items()}
    assert any(ref.startswith("pkg:pypi/scrapy@") for ref in by_name["nianbao"])
    assert any(ref.startswith("pkg:pypi/kombu@") for ref in by_name["celery"])
    reached, waiting = set[str](), ["nianbao"]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += asks[ref]
    assert {one["bom-ref"] for one in written["components"]} <= reached


def test_every_licence_is_one_that_an_office_and_we_can_live_with() -> None:
    names = {package.name for package in (*PACKAGES, *FOR_DEVELOPERS)}
    strong = {name: words for name in names if STRONG.search(words := licence(name)) and WEAK.get(name) != words}
    assert strong == {}


def test_a_licence_that_forbids_is_seen() -> None:
    for words in ("AGPL-3.0-only", "GNU Affero General Public License v3", "GPL-2.0-or-later", "SSPL-1.0"):
        assert STRONG.search(words)
    for words in ("MIT", "Apache-2.0 AND MIT", "MPL-2.0", "ZPL-2.1", "BSD License"):
        assert not STRONG.search(words)


def test_the_image_and_the_developers_have_the_same_versions() -> None:
    """What is tested is what runs."""
    tested = {(package.name, package.version, package.marker) for package in FOR_DEVELOPERS}
    assert {(package.name, package.version) for package in PACKAGES} <= {(name, version) for name, version, _ in tested}

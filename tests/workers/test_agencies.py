"""A worker takes up a changed register between two documents; a broken one leaves the old in force and is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.agencies import LOOK_AGAIN_SECONDS, AgencyFiles

HEAD = "district: 某市某区\nportal: p\nwatched: {first: 2024}\nagencies:\n"


def agency(name: str) -> str:
    return f"  - {{id: {name}, name: 某市某区{name}局, short: {name}局, kind: department}}\n"


@pytest.fixture
def file(home: Path) -> Path:
    path = home / "config" / "agencies" / "some.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + agency("a"), encoding="utf-8")
    return path


def test_a_changed_file_is_taken_up_some_seconds_later(home: Path, file: Path) -> None:
    files = AgencyFiles(home)
    agencies = files.agencies
    files.look_again(100.0)
    file.write_text(HEAD + agency("a") + agency("new"), encoding="utf-8")
    files.look_again(99.0 + LOOK_AGAIN_SECONDS)
    assert set(agencies.of_portal("p")) == {"a"}
    files.look_again(100.0 + LOOK_AGAIN_SECONDS)
    assert set(agencies.of_portal("p")) == {"a", "new"}
    assert agencies.get("new") is not None


def test_a_new_and_a_removed_file_are_taken_up(home: Path, file: Path) -> None:
    files = AgencyFiles(home)
    agencies = files.agencies
    other = HEAD.replace("某区", "另区").replace("portal: p", "portal: q") + agency("other")
    (file.parent / "other.yaml").write_text(other, encoding="utf-8")
    file.unlink()
    files.look_again(0.0)
    assert set(agencies.of_portal("q")) == {"other"} and agencies.of_portal("p") == {}


def test_a_broken_file_leaves_the_old_register_and_is_said_once(
    home: Path, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = AgencyFiles(home)
    agencies = files.agencies
    file.write_text(HEAD + "  - {id: a}\n", encoding="utf-8")
    with caplog.at_level("INFO", logger="nianbao.workers"):
        for at in (0.0, 100.0, 200.0):
            files.look_again(at)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.messages[0].startswith("改动后的机关名册不能使用，仍按原来的名册处理：") and str(file) in caplog.text
    assert set(agencies.of_portal("p")) == {"a"}
    file.write_text(HEAD + agency("mended"), encoding="utf-8")
    files.look_again(300.0)
    assert set(agencies.of_portal("p")) == {"mended"}

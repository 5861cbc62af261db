"""What a process sees of its machine: disks, and clocks that do not agree."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from config.settings import load_settings
from ledger.machinery import host_checks


def test_folders_on_one_disk_are_one_and_need_not_be_there_yet(home: Path) -> None:
    (found,) = host_checks.disks(load_settings(home=home / "not" / "yet"))
    assert (found["what"], found["folder"]) == ("台账、存档、消息队列", str(home / "not" / "yet"))
    usage = os.statvfs(home)
    assert found["total"] == usage.f_blocks * usage.f_frsize
    assert 0 < found["free"] <= found["total"]


def test_what_lies_elsewhere_is_not_looked_for_here(home: Path) -> None:
    elsewhere = {
        "database_url": "postgresql+psycopg://u@db/n", "broker_url": "redis://b", "archive_url": "s3://nianbao",
    }  # fmt: skip
    settings = load_settings(**elsewhere)
    assert host_checks.disks(settings) == []
    assert host_checks.file_clock(settings) is None


def test_a_folder_that_cannot_be_looked_at_says_so(home: Path) -> None:
    (home / "file").write_text("", encoding="utf-8")
    name = "x" * 300
    found = host_checks.disks(load_settings(archive_url=f"file://{home}/{name}"))
    assert [(one["what"], one["error"]) for one in found if "error" in one] == [("存档", "File name too long")]


def test_files_are_dated_by_this_machines_clock_here(home: Path) -> None:
    seconds = host_checks.file_clock(load_settings())
    assert seconds is not None
    assert -1 < seconds < 100
    assert list(home.iterdir()) == []


def test_a_clock_that_is_set_is_noticed_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    real, ahead, later = time.time, 0.0, 0.0
    steady = host_checks._steady
    monkeypatch.setattr("ledger.machinery.host_checks.time.time", lambda: real() + ahead + later)
    monkeypatch.setattr(host_checks, "_steady", lambda: steady() + later)
    watch = host_checks.JumpWatch()
    assert watch.look() == 0
    later = 1000.0  # a machine that slept: both went on
    assert watch.look() == 0
    ahead = -3600.0
    assert watch.look() == pytest.approx(-3600, abs=1)
    later = 4000.0
    assert watch.look() == pytest.approx(-3600, abs=1)
    later = 4700.0
    assert watch.look() == 0

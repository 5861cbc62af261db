"""``nianbao backup / restore / db move``: what comes back is what was there, and what is spoilt is named."""

from __future__ import annotations

import enum
import gzip
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer, insert
from sqlalchemy import Table as SqlTable

from cli.main import main
from config.settings import Settings, load_settings
from ledger.archive import open_archive
from ledger.database import Ledger, make_engine, open_ledger
from ledger.keeping import copying
from ledger.keeping.backup import archived, make_backup
from ledger.models.table import UtcTime
from tests.waiting import wait_until

MOMENT = datetime(2026, 2, 1, 15, 59, 59, 123456, tzinfo=UTC)
HOSTILE = "“引号”'；--\n=cmd|' /C calc'!A0 <b>𠮷</b>\u202e"


def nianbao(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def other_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Makes an office of its own: another home, and the database that is named."""

    def make(name: str, database_url: str | None = None) -> Settings:
        monkeypatch.setenv("NIANBAO_HOME", str(tmp_path / name))
        monkeypatch.delenv("NIANBAO_DATABASE_URL", raising=False)
        if database_url is not None:
            monkeypatch.setenv("NIANBAO_DATABASE_URL", database_url)
        return load_settings()

    return make


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """An empty ledger, in which nobody has started the mail: the rows of every table are ours."""
    opened = open_ledger(settings)
    yield opened
    opened.close()


@pytest.fixture
def full(settings: Settings, ledger: Ledger) -> Ledger:
    """A ledger with rows of every table and values of every type, and the archive that belongs to it."""
    archive = open_archive(settings)
    shas = [archive.put(f"报告{number}".encode()) for number in range(3)]
    values = _Values(shas)
    with ledger.write() as session:
        for table in copying.tables():
            for number in range(3):
                session.execute(
                    insert(table), {column.name: values.of(table, column, number) for column in table.columns}
                )
    return ledger


class _Values:
    """A value for each column of row 0, 1 or 2 of a table; a column that refers to another names the same row there."""

    def __init__(self, shas: list[str]) -> None:
        self._shas = shas

    def of(self, table: SqlTable, column: Column[Any], number: int) -> Any:
        if column.foreign_keys:
            referred = next(iter(column.foreign_keys)).column
            return self.of(referred.table, referred, number)
        if column.name == "sha256":
            return self._shas[number]
        if column.nullable and number == 1:
            return None
        kind = column.type
        if isinstance(kind, UtcTime):
            return MOMENT + timedelta(days=number)
        if isinstance(kind, Enum):
            states = kind.enum_class
            assert states is not None and issubclass(states, enum.Enum)
            return list(states)[number % len(states)]
        if isinstance(kind, Boolean):
            return number == 0
        if isinstance(kind, Integer):
            return number + 1
        if isinstance(kind, Float):
            return 0.1 + number
        if isinstance(kind, Date):
            return date(2026, 1, 31) + timedelta(days=number)
        if isinstance(kind, JSON):
            return {"乙": [1, None, HOSTILE], "甲": {"b": number, "a": 0.1}}
        return f"{table.name}.{column.name}.{number} {HOSTILE}"


def content(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    with copying.snapshot(ledger.engine) as connection:
        return {table.name: list(copying.rows(connection, table)) for table in copying.tables()}


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, new_postgres: Callable[[], str]) -> str | None:
    """Where to restore: None is the embedded default."""
    return new_postgres() if request.param == "postgresql" else None


@pytest.mark.both_databases
def test_what_is_restored_is_what_was_backed_up(
    full: Ledger,
    settings: Settings,
    target: str | None,
    other_home: Callable[..., Settings],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert nianbao("backup", str(tmp_path / "kept")) == 0
    assert "存档文件 3 个" in capsys.readouterr().err
    assert nianbao("backup", str(tmp_path / "kept"), "--verify") == 0
    assert "逐一核对相符" in capsys.readouterr().err
    before, shas = content(full), set(_shas(full))
    assert all(len(rows) == 3 for rows in before.values())

    elsewhere = other_home("elsewhere", target)
    assert nianbao("restore", str(tmp_path / "kept")) == 0
    assert "逐表、逐文件核对：与备份完全一致" in capsys.readouterr().err
    restored = open_ledger(elsewhere)
    assert content(restored) == before
    assert {open_archive(elsewhere).get(sha256) for sha256 in shas} == {f"报告{n}".encode() for n in range(3)}
    # What is written next gets a number of its own.
    with restored.write() as session:
        assert (
            session.execute(insert(_table("rounds")).returning(_table("rounds").c.id), _round(before)).scalar_one() == 4
        )
    restored.close()

    assert nianbao("restore", str(tmp_path / "kept")) == 2
    assert "目标台账不是空的，未作任何改动" in capsys.readouterr().err


def test_a_spoilt_document_is_named_and_all_else_is_kept(
    full: Ledger,
    settings: Settings,
    other_home: Callable[..., Settings],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoilt, missing, _ = _shas(full)
    place = settings.home / "archive"
    (place / spoilt[:2] / spoilt).write_bytes(b"something else")
    (place / missing[:2] / missing).unlink()
    assert nianbao("backup", str(tmp_path / "kept")) == 1
    said = capsys.readouterr().err
    assert f"存档中的 {spoilt} 内容已损坏" in said
    assert f"存档中没有 {missing}" in said
    other_home("elsewhere")
    assert nianbao("restore", str(tmp_path / "kept")) == 1
    said = capsys.readouterr().err
    assert f"存档中的 {spoilt} 内容已损坏" in said
    assert "完全一致" not in said
    assert content(open_ledger(load_settings())) == content(full)


@pytest.mark.both_databases
def test_a_spoilt_backup_is_found_before_it_is_needed_and_leaves_the_ledger_empty(
    full: Ledger, other_home: Callable[..., Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    assert nianbao("backup", str(kept)) == 0
    (backup,) = [path.parent for path in kept.glob("*/manifest.json")]
    document = _shas(full)[0]
    (kept / "archive" / document[:2] / document).write_bytes(b"something else")
    agencies = backup / "agencies.jsonl.gz"
    lines = gzip.decompress(agencies.read_bytes()).decode().splitlines()
    row = json.loads(lines[1])
    lines[1] = json.dumps({**row, "kind": "town"}, ensure_ascii=False)
    agencies.write_bytes(gzip.compress("\n".join(lines).encode()))
    capsys.readouterr()
    assert nianbao("backup", str(kept), "--verify") == 1
    said = capsys.readouterr().err
    assert "备份中的表 agencies 与清单不符" in said
    assert document in said

    elsewhere = other_home("elsewhere")
    assert nianbao("restore", str(kept)) == 2
    assert "表 agencies 恢复后与清单不符，台账已退回为空" in capsys.readouterr().err
    engine = make_engine(elsewhere.ledger_url)
    with engine.connect() as connection:
        assert copying.is_empty(connection)
    engine.dispose()


def test_the_archive_is_checked_and_leftovers_are_removed_when_asked(
    full: Ledger, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nianbao("archive", "check") == 0
    assert "完好 3 个" in capsys.readouterr().err
    place = settings.home / "archive"
    old, young = place / "ab" / "abandoned.77.part", place / "cd" / "just-written"
    for path in (old, young):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"left behind")
    os.utime(old, (0, 0))
    spoilt = _shas(full)[0]
    (place / spoilt[:2] / spoilt).write_bytes(b"something else")
    assert nianbao("archive", "check") == 1
    said = capsys.readouterr().err
    assert f"存档中的 {spoilt} 内容已损坏" in said
    assert "完好 2 个，缺失或损坏 1 个" in said
    assert "另有 1 个文件台账没有记录" in said
    assert nianbao("archive", "check", "--remove-unnamed") == 1
    assert "已删除台账没有记录的文件 1 个" in capsys.readouterr().err
    assert not old.exists()
    assert young.exists()


def test_an_unfinished_backup_is_none(
    full: Ledger, other_home: Callable[..., Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    assert nianbao("backup", str(kept)) == 0
    next(kept.glob("*/manifest.json")).unlink()
    other_home("elsewhere")
    assert nianbao("restore", str(kept)) == 2
    assert "没有完整的备份" in capsys.readouterr().err


def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(
    other_home: Callable[..., Settings], target: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Written by hand as version 0001 wrote it: its manifest names fewer tables and columns than today's."""
    kept = tmp_path / "kept" / "20250101T000000Z"
    kept.mkdir(parents=True)
    row = {"portal": "chaoyang", "sentence": "", "failures": 2, "next_due_at": MOMENT.isoformat()}
    counted = copying.Digest()
    counted.take(row)
    (kept / "portals.jsonl.gz").write_bytes(gzip.compress((json.dumps(row) + "\n").encode()))
    table = {"columns": list(row), "rows": 1, "sha256": counted.result().sha256}
    manifest = {"format": 1, "made_at": MOMENT.isoformat(), "revision": "0001", "documents": 0, "damaged": {}}
    (kept / "manifest.json").write_text(json.dumps({**manifest, "tables": {"portals": table}}))
    elsewhere = other_home("elsewhere", target)
    assert nianbao("restore", str(tmp_path / "kept")) == 0
    restored = open_ledger(elsewhere)
    assert [one["portal"] for one in content(restored)["portals"]] == ["chaoyang"]
    restored.close()

    (kept / "manifest.json").write_text(json.dumps({**manifest, "revision": "9999", "tables": {"portals": table}}))
    other_home("third")
    assert nianbao("restore", str(tmp_path / "kept")) == 2
    assert "9999 比本程序新" in capsys.readouterr().err


@pytest.mark.both_databases
def test_a_ledger_is_moved_to_another_database(
    full: Ledger,
    settings: Settings,
    new_postgres: Callable[[], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    secret = tmp_path / "address"
    secret.write_text(new_postgres() + "\n")
    assert nianbao("db", "move", f"@{secret}", "--format", "json") == 0
    printed = capsys.readouterr()
    moved = Ledger(make_engine(secret.read_text().strip()))
    assert content(moved) == content(full)
    with copying.snapshot(moved.engine) as connection:
        assert json.loads(printed.out)["agencies"]["sha256"] == copying.digest(connection, _table("agencies")).sha256
    moved.close()
    assert nianbao("db", "move", f"@{secret}") == 2
    assert "目标台账不是空的" in capsys.readouterr().err
    assert nianbao("db", "move", settings.ledger_url) == 2
    assert "同一个数据库" in capsys.readouterr().err
    assert nianbao("db", "move", "nonsense") == 2
    assert "写法不对" in capsys.readouterr().err


def _table(name: str) -> SqlTable:
    return next(table for table in copying.tables() if table.name == name)


def _round(before: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "portal": before["portals"][0]["portal"],
        "begun_at": MOMENT,
        "state": "done",
        "sentence": "",
        "figures": {},
    }


def _shas(ledger: Ledger) -> list[str]:
    with copying.snapshot(ledger.engine) as connection:
        return list(archived(connection))


def test_the_newest_are_kept_after_one_that_is_whole_and_what_they_share_stays(
    sqlite_settings: Settings, full: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "backups"
    made = []
    for day in range(3):
        make_backup(full.engine, open_archive(sqlite_settings), folder, MOMENT + timedelta(days=day))
        made.append((MOMENT + timedelta(days=day)).strftime("%Y%m%dT%H%M%SZ"))
    assert nianbao("backup", str(folder), "--keep", "2") == 0
    assert "已删去较早的备份" in capsys.readouterr().err
    left = sorted(place.name for place in folder.glob("20*"))
    assert left[0] == made[2] and len(left) == 2
    assert nianbao("backup", str(folder), "--verify") == 0
    # One that is not whole takes no other's place.
    (spoilt, *_) = (path for path in (sqlite_settings.home / "archive").rglob("*") if path.is_file())
    spoilt.write_bytes(b"spoilt")
    for kept in (folder / "archive").rglob(spoilt.name):
        kept.unlink()
    wait_until(lambda: not (folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}").exists(), "another second")
    assert nianbao("backup", str(folder), "--keep", "1") == 1
    assert set(left) < {place.name for place in folder.glob("20*")}
    assert nianbao("backup", str(folder), "--keep", "0") == 2

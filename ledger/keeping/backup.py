"""Backups: the ledger's rows and the archive's bytes in one folder, and the way back.

A folder holds any number of backups that share the archived bytes::

    FOLDER/archive/ab/abcdef…            bytes by their sha256, copied once
    FOLDER/20260201T020000Z/TABLE.jsonl.gz   one row a line
    FOLDER/20260201T020000Z/manifest.json    version of the tables, columns, rows and digest of each; written last

A folder without a manifest is an unfinished backup and is not taken for one.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, union
from sqlalchemy import Table as SqlTable

from config.private_files import FOLDER_MODE, make_private_folder
from ledger.archive import Archive, ArchiveError
from ledger.database import is_newer, upgrade, version_of, versions
from ledger.keeping import copying
from ledger.keeping.copying import Digest, TableDigest
from ledger.models import Document, Enclosure, Fetch, ListPage, PagePicture, PageState

MANIFEST = "manifest.json"
FORMAT = 1


class BackupError(Exception):
    """A backup cannot be written, or cannot be taken back; ``str()`` is one sentence with what to do."""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table of a backup: its columns, and the proof."""

    columns: list[str]
    rows: int
    sha256: str

    @property
    def digest(self) -> TableDigest:
        """The proof alone."""
        return TableDigest(self.rows, self.sha256)


@dataclass(frozen=True, slots=True)
class Backup:
    """One finished backup. ``damaged`` names the archived bytes (sha256) that were missing or spoilt in the archive."""

    folder: Path
    made_at: datetime
    revision: str
    tables: dict[str, KeptTable]
    documents: int
    damaged: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def make_backup(engine: Engine, archive: Archive, folder: Path, now: datetime) -> Backup:
    """Writes a backup of one moment of the ledger, and every archived content that its rows name.

    Bytes that are missing or spoilt in the archive are named in the result, and all else is kept. Raises BackupError
    where the folder cannot be written, or the ledger is of a newer program.
    """
    if is_newer(version_of(engine)):
        # What newer programs keep in columns of their own would be left out without a word.
        raise BackupError("台账的结构比本程序新；请用升级后的程序备份")
    kept = Archive(f"file://{folder.absolute() / 'archive'}")
    place = folder / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    try:
        make_private_folder(folder)
        place.mkdir(mode=FOLDER_MODE)
        with copying.snapshot(engine) as connection:
            revision = version_of(connection)
            tables = {table.name: _write_table(connection, table, place) for table in copying.tables()}
            documents, damaged = _copy_archive(connection, archive, kept)
        backup = Backup(place, now, str(revision), tables, documents, damaged)
        _write_manifest(backup)
    except FileExistsError as error:
        raise BackupError(f"{place} 已存在；请稍后再试，或换一个目录") from error
    except OSError as error:
        raise BackupError(f"无法写入备份目录 {folder}（{error}）；请检查磁盘空间和权限") from error
    return backup


def keep_newest(folder: Path, most: int) -> list[Path]:
    """Removes all finished backups but the newest; returns the folders that are gone. The archived bytes stay: others
    share them. Raises BackupError where one cannot be removed.
    """
    old = [one.folder for one in backups(folder)][:-most]
    try:
        for place in old:
            # Its manifest first: what is left of it then is no backup any more.
            (place / MANIFEST).unlink()
            shutil.rmtree(place)
    except OSError as error:
        raise BackupError(f"无法删去较早的备份（{error}）；请检查 {folder} 的权限") from error
    return old


def backups(folder: Path) -> list[Backup]:
    """The finished backups in a folder, the oldest first. Raises BackupError where one of them cannot be understood."""
    return [_read_manifest(path) for path in sorted(folder.glob(f"*/{MANIFEST}"))]


def verify(backup: Backup) -> list[str]:
    """Reads a whole backup again; one sentence for each thing that is not as it was written."""
    wrong = []
    shas: set[str] = set()
    for table in copying.tables():
        if table.name not in backup.tables:
            continue
        counted = Digest()
        try:
            for row in _kept_rows(backup, table):
                counted.take(row)
                if row.get("sha256"):
                    shas.add(row["sha256"])
        except BackupError as error:
            wrong.append(str(error))
            continue
        if counted.result() != backup.tables[table.name].digest:
            wrong.append(f"备份中的表 {table.name} 与清单不符；请改用另一份备份")
    kept = _kept_archive(backup)
    for sha256 in sorted(shas - set(backup.damaged)):
        try:
            kept.get(sha256)
        except ArchiveError as error:
            wrong.append(f"备份：{error}")
    return wrong


def restore(backup: Backup, engine: Engine, archive: Archive) -> list[str]:
    """Puts a backup into an empty ledger and its archive; then reads both again and compares.

    Returns one sentence for each thing that is missing or spoilt; an empty list is the proof that ledger and archive
    hold what the backup says. Raises BackupError, with the ledger left empty, where the ledger is not empty, the
    backup is of a version that this code does not know, or its rows are spoilt.
    """
    if backup.revision not in versions():
        raise BackupError(f"备份的数据库结构版本 {backup.revision} 比本程序新；请用不低于备份时的程序版本恢复")
    with engine.begin() as connection:
        if is_newer(version_of(connection)):
            raise BackupError("目标台账的结构比本程序新，未作任何改动；请用升级后的程序恢复")
        if not copying.is_empty(connection):
            raise BackupError("目标台账不是空的，未作任何改动；请换一个空的数据库或 NIANBAO_HOME 再恢复")
        copying.remove_tables(connection)
    upgrade(engine, backup.revision)
    _put_tables(backup, engine)
    upgrade(engine)
    return _put_archive(backup, engine, archive)


def move(source: Engine, target: Engine) -> dict[str, TableDigest]:
    """Copies every row of one ledger into another, empty one, and compares. Returns rows and digest of each table.

    Raises BackupError where the target is not empty, or holds anything else than the source afterwards.
    """
    with target.begin() as connection:
        if not copying.is_empty(connection):
            raise BackupError("目标台账不是空的，未作任何改动；请换一个空的数据库")
    upgrade(target)
    proof = {}
    with copying.snapshot(source) as reading, target.begin() as writing:
        if version_of(reading) != version_of(writing):
            raise BackupError("两个台账的结构版本不同；请用最新的程序移动，并先对来源运行 nianbao db migrate")
        for table in copying.tables():
            columns = [column.name for column in table.columns]
            copying.put(writing, table, columns, copying.rows(reading, table))
            proof[table.name] = copying.digest(reading, table)
            if copying.digest(writing, table) != proof[table.name]:
                raise BackupError(f"表 {table.name} 移动后与原来不符，目标台账已退回为空；请把这句话报告给维护者")
    return proof


def archived(connection: Connection) -> Iterator[str]:
    """The sha256 of every content that the ledger's rows name, in order."""
    columns = [Document.sha256, Fetch.sha256, PageState.sha256, ListPage.sha256, Enclosure.sha256, PagePicture.sha256]
    asked = union(*(select(column.label("sha256")).where(column.is_not(None)) for column in columns))
    for sha256 in connection.execute(asked.order_by("sha256"), execution_options={"yield_per": 1000}).scalars():
        yield str(sha256)


def _copy_archive(connection: Connection, archive: Archive, kept: Archive) -> tuple[int, dict[str, str]]:
    documents, damaged = 0, {}
    for sha256 in archived(connection):
        documents += 1
        if kept.has(sha256):
            continue
        try:
            content = archive.get(sha256)
        except ArchiveError as error:
            damaged[sha256] = str(error)
            continue
        kept.put(content)
    return documents, damaged


def _put_tables(backup: Backup, engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            for table in copying.tables():
                there = backup.tables.get(table.name)
                if there is None:
                    continue
                copying.put(connection, table, there.columns, _kept_rows(backup, table))
                if copying.digest(connection, table, there.columns) != there.digest:
                    raise BackupError(f"表 {table.name} 恢复后与清单不符，台账已退回为空；请改用另一份备份")
    except BackupError:
        upgrade(engine)
        raise


def _put_archive(backup: Backup, engine: Engine, archive: Archive) -> list[str]:
    wrong = []
    kept = _kept_archive(backup)
    with copying.snapshot(engine) as connection:
        for sha256 in archived(connection):
            try:
                if not archive.has(sha256):
                    archive.put(kept.get(sha256))
                archive.get(sha256)
            except ArchiveError as error:
                wrong.append(backup.damaged.get(sha256, str(error)))
    return wrong


def _kept_archive(backup: Backup) -> Archive:
    return Archive(f"file://{backup.folder.parent.absolute() / 'archive'}")


def _write_table(connection: Connection, table: SqlTable, place: Path) -> KeptTable:
    counted = Digest()
    with gzip.open(place / f"{table.name}.jsonl.gz", "wt", encoding="utf-8", compresslevel=3) as lines:
        for row in copying.rows(connection, table):
            counted.take(row)
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    result = counted.result()
    return KeptTable([column.name for column in table.columns], result.rows, result.sha256)


def _kept_rows(backup: Backup, table: SqlTable) -> Iterator[dict[str, Any]]:
    path = backup.folder / f"{table.name}.jsonl.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BackupError(f"备份文件 {path} 已损坏或缺失（{error}）；请改用另一份备份") from error


def _write_manifest(backup: Backup) -> None:
    content = {
        "format": FORMAT,
        "made_at": backup.made_at.isoformat(),
        "revision": backup.revision,
        "documents": backup.documents,
        "damaged": backup.damaged,
        "tables": {name: asdict(table) for name, table in backup.tables.items()},
    }
    unfinished = backup.folder / f"{MANIFEST}.part"
    unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    unfinished.rename(backup.folder / MANIFEST)


def _read_manifest(path: Path) -> Backup:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise BackupError(f"{path} 是另一种格式的备份（{content['format']}）；请用写它的程序版本恢复")
        return Backup(
            folder=path.parent,
            made_at=datetime.fromisoformat(content["made_at"]),
            revision=content["revision"],
            tables={name: KeptTable(**table) for name, table in content["tables"].items()},
            documents=content["documents"],
            damaged=content["damaged"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"备份清单 {path} 无法读取（{error}）；请改用另一份备份") from error

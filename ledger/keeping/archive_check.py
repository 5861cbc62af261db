"""Whether the archive holds what the ledger names, and what in it nobody names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from ledger.archive import Archive, ArchiveError, Kept
from ledger.keeping import copying
from ledger.keeping.backup import archived

# Bytes are written before the rows that name them; what is younger may still get its row.
YOUNG = timedelta(days=1)


@dataclass
class ArchiveCheck:
    """What a check found. ``wrong`` has one sentence for each content that is missing or spoilt."""

    whole: int = 0
    wrong: list[str] = field(default_factory=list)
    unnamed: list[Kept] = field(default_factory=list)


def check_archive(engine: Engine, archive: Archive, now: datetime) -> ArchiveCheck:
    """Reads every content that the ledger's rows name, and lists what no row names and is older than :data:`YOUNG`.

    The unnamed is what was left when a process was killed, or a database was away, between bytes and row.
    """
    # Listed before the ledger is asked: what is written meanwhile is not in the list.
    there = [kept for kept in archive.kept() if kept.written_at < now - YOUNG]
    found = ArchiveCheck()
    with copying.snapshot(engine) as connection:
        named = set(archived(connection))
    for sha256 in sorted(named):
        try:
            archive.get(sha256)
            found.whole += 1
        except ArchiveError as error:
            found.wrong.append(str(error))
    found.unnamed = [kept for kept in there if kept.name not in named]
    return found

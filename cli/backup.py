"""``nianbao backup``: ledger and archive together into a folder, or a look whether a backup is still whole."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.shown.output import CannotBeDone, say
from config.settings import load_settings
from ledger.archive import open_archive
from ledger.database import open_ledger
from ledger.keeping.backup import Backup, BackupError, backups, keep_newest, make_backup, verify

SOMETHING_WRONG = 1

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="目录", help="备份目录；多次备份共用其中的存档文件 · backup folder; backups share its archive files"
        ),
    ],
    check: Annotated[
        bool,
        typer.Option(
            "--verify", help="不新建备份，只检查目录中最近一份备份是否完好 · make none, verify the newest backup there"
        ),
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="备份之后只保留最近几份，删去更早的 · keep so many of the newest, remove the older"),
    ] = None,
) -> None:
    """备份台账和存档；各角色可以照常运行。退出码：0 完好；1 有文件缺失或损坏（逐一列出）。
    Back up ledger and archive while everything runs. Exit status: 0 sound, 1 files missing or damaged.
    """
    try:
        wrong = _verify(folder) if check else _make(folder)
        # Only after one that is whole: a folder of spoilt backups is not made smaller.
        if keep is not None and not check and not wrong:
            for removed in keep_newest(folder, keep):
                say(f"已删去较早的备份 {removed.name}。")
    except BackupError as error:
        raise CannotBeDone(str(error)) from error
    for sentence in wrong:
        say(sentence)
    if wrong:
        raise typer.Exit(SOMETHING_WRONG)


def newest_backup(folder: Path, name: str | None = None) -> Backup:
    """The newest finished backup in a folder, or the one called ``name``. Raises CannotBeDone where there is none."""
    found = {backup.folder.name: backup for backup in backups(folder)}
    if name is not None and name not in found:
        raise CannotBeDone(f"{folder} 中没有备份 {name}；现有：{'、'.join(found) or '无'}")
    if not found:
        raise CannotBeDone(f"{folder} 中没有完整的备份；请核对目录")
    return found[name or max(found)]


def in_words(backup: Backup) -> str:
    """What a backup holds, in one phrase."""
    return f"{len(backup.tables)} 张表 {backup.rows} 行，存档文件 {backup.documents} 个"


def _make(folder: Path) -> list[str]:
    settings = load_settings()
    with closing(open_ledger(settings)) as ledger:
        made = make_backup(ledger.engine, open_archive(settings), folder, datetime.now(UTC))
    say(f"已备份到 {made.folder}：{in_words(made)}。")
    return list(made.damaged.values())


def _verify(folder: Path) -> list[str]:
    looked_at = newest_backup(folder)
    wrong = [*looked_at.damaged.values(), *verify(looked_at)]
    if not wrong:
        say(f"{looked_at.folder} 完好：{in_words(looked_at)}，逐一核对相符。")
    return wrong

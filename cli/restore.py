"""``nianbao restore``: a backup back into an empty ledger and its archive, compared with what was backed up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.backup import in_words, newest_backup
from cli.shown.output import CannotBeDone, say
from config.private_files import make_private_folder
from config.settings import load_settings
from ledger.archive import open_archive
from ledger.database import make_engine
from ledger.keeping.backup import BackupError
from ledger.keeping.backup import restore as put_back

SOMETHING_WRONG = 1

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    folder: Annotated[
        Path, typer.Argument(metavar="目录", help="nianbao backup 写入的目录 · the folder that nianbao backup wrote")
    ],
    name: Annotated[
        str | None,
        typer.Option(
            "--backup",
            help="恢复哪一份（子目录名）；默认最近一份 · which backup (name of its folder); the newest by default",
        ),
    ] = None,
) -> None:
    """把备份恢复到设置所指的、空的台账和存档，然后逐表逐文件核对。请先停止各角色。
    Restore a backup into an empty ledger and archive. Exit status: 0 the same, 1 files lacking, 2 not done.

    退出码：0 与备份完全一致；1 有存档文件缺失或损坏（逐一列出，其余已恢复）；2 未恢复。
    """
    settings = load_settings()
    try:
        wanted = newest_backup(folder, name)
        make_private_folder(settings.home)
        engine = make_engine(settings.ledger_url)
        try:
            wrong = put_back(wanted, engine, open_archive(settings))
        finally:
            engine.dispose()
    except BackupError as error:
        raise CannotBeDone(str(error)) from error
    say(f"已从 {wanted.folder} 恢复：{in_words(wanted)}。")
    for sentence in wrong:
        say(sentence)
    if wrong:
        raise typer.Exit(SOMETHING_WRONG)
    say("逐表、逐文件核对：与备份完全一致。")

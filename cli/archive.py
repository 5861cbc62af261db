"""``nianbao archive check``: every stored content is read and compared with its hash; leftovers can be removed."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.shown.output import say
from config.settings import load_settings
from ledger.archive import open_archive
from ledger.database import open_ledger
from ledger.keeping.archive_check import check_archive

SOMETHING_WRONG = 1

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def archive() -> None:
    """存档。
    The archive of documents.
    """


@app.command()
def check(
    remove: Annotated[
        bool,
        typer.Option(
            "--remove-unnamed",
            help="删除一天以前写入、台账没有记录的文件（请先停止抓取）"
            " · delete files older than a day that the ledger does not know (stop crawling first)",
        ),
    ] = False,
) -> None:
    """逐一核对存档文件的内容。退出码：0 完好；1 有文件缺失或损坏（逐一列出）。
    Verify every file of the archive. Exit status: 0 sound, 1 files missing or damaged.
    """
    settings = load_settings()
    opened = open_archive(settings)
    with closing(open_ledger(settings)) as ledger:
        found = check_archive(ledger.engine, opened, datetime.now(UTC))
    for sentence in found.wrong:
        say(sentence)
    say(f"完好 {found.whole} 个，缺失或损坏 {len(found.wrong)} 个。")
    if found.unnamed and remove:
        for kept in found.unnamed:
            opened.remove(kept)
        say(f"已删除台账没有记录的文件 {len(found.unnamed)} 个。")
    elif found.unnamed:
        say(f"另有 {len(found.unnamed)} 个文件台账没有记录（写入中断的残留），可用 --remove-unnamed 删除。")
    if found.wrong:
        raise typer.Exit(SOMETHING_WRONG)

"""``nianbao warc``: everything that was fetched, with its requests and answers, as one WARC file."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, time
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.shown.output import CannotBeDone, plain, say
from config.in_force import load_register
from config.settings import load_settings
from config.time_zone import SHANGHAI
from ledger.archive import open_archive
from ledger.database import open_ledger
from ledger.keeping.warc import Exported, write_warc
from ledger.models import PortalRow

app = typer.Typer(add_completion=False)

MOST_SAID = 5


@app.command()
def warc(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT.warc.gz", help="写到哪个文件；已有的文件不会被覆盖 · file to write; none is overwritten"
        ),
    ],
    portal: Annotated[str | None, typer.Option(help="只导出一个门户 · one portal only")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="只导出这一天起取得的 · only what was fetched since this day"),
    ] = None,
) -> None:
    """把抓取到的全部内容（请求、回答、网页和附件）导出为一个 WARC 1.1 文件，供存档机构保存或在别处核对。
    Export all that was fetched as WARC 1.1. Exit status: 0 complete, 1 contents lacking, 2 not done.

    退出码：0 完整导出；1 存档中有内容缺失，其余已导出；2 无法执行。
    """
    settings = load_settings()
    moment = datetime.combine(since.date(), time(), SHANGHAI) if since is not None else None
    if out.exists():
        raise CannotBeDone(f"{plain(out)} 已存在，没有覆盖；请另取文件名")
    beside = out.with_name(f"{out.name}.part")
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        if portal is not None and session.get(PortalRow, portal) is None:
            known = "、".join(sorted(load_register(settings.home).portals))
            raise CannotBeDone(f"台账中没有门户“{plain(portal)}”抓取的内容；门户文件有：{known}")
        try:
            with Console(stderr=True).status(f"正在写 {plain(out)} …"), beside.open("wb") as stream:
                software = f"nianbao/{version('nianbao')}"
                now = datetime.now(UTC)
                exported = write_warc(
                    stream, session, open_archive(settings), software, now, portal=portal, since=moment
                )
            beside.rename(out)
        except OSError as error:
            raise CannotBeDone(f"无法写入 {plain(out)}（{error.strerror}）；请检查路径、权限和磁盘空间") from error
        finally:
            beside.unlink(missing_ok=True)
    _tell(out, exported)


def _tell(out: Path, exported: Exported) -> None:
    say(
        f"已写出 {plain(out)}：回答 {exported.answers} 个，没有得到回答的请求 {exported.unanswered} 个，"
        f"人工登记的文件 {exported.entered} 份。"
    )
    for sentence in exported.lost[:MOST_SAID]:
        say(sentence)
    if exported.lost:
        say(f"存档中共有 {len(exported.lost)} 份内容缺失，没有导出。")
        raise typer.Exit(1)

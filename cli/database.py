"""``nianbao db move``: the whole ledger from one database to another, SQLite to PostgreSQL or back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from cli.output import CannotBeDone, Format, console, print_json, say
from config.settings import load_settings
from ledger.backup import BackupError
from ledger.backup import move as move_rows
from ledger.database import make_engine, open_ledger

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def database() -> None:
    """台账数据库。"""


@app.command()
def move(
    target: Annotated[
        str, typer.Argument(metavar="地址", help="目标数据库地址；@文件 表示地址写在该文件中（口令不出现在命令行）")
    ],
    form: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.TABLE,
) -> None:
    """把设置所指台账的全部内容复制到另一个空的数据库，并逐表核对。请先停止各角色；存档不动。"""
    settings = load_settings()
    engine = None
    try:
        address = _address(target)
        if make_url(address) == make_url(settings.ledger_url):
            raise CannotBeDone("目标与现用的台账是同一个数据库；请给出另一个地址")
        engine = make_engine(address)
        with closing(open_ledger(settings)) as ledger:
            proof = move_rows(ledger.engine, engine)
    except BackupError as error:
        raise CannotBeDone(str(error)) from error
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise CannotBeDone("目标数据库地址写法不对；应为 postgresql+psycopg://用户:密码@主机/库名") from error
    finally:
        if engine is not None:
            engine.dispose()
    if form is Format.JSON:
        print_json({name: {"rows": one.rows, "sha256": one.sha256} for name, one in proof.items()})
    else:
        for name, one in proof.items():
            console().print(f"{name:24} {one.rows:>10} 行  {one.sha256[:16]}")
    say(f"已复制 {len(proof)} 张表、{sum(one.rows for one in proof.values())} 行，逐表核对相符。")
    say("请把 NIANBAO_DATABASE_URL 改为新地址后启动各角色；原台账未作改动。")


def _address(target: str) -> str:
    if not target.startswith("@"):
        return target
    try:
        return Path(target[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotBeDone(f"文件 {target[1:]} 无法读取（{error}）；请检查路径和权限") from error

"""``nianbao db``: bring the ledger up to date, its roles in PostgreSQL, and the move to another database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from cli.shown.output import CannotBeDone, Format, console, print_json, say
from config.private_files import make_private_folder
from config.secret_addresses import without_secrets
from config.settings import load_settings
from ledger.database import fits, is_newer, make_engine, open_ledger, upgrade, version_of, versions
from ledger.keeping.backup import BackupError
from ledger.keeping.backup import move as move_rows
from ledger.keeping.rights import RIGHTS, grants, make_roles, renew_grants

SOMETHING_WRONG = 1
WRONG_ADDRESS = "数据库地址写法不对；应为 postgresql+psycopg://用户:密码@主机/库名"

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def database() -> None:
    """台账数据库。
    The ledger's database.
    """


@app.command()
def migrate() -> None:
    """把台账升级到本程序的数据库结构版本。升级只增不减：正在运行的旧程序不必停止。
    Upgrade the ledger to this program's schema; programs that run need not stop.

    已建立的数据库角色（nianbao db roles）同时得到新表的权限。
    """
    with _named_ledger() as engine:
        before = version_of(engine)
        if is_newer(before):
            if not fits(before):
                raise CannotBeDone(f"台账的结构版本 {before} 比本程序新，本程序不能使用；请升级程序")
            say(f"台账已是更新的版本 {before}，未作改动。")
            return
        upgrade(engine)
        with engine.begin() as connection:
            roles = renew_grants(connection)
        after = version_of(engine)
    say(f"台账的结构版本：{after}" + (f"（原为 {before or '空库'}）。" if before != after else "，已是最新。"))
    if roles:
        say(f"已核定数据库角色的权限：{'、'.join(roles)}。")


@app.command()
def version() -> None:
    """台账的结构版本，以及本程序能否使用它。退出码：0 能用；1 不能用。
    The schema's version, and whether this program can use it. Exit status: 0 yes, 1 no.
    """
    with _named_ledger() as engine:
        current = version_of(engine)
    fit = fits(current)
    said = "能用" if fit else "不能用，请升级程序" if is_newer(current) else "不能用，请运行 nianbao db migrate"
    console().print(f"台账 {current or '空库'}，本程序 {versions()[-1]}：{said}")
    if not fit:
        raise typer.Exit(SOMETHING_WRONG)


@app.command()
def roles() -> None:
    """打印建立数据库角色（抓取、读取、监测、操作、只读）及其最小权限的 SQL，交给 psql 执行。只用于 PostgreSQL。
    Print SQL for database roles with least privileges (PostgreSQL).
    """
    # For a program that reads it: not wrapped, nothing else beside it.
    for statement in (*make_roles(), *(line for role in RIGHTS for line in grants(role))):
        print(f"{statement};")  # noqa: T201


@app.command()
def move(
    target: Annotated[
        str,
        typer.Argument(
            metavar="地址",
            help="目标数据库地址；@文件 表示地址写在该文件中 · another database; @FILE reads its address",
        ),
    ],
    form: Annotated[Format, typer.Option("--format", help="输出格式 · output format")] = Format.TABLE,
) -> None:
    """把设置所指台账的全部内容复制到另一个空的数据库，并逐表核对。请先停止各角色；存档不动。
    Copy the ledger to another, empty database and compare table by table.
    """
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
        raise CannotBeDone(f"目标{WRONG_ADDRESS}") from error
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


@contextmanager
def _named_ledger() -> Iterator[Engine]:
    """The database that the settings name, of whatever version. Raises CannotBeDone where it cannot be used."""
    settings = load_settings()
    if settings.database_url is None:
        make_private_folder(settings.home)
    engine = None
    try:
        engine = make_engine(settings.ledger_url)
        yield engine
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise CannotBeDone(WRONG_ADDRESS) from error
    except DBAPIError as error:
        reason = without_secrets(str(error.orig).strip().splitlines()[0], settings.ledger_url)
        if "lock timeout" in reason:
            raise CannotBeDone("要修改的表被其他程序长时间占用，台账未作改动；请稍后重试") from error
        raise CannotBeDone(f"台账数据库不能完成这个操作（{reason}）；请检查地址、网络和权限，然后重试") from error
    finally:
        if engine is not None:
            engine.dispose()


def _address(target: str) -> str:
    if not target.startswith("@"):
        return target
    try:
        return Path(target[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotBeDone(f"文件 {target[1:]} 无法读取（{error}）；请检查路径和权限") from error

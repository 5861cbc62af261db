"""``nianbao agencies import / export``: the agency register as a spreadsheet."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.shown.output import CannotBeDone, say
from config.agencies.importing import LARGEST, CannotImport, book_of_register, planned_import, write_import
from config.agencies.spreadsheet import table_of
from config.in_force import load_register
from config.settings import load_settings
from config.time_zone import SHANGHAI
from monitor.calendar import day_of

app = typer.Typer(add_completion=False, no_args_is_help=True)

MOST_FAULTS = 50


@app.callback()
def agencies() -> None:
    """机关名册：以表格（CSV 或 xlsx）导入和导出。
    The register of agencies as a spreadsheet (CSV or xlsx).
    """


@app.command("export")
def export(
    path: Annotated[
        Path | None, typer.Argument(metavar="[文件]", help="不写则输出到标准输出 · standard output by default")
    ] = None,
    district: Annotated[str | None, typer.Option(help="只导出一个区 · one district only")] = None,
) -> None:
    """把机关名册导出为表格：文件名以 .xlsx 结尾的为工作簿，其余为 CSV，都带中文标题。
    Export the register; a name ending in .xlsx makes a workbook, any other a CSV.
    """
    register = load_register(load_settings().home)
    districts = register.districts
    if district is not None and district not in districts:
        raise CannotBeDone(f"名册中没有“{district}”；已登记的区：{'、'.join(districts) or '无'}")
    chosen = [file for name, file in districts.items() if district in (None, name)]
    if path is None:
        sys.stdout.write(table_of(chosen))
        return
    try:
        if path.suffix.lower() == ".xlsx":
            path.write_bytes(book_of_register(register, [one.district for one in chosen], datetime.now(SHANGHAI)))
        else:
            path.write_text(table_of(chosen), encoding="utf-8-sig")
    except OSError as error:
        raise CannotBeDone(f"无法写入 {path}（{error.strerror}）；请检查路径和权限") from error
    say(f"已导出 {sum(len(file.agencies) for file in chosen)} 个机关到 {path}。")


@app.command("import")
def import_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="文件",
            help="CSV 或 xlsx 文件；样表见 nianbao agencies export · a table as agencies export writes it",
        ),
    ],
    remove: Annotated[
        bool,
        typer.Option("--remove-missing", help="表中没有的机关从名册中移出 · remove agencies that are not in the table"),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 · check only, write nothing")] = False,
) -> None:
    """从表格（CSV 或 xlsx）导入机关名册。有一行不合要求就全部不写入，并逐行说明。
    Import the register from a spreadsheet; one bad row and nothing is written, and each is named.
    """
    home, today = load_settings().home, day_of(datetime.now(UTC))
    try:
        plan = planned_import(_content(path), load_register(home), today.year - 1)
    except CannotImport as error:
        for one in error.lines[:MOST_FAULTS]:
            say(str(one))
        raise CannotBeDone(f"{path}：{error}") from error
    if plan.gone and not remove:
        named = "、".join(plan.gone[:10]) + (f"等{len(plan.gone)}个" if len(plan.gone) > 10 else "")
        raise CannotBeDone(f"名册中的{named}不在表中；确要移出请加 --remove-missing，否则请把它们补进表里")
    if plan.told_no_more and not remove:
        named = "、".join(plan.told_no_more[:10])
        raise CannotBeDone(f"收件人{named}不在表中；确要不再发给他们请加 --remove-missing，否则请把他们补进表里")
    if not dry_run:
        try:
            write_import(plan, home)
        except OSError as error:
            raise CannotBeDone(f"无法写入 {error.filename}（{error.strerror}）；请检查权限") from error
    done = "检查通过，未写入" if dry_run else "已导入"
    offices = f"，收件人有变化的主管部门 {len(plan.offices)} 个" if plan.offices else ""
    say(
        f"{done}：{len(plan.districts)} 个区，{plan.agencies} 个机关，移出 {len(plan.gone)} 个；"
        f"有变化的区 {len(plan.changed)} 个{offices}。"
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise CannotBeDone(f"{path} 超过 {LARGEST // 1024 // 1024} MB，不像机关名册；请核对文件")
        return path.read_bytes()
    except OSError as error:
        raise CannotBeDone(f"无法读取 {path}（{error.strerror}）；请检查路径和权限") from error

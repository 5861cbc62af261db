"""``nianbao agencies import / export``: the agency register as a spreadsheet."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from cli.shown.output import CannotBeDone, say
from config.agencies import DistrictFile, Watched
from config.agencies.spreadsheet import AgencyLine, book_of, lines_of, table_of
from config.in_force import load_register
from config.settings import load_settings
from config.time_zone import SHANGHAI
from config.yaml_file import data_files, read_yaml
from monitor.calendar import day_of

app = typer.Typer(add_completion=False, no_args_is_help=True)

MOST_FAULTS = 50
LARGEST = 20 * 1024 * 1024


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
    districts = load_register(load_settings().home).districts
    if district is not None and district not in districts:
        raise CannotBeDone(f"名册中没有“{district}”；已登记的区：{'、'.join(districts) or '无'}")
    chosen = [file for name, file in districts.items() if district in (None, name)]
    if path is None:
        sys.stdout.write(table_of(chosen))
        return
    try:
        if path.suffix.lower() == ".xlsx":
            path.write_bytes(book_of(chosen, datetime.now(SHANGHAI)))
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
    home = load_settings().home
    lines, bad = lines_of(_content(path))
    if bad:
        for one in bad[:MOST_FAULTS]:
            say(str(one))
        raise CannotBeDone(f"{path} 有 {len(bad)} 行不合要求，没有写入任何内容；请按上面所说改正后重新导入")
    if not lines:
        raise CannotBeDone(f"{path} 中没有机关；请先用 nianbao agencies export 得到一份样表")
    known = load_register(home).districts
    wanted = {name: _district(name, lines, known.get(name)) for name in dict.fromkeys(line.district for line in lines)}
    owners = {agency.id: file.district for file in known.values() for agency in file.agencies}
    for line in lines:
        owner = owners.get(line.agency.id, line.district)
        if owner != line.district and owner not in wanted:
            raise CannotBeDone(f"机关编号“{line.agency.id}”已属于{owner}；请改用别的编号")
    registered = owners.keys() | {line.agency.id for line in lines}
    for line in lines:
        if line.agency.successor is not None and line.agency.successor not in registered:
            raise CannotBeDone(
                f"{line.agency.name}的承接机关编号“{line.agency.successor}”不在名册中；请先登记承接机关，或改正编号"
            )
    gone = [
        agency.name
        for name, file in wanted.items()
        for agency in (known[name].agencies if name in known else ())
        if agency.id not in {one.id for one in file.agencies}
    ]
    if gone and not remove:
        named = "、".join(gone[:10]) + (f"等{len(gone)}个" if len(gone) > 10 else "")
        raise CannotBeDone(f"名册中的{named}不在表中；确要移出请加 --remove-missing，否则请把它们补进表里")
    changed = {name: file for name, file in wanted.items() if known.get(name) != file}
    if not dry_run:
        for name, file in changed.items():
            _write(_path_of(name, file, home), file)
    done = "检查通过，未写入" if dry_run else "已导入"
    say(f"{done}：{len(wanted)} 个区，{len(lines)} 个机关，移出 {len(gone)} 个；有变化的区 {len(changed)} 个。")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise CannotBeDone(f"{path} 超过 {LARGEST // 1024 // 1024} MB，不像机关名册；请核对文件")
        return path.read_bytes()
    except OSError as error:
        raise CannotBeDone(f"无法读取 {path}（{error.strerror}）；请检查路径和权限") from error


def _district(name: str, lines: list[AgencyLine], known: DistrictFile | None) -> DistrictFile:
    """A district's file: its portal from the table or as before, the years watched as before or from last year on."""
    own = [line for line in lines if line.district == name]
    portals = {line.portal for line in own if line.portal} or ({known.portal} if known is not None else set())
    if len(portals) != 1:
        wrong = f"写了不止一个门户（{'、'.join(sorted(portals))}）" if portals else "没有写门户"
        raise CannotBeDone(f"{name}{wrong}；请在“门户”一列写门户文件的编号（见 nianbao portals list）")
    return DistrictFile(
        district=name,
        portal=portals.pop(),
        watched=known.watched if known is not None else Watched(first=day_of(datetime.now(UTC)).year - 1),
        deadlines=known.deadlines if known is not None else {},
        internal=known.internal if known is not None else {},
        agencies=tuple(line.agency for line in own),
    )


def _path_of(name: str, file: DistrictFile, home: Path) -> Path:
    """Where the district's file stands in the office's own folder: under the name that it has, else the portal's."""
    paths = data_files("agencies", home)
    found = next((path.name for path in paths if read_yaml(path, DistrictFile).district == name), None)
    if found is None:
        stem = re.sub(r"[^a-z0-9-]+", "-", file.portal.lower()).strip("-") or "district"
        taken = {path.name for path in paths}
        found = next(f"{stem}{n}.yaml" for n in ("", *range(2, len(taken) + 3)) if f"{stem}{n}.yaml" not in taken)
    return home / "config" / "agencies" / found


def _write(path: Path, file: DistrictFile) -> None:
    """Writes the file whole or not at all: a monitor that reads it meanwhile sees the old one."""
    content: dict[str, Any] = file.model_dump(mode="json", exclude_defaults=True)
    text = "# 由 nianbao agencies import 写入；也可以直接修改。\n" + yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, width=120
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise CannotBeDone(f"无法写入 {path}（{error.strerror}）；请检查权限") from error

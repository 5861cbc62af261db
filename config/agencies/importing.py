"""A table of agencies made into the register's files: all of it or nothing, with a sentence for what cannot be."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.agencies import DistrictFile, Watched, due_dates_sheet, recipients_sheet
from config.agencies.due_dates_sheet import said_of_dates
from config.agencies.recipients_sheet import OfficeSaid, changed_offices, said_of_offices, told_no_more, write_offices
from config.agencies.spreadsheet import AgencyLine, BadLine, book_of, lines_of
from config.agencies.table import rows_of
from config.register import Register
from config.yaml_file import data_files, read_yaml, replace_yaml

LARGEST = 20 * 1024 * 1024


class CannotImport(ValueError):
    """The table cannot be taken; ``str()`` is one sentence with the remedy, ``lines`` are its bad lines."""

    def __init__(self, sentence: str, lines: Sequence[BadLine] = ()) -> None:
        self.lines = tuple(lines)
        super().__init__(sentence)


@dataclass(frozen=True)
class Plan:
    """What an import would do: the districts of the table, those that change, and who is in the register no more.

    ``offices`` are those whose recipients change, ``told_no_more`` who gets no mail any more.
    """

    districts: Mapping[str, DistrictFile]
    changed: Mapping[str, DistrictFile]
    agencies: int
    gone: Sequence[str]
    offices: Mapping[str, OfficeSaid]
    told_no_more: Sequence[str]

    @property
    def all_districts(self) -> list[str]:
        """Every district of which the table says something."""
        return list(dict.fromkeys((*self.districts, *self.changed, *self.offices)))


def book_of_register(register: Register, districts: Collection[str], made: datetime) -> bytes:
    """The workbook of some districts: agencies, recipients of their offices' mail, due dates."""
    files = [one for name, one in register.districts.items() if name in districts]
    offices = [one for one in register.offices.offices if one.district in districts]
    others = [recipients_sheet.sheet_of(offices), due_dates_sheet.sheet_of(files, register.deadlines)]
    return book_of(files, made, others)


def planned_import(content: bytes, register: Register, first_year: int) -> Plan:
    """What a table (CSV or xlsx) would make of the register; nothing is written. Raises CannotImport.

    A workbook may have sheets 收件人 and 期限 too; what it does not have stays as it is. ``first_year`` is from which
    report year on a new district is watched.
    """
    known = register.districts
    if len(content) > LARGEST:
        raise CannotImport(f"表格超过 {LARGEST // 1024 // 1024} MB，不像机关名册；请核对文件")
    lines, bad = lines_of(content)
    there = {**known, **{line.district: known.get(line.district) for line in lines}}
    offices, bad_offices = said_of_offices(rows_of(content, recipients_sheet.NAME), there, register.offices)
    bad += bad_offices
    dates, bad_dates = said_of_dates(rows_of(content, due_dates_sheet.NAME), there, register.deadlines)
    bad += bad_dates
    if bad:
        raise CannotImport(f"有 {len(bad)} 行不合要求，没有写入任何内容；请改正列出的各行后重新导入", bad)
    if not lines:
        raise CannotImport("表中没有机关；请先用 nianbao agencies export 得到一份样表")
    names = dict.fromkeys(line.district for line in lines)
    wanted = {name: _district(name, lines, known.get(name), first_year) for name in names}
    owners = {agency.id: file.district for file in known.values() for agency in file.agencies}
    for line in lines:
        owner = owners.get(line.agency.id, line.district)
        if owner != line.district and owner not in wanted:
            raise CannotImport(f"机关编号“{line.agency.id}”已属于{owner}；请改用别的编号")
    registered = owners.keys() | {line.agency.id for line in lines}
    for line in lines:
        if line.agency.successor is not None and line.agency.successor not in registered:
            raise CannotImport(
                f"{line.agency.name}的承接机关编号“{line.agency.successor}”不在名册中；请先登记承接机关，或改正编号"
            )
    gone = [
        agency.name
        for name, file in wanted.items()
        for agency in (known[name].agencies if name in known else ())
        if agency.id not in {one.id for one in file.agencies}
    ]
    after = {name: dates[name].of(file) if name in dates else file for name, file in {**known, **wanted}.items()}
    changed = {name: file for name, file in after.items() if known.get(name) != file}
    return Plan(
        wanted,
        changed,
        len(lines),
        gone,
        changed_offices(offices, register.offices),
        told_no_more(offices, register.offices),
    )


def write_import(plan: Plan, home: Path) -> None:
    """Writes the districts and offices that change, each file whole or not at all. Raises OSError."""
    write_offices(plan.offices, home)
    for name, file in plan.changed.items():
        content = file.model_dump(mode="json", exclude_defaults=True)
        replace_yaml(
            _path_of(name, file, home),
            content,
            "由 nianbao agencies import 写入；也可以直接修改。",
            lambda path: read_yaml(path, DistrictFile),
        )


def _district(name: str, lines: list[AgencyLine], known: DistrictFile | None, first_year: int) -> DistrictFile:
    """A district's file: its portal from the table or as before, the years watched as before or from last year on."""
    own = [line for line in lines if line.district == name]
    portals = {line.portal for line in own if line.portal} or ({known.portal} if known is not None else set())
    if len(portals) != 1:
        wrong = f"写了不止一个门户（{'、'.join(sorted(portals))}）" if portals else "没有写门户"
        raise CannotImport(f"{name}{wrong}；请在“门户”一列写门户文件的编号（见 nianbao portals list）")
    return DistrictFile(
        district=name,
        portal=portals.pop(),
        watched=known.watched if known is not None else Watched(first=first_year),
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

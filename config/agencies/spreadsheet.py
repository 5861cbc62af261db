"""The agency register as a table: what an office keeps in a spreadsheet, and a clear sentence for every bad line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from pydantic import ValidationError

from config.agencies import AgencyEntry, DistrictFile, Exemption
from config.agencies.table import NotATable, rows_of
from config.portals import AgencyKind
from config.spreadsheet import STARTS_A_FORMULA, Heading, Sheet, no_formula, workbook

HEADINGS = {
    "district": "区",
    "portal": "门户",
    "id": "机关编号",
    "name": "机关全称",
    "short": "简称",
    "kind": "类别",
    "aliases": "曾用名和其他名称",
    "first_year": "起始报告年度",
    "last_year": "截止报告年度",
    "exemptions": "免报年度和原因",
    "founded": "成立日期",
    "dissolved": "撤销日期",
    "successor": "承接机关编号",
    "contact": "联系人",
    "telephone": "联系电话",
}
KINDS = {"government": "区政府", "department": "部门", "subdistrict": "街道", "town": "乡镇"}
_NAMED = tuple(HEADINGS.items())
_REQUIRED = ("district", "id", "name", "short", "kind")
_SEPARATOR = "；"
_REMEDIES = {"contact": "最多40个字", "telephone": "只写号码，例如 010-12345678，几个号码之间用顿号"}


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of the table that cannot be taken: its number as a spreadsheet counts, and what is wrong in a sentence.

    ``sheet`` is the name of the sheet, "" for that of the agencies.
    """

    line: int
    sentence: str
    sheet: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}第{self.line}行：{self.sentence}"


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One good line: the agency, its district, and its portal where the line names one."""

    district: str
    portal: str
    agency: AgencyEntry


def table_of(districts: Iterable[DistrictFile]) -> str:
    """The register as CSV with Chinese headings, one line an agency; no cell that a spreadsheet takes for a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADINGS.values())
    for row in _rows(districts):
        writer.writerow(no_formula(str(value)) for value in row)
    return written.getvalue()


def book_of(districts: Iterable[DistrictFile], made: datetime, others: Iterable[Sheet] = ()) -> bytes:
    """The same as a workbook (xlsx), dates and years as such, with other sheets behind it; ``made`` is when it says it
    was made.
    """
    columns = [Heading(heading, 32 if name in ("name", "aliases", "exemptions") else 14) for name, heading in _NAMED]
    return workbook([Sheet("机关名册", columns, _rows(districts)), *others], made)


def lines_of(content: bytes) -> tuple[list[AgencyLine], list[BadLine]]:
    """The lines of a CSV file or workbook, and those that cannot be taken.

    Headings may be the Chinese ones or the names of the register's own fields. A repeated id is rejected at its
    second row.
    """
    good: list[AgencyLine] = []
    bad: list[BadLine] = []
    seen: dict[str, int] = {}
    for number, row in cells_by_name(rows_of(content), HEADINGS, _REQUIRED, bad):
        try:
            line = _line(row)
        except ValueError as error:
            bad.append(BadLine(number, str(error)))
            continue
        if line.agency.id in seen:
            sentence = f"机关编号“{line.agency.id}”已在第{seen[line.agency.id]}行使用；请改用别的编号"
            bad.append(BadLine(number, sentence))
            continue
        seen[line.agency.id] = number
        good.append(line)
    return good, bad


def cells_by_name(
    rows: Iterator[tuple[int, list[str]]],
    headings: Mapping[str, str],
    required: Sequence[str],
    bad: list[BadLine],
    sheet: str = "",
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the headings, each with its number and its cells by name; what cannot be taken is added to
    ``bad``. A sheet without any row has no lines.
    """
    keys = {heading: key for key, heading in headings.items()} | {key: key for key in headings}
    try:
        first = next(rows, None)
        if first is None:
            if not sheet:
                bad.append(BadLine(1, _missing([headings[name] for name in required])))
            return
        wrong = list(_bad_headings(first[1], keys, headings, required, sheet))
        bad += wrong
        if wrong:
            return
        names = [keys[cell] for cell in first[1]]
        for number, cells in rows:
            if not any(cells):
                continue
            if len(cells) > len(names):
                sentence = f"有{len(cells)}格，标题只有{len(names)}格；请检查多余的逗号"
                bad.append(BadLine(number, sentence, sheet))
                continue
            row = {name: _plain(cell) for name, cell in zip(names, cells, strict=False)}
            empty = [headings[name] for name in required if not row.get(name)]
            if empty:
                bad.append(BadLine(number, f"“{empty[0]}”是空的；请填写", sheet))
                continue
            yield number, row
    except NotATable as error:
        bad.append(BadLine(error.line, str(error), sheet))


def _rows(districts: Iterable[DistrictFile]) -> Iterator[tuple[str | int | date, ...]]:
    for district in districts:
        for agency in district.agencies:
            yield (
                district.district,
                district.portal,
                agency.id,
                agency.name,
                agency.short,
                KINDS[agency.kind],
                _SEPARATOR.join(agency.aliases),
                agency.first_year or "",
                agency.last_year or "",
                _SEPARATOR.join(f"{one.year}：{one.reason}" for one in agency.exemptions),
                agency.founded or "",
                agency.dissolved or "",
                agency.successor or "",
                agency.contact or "",
                agency.telephone or "",
            )


def _bad_headings(
    head: list[str], keys: Mapping[str, str], headings: Mapping[str, str], required: Sequence[str], sheet: str
) -> Iterator[BadLine]:
    unknown = [cell for cell in head if cell not in keys]
    if unknown:
        known = "、".join(headings.values())
        yield BadLine(1, f"不认识标题“{unknown[0][:40]}”；可用的标题：{known}", sheet)
        return
    names = [keys[cell] for cell in head]
    missing = [headings[name] for name in required if name not in names]
    if missing:
        yield BadLine(1, _missing(missing), sheet)
    elif len(set(names)) < len(names):
        yield BadLine(1, "有标题出现了两次；请删去一列", sheet)


def _missing(headings: Sequence[str]) -> str:
    return f"缺少标题“{'”“'.join(headings)}”；请先用 nianbao agencies export 得到一份样表"


def _line(row: dict[str, str]) -> AgencyLine:
    kinds = {words: kind for kind, words in KINDS.items()} | {kind: kind for kind in get_args(AgencyKind)}
    if row["kind"] not in kinds:
        raise ValueError(f"类别“{row['kind'][:40]}”不认识；请写 {'、'.join(KINDS.values())} 之一")
    values: dict[str, Any] = {name: row[name] for name in ("id", "name", "short")}
    values["kind"] = kinds[row["kind"]]
    values["aliases"] = tuple(filter(None, (part.strip() for part in re.split("[；;|]", row.get("aliases", "")))))
    for name in ("first_year", "last_year"):
        values[name] = _year(row[name], HEADINGS[name]) if row.get(name) else None
    if values["first_year"] and values["last_year"] and values["last_year"] < values["first_year"]:
        raise ValueError("截止报告年度早于起始报告年度；请改正")
    values["exemptions"] = tuple(_exemptions(row.get("exemptions", "")))
    for name in ("founded", "dissolved"):
        values[name] = _day(row[name], HEADINGS[name]) if row.get(name) else None
    for name in ("successor", "contact", "telephone"):
        values[name] = row.get(name) or None
    try:
        agency = AgencyEntry(**values)
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:  # what the entry says as a whole
            raise ValueError(f"{first['msg'].removeprefix('Value error, ')}；请改正") from error
        wrong = str(first["loc"][0])
        remedy = _REMEDIES.get(wrong, "编号只用小写字母、数字和连字符")
        raise ValueError(
            f"“{HEADINGS.get(wrong, wrong)}”不符合要求（{str(values.get(wrong))[:40]}）；{remedy}"
        ) from error
    return AgencyLine(row["district"], row.get("portal", ""), agency)


def _exemptions(cell: str) -> Iterator[Exemption]:
    for part in filter(None, (part.strip() for part in re.split("[；;|]", cell))):
        year, colon, reason = part.replace(":", "：").partition("：")
        if not colon or not reason.strip():
            raise ValueError(f"免报“{part[:40]}”没有原因；请写成 2024：原因")
        yield Exemption(year=_year(year, HEADINGS["exemptions"]), reason=reason.strip())


def _day(value: str, heading: str) -> date:
    parts = re.fullmatch(r"(20[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", value.strip(), flags=re.ASCII)
    try:
        if parts is None:
            raise ValueError("no date")
        return date(*(int(part) for part in parts.groups()))
    except ValueError as error:
        raise ValueError(f"“{heading}”中的“{value[:40]}”不是日期；请写成 2024-03-15") from error


def _year(value: str, heading: str) -> int:
    if not re.fullmatch(r"20[0-9]{2}", value.strip(), flags=re.ASCII):
        raise ValueError(f"“{heading}”中的“{value[:40]}”不是年份；请写四位数字，例如 2024")
    return int(value)


def _plain(cell: str) -> str:
    value = cell.strip()
    return value[1:] if value.startswith("'") and value[1:].startswith(STARTS_A_FORMULA) else value

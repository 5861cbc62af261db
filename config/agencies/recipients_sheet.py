"""收件人: the sheet of the register's workbook in which each line is somebody who gets an oversight office's mail."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from config.agencies.spreadsheet import BadLine, cells_by_name
from config.offices import FILE, Office, OfficesFile, read_offices
from config.recipients import CHANNEL, Recipient, is_channel, is_impossible
from config.spreadsheet import Heading, Sheet
from config.yaml_file import data_file, replace_yaml

Value = TypeVar("Value")
NAME = "收件人"
HEADINGS = {
    "district": "区",
    "office": "主管部门",
    "to": "收件人",
    "language": "语言",
    "levels": "级别",
    "alerts": "通知",
    "weekly": "周报",
    "from_reminder": "从第几次催办起",
}
_REQUIRED = ("district", "office", "to")
# As config/wording.yaml calls the levels.
LEVELS = {"error": "错误", "warning": "提示", "human": "待人工核对"}
_LANGUAGES = {"": "zh", "中文": "zh", "英文": "en", "zh": "zh", "en": "en"}
_LEVELS = {word: name for name, words in LEVELS.items() for word in (words, name)}
_YES = {"": True, "是": True, "否": False}


@dataclass(frozen=True, slots=True)
class OfficeSaid:
    """What the sheet says of a district's office: its name, and who gets its mail."""

    name: str
    recipients: tuple[Recipient, ...]


def sheet_of(offices: Iterable[Office]) -> Sheet:
    """The recipients of offices of one district each, one line a recipient."""
    wide = {"to": 32, "office": 28}
    columns = [Heading(heading, wide.get(name, 12)) for name, heading in HEADINGS.items()]
    rows = [
        (
            office.district,
            office.name,
            one.to,
            "英文" if one.language == "en" else "中文",
            "；".join(LEVELS[level] for level in one.levels),
            "是" if one.alerts else "否",
            "是" if one.weekly else "否",
            one.from_reminder or "",
        )
        for office in offices
        if office.district
        for one in office.people
    ]
    return Sheet(NAME, columns, rows)


def said_of_offices(
    rows: Iterator[tuple[int, list[str]]], districts: Collection[str], known: OfficesFile
) -> tuple[dict[str, OfficeSaid], list[BadLine]]:
    """What the sheet's lines say by district, and those that cannot be taken. What is not in it stays as it is.

    Kinds of incidents that somebody wants have no column: whoever is in the file already keeps theirs.
    """
    said: dict[str, OfficeSaid] = {}
    bad: list[BadLine] = []
    for number, row in cells_by_name(rows, HEADINGS, _REQUIRED, bad, NAME):
        try:
            district, name, recipient = _line(row, districts, known)
            before = said.get(district, OfficeSaid(name, ()))
            if before.name != name:
                raise ValueError(f"{district}的主管部门上面写的是“{before.name[:40]}”；一个区只写一个")
            if recipient.to in {one.to for one in before.recipients}:
                raise ValueError(f"{district}的收件人“{recipient.to}”上面已经写过；请删去一行")
        except ValueError as error:
            bad.append(BadLine(number, str(error), NAME))
            continue
        said[district] = OfficeSaid(name, (*before.recipients, recipient))
    return said, bad


def changed_offices(said: Mapping[str, OfficeSaid], known: OfficesFile) -> dict[str, OfficeSaid]:
    """Those of whom the sheet says something else than the file."""
    return {
        district: one
        for district, one in said.items()
        if (office := known.office(district)) is None or (office.name, office.people) != (one.name, one.recipients)
    }


def told_no_more(said: Mapping[str, OfficeSaid], known: OfficesFile) -> list[str]:
    """Who is in the file and not in the sheet, of the districts in it."""
    return [
        f"{one.to}（{district}）"
        for district, new in said.items()
        if (office := known.office(district)) is not None
        for one in office.people
        if one.to not in {other.to for other in new.recipients}
    ]


def write_offices(changed: Mapping[str, OfficeSaid], home: Path) -> None:
    """Writes them into the office's own file, whole or not at all; all else in it stays. Raises OSError."""
    if not changed:
        return
    here = data_file(FILE, home)
    content: dict[str, Any] = yaml.safe_load(here.read_text(encoding="utf-8")) or {}
    offices: list[dict[str, Any]] = list(content.get("offices") or ())
    for district, one in changed.items():
        people = [_as_data(recipient) for recipient in one.recipients]
        place = next((office for office in offices if office.get("district") == district), None)
        if place is None:
            offices.append({"district": district, "name": one.name, "recipients": people})
        else:
            place |= {"name": one.name, "recipients": people}
    content["offices"] = offices
    replace_yaml(home / "config" / FILE, content, "由名册表格写入；也可以直接修改。", read_offices)


def _line(row: Mapping[str, str], districts: Collection[str], known: OfficesFile) -> tuple[str, str, Recipient]:
    district, name, to = (row[one] for one in _REQUIRED)
    if district not in districts:
        raise ValueError(f"名册中没有“{district[:40]}”；请先登记该区的机关，或改正区名")
    if is_channel(to) and to.removeprefix(CHANNEL) not in known.channels:
        raise ValueError(f"没有聊天群“{to[:40]}”；请先由运维人员在 offices.yaml 的 channels 下登记")
    values: dict[str, Any] = {"to": to}
    values["language"] = _one_of(_LANGUAGES, row.get("language", ""), "language")
    parts = filter(None, (part.strip() for part in re.split("[；;、|]", row.get("levels", ""))))
    values["levels"] = tuple(_one_of(_LEVELS, part, "levels") for part in parts)
    for field in ("alerts", "weekly"):
        values[field] = _one_of(_YES, row.get(field, ""), field)
    reminder = row.get("from_reminder") or "0"
    if not re.fullmatch(r"[0-9]{1,2}", reminder, flags=re.ASCII) or int(reminder) > 20:
        raise ValueError(f"“{HEADINGS['from_reminder']}”须是 0 至 20 的数字")
    values["from_reminder"] = int(reminder)
    office = known.office(district)
    before = next((one for one in office.people if one.to == to), None) if office is not None else None
    if before is not None:
        values["kinds"] = before.kinds
    try:
        recipient = Recipient(**values)
    except ValidationError as error:
        raise ValueError(f"收件人“{to[:60]}”{error.errors()[0]['msg'].removeprefix('Value error, ')}") from error
    if is_impossible(recipient.to):
        raise ValueError(f"收件人“{to[:60]}”写不成邮件地址（例如有两个连着的点）；请核对")
    return district, name, recipient


def _one_of(words: Mapping[str, Value], said: str, field: str) -> Value:
    if said not in words:
        known = "、".join(word for word in words if word and not word.isascii())
        raise ValueError(f"“{HEADINGS[field]}”不认识“{said[:40]}”；请写 {known} 之一，或留空")
    return words[said]


def _as_data(recipient: Recipient) -> Any:
    content = recipient.model_dump(mode="json", exclude_defaults=True)
    return recipient.to if set(content) == {"to"} else content

"""期限: the sheet of the workbook with a district's own due dates, and earlier dates at which it is reminded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from config.agencies import DistrictFile
from config.agencies.spreadsheet import KINDS, BadLine, cells_by_name
from config.deadlines import DayOfYear, Deadline
from config.portals import AgencyKind
from config.spreadsheet import Heading, Sheet

NAME = "期限"
HEADINGS = {"district": "区", "kind": "类别", "due": "公布期限", "basis": "依据", "internal": "内部提醒日期"}
_REQUIRED = ("district", "kind")
_DAY = re.compile(r"(?:20[0-9]{2}[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)


@dataclass
class DatesSaid:
    """What the sheet says of a district: its own due dates, its reminders, and every kind that it names."""

    deadlines: dict[AgencyKind, Deadline] = field(default_factory=dict)
    internal: dict[AgencyKind, DayOfYear] = field(default_factory=dict)
    named: set[AgencyKind] = field(default_factory=set)

    def of(self, known: DistrictFile) -> DistrictFile:
        """The district's file with these dates; what the sheet does not name stays as it is."""
        kept = {kind: one for kind, one in known.deadlines.items() if kind not in self.named}
        reminders = {kind: one for kind, one in known.internal.items() if kind not in self.named}
        return known.model_copy(update={"deadlines": kept | self.deadlines, "internal": reminders | self.internal})


def sheet_of(districts: Iterable[DistrictFile], deadlines: Mapping[AgencyKind, Deadline]) -> Sheet:
    """One line for each kind of agency of a district, with the date that holds for it."""
    columns = [Heading(heading, 40 if name == "basis" else 14) for name, heading in HEADINGS.items()]
    rows = []
    for district in districts:
        for kind in dict.fromkeys(agency.kind for agency in district.agencies):
            due = district.deadlines.get(kind, deadlines[kind])
            reminder = district.internal.get(kind)
            rows.append((district.district, KINDS[kind], _words(due), due.basis, _words(reminder) if reminder else ""))
    return Sheet(NAME, columns, rows)


def said_of_dates(
    rows: Iterator[tuple[int, list[str]]],
    districts: Mapping[str, DistrictFile | None],
    deadlines: Mapping[AgencyKind, Deadline],
) -> tuple[dict[str, DatesSaid], list[BadLine]]:
    """What the sheet's lines say by district, and those that cannot be taken."""
    said: dict[str, DatesSaid] = {}
    bad: list[BadLine] = []
    for number, row in cells_by_name(rows, HEADINGS, _REQUIRED, bad, NAME):
        try:
            _take(row, districts, deadlines, said)
        except ValueError as error:
            bad.append(BadLine(number, str(error), NAME))
    return said, bad


def _take(
    row: Mapping[str, str],
    districts: Mapping[str, DistrictFile | None],
    deadlines: Mapping[AgencyKind, Deadline],
    said: dict[str, DatesSaid],
) -> None:
    district, words = row["district"], row["kind"]
    if district not in districts:
        raise ValueError(f"名册中没有“{district[:40]}”；请先登记该区的机关，或改正区名")
    kind = next((kind for kind in deadlines if words in (KINDS[kind], kind)), None)
    if kind is None:
        raise ValueError(f"类别“{words[:40]}”不认识；请写 {'、'.join(KINDS.values())} 之一")
    of = said.setdefault(district, DatesSaid())
    if kind in of.named:
        raise ValueError(f"{district}的“{words}”上面已经写过；请删去一行")
    general = deadlines[kind]
    file = districts[district]
    known = file.deadlines.get(kind, general) if file is not None else general
    due = _due(row, general, known)
    if due is not None and due != general:
        of.deadlines[kind] = due
    if row.get("internal"):
        reminder = DayOfYear(**_day(row["internal"], "internal"))
        holds = due or general
        if (reminder.month, reminder.day) >= (holds.month, holds.day):
            raise ValueError("内部提醒日期须早于公布期限")
        of.internal[kind] = reminder
    of.named.add(kind)


def _due(row: Mapping[str, str], general: Deadline, known: Deadline) -> Deadline | None:
    """The due date that a line says; None where it says nothing, so that the general one holds."""
    if not row.get("due"):
        return None
    day = _day(row["due"], "due")
    basis = row.get("basis") or ""
    if (day["month"], day["day"]) == (known.month, known.day) and basis in ("", known.basis):
        return known
    if (day["month"], day["day"]) == (general.month, general.day):
        return general
    if general.statutory:
        raise ValueError(f"{_words(general)}是法定期限，不能改；内部的提前日期请写在“{HEADINGS['internal']}”")
    if not basis or basis == general.basis:
        raise ValueError(f"公布期限与通用的（{_words(general)}）不同，须在“依据”写明来由，例如 本区惯例")
    return Deadline(**day, basis=basis[:200], statutory=False, holidays=known.holidays)


def _day(written: str, name: str) -> dict[str, int]:
    parts = _DAY.fullmatch(written.strip())
    try:
        day = DayOfYear(month=int(parts[1]), day=int(parts[2])) if parts is not None else None
    except ValueError:
        day = None
    if day is None or not day.exists:
        raise ValueError(f"“{HEADINGS[name]}”的“{written[:40]}”不是日期；请写成 1月31日")
    return {"month": day.month, "day": day.day}


def _words(day: DayOfYear) -> str:
    return f"{day.month}月{day.day}日"

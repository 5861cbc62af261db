"""The agency register: who owes a report, one YAML file a district."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol, Self

from pydantic import Field, model_validator

from config.deadlines import DayOfYear, Deadline
from config.parsed_texts import ParsedTexts
from config.portals import AgencyKind
from config.yaml_file import ConfigurationError, DataFile, data_files, fault_at, read_yaml

# A district, one of its agencies (None: the district alone), and where a data file names it.
Named = tuple[str, str | None, tuple[int | str, ...]]


class NamesAgencies(Protocol):
    """A data file that names districts and agencies of the register."""

    def named(self) -> Iterator[Named]:
        """Everything that it names."""


class Exemption(DataFile):
    """A report year for which an agency owes no report, and why."""

    year: int
    reason: str


class AgencyEntry(DataFile):
    """One agency. ``short`` is the everyday name, ``aliases`` are all other names seen for it.

    ``first_year`` and ``last_year`` bound the report years for which it owes a report (empty: no bound). ``founded`` is
    its first day and ``dissolved`` the first on which it was no more; ``successor`` is the id of the agency that took
    over its duties, where it was merged. ``contact`` and ``telephone`` are whom an office calls about its report.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    short: str
    kind: AgencyKind
    aliases: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    exemptions: tuple[Exemption, ...] = ()
    founded: date | None = None
    dissolved: date | None = None
    successor: str | None = None
    contact: str | None = Field(default=None, max_length=40)
    telephone: str | None = Field(default=None, max_length=60, pattern=r"^[0-9+（）()/、,，;； 转-]+$")

    @model_validator(mode="after")
    def _lives_once(self) -> Self:
        if self.founded is not None and self.dissolved is not None and self.dissolved <= self.founded:
            raise ValueError("撤销日期 dissolved 须在成立日期 founded 之后")
        if self.successor is not None and self.dissolved is None and self.last_year is None:
            raise ValueError("写了承接机关 successor，还须写撤销日期 dissolved 或截止报告年度 last_year")
        if self.successor == self.id:
            raise ValueError("承接机关 successor 不能是它自己")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is known, the full one first."""
        return (self.name, self.short, *self.aliases)


class Watched(DataFile):
    """The report years that the office watches: nothing outside them raises anything. ``last`` empty: no end."""

    first: int
    last: int | None = None

    def holds(self, year: int) -> bool:
        """Whether a report year is watched."""
        return self.first <= year and (self.last is None or year <= self.last)


class DistrictFile(DataFile):
    """A district: its portal, the report years watched, and its agencies.

    ``deadlines`` are due dates of this district for kinds of agency whose deadline is local practice; ``internal`` are
    earlier dates of its own, at which the office is reminded and nobody is late.
    """

    district: str
    portal: str
    watched: Watched
    deadlines: dict[AgencyKind, Deadline] = Field(default={})
    internal: dict[AgencyKind, DayOfYear] = Field(default={})
    agencies: tuple[AgencyEntry, ...] = Field(min_length=1)


def district_clashes(districts: Mapping[Path, DistrictFile]) -> Iterable[tuple[Path, ConfigurationError]]:
    """What is wrong between the files: a district or an id that one before has, and a successor that nobody is."""
    names: set[str] = set()
    owners: dict[str, Path] = {}
    for path, district in districts.items():
        if district.district in names:
            wrong = f"“{district.district}”已在另一文件中登记"
            yield path, fault_at(path, wrong, "请为每个区只保留一个文件", "district")
        names.add(district.district)
        for number, agency in enumerate(district.agencies):
            if agency.id in owners:
                wrong = f"机关 id“{agency.id}”已在 {owners[agency.id].name} 中使用"
                yield path, fault_at(path, wrong, "请改用别的 id", "agencies", number, "id")
            owners.setdefault(agency.id, path)
    for path, district in districts.items():
        for number, agency in enumerate(district.agencies):
            if agency.successor is not None and agency.successor not in owners:
                wrong = f"“{agency.name}”的承接机关“{agency.successor}”不在名册中"
                remedy = "请先登记承接机关，或改正它的 id"
                yield path, fault_at(path, wrong, remedy, "agencies", number, "successor")


def unknown_names(
    file: Path, says: NamesAgencies, districts: Mapping[Path, DistrictFile]
) -> Iterable[tuple[Path, ConfigurationError]]:
    """Districts and agencies that a data file names and no register has: what it says of them it says of nobody."""
    ids = {one.district: {agency.id for agency in one.agencies} for one in districts.values()}
    for district, agency, place in says.named():
        if district not in ids:
            if agency is None:
                wrong = f"没有“{district}”的机关名录"
                yield file, fault_at(file, wrong, "请核对区名，或先在 config/agencies 中登记该区的机关", *place)
        elif agency is not None and agency not in ids[district]:
            wrong = f"“{agency}”不是{district}的机关编号"
            yield file, fault_at(file, wrong, "请写机关编号（nianbao agencies export 中有），或先登记该机关", *place)


def date_clashes(
    districts: Mapping[Path, DistrictFile], deadlines: Mapping[AgencyKind, Deadline]
) -> Iterable[tuple[Path, ConfigurationError]]:
    """Dates of a district that do not exist, move a date of the law, or remind after it."""
    for path, district in districts.items():
        for kind, deadline in district.deadlines.items():
            if deadlines[kind].statutory:
                wrong, remedy = f"deadlines 中的“{kind}”由法规规定时限", "内部的提前日期请写在 internal 下"
                yield path, fault_at(path, wrong, remedy, "deadlines", kind)
            elif not deadline.exists:
                wrong = f"deadlines 中“{kind}”的日期不存在"
                yield path, fault_at(path, wrong, "请改正 month 和 day", "deadlines", kind)
        for kind, internal in district.internal.items():
            due = district.deadlines.get(kind, deadlines[kind])
            if not internal.exists:
                wrong = f"internal 中“{kind}”的日期不存在"
                yield path, fault_at(path, wrong, "请改正 month 和 day", "internal", kind)
            elif (internal.month, internal.day) >= (due.month, due.day):
                wrong = f"internal 中“{kind}”的日期不早于法定时限"
                yield path, fault_at(path, wrong, "请写早于时限的日期", "internal", kind)


def load_districts(home: Path | None = None) -> dict[str, DistrictFile]:
    """All districts by name; an office's file replaces ours of the same name.

    Raises ConfigurationError where a file does not fit, an id or district appears twice, or a successor is unknown.
    """
    parsed = ParsedTexts(home, "agencies")
    districts = {path: read_yaml(path, DistrictFile, parsed) for path in data_files("agencies", home)}
    parsed.keep()
    for _, clash in district_clashes(districts):
        raise clash
    return {district.district: district for district in districts.values()}

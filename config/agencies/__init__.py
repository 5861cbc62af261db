"""The agency register: who owes a report, one YAML file a district."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from config.portals import AgencyKind
from config.yaml_file import ConfigurationError, DataFile, data_files, read_yaml


class Exemption(DataFile):
    """A report year for which an agency owes no report, and why."""

    year: int
    reason: str


class AgencyEntry(DataFile):
    """One agency. ``short`` is the everyday name, ``aliases`` are all other names seen for it.

    ``first_year`` and ``last_year`` bound the report years for which it owes a report (empty: no bound).
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    short: str
    kind: AgencyKind
    aliases: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    exemptions: tuple[Exemption, ...] = ()

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
    """A district: its portal, the report years watched, and its agencies."""

    district: str
    portal: str
    watched: Watched
    agencies: tuple[AgencyEntry, ...] = Field(min_length=1)


def load_districts(home: Path | None = None) -> dict[str, DistrictFile]:
    """All districts by name; an office's file replaces ours of the same name.

    Raises ConfigurationError where a file does not fit, or an id or district appears twice.
    """
    districts: dict[str, DistrictFile] = {}
    owners: dict[str, Path] = {}
    for path in data_files("agencies", home):
        district = read_yaml(path, DistrictFile)
        if district.district in districts:
            raise ConfigurationError(
                f"{path}:1", f"“{district.district}”已在另一文件中登记", "请为每个区只保留一个文件"
            )
        for agency in district.agencies:
            if agency.id in owners:
                raise ConfigurationError(
                    str(path), f"机关 id“{agency.id}”已在 {owners[agency.id].name} 中使用", "请改用别的 id"
                )
            owners[agency.id] = path
        districts[district.district] = district
    return districts

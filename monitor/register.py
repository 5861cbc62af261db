"""Everything the monitor takes from the data files, read again only when one of them changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from config.agencies import AgencyEntry, DistrictFile, Watched, load_districts
from config.deadlines import Deadline, load_deadlines
from config.forms import load_forms
from config.maintenance import MaintenanceFile, load_maintenance
from config.offices import OfficesFile, load_offices
from config.portals import AgencyKind, PortalColumn, PortalFile, load_portals
from config.rules import RulesFile, load_rules
from config.wording import Wording, load_wording
from config.yaml_file import ConfigurationError, data_file, data_files, stamps
from report.form import FigureName, make_form

_FOLDERS = ("agencies", "portals", "forms")
_FILES = ("deadlines.yaml", "maintenance.yaml", "offices.yaml", "rules.yaml", "wording.yaml")


@dataclass(frozen=True)
class Register:
    """Districts with their agencies, portals, due dates, downtime, offices, rule titles, forms and wording."""

    districts: dict[str, DistrictFile]
    portals: dict[str, PortalFile]
    deadlines: dict[AgencyKind, Deadline]
    maintenance: MaintenanceFile
    offices: OfficesFile
    rules: RulesFile
    wording: Wording
    figures: dict[str, dict[str, FigureName]]

    @cached_property
    def agencies(self) -> dict[str, AgencyEntry]:
        """Every agency of the register by its id."""
        return {agency.id: agency for district in self.districts.values() for agency in district.agencies}

    @cached_property
    def predecessors(self) -> dict[str, tuple[str, ...]]:
        """Whose duties an agency took over: their ids by its own."""
        found: dict[str, tuple[str, ...]] = {}
        for agency in self.agencies.values():
            if agency.successor is not None:
                found[agency.successor] = (*found.get(agency.successor, ()), agency.id)
        return found

    def deadline(self, district: str, kind: AgencyKind) -> Deadline:
        """The deadline of a kind of agency: the district's own where local practice sets it."""
        return self.districts[district].deadlines.get(kind, self.deadlines[kind])

    def is_dissolved(self, agency: str, day: date) -> bool:
        """Whether an agency of the register is no more on a day."""
        entry = self.agencies.get(agency)
        return entry is not None and entry.dissolved is not None and entry.dissolved <= day

    @cached_property
    def _watched(self) -> dict[str, Watched]:
        return {agency.id: district.watched for district in self.districts.values() for agency in district.agencies}

    def watches(self, agency: str, year: int) -> bool:
        """Whether an agency's report for a report year is watched; what is not raises nothing."""
        return agency in self._watched and self._watched[agency].holds(year)

    def columns_for(self, portal: str, kind: str, year: int) -> tuple[PortalColumn, ...]:
        """The columns of a portal where the report of a kind of agency for a report year belongs."""
        file = self.portals.get(portal)
        if file is None:
            return ()
        return tuple(
            column
            for column in file.columns
            if (not column.kinds or kind in column.kinds) and (not column.years or year in column.years)
        )

    def is_taken_up(self, portal: str, known: bool) -> bool:
        """Whether an office wants a portal watched: its file switches it on, or it was watched before (``known``)."""
        file = self.portals.get(portal)
        return known or file is None or not file.paused

    def portal_name(self, portal: str) -> str:
        """The name of a portal, its id where its file is gone."""
        return self.portals[portal].name if portal in self.portals else portal

    def label(self, form: str | None, key: str) -> str:
        """How a letter names a figure's cell, its key where no form knows it."""
        forms = [self.figures[form]] if form in self.figures else list(self.figures.values())[::-1]
        return next((names[key].label for names in forms if key in names), key)


def load_register(home: Path | None) -> Register:
    """The register of today's files. Raises ConfigurationError where one does not fit."""
    paths = [path for folder in _FOLDERS for path in data_files(folder, home)]
    paths += [data_file(name, home) for name in _FILES]
    return _load(home, stamps(paths))


@lru_cache(maxsize=4)
def _load(home: Path | None, _signature: tuple[tuple[str, int, int], ...]) -> Register:
    districts, deadlines = load_districts(home), load_deadlines(home)
    for district in districts.values():
        _check_dates(district, deadlines)
    return Register(
        districts=districts,
        portals=load_portals(home),
        deadlines=deadlines,
        maintenance=load_maintenance(home),
        offices=load_offices(home),
        rules=load_rules(home),
        wording=load_wording(home),
        figures={name: make_form(file).names for name, file in load_forms(home).items()},
    )


def _check_dates(district: DistrictFile, deadlines: dict[AgencyKind, Deadline]) -> None:
    """A district's own dates exist, move no date of the law, and remind before it. Raises ConfigurationError."""
    where = f"机关名册“{district.district}”"
    for kind, deadline in district.deadlines.items():
        if deadlines[kind].statutory:
            raise ConfigurationError(where, f"deadlines 中的“{kind}”由法规规定时限", "内部的提前日期请写在 internal 下")
        if not deadline.exists:
            raise ConfigurationError(where, f"deadlines 中“{kind}”的日期不存在", "请改正 month 和 day")
    for kind, internal in district.internal.items():
        due = district.deadlines.get(kind, deadlines[kind])
        if not internal.exists:
            raise ConfigurationError(where, f"internal 中“{kind}”的日期不存在", "请改正 month 和 day")
        if (internal.month, internal.day) >= (due.month, due.day):
            raise ConfigurationError(where, f"internal 中“{kind}”的日期不早于法定时限", "请写早于时限的日期")

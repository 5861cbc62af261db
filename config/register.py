"""What the data files say, all of them, as every role and command asks it: ``config/in_force.py`` loads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from config.agencies import AgencyEntry, DistrictFile, Watched
from config.deadlines import Deadline
from config.families import FamilyFile
from config.filings import Filed, FilingsFile
from config.forms import FormFile
from config.listed_documents import CountedDocuments, DocumentLists
from config.maintenance import MaintenanceFile
from config.offices import Office, OfficesFile
from config.portals import AgencyKind, PortalColumn, PortalFile
from config.rules import RulesFile
from config.wanted import Wanted, WantedFile
from config.wording import Wording


@dataclass(frozen=True, eq=False)
class Register:
    """Districts, portals, presets of families, due dates, downtime, offices, rules, wording, forms, and what offices
    keep besides: their wishes, their registers of filings, their lists of documents.

    It does not change: where a file does, there is another register.
    """

    districts: dict[str, DistrictFile]
    portals: dict[str, PortalFile]
    deadlines: dict[AgencyKind, Deadline]
    maintenance: MaintenanceFile
    offices: OfficesFile
    rules: RulesFile
    filings: FilingsFile
    listed_documents: DocumentLists
    wanted: WantedFile
    wording: Wording
    forms: dict[str, FormFile]
    families: dict[str, FamilyFile]

    @cached_property
    def agencies(self) -> dict[str, AgencyEntry]:
        """Every agency of the register by its id."""
        return {agency.id: agency for district in self.districts.values() for agency in district.agencies}

    @cached_property
    def _by_portal(self) -> dict[str, dict[str, AgencyEntry]]:
        found: dict[str, dict[str, AgencyEntry]] = {}
        for district in self.districts.values():
            found.setdefault(district.portal, {}).update((agency.id, agency) for agency in district.agencies)
        return found

    def of_portal(self, portal: str) -> dict[str, AgencyEntry]:
        """The agencies whose reports appear on a portal, by id."""
        return self._by_portal.get(portal, {})

    @cached_property
    def portals_of_agencies(self) -> dict[str, str]:
        """The portal on which each agency's reports appear, by the agency's id."""
        return {agency: portal for portal, agencies in self._by_portal.items() for agency in agencies}

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

    def districts_of(self, office: Office) -> tuple[str, ...]:
        """The districts of the register that are an office's, in its order."""
        return tuple(name for name in self.districts if office.covers(name))

    def districts_at(self, portal: str | None) -> tuple[str, ...]:
        """The districts whose reports stand on a portal."""
        return tuple(name for name, one in self.districts.items() if one.portal == portal)

    def wanted_of(self, portal: str) -> Wanted | None:
        """What the office of a portal's district wants of section one; None where it wants nothing besides the form."""
        names = (one.district for one in self.districts.values() if one.portal == portal)
        return next((self.wanted.districts[name] for name in names if name in self.wanted.districts), None)

    def filed(self, district: str, agency: AgencyEntry, year: int) -> Filed | None:
        """What the office's register of filings says of a report; None where it does not keep one of that year."""
        return self.filings.of(district, agency.id, agency.kind, year)

    def documents_listed(self, agency: str, year: int) -> CountedDocuments | None:
        """What the office's list of normative documents counts for an agency and year; None where it has none."""
        lists = (one.counted(agency, year) for one in self.listed_documents.districts.values())
        return next((counted for counted in lists if counted is not None), None)

    def portal_name(self, portal: str) -> str:
        """The name of a portal, its id where its file is gone."""
        return self.portals[portal].name if portal in self.portals else portal

"""What one worker process holds from document to document: ledger, archive, its reading process, rules and register."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

from config.agencies import AgencyEntry, DistrictFile, load_districts
from config.forms import load_forms
from config.rules import RulesFile, load_rules
from config.settings import Settings
from ledger.archive import Archive, open_archive
from ledger.database import Ledger, open_ledger
from report.form import Form, make_form
from workers.reading.process import READER, ReadingProcess


@dataclass(frozen=True)
class Station:
    """Everything a document's way needs. Use it as a context manager, or call :meth:`close`."""

    settings: Settings
    ledger: Ledger
    archive: Archive
    reading: ReadingProcess
    forms: dict[str, Form]
    rules: RulesFile
    districts: dict[str, DistrictFile]

    def __enter__(self) -> Station:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the reading process and gives back the ledger's connections."""
        self.reading.close()
        self.ledger.close()

    def agencies_of(self, portal: str) -> dict[str, AgencyEntry]:
        """The registered agencies whose reports appear on a portal, by id."""
        return {
            agency.id: agency
            for district in self.districts.values()
            if district.portal == portal
            for agency in district.agencies
        }

    def agency(self, agency_id: str | None) -> AgencyEntry | None:
        """The registered agency with this id."""
        entries = (agency for district in self.districts.values() for agency in district.agencies)
        return next((entry for entry in entries if entry.id == agency_id), None)


def open_station(settings: Settings, *, reader: str = READER) -> Station:
    """Opens what the settings name.

    Raises ConfigurationError, LedgerError or ArchiveError, each with one sentence, where something is missing or wrong.
    """
    forms = {name: make_form(file) for name, file in load_forms(settings.home).items()}
    rules = load_rules(settings.home)
    districts = load_districts(settings.home)
    archive = open_archive(settings)
    return Station(
        settings, open_ledger(settings), archive, ReadingProcess(settings, reader=reader), forms, rules, districts
    )

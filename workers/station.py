"""What one worker process holds from document to document: ledger, archive, its reading process, rules and register."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from types import TracebackType

from sqlalchemy.orm import Session

from config.agencies import AgencyEntry, DistrictFile, load_districts
from config.forms import load_forms
from config.rules import RulesFile, load_rules
from config.settings import Settings
from ledger.archive import Archive, open_archive
from ledger.database import Ledger, open_ledger
from ledger.readings import stored_reading
from report.form import Form, make_form
from report.report import Report
from workers.reading.process import READER, ReadingProcess
from workers.reading.version import READER_VERSION, reader_version

# Enough for several districts; a report takes about 100 kB.
NEIGHBOURS = 400


@dataclass(frozen=True)
class Station:
    """Everything a document's way needs. Use it as a context manager, or call :meth:`close`.

    ``reader`` is today's reader version: the program's, with a mark of the forms where an office has its own.
    ``neighbours`` keeps the newest readings that other reports were compared with, by sha256 and reader version: a
    district's reports are compared with each other again and again, and a reading does not change.
    """

    settings: Settings
    ledger: Ledger
    archive: Archive
    reading: ReadingProcess
    forms: dict[str, Form]
    rules: RulesFile
    districts: dict[str, DistrictFile]
    reader: str = READER_VERSION
    neighbours: OrderedDict[tuple[str, str], Report] = field(default_factory=OrderedDict)

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

    def report_of(self, session: Session, reading: tuple[str, str] | None) -> Report | None:
        """What a reading (sha256, reader version) says; None where there is none, or it is not understood any more."""
        if reading is None:
            return None
        report = self.neighbours.pop(reading, None) or stored_reading(session, *reading)
        if report is not None:
            self.remember(reading, report)
        return report

    def remember(self, reading: tuple[str, str], report: Report) -> None:
        """Keeps what a reading (sha256, reader version) says for the reports that are compared with it."""
        self.neighbours[reading] = report
        while len(self.neighbours) > NEIGHBOURS:
            self.neighbours.popitem(last=False)

    def agency(self, agency_id: str | None) -> AgencyEntry | None:
        """The registered agency with this id."""
        entries = (agency for district in self.districts.values() for agency in district.agencies)
        return next((entry for entry in entries if entry.id == agency_id), None)


def open_station(settings: Settings, *, reader: str = READER) -> Station:
    """Opens what the settings name.

    Raises ConfigurationError, LedgerError or ArchiveError, each with one sentence, where something is missing or wrong.
    """
    files = load_forms(settings.home)
    forms = {name: make_form(file) for name, file in files.items()}
    rules = load_rules(settings.home)
    districts = load_districts(settings.home)
    archive = open_archive(settings)
    return Station(
        settings,
        open_ledger(settings),
        archive,
        ReadingProcess(settings, reader=reader),
        forms,
        rules,
        districts,
        reader_version(files),
    )

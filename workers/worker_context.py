"""What one worker process holds from document to document: ledger, archive, its reading process, rules and register."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TypeVar

from sqlalchemy.orm import Session

from config.in_force import load_register
from config.register import Register
from config.rules import RulesFile
from config.settings import Settings
from ledger.archive import Archive, open_archive
from ledger.database import Ledger, open_ledger
from ledger.reading.corrections import Corrections, corrected, corrections_of
from ledger.reading.readings import digests, stored_reading
from report.comparing.digest import Digest, digest_of
from report.form import Form, make_form
from report.report import Report
from workers.reading.child.process import READER, ReadingProcess
from workers.reading.version import READER_VERSION, reader_version

Key = TypeVar("Key")
Value = TypeVar("Value")

# The monitor takes up a changed register within half a minute; a worker no later.
LOOK_AGAIN_SECONDS = 15.0
# Full reports cached for comparison: last year's and the few similar ones of the district; 100 kB each.
NEIGHBOURS = 100
# Digests cached for comparison, of several districts; 30 kB each.
DIGESTS = 1000


@dataclass
class WorkerContext:
    """Everything a document's way needs. Use it as a context manager, or call :meth:`close`.

    ``register`` is what the data files say, as of the last :meth:`look_again`; ``forms`` are those of the start, since
    they are part of the reader. ``reader`` is today's reader version: the program's, with a mark of the forms where an
    office has its own. ``neighbours`` and ``digests`` keep what other reports were last compared with, by sha256 and
    reader version: a district's reports are compared with each other again and again, and a reading does not change.
    """

    settings: Settings
    ledger: Ledger
    archive: Archive
    reading: ReadingProcess
    forms: dict[str, Form]
    register: Register
    reader: str = READER_VERSION
    neighbours: OrderedDict[tuple[str, str], Report] = field(default_factory=OrderedDict)
    digests: OrderedDict[tuple[str, str], Digest] = field(default_factory=OrderedDict)

    _looked_at: float | None = None

    def rules_at(self, moment: datetime) -> RulesFile:
        """The rules with what the office changed of them, and the levels that hold at a moment."""
        return self.register.rules.at(moment)

    def look_again(self, at: float) -> None:
        """Takes up what was changed in the data files; ``at`` are seconds of a clock that only goes forward.

        To be called between two documents.
        """
        if self._looked_at is None or at - self._looked_at >= LOOK_AGAIN_SECONDS:
            self._looked_at = at
            self.register = load_register(self.settings.home)

    def __enter__(self) -> WorkerContext:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the reading process and gives back the ledger's connections."""
        self.reading.close()
        self.ledger.close()

    def report_of(
        self, session: Session, reading: tuple[str, str] | None, said: Corrections | None = None
    ) -> Report | None:
        """What a reading (sha256, reader version) says, with what people corrected in it.

        ``said`` are the corrections of this document and others, where they were asked for. None is returned where
        there is none, or it is not understood any more.
        """
        if reading is None:
            return None
        report = self.neighbours.get(reading) or stored_reading(session, *reading)
        if report is None:
            return None
        self.remember(reading, report)
        said = corrections_of(session, [report.sha256]) if said is None else said
        return corrected(report, said.get(report.sha256, {}))

    def remember(self, reading: tuple[str, str], report: Report) -> None:
        """Keeps what a reading (sha256, reader version) says for the reports that are compared with it."""
        _keep(self.neighbours, reading, report, NEIGHBOURS)

    def remember_digest(self, reading: tuple[str, str], digest: Digest) -> None:
        """Keeps the digest of a reading (sha256, reader version) for the reports that are compared with it."""
        _keep(self.digests, reading, digest, DIGESTS)

    def digests_of(
        self, session: Session, readings: Collection[tuple[str, str]], said: Corrections
    ) -> dict[tuple[str, str], Digest]:
        """The digests of readings (sha256, reader version), without those that are not understood any more.

        ``said`` is what people corrected in these documents, and in others.
        """
        found = {reading: self.digests[reading] for reading in readings if reading in self.digests}
        found |= digests(session, [reading for reading in readings if reading not in found])
        for reading, digest in found.items():
            self.remember_digest(reading, digest)
        for reading in [one for one in found if one[0] in said]:
            if (report := self.report_of(session, reading, said)) is not None:
                found[reading] = digest_of(report)
        return found


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Puts one in as the newest, and takes the oldest out where there are more than so many."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def open_worker_context(settings: Settings, *, reader: str = READER) -> WorkerContext:
    """Opens what the settings name.

    Raises ConfigurationError, LedgerError or ArchiveError, each with one sentence, where something is missing or wrong.
    """
    register = load_register(settings.home)
    forms = {name: make_form(file) for name, file in register.forms.items()}
    archive = open_archive(settings)
    return WorkerContext(
        settings,
        open_ledger(settings, keeps_plans=True),
        archive,
        ReadingProcess(settings, reader=reader, forms=register.forms),
        forms,
        register,
        reader_version(register.forms),
    )

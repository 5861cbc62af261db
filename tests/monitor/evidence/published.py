"""A real document as the crawler and the workers would have kept it: bytes in the archive, reading, findings."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config.forms import load_forms
from config.in_force import load_register
from config.rules import load_rules
from config.settings import Settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.insert import insert_or_ignore
from ledger.models import Article, Document, Incident, ReadingRow, Version
from ledger.reading.findings import Assignment, finding_row, write_findings
from ledger.reading.page_pictures import PictureKept, keep_pictures, pictures_of
from ledger.states import VersionRole
from monitor.channels.mail.message import MOST_ENCLOSED_BYTES
from monitor.evidence.facts import ReportEvidence, evidence_of
from monitor.evidence.page import evidence_page
from monitor.evidence.pictures import load_pictures
from monitor.loop import tick
from report.as_json import report_to_json
from report.form import make_form
from report.report import Report
from tests.monitor.factory import World, at
from workers.drawing.page_pictures import draw_pages, pages_found
from workers.reading.hints import Hints
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

DOCUMENTS = Path(__file__).resolve().parents[2] / "documents"
HONGZE = DOCUMENTS / "real" / "hongze-2023.pdf"
YUNSHAN = DOCUMENTS / "html" / "yunshan-2024.trs.html"


def publish(
    world: World,
    settings: Settings,
    data: bytes,
    agency: str,
    year: int,
    day: str,
    changed: Callable[[Report], Report] = lambda report: report,
) -> Report:
    """Reads and checks a document as the workers do, and keeps it as an agency's report; returns what was read.

    ``changed`` is what becomes of the reading before it is checked.
    """
    forms = {name: make_form(file) for name, file in load_forms().items()}
    report = changed(_read(data, year))
    check = check_report(report, forms, Context(), load_rules())
    article = world.article(agency, year, day, page_label=day)
    archive = open_archive(settings)
    sha256 = archive.put(data)
    kept = replace(report, sha256=sha256)
    with world.ledger.write() as session:
        document = {"sha256": sha256, "size": len(data), "media_type": report.media_type, "first_fetched_at": at(day)}
        insert_or_ignore(session, Document, [document])
        version = Version(
            article_id=article,
            role=VersionRole.BODY,
            address=session.get_one(Article, article).address,
            sha256=sha256,
            content_sha256=sha256,
            first_seen_at=at(day),
        )
        session.add(version)
        session.flush()
        reading = {
            "sha256": sha256, "reader": "1", "read_at": at(day), "seconds": 0.1, "content": report_to_json(kept),
        }  # fmt: skip
        insert_or_ignore(session, ReadingRow, [reading])
        rows = [finding_row(one, version.id, Assignment(agency, year), at(day)) for one in check.findings]
        write_findings(session, rows)
        drawn = _drawn(data, report.media_type, tuple(pages_found(kept, check)))
        keep_pictures(
            session,
            sha256,
            [
                PictureKept(one["page"], rank, one["width"], one["height"], archive.put(b64decode(picture)))
                for one in drawn
                for rank, picture in enumerate(one["pictures"])
            ],
        )
    return kept


@lru_cache(maxsize=4)
def _read(data: bytes, year: int) -> Report:
    """The few that many tests publish are read once in a process: seconds of a core each."""
    forms = {name: make_form(file) for name, file in load_forms().items()}
    return read_document(data, source="report", forms=forms, hints=Hints(year=year))


@lru_cache(maxsize=8)
def _drawn(data: bytes, media_type: str, pages: tuple[int, ...]) -> list[dict[str, Any]]:
    """Likewise."""
    return draw_pages(data, media_type, pages)


def evidence_behind(ledger: Ledger, settings: Settings, now: datetime) -> list[ReportEvidence]:
    """What stands behind every incident about a report, once the monitor had its turn (no mail leaves)."""
    tick(settings.model_copy(update={"smtp_port": 9}), ledger, now)
    with ledger.read() as session:
        incidents = session.scalars(select(Incident).where(Incident.agency.is_not(None))).all()
        return evidence_of(session, load_register(settings.home), incidents, now)


def page_of_evidence(ledger: Ledger, settings: Settings, now: datetime) -> str:
    """The page of evidence as it would lie in a letter, with the pictures of its pages."""
    reports = evidence_behind(ledger, settings, now)
    archive = open_archive(settings)
    with ledger.read() as session:
        pictures = {
            one.copy.sha256: load_pictures(archive, pictures_of(session, one.copy.sha256))
            for report in reports
            for one in report.documents
        }
    return evidence_page(reports, pictures, now, MOST_ENCLOSED_BYTES).decode()

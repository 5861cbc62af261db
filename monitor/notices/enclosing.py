"""What lies in a letter about reports: the page of evidence. Made before the letter leaves, outside of any lock.

A letter says everything without it, and leaves also where it cannot be made.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config.recipients import CHANNEL
from config.register import Register
from config.settings import Settings
from ledger.archive import Archive, ArchiveError, open_archive
from ledger.database import Ledger
from ledger.messages.enclosures import Enclosed, Unenclosed, enclose, letters_without_enclosures
from ledger.models import Incident
from ledger.states import NoticePurpose
from monitor.channels.mail.message import MOST_ENCLOSED_BYTES
from monitor.evidence.facts import ReportEvidence, evidence_of
from monitor.evidence.page import evidence_page
from monitor.evidence.pictures import PagePicture, draw_pages

log = logging.getLogger("nianbao.monitor")

HTML = "text/html"
# Letters that say what is wrong; those that take it back, or sum it up, rest on what was enclosed before.
_ACCUSING = (NoticePurpose.ALERT, NoticePurpose.DIGEST, NoticePurpose.REMINDER)


def enclose_evidence(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Puts the page of evidence into every letter about reports that waits for its first attempt; returns how many.

    Letters about the same matters to several recipients carry the same page, made once.
    """
    with ledger.read() as session:
        waiting = letters_without_enclosures(session, _ACCUSING, CHANNEL)
    made: dict[tuple[int, ...], list[Enclosed]] = {}
    for letter in waiting:
        if letter.incidents not in made:
            made[letter.incidents] = _enclosures(settings, ledger, register, letter, now)
        if made[letter.incidents]:
            with ledger.write() as session:
                enclose(session, letter.identity, made[letter.incidents])
    return sum(bool(made[letter.incidents]) for letter in waiting)


def _enclosures(
    settings: Settings, ledger: Ledger, register: Register, letter: Unenclosed, now: datetime
) -> list[Enclosed]:
    try:
        archive = open_archive(settings)
        with ledger.read() as session:
            reports = evidence_of(session, register, _incidents(session, letter), now)
        if not reports:
            return []
        page = evidence_page(reports, _pictures(archive, reports), now, MOST_ENCLOSED_BYTES)
        return [Enclosed(_name(reports), HTML, None, archive.put(page))]
    except ArchiveError as error:
        log.warning("通知未能附上核对依据：%s", error)
        return []


def _incidents(session: Session, letter: Unenclosed) -> list[Incident]:
    return [session.get_one(Incident, incident) for incident in letter.incidents]


def _pictures(archive: Archive, reports: Sequence[ReportEvidence]) -> dict[str, Mapping[int, PagePicture]]:
    found: dict[str, Mapping[int, PagePicture]] = {}
    for document in (document for report in reports for document in report.documents if document.pages):
        try:
            data = archive.get(document.copy.sha256)
        except ArchiveError as error:
            log.warning("核对依据中没有页面图像：%s", error)
            continue
        found[document.copy.sha256] = draw_pages(data, document.media_type, [page.number for page in document.pages])
    return found


def _name(reports: Sequence[ReportEvidence]) -> str:
    if len(reports) == 1:
        return f"核对依据 {reports[0].agency}{reports[0].year}年度报告.html"
    return f"核对依据 {reports[0].district}{len(reports)}份年度报告.html"

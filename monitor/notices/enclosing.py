"""What lies in a letter about reports: the page of evidence, and 整改通知单 that only want a signature.

Made before the letter leaves, outside of any lock. A letter says everything without them, and leaves also where they
cannot be made.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.recipients import CHANNEL
from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.archive import Archive, ArchiveError, open_archive
from ledger.database import Ledger
from ledger.messages.enclosures import Enclosed, Unproven, enclose, letters_without
from ledger.models import Incident
from ledger.reading.page_pictures import pictures_of
from ledger.states import NoticePurpose
from monitor.channels.mail.message import MOST_ENCLOSED_BYTES
from monitor.evidence.facts import ReportEvidence, evidence_of
from monitor.evidence.page import evidence_page
from monitor.evidence.pictures import PagePicture, load_pictures
from monitor.letters.names import is_wide
from monitor.papers.rectification_notice import WORD, draft_notice, file_name, notice_as_word
from monitor.papers.word_template import TemplateError

log = logging.getLogger("nianbao.monitor")

HTML = "text/html"
# So many notices are worth having at hand in one letter; for more there is the command.
MOST_NOTICES = 5
# What takes back or settles rests on what was enclosed before; all other letters say what is wrong.
_NOT_ACCUSING = (NoticePurpose.CORRECTION, NoticePurpose.CORRECTIONS, NoticePurpose.INTERNAL_DATE)


@dataclass(frozen=True, slots=True)
class _Made:
    name: str
    media_type: str
    content: bytes


def enclose_evidence(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> int:
    """Puts evidence into every letter about reports that waits for its first attempt; returns into how many.

    Letters about the same matters to several recipients carry the same, made once.
    """
    with ledger.read() as session:
        waiting = letters_without(session, HTML, _NOT_ACCUSING, CHANNEL)
    made: dict[tuple[object, ...], list[Enclosed]] = {}
    for letter in waiting:
        same = (letter.incidents, letter.enclosed, letter.office)
        if same not in made:
            made[same] = _enclosures(settings, ledger, register, letter, now)
        if made[same]:
            with ledger.write() as session:
                enclose(session, letter.identity, made[same], len(letter.enclosed))
    return sum(bool(made[letter.incidents, letter.enclosed, letter.office]) for letter in waiting)


def _enclosures(
    settings: Settings, ledger: Ledger, register: Register, letter: Unproven, now: datetime
) -> list[Enclosed]:
    try:
        archive = open_archive(settings)
        with ledger.read() as session:
            asked = [session.get_one(Incident, incident) for incident in letter.incidents]
            incidents = [incident for incident in asked if incident.resolved_at is None]
            reports = evidence_of(session, register, incidents, now)
            # An office over several districts signs nothing in the name of theirs.
            own = bool(reports) and not is_wide(register, letter.office)
            notices = list(_notices(session, settings, register, incidents, now)) if own else []
            pictures = _pictures(session, archive, reports)
        if not reports:
            return []
        room = MOST_ENCLOSED_BYTES - sum(len(archive.get(one.sha256)) for one in letter.enclosed)
        room -= sum(len(one.content) for one in notices)
        page = _Made(_name(reports), HTML, evidence_page(reports, pictures, now, room))
        return [Enclosed(one.name, one.media_type, None, archive.put(one.content)) for one in (page, *notices)]
    except ArchiveError as error:
        log.warning("通知未能附上核对依据：%s", error)
        return []
    except SQLAlchemyError:
        raise  # the ledger is everybody's
    except Exception:
        log.exception("通知未能附上核对依据", extra={"notice": letter.identity})
        return []


def _notices(
    session: Session, settings: Settings, register: Register, incidents: Sequence[Incident], now: datetime
) -> Iterator[_Made]:
    """A 整改通知单 for each report with an error; none to a government from its own office."""
    wrong = dict.fromkeys((one.agency, one.year) for one in incidents if one.level == Severity.ERROR)
    for agency, year in list(wrong)[:MOST_NOTICES]:
        draft = draft_notice(session, register, agency, year, now) if agency and year else None
        if draft is None or draft.own_government:
            continue
        try:
            book, _ = notice_as_word(draft, register, settings.home, now)
        except TemplateError as error:
            log.warning("%s的整改通知单模板不能使用：%s", draft.district, error)
            return
        yield _Made(file_name(draft), WORD, book)


def _pictures(
    session: Session, archive: Archive, reports: Sequence[ReportEvidence]
) -> dict[str, Mapping[int, PagePicture]]:
    documents = (document.copy.sha256 for report in reports for document in report.documents if document.pages)
    return {sha256: load_pictures(archive, pictures_of(session, sha256)) for sha256 in documents}


def _name(reports: Sequence[ReportEvidence]) -> str:
    if len(reports) == 1:
        return f"核对依据 {reports[0].agency}{reports[0].year}年度报告.html"
    districts = list(dict.fromkeys(report.district for report in reports))
    whose = districts[0] if len(districts) == 1 else f"{len(districts)}个区"
    return f"核对依据 {whose}{len(reports)}份年度报告.html"

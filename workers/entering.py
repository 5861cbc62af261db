"""代录: a report that no crawler may or can fetch, entered by a person as a file; for the command line and the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.plain_text import plain
from config.settings import Settings
from ledger.archive import Archive
from ledger.crawling import articles, portals
from ledger.crawling.entry import CannotEnter, Entry
from ledger.database import Ledger
from ledger.people.record import Who, keep_record
from ledger.states import ArticleOutcome, EvidenceSource, RecordKind, VersionRole
from report.storable import storable
from workers.dispatch import hand_out, register
from workers.reading.errors import ReadError
from workers.reading.kind import media_type_of

LONGEST_TEXT = 500


def kind_of(settings: Settings, name: str, content: bytes) -> str:
    """The media type of a file that can be entered. Raises CannotEnter where it cannot."""
    if len(content) > settings.read_max_bytes:
        limit = settings.read_max_bytes // (1024 * 1024)
        raise CannotEnter(f"文件 {plain(name)} 超过 {limit} MB；请核对是不是年度报告")
    try:
        return media_type_of(content)
    except ReadError as error:
        raise CannotEnter(f"文件 {plain(name)}：{error.sentence.rstrip('。')}；没有登记") from error


def enter_file(
    settings: Settings,
    ledger: Ledger,
    archive: Archive,
    entered: Entry,
    name: str,
    content: bytes,
    who: Who,
    now: datetime,
) -> bool:
    """Keeps a file as an agency's report, and hands it over to be read; whether it is new. Raises CannotEnter.

    Doing it twice gives the same rows; the date of the last time counts.
    """
    media_type = kind_of(settings, name, content)
    sha256 = archive.put(content)
    portal = entered.district.portal
    address = f"人工登记:{entered.agency.id}/{entered.year}"
    with ledger.write() as session:
        portals.keep_portal(session, portal, now)
        article: dict[str, Any] = {
            "portal": portal,
            "column": articles.ENTERED_COLUMN,
            "address": address,
            "page_address": None,
            "title": _bounded(plain(name)),
            "outcome": ArticleOutcome.REPORT,
            "agency": entered.agency.id,
            "year": entered.year,
            "folder_year": None,
            "reason": _bounded(entered.reason),
            "first_seen_at": now,
            "last_seen_at": now,
            "baseline": False,
        }
        article_id, new = articles.keep_article(session, article)
        witnesses = [(EvidenceSource.ENTERED, _bounded(entered.value), entered.moment, False)]
        if new:
            witnesses.append((EvidenceSource.FIRST_SEEN, now.isoformat(), now, True))
        articles.keep_evidence(session, (_witness(article_id, *one, now) for one in witnesses))
        known = not new and articles.has_version(session, article_id, address, sha256)
        if not known:
            articles.keep_document(session, sha256, len(content), media_type, now)
            row = {
                "article_id": article_id,
                "role": VersionRole.ENTERED,
                "address": address,
                "sha256": sha256,
                "content_sha256": sha256,
                "fetch_id": None,
                "first_seen_at": now,
            }
            version, _ = articles.keep_version(session, row)
            register(session, version, now)
        keep_entry(session, entered, who, now, sha256)
    if not known:
        hand_out(settings, ledger, now)
    return not known


def keep_entry(session: Session, entered: Entry, who: Who, now: datetime, subject: str) -> None:
    """The record of an entry, file or address."""
    keep_record(
        session,
        who,
        RecordKind.REPORT_ENTERED,
        subject,
        now,
        why=entered.why,
        district=entered.district.district,
        agency=entered.agency.id,
        year=entered.year,
        detail={"published": entered.published.isoformat()},
    )


def _witness(
    article_id: int, source: EvidenceSource, value: str, moment: datetime, precise: bool, now: datetime
) -> dict[str, Any]:
    row = {"article_id": article_id, "source": source, "value": value, "moment": moment, "precise": precise}
    return row | {"observed_at": now}


def _bounded(text: str) -> str:
    return str(storable(text[:LONGEST_TEXT]))

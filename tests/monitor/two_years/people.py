"""What officers and operators do in the story, by the same functions as their commands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.agencies import AgencyEntry
from config.time_zone import SHANGHAI
from ledger.crawling import articles
from ledger.database import Ledger
from ledger.messages.finding_decisions import decide_finding
from ledger.messages.findings import list_findings
from ledger.messages.incident_notes import note_incident
from ledger.messages.rectifications import close_rectification, list_rectifications, open_rectification
from ledger.models import Article, Incident
from ledger.people.record import Who
from ledger.reading import work
from ledger.reading.quarantine import quarantined
from ledger.states import (
    ArticleOutcome,
    EvidenceSource,
    FindingDecision,
    FindingState,
    IncidentNoteKind,
    RectificationResult,
)
from monitor.calendar import day_of, start_of
from tests.monitor.two_years.happenings import SomebodyActs

OFFICER = "王敏"


def act(ledger: Ledger, home: Path, what: SomebodyActs, agencies: Mapping[str, AgencyEntry], now: datetime) -> None:
    """Does what the story says of an officer; what it says of portals and of reading again is done elsewhere."""
    for old, new in what.register_changes:
        _change_register(home, old, new)
    with ledger.write() as session:
        if what.dismiss is not None:
            for finding, _ in list_findings(session, [FindingState.OPEN], agency=what.dismiss, year=what.year):
                decide_finding(session, finding.fingerprint, FindingDecision.DISMISS, Who(OFFICER), what.why, now)
        if what.acknowledge is not None:
            incident = _incident(session, agencies[what.acknowledge], what)
            note_incident(session, incident.id, IncidentNoteKind.ACKNOWLEDGE, OFFICER, what.why, now)
        if what.snooze is not None and what.until is not None:
            incident = _incident(session, agencies[what.snooze], what)
            until = start_of(what.until)
            note_incident(session, incident.id, IncidentNoteKind.SNOOZE, OFFICER, what.why, now, until)
        if what.ask is not None and what.due is not None and what.year is not None:
            open_rectification(
                session,
                agencies[what.ask].id,
                what.year,
                asked_on=day_of(now),
                due_on=what.due,
                asked_by=OFFICER,
                asked_for=what.what,
                now=now,
            )
        if what.close is not None:
            asked = [one for one in list_rectifications(session) if one.row.agency == agencies[what.close].id]
            number, result = asked[0].row.id, RectificationResult(what.result)
            close_rectification(session, number, result, reviewed_by=OFFICER, remark=what.why, on=day_of(now), now=now)
        if what.enter is not None:
            _enter(session, agencies[what.enter], what, now)


def retry(ledger: Ledger, agency: AgencyEntry, now: datetime) -> list[int]:
    """Takes an agency's documents out of quarantine; returns the numbers of the work."""
    with ledger.write() as session:
        wanted = [one.work_id for one in quarantined(session) if one.agency == agency.id]
        newest = sorted(wanted)[-1:]
        return work.retry(session, newest, now)


def _change_register(home: Path, old: str, new: str) -> None:
    path = home / "config" / "agencies" / "yunshan.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def _incident(session: Session, agency: AgencyEntry, what: SomebodyActs) -> Incident:
    return session.scalars(
        select(Incident).where(
            Incident.agency == agency.id,
            Incident.year == what.year,
            Incident.kind == what.kind,
            Incident.resolved_at.is_(None),
        )
    ).one()


def _enter(session: Session, agency: AgencyEntry, what: SomebodyActs, now: datetime) -> None:
    """A person says when a report was published, of one that is known or (``found_at``) of one elsewhere."""
    assert what.published is not None
    known = select(Article.id).where(Article.agency == agency.id, Article.year == what.year)
    article_id = session.scalars(known).first()
    if article_id is None:
        # On a list of its own, which no round looks at.
        article: dict[str, Any] = {"portal": agency.id.split("-")[0], "column": "entered", "address": what.found_at}
        article |= {"title": f"{agency.name}{what.year}年政府信息公开工作年度报告", "agency": agency.id}
        article |= {"year": what.year, "outcome": ArticleOutcome.REPORT, "reason": "", "baseline": False}
        article_id, _ = articles.keep_article(session, article | {"first_seen_at": now, "last_seen_at": now})
    moment = datetime.combine(what.published, datetime.min.time(), SHANGHAI)
    row = {"article_id": article_id, "source": EvidenceSource.ENTERED, "value": str(what.published), "moment": moment}
    articles.keep_evidence(session, [row | {"precise": False, "observed_at": now}])

"""Every fact that a standing rests on: what ``nianbao why`` prints, and the API gives of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from config.agencies import AgencyEntry, DistrictFile
from config.register import Register
from config.severity import Severity
from ledger.models import Article, FindingRow, Incident, Look, Obligation
from ledger.reading.carry_overs import carry_overs_of
from ledger.standings import why as rows
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import (
    STANDING_THERE,
    FindingState,
    PortalState,
)
from monitor.calendar import end_of
from monitor.outputs.why_shapes import (
    ArticleShape,
    CarryOverShape,
    DocumentShape,
    FindingThenShape,
    IncidentThenShape,
    LookShape,
    LooksShape,
    StandsShape,
    WhyShape,
)
from report.check_shape import PlaceShape
from report.comparing.carry_overs import CARRIED_IN, Link
from report.figure import Confirmation
from report.findings.finding import Outcome
from report.form import column_label


def facts_of(
    session: Session,
    register: Register,
    file: DistrictFile,
    entry: AgencyEntry,
    year: int,
    moment: datetime,
    *,
    past: bool,
) -> WhyShape | None:
    """Everything that a standing rests on at ``moment``. ``past``: the history of changes is asked.

    None where the agency had no standing for that year by then.
    """
    found = standings_at(session, moment if past else None, district=file.district, years=[year])
    standing = next((row for row in found if row.agency == entry.id), None)
    if standing is None:
        return None
    obligation = session.get(Obligation, (entry.id, year))
    columns = {column.id: column.name for column in register.columns_for(file.portal, entry.kind, year)}
    articles = rows.articles_of(session, entry.id, year, file.portal, columns, moment)
    incidents = rows.incidents_of(session, entry.id, year, moment)
    return {
        "agency": entry.name,
        "id": entry.id,
        "district": file.district,
        "year": year,
        "as_of": moment,
        "obligation": {
            "due": standing.due,
            "basis": standing.basis,
            "exempt": obligation.exempt if obligation is not None else None,
        },
        "standing": _standing(standing),
        "changes": [
            {
                "at": one.changed_at,
                "before": one.before,
                "now": one.now,
                "published": one.published,
                "sentence": one.sentence,
            }
            for one in rows.changes_of(session, entry.id, year, moment)
        ],
        "looks": _looks(session, file.portal, columns, standing, articles, moment),
        "articles": [_article(session, article, moment) for article in articles],
        # As of a past day nobody knows any more what was read of the other years.
        "carry_overs": [] if past else [_link(register, one) for one in carry_overs_of(session, entry.id)],
        "findings": [_finding(one, moment) for one in rows.findings_of(session, entry.id, year, moment)],
        "incidents": [_incident(one, moment) for one in incidents],
        "letters": [
            {
                "kind": letter.notice.kind,
                "purpose": letter.notice.purpose,
                "to": letter.notice.recipient,
                "subject": letter.notice.subject,
                "message_id": letter.notice.message_id,
                "written": letter.notice.created_at,
                "sent": _by(letter.notice.sent_at, moment),
                "state": letter.notice.state,
                "answer": letter.answer,
            }
            for letter in rows.letters_about(session, [one.id for one in incidents], moment)
        ],
    }


def _link(register: Register, link: Link) -> CarryOverShape:
    return {
        "before": link.before,
        "after": link.after,
        "state": link.state,
        "differing": [
            {
                "column": one.column,
                "name": column_label(register, CARRIED_IN + one.column),
                "carried_out": one.carried_out,
                "carried_in": one.carried_in,
            }
            for one in link.differing
        ],
    }


def _standing(row: StandingThen) -> StandsShape:
    return {
        "standing": row.standing,
        "since": row.since,
        "published": row.published,
        "sentence": row.sentence,
        "evidence": row.evidence,
    }


def _looks(
    session: Session,
    portal: str,
    columns: Mapping[str, str],
    standing: StandingThen,
    articles: Sequence[Article],
    moment: datetime,
) -> list[LooksShape]:
    """Of a report that was found, the looks before and at its finding; where none was, those after the due date."""
    reports = [one for one in articles if one.agency == standing.agency and one.outcome in STANDING_THERE]
    found = [rows.looks_around(session, article) for article in reports]
    if not found:
        after = end_of(standing.due)
        found = [rows.looks_after(session, portal, column, after, moment) for column in columns]
    return [
        {
            "column": at.column,
            "name": columns.get(at.column, at.column),
            "looks": [_look(one) for one in at.looks],
            "left_out": at.left_out,
        }
        for at in found
    ]


def _look(look: Look) -> LookShape:
    return {
        "begun": look.begun_at,
        "ended": look.ended_at,
        "state": look.found,
        "complete": look.complete and look.found is PortalState.HEALTHY,
        "why_not": look.sentence,
        "rows": look.rows,
        "dropped": look.dropped,
        "accounted": look.accounted,
        "paging": look.paging,
    }


def _article(session: Session, article: Article, moment: datetime) -> ArticleShape:
    return {
        "title": article.title,
        "address": article.page_address or article.address,
        "column": article.column,
        "outcome": article.outcome,
        "year": article.year,
        "reason": article.reason,
        "first_seen": article.first_seen_at,
        "last_seen": _by(article.last_seen_at, moment),
        "withdrawn": _by(article.withdrawn_at, moment),
        "evidence": [
            {
                "source": one.source,
                "value": one.value,
                "moment": one.moment,
                "precise": one.precise,
                "observed": one.observed_at,
            }
            for one in rows.evidence_for(session, article.id, moment)
        ],
        "documents": [_document(one) for one in rows.documents_of(session, article.id, moment)],
    }


def _document(one: rows.ReadVersion) -> DocumentShape:
    outcomes = one.check.outcomes if one.check is not None else {}
    return {
        "role": one.version.role,
        "address": one.version.address,
        "sha256": one.version.sha256,
        "first_seen": one.version.first_seen_at,
        "work": None
        if one.work is None
        else {"state": one.work.state, "attempts": one.work.attempts, "why": one.work.sentence},
        "readings": [{"reader": reader, "read": read_at} for reader, read_at in one.readings],
        "checked": one.check.checked_at if one.check is not None else None,
        "failed": [code for code, outcome in outcomes.items() if outcome == Outcome.FAIL],
        "not_assessable": one.check.reasons if one.check is not None else {},
    }


def _finding(finding: FindingRow, moment: datetime) -> FindingThenShape:
    resolved, said = _by(finding.resolved_at, moment), _by(finding.said_at, moment)
    later = finding.resolved_at != resolved or finding.said_at != said
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": Severity(finding.severity),
        "state": FindingState.OPEN if later else finding.state,
        "cells": finding.cells,
        "expected": finding.expected,
        "found": finding.found,
        "message": finding.message,
        "place": cast(PlaceShape, finding.place),
        "confirmed_by": cast("list[Confirmation] | None", finding.confirmed_by),
        "opened": finding.opened_at,
        "resolved": resolved,
        "said_by": finding.said_by if said else None,
        "said_why": finding.said_why if said else None,
        "said": said,
    }


def _incident(incident: Incident, moment: datetime) -> IncidentThenShape:
    resolved = _by(incident.resolved_at, moment)
    return {
        "id": incident.id,
        "kind": incident.kind,
        "level": incident.level,
        "sentence": incident.sentence,
        "opened": incident.opened_at,
        "resolved": resolved,
        "outcome": incident.detail.get("outcome") if resolved else None,
        "resolution": incident.resolution if resolved else None,
    }


def _by(when: datetime | None, moment: datetime) -> datetime | None:
    """What had happened by a moment; None where it came later."""
    return when if when is not None and when <= moment else None

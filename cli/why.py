"""``nianbao why AGENCY YEAR``: every fact that a standing rests on, in the order in which one leads to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from cli.options.agency_called import agency_called
from cli.shown.output import CannotBeDone, Format, print_json
from cli.shown.why_table import print_facts
from cli.status import WRONG, bring_up_to_date
from config.agencies import AgencyEntry, DistrictFile
from config.in_force import load_register
from config.register import Register
from config.settings import load_settings
from config.severity import Severity
from ledger.database import open_ledger
from ledger.models import Article, FindingRow, Incident, Look, Obligation
from ledger.reading.carry_overs import carry_overs_of
from ledger.standings import why as rows
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import STANDING_THERE, FindingState, PortalState, Standing
from monitor.calendar import end_of, last_second_of
from report.comparing.carry_overs import CARRIED_IN, Link
from report.findings.finding import Outcome
from report.form import column_label

app = typer.Typer(add_completion=False)


@app.command()
def why(
    agency: Annotated[str, typer.Argument(metavar="机关", help="名称、简称或 id · name, short name or id")],
    year: Annotated[int, typer.Argument(metavar="年度", help="报告年度 · report year")],
    district: Annotated[
        str | None, typer.Option(help="几个区有同名的机关时写明是哪个区 · district, where several have this name")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="某一天结束时的依据 · as it was known at the end of a day"),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="table 或 json · table or json")] = Format.TABLE,
) -> None:
    """一个机关某一年度的状况从何而来：逐项列出所依据的巡查、日期证据、读取、问题和已发的通知。
    Every fact on which a standing rests. Exit status: 0 nothing overdue or wrong, 1 something, 2 unknown.

    退出码：0 没有逾期或错误；1 有；2 名册或台账中没有。
    """
    settings = load_settings()
    register = load_register(settings.home)
    file, entry = agency_called(register.districts.values(), agency, district)
    with closing(open_ledger(settings)) as ledger:
        moment = datetime.now(UTC) if as_of is None else last_second_of(as_of.date())
        if as_of is None:
            bring_up_to_date(settings, ledger, register, moment, file.district)
        with ledger.read() as session:
            facts = facts_of(session, register, file, entry, year, moment, past=as_of is not None)
    if form is Format.JSON:
        print_json(facts)
    else:
        print_facts(facts, register.wording)
    errors = (one for one in facts["findings"] if one["severity"] == Severity.ERROR)
    held = (FindingState.OPEN, FindingState.ACKNOWLEDGED)
    if Standing(facts["standing"]["standing"]) in WRONG or any(one["state"] in held for one in errors):
        raise typer.Exit(1)


def facts_of(
    session: Session,
    register: Register,
    file: DistrictFile,
    entry: AgencyEntry,
    year: int,
    moment: datetime,
    *,
    past: bool,
) -> dict[str, Any]:
    """Everything that a standing rests on at ``moment``, as JSON values. ``past``: the history of changes is asked.

    CannotBeDone where the agency had no standing for that year by then.
    """
    found = standings_at(session, moment if past else None, district=file.district, years=[year])
    standing = next((row for row in found if row.agency == entry.id), None)
    if standing is None:
        raise CannotBeDone(
            f"台账中没有{entry.name}{year}年度的状况；请用 nianbao status --district {file.district} --year {year} 查看"
        )
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
                "before": one.before.value if one.before else None,
                "now": one.now.value,
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
                "kind": letter.notice.kind.value,
                "purpose": letter.notice.purpose.value if letter.notice.purpose else None,
                "to": letter.notice.recipient,
                "subject": letter.notice.subject,
                "message_id": letter.notice.message_id,
                "written": letter.notice.created_at,
                "sent": _by(letter.notice.sent_at, moment),
                "state": letter.notice.state.value,
                "answer": letter.answer,
            }
            for letter in rows.letters_about(session, [one.id for one in incidents], moment)
        ],
    }


def _link(register: Register, link: Link) -> dict[str, Any]:
    return {
        "before": link.before,
        "after": link.after,
        "state": link.state.value,
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


def _standing(row: StandingThen) -> dict[str, Any]:
    return {
        "standing": row.standing.value,
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
) -> list[dict[str, Any]]:
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


def _look(look: Look) -> dict[str, Any]:
    return {
        "begun": look.begun_at,
        "ended": look.ended_at,
        "state": look.found.value,
        "complete": look.complete and look.found is PortalState.HEALTHY,
        "why_not": look.sentence,
        "rows": look.rows,
        "dropped": look.dropped,
        "accounted": look.accounted,
        "paging": look.paging,
    }


def _article(session: Session, article: Article, moment: datetime) -> dict[str, Any]:
    return {
        "title": article.title,
        "address": article.page_address or article.address,
        "column": article.column,
        "outcome": article.outcome.value,
        "year": article.year,
        "reason": article.reason,
        "first_seen": article.first_seen_at,
        "last_seen": _by(article.last_seen_at, moment),
        "withdrawn": _by(article.withdrawn_at, moment),
        "evidence": [
            {
                "source": one.source.value,
                "value": one.value,
                "moment": one.moment,
                "precise": one.precise,
                "observed": one.observed_at,
            }
            for one in rows.evidence_for(session, article.id, moment)
        ],
        "documents": [_document(one) for one in rows.documents_of(session, article.id, moment)],
    }


def _document(one: rows.ReadVersion) -> dict[str, Any]:
    outcomes = one.check.outcomes if one.check is not None else {}
    return {
        "role": one.version.role.value,
        "address": one.version.address,
        "sha256": one.version.sha256,
        "first_seen": one.version.first_seen_at,
        "work": None
        if one.work is None
        else {"state": one.work.state.value, "attempts": one.work.attempts, "why": one.work.sentence},
        "readings": [{"reader": reader, "read": read_at} for reader, read_at in one.readings],
        "checked": one.check.checked_at if one.check is not None else None,
        "failed": [code for code, outcome in outcomes.items() if outcome == Outcome.FAIL],
        "not_assessable": one.check.reasons if one.check is not None else {},
    }


def _finding(finding: FindingRow, moment: datetime) -> dict[str, Any]:
    resolved, said = _by(finding.resolved_at, moment), _by(finding.said_at, moment)
    later = finding.resolved_at != resolved or finding.said_at != said
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": finding.severity,
        "state": (FindingState.OPEN if later else finding.state).value,
        "cells": finding.cells,
        "expected": finding.expected,
        "found": finding.found,
        "message": finding.message,
        "place": finding.place,
        "confirmed_by": getattr(finding, "confirmed_by", None),
        "opened": finding.opened_at,
        "resolved": resolved,
        "said_by": finding.said_by if said else None,
        "said_why": finding.said_why if said else None,
        "said": said,
    }


def _incident(incident: Incident, moment: datetime) -> dict[str, Any]:
    resolved = _by(incident.resolved_at, moment)
    return {
        "id": incident.id,
        "kind": incident.kind.value,
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

"""What happened on a day of the demo, in a line: told while the seasons are replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from ledger.database import Ledger
from ledger.models import Agency, Article, CheckRow, FindingRow, Incident, Notice
from ledger.states import ArticleOutcome, Audience, IncidentKind, NoticeKind
from monitor.calendar import end_of, start_of


def happened_on(ledger: Ledger, register: Register, day: date) -> str:
    """The line of a day; empty where nothing happened but what happens every day (and the weekly summary)."""
    span = start_of(day), end_of(day)
    with ledger.read() as session:
        told = [*_reports(session, register, span), *_incidents(session, register, span)]
        letters = _letters(session, register, span)
    if not told and not letters:
        return ""
    return f"{day}　" + "；".join(told) + (f"{' → ' if told else ''}{letters}" if letters else "")


Span = tuple[datetime, datetime]


def _reports(session: Session, register: Register, span: Span) -> Iterator[str]:
    """Who published, and what was found in it."""
    query = (
        select(Article.agency, Article.year, Agency.short)
        .join(Agency, Agency.agency == Article.agency)
        .where(Article.outcome == ArticleOutcome.REPORT, Article.first_seen_at >= span[0])
        .where(Article.first_seen_at < span[1], Article.baseline.is_(False))
        .order_by(Article.id)
    )
    for agency, year, short in session.execute(query).all():
        if agency is None or year is None or not register.watches(agency, year):
            continue
        levels = Counter(
            session.scalars(
                select(FindingRow.severity).where(FindingRow.agency == agency, FindingRow.year == year)
            ).all()
        )
        found = "、".join(f"{register.wording.levels[level]}{levels[level]}" for level in Severity if levels[level])
        checked = session.scalar(select(CheckRow.id).where(CheckRow.agency == agency, CheckRow.year == year).limit(1))
        nothing = "没有发现问题" if checked is not None else "未能读取"
        yield f"{short}公布{year}年度报告，{'查出' + found if found else nothing}"


def _incidents(session: Session, register: Register, span: Span) -> Iterator[str]:
    """What else began: agencies that did not publish, portals that cannot be looked at."""
    query = select(Incident).where(Incident.opened_at >= span[0], Incident.opened_at < span[1]).order_by(Incident.id)
    for incident in session.scalars(query):
        if incident.kind is IncidentKind.FINDING:
            continue
        if incident.audience is Audience.OPERATORS:
            portal = incident.detail.get("portal")
            where = f"{register.portal_name(portal)}：" if portal else ""
            yield f"{where}{register.wording.operators[incident.kind.value]}"
        else:
            agency = session.get(Agency, incident.agency)
            short = agency.short if agency is not None else ""
            yield f"{short}{register.wording.standings.get(incident.kind.value, '')}（{incident.year}年度）"


def _letters(session: Session, register: Register, span: Span) -> str:
    """How many letters of which kind left; the weekly summary is not worth a line."""
    sent = session.scalars(
        select(Notice.kind).where(Notice.sent_at >= span[0], Notice.sent_at < span[1], Notice.kind != NoticeKind.WEEKLY)
    )
    words = register.wording.notices
    return "、".join(f"{words[kind.value]}邮件{count}封" for kind, count in Counter(sent).items())

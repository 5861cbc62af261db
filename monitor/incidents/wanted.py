"""What somebody has to know: opened and resolved as the world changes, by nobody's hand.

The incidents that ought to be open are computed from the ledger; what is missing among the open ones is opened, what
is too much is resolved. One incident of a kind about a subject is open at a time (a partial unique index), so that
several monitors may do this at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.database import Ledger
from ledger.messages import incidents
from ledger.messages.rectifications import list_rectifications
from ledger.reading.handing_out import unread_in
from ledger.reading.quarantine import quarantined
from ledger.standings.questions import DoubtfulArticle, doubtful_articles, first_rounds, standings_at
from ledger.states import MACHINERY, ArticleOutcome, Audience, IncidentKind, Standing
from monitor.calendar import chinese_day, chinese_moment, day_of, season_of, start_of
from monitor.incidents.columns import column_incidents
from monitor.incidents.doubts import disagreeing_incidents, left_to_offices
from monitor.incidents.draft import Draft
from monitor.incidents.internal_dates import internal_date_incidents
from monitor.incidents.mail_trouble import mail_incidents
from monitor.incidents.new_form import new_form_incidents
from monitor.incidents.portals import portal_incidents
from monitor.incidents.reconcile import reconcile
from monitor.incidents.resolution import resolution_of
from monitor.incidents.stopped_recipients import impossible_recipients, stopped_recipients
from monitor.publication.findings import NOT_MAILED

STANDING_INCIDENTS = {
    Standing.MISSING: (IncidentKind.MISSING, Severity.ERROR),
    Standing.LATE: (IncidentKind.LATE, Severity.ERROR),
    Standing.WITHDRAWN: (IncidentKind.WITHDRAWN, Severity.WARNING),
    Standing.DATE_DISPUTED: (IncidentKind.DATE_DISPUTED, Severity.HUMAN),
}
# Told only where it lasts.
_OFTEN_PASSING = (ArticleOutcome.NOT_FOUND, ArticleOutcome.FETCH_FAILED)
# Reading is late when work waits this many times longer than after what it is handed out again.
READING_LATE_FACTOR = 4
# A day that has passed is no reason to write at midnight, but is known when the day's letter is written.
MORNING = 7


def update_incidents(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> tuple[int, int]:
    """Opens what ought to be open and resolves what no longer is; returns how many of each."""
    with ledger.read() as session:
        wanted = list(wanted_incidents(session, settings, register, now))
    # What could not be made is settled by who makes it (monitor.notices.making).
    kinds = [kind for kind in IncidentKind if kind not in (*MACHINERY, IncidentKind.LETTER_UNMADE)]
    return reconcile(ledger, register, wanted, kinds, resolution_of, now)


def wanted_incidents(session: Session, settings: Settings, register: Register, now: datetime) -> Iterator[Draft]:
    """Every incident that ought to be open at ``now``."""
    current = _CurrentSeasons(register, first_rounds(session))
    for draft in (*_from_standings(session, register, current), *_from_findings(session, register, current, now)):
        if not register.is_dissolved(draft.agency or "", day_of(now)):  # dissolved agencies are not reported
            yield draft
    yield from column_incidents(session, register, current, now)
    yield from new_form_incidents(session, settings, register, current)
    yield from disagreeing_incidents(session, register, current)
    yield from _from_rectifications(session, register, now)
    yield from internal_date_incidents(session, register, now, MORNING)
    yield from _from_quarantine(session, register, current)
    yield from portal_incidents(session, settings, register, now)
    yield from _from_doubtful_articles(session, settings, register, current)
    yield from _from_waiting_work(session, settings, now)
    yield from mail_incidents(session, settings, now)
    yield from impossible_recipients(register)
    yield from stopped_recipients(session, register)


class _CurrentSeasons:
    """What the first look at a portal finds of seasons that were over by then raises nothing."""

    def __init__(self, register: Register, first: dict[str, datetime]) -> None:
        self._register = register
        self._first = first

    def __call__(self, district: str, year: int) -> bool:
        if district not in self._register.districts:
            return False
        first = self._first.get(self._register.districts[district].portal)
        return first is None or first < season_of(year)[1]


def _from_standings(session: Session, register: Register, current: _CurrentSeasons) -> Iterator[Draft]:
    for row in standings_at(session, standings=tuple(STANDING_INCIDENTS)):
        if not register.watches(row.agency, row.year) or not current(row.district, row.year):
            continue
        kind, level = STANDING_INCIDENTS[row.standing]
        yield Draft(
            kind,
            f"agency:{row.agency}:{row.year}",
            Audience.OFFICE,
            level,
            row.sentence,
            row.district,
            row.agency,
            row.year,
        )


def _from_findings(session: Session, register: Register, current: _CurrentSeasons, now: datetime) -> Iterator[Draft]:
    no_news = incidents.findings_not_alerted(session)
    for finding in left_to_offices(incidents.open_findings(session)):
        if now < season_of(finding.year)[0] + timedelta(hours=MORNING):
            continue  # published before its season began, which it does in the morning of 1 January
        if not register.watches(finding.agency, finding.year) or not current(finding.district, finding.year):
            continue
        if finding.rule in NOT_MAILED or finding.fingerprint in no_news:
            continue
        yield Draft(
            IncidentKind.FINDING,
            f"finding:{finding.fingerprint}",
            Audience.OFFICE,
            finding.severity,
            finding.message,
            finding.district,
            finding.agency,
            finding.year,
            {"fingerprint": finding.fingerprint, "rule": finding.rule},
        )


def _from_rectifications(session: Session, register: Register, now: datetime) -> Iterator[Draft]:
    for asked in list_rectifications(session):
        row = asked.row
        over = start_of(row.due_on + timedelta(days=1), MORNING)
        if asked.answer is not None or now < over or not register.watches(row.agency, row.year):
            continue
        yield Draft(
            IncidentKind.RECTIFICATION,
            f"rectification:{row.id}",
            Audience.OFFICE,
            Severity.WARNING,
            f"{chinese_day(row.asked_on)}要求整改（{row.asked_for}），期限{chinese_day(row.due_on)}已过，尚未发现新版本",
            asked.agency.district,
            row.agency,
            row.year,
            {"rectification": row.id},
        )


def _from_quarantine(session: Session, register: Register, current: _CurrentSeasons) -> Iterator[Draft]:
    """To the operators; the office of an assigned report is told by finding X01, which stands beside it."""
    districts = {file.portal: file.district for file in register.districts.values()}
    for document in quarantined(session):
        district = districts.get(document.portal)
        if district is not None and document.year is not None and not current(district, document.year):
            continue
        yield Draft(
            IncidentKind.QUARANTINE,
            f"work:{document.work_id}",
            Audience.OPERATORS,
            Severity.ERROR,
            f"文档无法读取：{document.sentence or document.error}",
            None,
            document.agency,
            document.year,
            {"portal": document.portal, "title": document.title[:200], "address": document.address},
        )


def _from_doubtful_articles(
    session: Session, settings: Settings, register: Register, current: _CurrentSeasons
) -> Iterator[Draft]:
    unread = incidents.being_read(session)
    patience = timedelta(hours=settings.crawl_interval_hours) * (settings.unhealthy_rounds_before_alert - 1)
    districts = {file.portal: file for file in register.districts.values()}
    for article in doubtful_articles(session, list(districts)):
        district = districts[article.portal]
        if article.id in unread or not _concerns_watched(article, district.watched.first):
            continue
        if article.year is not None and not (
            district.watched.holds(article.year) and current(district.district, article.year)
        ):
            continue
        if article.outcome in _OFTEN_PASSING and article.last_seen_at - article.first_seen_at < patience:
            continue
        words = register.wording.troubles.get(article.outcome.value, register.wording.troubles["unassigned"])
        yield Draft(
            IncidentKind.UNASSIGNED,
            f"article:{article.id}",
            Audience.OPERATORS,
            Severity.WARNING,
            f"{words}：{article.reason}" if article.reason else words,
            detail={"portal": article.portal, "title": article.title[:200], "address": article.address},
        )


def _concerns_watched(article: DoubtfulArticle, first_year: int) -> bool:
    """Whether an article may be of a watched year: what is older than all of them is not."""
    return article.earliest is None or day_of(article.earliest).year >= first_year


def _from_waiting_work(session: Session, settings: Settings, now: datetime) -> Iterator[Draft]:
    unread = unread_in(session)
    limit = timedelta(minutes=settings.lost_after_minutes) * READING_LATE_FACTOR
    if unread.oldest is None or now - unread.oldest < limit:
        return
    yield Draft(
        IncidentKind.READING_LATE,
        "work:waiting",
        Audience.OPERATORS,
        Severity.ERROR,
        f"有{unread.count}份文档等待读取，最早的自{chinese_moment(unread.oldest)}起等待；请检查读取进程和消息队列",
    )

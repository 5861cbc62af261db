"""What has to hold at the end, whatever happened on the way; each sentence that comes back is a defect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cli.demo.inbox import Inbox
from ledger import copying
from ledger.archive import Archive
from ledger.archive_check import YOUNG, check_archive
from ledger.backup import archived
from ledger.database import Ledger
from ledger.models import (
    Article,
    CheckRow,
    FindingRow,
    Incident,
    Notice,
    NoticeIncident,
    ReadingRow,
    StandingChange,
    StandingRow,
    Version,
    Work,
)
from ledger.states import ArticleOutcome, Audience, FindingState, NoticeKind, NoticeState, Standing, WorkState
from tests.chaos.season import Season, recipient


def before_the_due_date(session: Session) -> Iterator[str]:
    """Nobody was overdue while things broke, so nobody may have been said to be, for a moment even."""
    counts_against = (Standing.MISSING, Standing.LATE, Standing.WITHDRAWN, Standing.DATE_DISPUTED)
    for change in session.scalars(select(StandingChange).where(StandingChange.now.in_(counts_against))):
        yield f"{change.agency} was said to be {change.now.value} at {change.changed_at} before anything was due"


def readings(session: Session, season: Season) -> Iterator[str]:
    """Every published document is read and checked, once in effect, and none was given up for the machinery's sake."""
    versions: dict[str, list[int]] = {}
    for agency, version in session.execute(
        select(Article.agency, Version.id)
        .join(Version, Version.article_id == Article.id)
        .where(Article.outcome == ArticleOutcome.REPORT, Article.year == season.year)
    ):
        versions.setdefault(str(agency), []).append(version)
    for plan in season.agencies():
        expected = {"never": (0, 0), "corrected": (1, 2)}.get(plan.fate, (1, 1))
        found = len(versions.get(plan.id, []))
        if not expected[0] <= found <= expected[1]:
            yield f"{plan.id} ({plan.fate}) has {found} versions"
    for kind, model in (("work", Work.version_id), ("check", CheckRow.version_id)):
        for version, count in session.execute(select(model, func.count()).group_by(model).having(func.count() > 1)):
            yield f"version {version} has {count} rows of {kind}"
    broken = {plan.id for plan in season.agencies() if plan.fate == "broken"}
    for work, agency in session.execute(
        select(Work, Article.agency)
        .join(Version, Version.id == Work.version_id)
        .join(Article, Article.id == Version.article_id)
    ):
        if work.state is WorkState.QUARANTINED and agency in broken:
            continue
        if work.state is not WorkState.DONE:
            yield f"work {work.id} of {agency} is {work.state.value}: {work.error} {work.sentence}"
    unread = select(Version.id).where(
        ~select(ReadingRow.sha256).where(ReadingRow.sha256 == Version.sha256).exists(),
        ~select(Work.id).where(Work.version_id == Version.id, Work.state == WorkState.QUARANTINED).exists(),
    )
    for version in session.scalars(unread):
        yield f"version {version} has no reading"


def standings(session: Session, season: Season) -> Iterator[str]:
    """Each agency stands as what it did makes it stand."""
    rows = {row.agency: row for row in session.scalars(select(StandingRow).where(StandingRow.year == season.year))}
    for plan in season.agencies():
        row = rows.get(plan.id)
        if row is None or row.standing is not plan.standing:
            found = "no standing" if row is None else f"{row.standing.value} ({row.sentence})"
            yield f"{plan.id} ({plan.fate}): {found} instead of {plan.standing.value}"


def findings(session: Session, season: Season) -> Iterator[str]:
    """The planted error is open where it stands, and nothing else is open as an error."""
    found: dict[str, Counter[str]] = {}
    for row in session.scalars(select(FindingRow).where(FindingRow.state == FindingState.OPEN)):
        if row.agency is not None and row.year == season.year:
            found.setdefault(row.agency, Counter())[f"{row.rule}/{row.severity}"] += 1
    for plan in season.agencies():
        errors = {key for key in found.get(plan.id, {}) if key.endswith("/error")}
        if plan.fate == "faulty" and "T05/error" not in errors:
            yield f"{plan.id} (faulty) has no open T05"
        if plan.fate not in ("faulty", "broken") and errors:
            yield f"{plan.id} ({plan.fate}) has open {sorted(errors)}"


def mails(session: Session, season: Season, inbox: Inbox) -> Iterator[str]:
    """Every notice is in the inbox under its identity, and nothing else is."""
    notices = {notice.message_id: notice for notice in session.scalars(select(Notice))}
    arrived = Counter(str(message["Message-ID"]) for message in inbox.messages())
    for message_id in arrived.keys() - notices.keys():
        yield f"a mail arrived that no row knows: {message_id}"
    for message_id, notice in notices.items():
        if notice.state is not NoticeState.SENT:
            yield f"“{notice.subject}” to {notice.recipient} is {notice.state.value}"
        elif message_id not in arrived:
            yield f"“{notice.subject}” to {notice.recipient} counts as sent and did not arrive"
    told = Counter(
        (incident, who)
        for incident, who in session.execute(
            select(NoticeIncident.incident_id, Notice.recipient)
            .join(Notice, Notice.id == NoticeIncident.notice_id)
            .where(Notice.kind == NoticeKind.ALERT)
        )
    )
    for (incident, who), count in told.items():
        if count > 1:
            yield f"{who} was told {count} times of incident {incident}"
    owners = {plan.id: recipient(portal) for portal, plans in season.plans.items() for plan in plans}
    open_ones = select(Incident).where(Incident.resolved_at.is_(None), Incident.audience == Audience.OFFICE)
    for row in session.scalars(open_ones):
        if row.agency is not None and not told[row.id, owners[row.agency]]:
            yield f"nobody was told of {row.kind.value} {row.subject}: {row.sentence}"


def archive(ledger: Ledger, kept: Archive) -> Iterator[str]:
    """What the ledger names is there and whole; what a kill left behind between bytes and row is found as such."""
    found = check_archive(ledger.engine, kept, datetime.now(UTC) + 2 * YOUNG)
    yield from found.wrong
    for left in found.unnamed:
        kept.remove(left)
    with copying.snapshot(ledger.engine) as connection:
        named = set(archived(connection))
    for one in kept.kept():
        if one.name not in named:
            yield f"{one.path} is there and nothing names it"


def queue(client: Redis) -> Iterator[str]:
    """No task is forgotten in the broker."""
    for key in ("read", "unacked"):
        size = client.llen(key) if key == "read" else client.hlen(key)
        if size:
            yield f"{size} messages are left in {key}"


def doubled_mails(inbox: Inbox) -> int:
    """How many mails arrived again under the same Message-ID: the server took one and the answer was lost."""
    arrived = Counter(str(message["Message-ID"]) for message in inbox.messages())
    return sum(count - 1 for count in arrived.values())


def of_fate(season: Season) -> Counter[str]:
    """How many agencies do what."""
    return Counter(plan.fate for plan in season.agencies())

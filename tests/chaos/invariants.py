"""What has to hold at the end, whatever happened on the way; each sentence that comes back is a defect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis
from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cli.demo.inbox import Inbox
from ledger.archive import Archive
from ledger.database import Ledger
from ledger.keeping.archive_check import YOUNG, check_archive
from ledger.models import (
    Article,
    CheckRow,
    FindingRow,
    Incident,
    Notice,
    NoticeIncident,
    ReadingRow,
    SendLog,
    StandingChange,
    StandingRow,
    Version,
    Work,
)
from ledger.states import ArticleOutcome, Audience, FindingState, IncidentKind, NoticeState, Standing, WorkState
from tests.chaos.faults import CLOCK_WRONG, FAIL_OVER
from tests.chaos.fire import Happened, open_clocks, portals_told_since
from tests.chaos.messages import messages
from tests.chaos.season import HOSTILE, OPERATORS, Season, recipient
from tests.chaos.servers import MailServer

# What a traceback in a role's log may end in: the machinery broke, which is what it was made to do.
_MACHINERY_BREAKS = {"OperationalError", "InterfaceError", "AdminShutdown", "CrashShutdown", "CannotConnectNow"}
_MACHINERY_BREAKS |= {"LedgerError", "ArchiveError", "WorkerLostError", "ConnectionError", "TimeoutError", "OSError"}
_MACHINERY_BREAKS |= {"ConnectionResetError", "ConnectionRefusedError", "BrokenPipeError", "ExceptionWithTraceback"}
_RAISED = re.compile(
    r"^((?:\w+\.)*[A-Z]\w*(?:Error|Exception|Shutdown|Now|Violation|Traceback))(:.*)?$"
    r"(?!\n\n(?:The above|During handling))",
    re.MULTILINE,
)
_REFUSED = re.compile(r"(?:ERROR|PANIC): +(.*)((?:\n(?:\t.*|.*(?:DETAIL|HINT|CONTEXT|STATEMENT): .*))*)")
# Two rounds over the same portals, the claim of the one lapsed: the one that is refused writes again, one by one.
_OF_A_ROUND = re.compile(
    r"(?:INSERT INTO|UPDATE) (?:articles|evidence|documents|versions|fetches|pages|looks|rounds|dropped_links|work)\b"
    r"|UPDATE portals SET s"
)
COUNT_AGAINST = (Standing.MISSING, Standing.LATE, Standing.WITHDRAWN, Standing.DATE_DISPUTED)
_USUAL_IN_THE_DATABASE = ("canceling statement", "terminating connection")


def before_the_due_date(session: Session) -> Iterator[str]:
    """Nobody was overdue while things broke, so nobody may have been said to be, for a moment even."""
    for change in session.scalars(select(StandingChange).where(StandingChange.now.in_(COUNT_AGAINST))):
        yield f"{change.agency} was said to be {change.now.value} at {change.changed_at} before anything was due"


def readings(session: Session, season: Season, kept: Archive) -> Iterator[str]:
    """Every published document is read and checked, once in effect, and none was given up for the machinery's sake."""
    versions: dict[str, list[str]] = {}
    for agency, sha256 in session.execute(
        select(Article.agency, Version.sha256)
        .join(Version, Version.article_id == Article.id)
        .where(Article.outcome == ArticleOutcome.REPORT, Article.year == season.year)
        .order_by(Version.id)
    ):
        versions.setdefault(str(agency), []).append(str(sha256))
    for plan in season.agencies():
        expected = {"never": (0, 0), "corrected": (1, 2)}.get(plan.fate, (1, 1))
        found = versions.get(plan.id, [])
        if not expected[0] <= len(found) <= expected[1]:
            yield f"{plan.id} ({plan.fate}) has {len(found)} versions"
        if set(found[-1:]) != season.expected(plan):
            yield f"the last version of {plan.id} ({plan.fate}) is not what its portal shows"
    for kind, model in (("work", Work.version_id), ("check", CheckRow.version_id)):
        for double, count in session.execute(select(model, func.count()).group_by(model).having(func.count() > 1)):
            yield f"version {double} has {count} rows of {kind}"
    broken = {plan.id for plan in season.agencies() if plan.fate == "broken"}
    for work, version, agency in session.execute(
        select(Work, Version, Article.agency)
        .join(Version, Version.id == Work.version_id)
        .join(Article, Article.id == Version.article_id)
        .where(Article.portal != HOSTILE)
    ):
        if work.state is not (WorkState.QUARANTINED if agency in broken else WorkState.DONE):
            yield f"work {work.id} of {agency} is {work.state.value}: {work.error} {work.sentence}"
        if work.state is WorkState.DONE and not kept.has(version.sha256):
            yield f"work {work.id} of {agency} is done, and its bytes are not there"
    unread = select(Version.id).where(
        ~select(ReadingRow.sha256).where(ReadingRow.sha256 == Version.sha256).exists(),
        ~select(Work.id).where(Work.version_id == Version.id, Work.state == WorkState.QUARANTINED).exists(),
    )
    for unread_version in session.scalars(unread):
        yield f"version {unread_version} has no reading"
    unchecked = select(Work.id).where(
        Work.state == WorkState.DONE,
        ~select(CheckRow.version_id).where(CheckRow.version_id == Work.version_id).exists(),
    )
    for work_id in session.scalars(unchecked):
        yield f"work {work_id} is done, and its document was not checked"


def standings(session: Session, season: Season) -> Iterator[str]:
    """Each agency stands as what it did makes it stand."""
    rows = {row.agency: row for row in session.scalars(select(StandingRow).where(StandingRow.year == season.year))}
    for plan in season.agencies():
        row = rows.get(plan.id)
        if row is None or row.standing is not plan.standing:
            found = "no standing" if row is None else f"{row.standing.value} ({row.sentence})"
            yield f"{plan.id} ({plan.fate}): {found} instead of {plan.standing.value}"


def hostile(session: Session, season: Season) -> Iterator[str]:
    """What the hostile portal sends accuses none of its agencies, and waits nowhere."""
    ids = [plan.id for plan in season.at_the_hostile]
    accused = select(StandingChange).where(StandingChange.now.in_(COUNT_AGAINST), StandingChange.agency.in_(ids))
    for change in session.scalars(accused):
        yield f"{change.agency}, whose portal is hostile, was said to be {change.now.value}: {change.sentence}"
    left = select(Work.id, Work.state).join(Version, Version.id == Work.version_id)
    left = left.join(Article, Article.id == Version.article_id).where(Article.portal == HOSTILE)
    for work_id, state in session.execute(left):
        if state not in (WorkState.DONE, WorkState.QUARANTINED):
            yield f"work {work_id} of the hostile portal is {state.value}"


def network(session: Session, gone_at: datetime) -> Iterator[str]:
    """Half of the network gone is one incident, whatever it was that was away."""
    told = portals_told_since(session, gone_at)
    if len(told) > 1:
        yield f"half of the network was gone, and that was told {len(told)} times: {[row.subject for row in told]}"


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


def mails(session: Session, inbox: MailServer, happened: Sequence[Happened] = ()) -> Iterator[str]:
    """Every notice is in the inbox once by its identity, and nothing else is.

    But for what was sent while the database wrote what a fail-over then lost: such a mail comes again, under the same
    Message-ID, or what it told is over by then.
    """
    notices = {notice.message_id: notice for notice in session.scalars(select(Notice))}
    lost = [(one.begun, one.ended) for one in happened if one.fault.kind == FAIL_OVER]
    arrived: Counter[str] = Counter()
    in_lost_time: Counter[str] = Counter()
    told_by: dict[tuple[str, str], set[str]] = {}
    for message, at in inbox.arrivals():
        number = str(message["Message-ID"])
        arrived[number] += 1
        in_lost_time[number] += any(begun <= at <= ended for begun, ended in lost)
        told_by.setdefault((str(message["To"]), str(message["Subject"])), set()).add(number)
    for message_id in inbox.without_a_row:
        if not in_lost_time[message_id]:
            yield f"a mail arrived before its row was there: {message_id}"
    for message_id in arrived.keys() - notices.keys():
        if not in_lost_time[message_id]:
            yield f"a mail arrived that no row knows: {message_id}"
    for (who, subject), numbers in told_by.items():
        twice = sorted(number for number in numbers if in_lost_time[number] and number not in notices)
        # The same trouble of the machinery may come again under the same words.
        if who != OPERATORS and twice and numbers - set(twice):
            yield f"{who} was told “{subject}” again after a fail-over under another Message-ID than {twice}"
    for message_id, notice in notices.items():
        if notice.state is not NoticeState.SENT:
            yield f"“{notice.subject}” to {notice.recipient} is {notice.state.value}"
        elif message_id not in arrived:
            yield f"“{notice.subject}” to {notice.recipient} counts as sent and did not arrive"
        if arrived[message_id] > 1:
            yield from _again(session, notice, arrived[message_id] - in_lost_time[message_id])
    told = Counter(
        (incident, who)
        for incident, who in session.execute(
            select(NoticeIncident.incident_id, Notice.recipient)
            .join(Notice, Notice.id == NoticeIncident.notice_id)
            .where(or_(Notice.identity.startswith("alert:"), Notice.identity.startswith("digest:")))
        )
    )
    for (incident, who), count in told.items():
        if count > 1:
            yield f"{who} was told {count} times of incident {incident}"
    for row in session.scalars(select(Incident).where(Incident.resolved_at.is_(None))):
        who = recipient(row.district or "") if row.audience is Audience.OFFICE else OPERATORS
        if not told[row.id, who]:
            yield f"{who} was not told of {row.kind.value} {row.subject}: {row.sentence}"


def _again(session: Session, notice: Notice, arrived: int) -> Iterator[str]:
    """A mail comes again, under the same Message-ID, only where the answer to the one before was lost.

    Its sender was killed or could not write how it ended (an attempt without a row in the log), or the line broke.
    """
    log = session.scalars(select(SendLog).where(SendLog.notice_id == notice.id)).all()
    delivered = sum(row.delivered for row in log)
    broken_off = sum("连接中断" in row.answer for row in log)
    unanswered = notice.attempts - len(log) + broken_off
    if delivered > 1 or arrived > 1 + unanswered:
        yield (
            f"“{notice.subject}” to {notice.recipient} arrived {arrived} times: {notice.attempts} attempts, "
            f"{delivered} delivered, {unanswered} without an answer"
        )


def is_known(ledger: Ledger, message_id: str) -> bool | None:
    """Whether a row with this Message-ID stands in the ledger for all to see; None while it cannot be asked."""
    try:
        with ledger.read() as session:
            return session.scalars(select(Notice.id).where(Notice.message_id == message_id)).first() is not None
    except SQLAlchemyError:
        return None


def clocks(session: Session, happened: Sequence[Happened]) -> Iterator[str]:
    """A clock is said to be wrong where one was, and no longer when it is right. (That it is said: fire.py.)"""
    wrong = [one for one in happened if one.fault.kind == CLOCK_WRONG]
    told = session.scalars(select(Incident).where(Incident.kind == IncidentKind.CLOCK_WRONG)).all()
    for row in told:
        if not any(one.begun <= row.opened_at for one in wrong):
            yield f"a clock was said to be wrong, and none was: {row.sentence}"
    for row in open_clocks(session):
        yield f"every clock is right again, and one is still said to be wrong: {row.sentence}"


def archive(ledger: Ledger, kept: Archive, season: Season, killed: int) -> Iterator[str]:
    """What the ledger names is there and whole; and what is there is named, but for what a kill explains.

    Between bytes and row a process may die. A report is then fetched again and its bytes get their row; a list page
    that has changed meanwhile does not, nor does a report that was replaced. They are found as what nobody names.
    """
    found = check_archive(ledger.engine, kept, datetime.now(UTC) + 2 * YOUNG)
    yield from found.wrong
    reports = {sha256 for plan in season.agencies() for sha256 in season.expected(plan)}
    halves = [left for left in found.unnamed if left.path.endswith(".part")]
    if len(halves) > killed:
        yield f"{len(halves)} files are half-written, and {killed} processes were killed"
    for left in found.unnamed:
        if left.name in reports:
            yield f"a report is in the archive and no row names it: {left.path}"
        kept.remove(left)
    if check_archive(ledger.engine, kept, datetime.now(UTC) + 2 * YOUNG).unnamed:
        yield "what nobody names could not be taken away"


def queue(session: Session, client: Redis) -> Iterator[str]:
    """No task is forgotten: whatever lies in the broker is about work that has ended.

    A message in the hands of a worker that was killed comes back after its time, and is then found to be done.
    """
    for where, number in messages(client):
        work = session.get(Work, number)
        if work is None or work.state not in (WorkState.DONE, WorkState.QUARANTINED):
            yield f"a message about work {number} is left in {where}, and that is not done"


def logs(database: Path, roles: Sequence[Path]) -> Iterator[str]:
    """The database refused no row (who looks and then writes is refused one), and no role ran into a fault of ours."""
    refused: Counter[str] = Counter()
    for sentence, more in _REFUSED.findall(database.read_text(encoding="utf-8", errors="replace")):
        met = sentence == "deadlock detected" and _OF_A_ROUND.match(more.rpartition("STATEMENT:")[2].strip())
        if not met and not sentence.startswith(_USUAL_IN_THE_DATABASE):
            refused[sentence] += 1
    for sentence, count in refused.items():
        yield f"the database said {count} times: {sentence}"
    for role in roles:
        raised = _RAISED.findall(role.read_text(encoding="utf-8", errors="replace"))
        for (name, sentence), count in Counter(raised).items():
            if name.rpartition(".")[2] not in _MACHINERY_BREAKS:
                yield f"{role.stem} raised {count} times {name}{sentence}"


def doubled_mails(inbox: Inbox) -> int:
    """How many mails arrived again under the same Message-ID: the server took one and the answer was lost."""
    arrived = Counter(str(message["Message-ID"]) for message in inbox.messages())
    return sum(count - 1 for count in arrived.values())


def of_fate(season: Season) -> Counter[str]:
    """How many agencies do what."""
    return Counter(plan.fate for plan in season.agencies())

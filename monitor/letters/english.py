"""For readers who asked for English: an English subject and summary before the Chinese letter, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from config.severity import Severity
from ledger.models import Agency, FindingRow, Incident, Obligation
from ledger.states import Audience, IncidentKind, IncidentOutcome, NoticeKind
from monitor.letters.letter import Letter

MOST_LINES = 30
ORIGINAL = "The full letter follows in Chinese."

_SUBJECTS = {
    NoticeKind.ALERT: "Needs attention",
    NoticeKind.DIGEST: "Digest",
    NoticeKind.CORRECTION: "Correction or solved",
    NoticeKind.REMINDER: "Reminder, still open",
    NoticeKind.OPERATORS: "Operations",
}
_LEVELS: dict[str, str] = {
    Severity.ERROR: "Error",
    Severity.WARNING: "Warning",
    Severity.HUMAN: "To be checked by a person",
}
_OF_AN_AGENCY = {
    IncidentKind.MISSING: "not published; overdue since {due}",
    IncidentKind.LATE: "published late; it was due on {due}",
    IncidentKind.WITHDRAWN: "was published and can no longer be reached",
    IncidentKind.DATE_DISPUTED: "published, but the evidence for the date is on both sides of {due}",
    IncidentKind.RECTIFICATION: "asked to be rectified; the date has passed without a new version",
}
_OF_THE_MACHINERY = {
    IncidentKind.PORTAL: "A portal cannot be looked at",
    IncidentKind.QUARANTINE: "A document could not be read",
    IncidentKind.UNASSIGNED: "A listed report cannot be assigned",
    IncidentKind.COMMON_CAUSE: "Many agencies of a district would turn missing at once: none is called so yet",
    IncidentKind.COLUMN_UNCLEAR: "A column may not have been understood: nobody is called missing because of it",
    IncidentKind.NEW_FORM: "Reports of several agencies have rows or columns that no form has: there may be a new one",
    IncidentKind.DISAGREEING: "Two looks at a report's figures disagree: the office is not told, a person has to look",
    IncidentKind.READING_LATE: "Reading piles up: new reports are stored, but are checked and told of late",
    IncidentKind.RECIPIENT: "A recipient gets no more messages",
    IncidentKind.WORKER_GONE: "No worker runs, or one stopped without saying so: documents wait unread, none is lost",
    IncidentKind.WORKER_DEAF: "A worker is alive but gets no tasks from the broker: documents wait, none is lost",
    IncidentKind.CRAWLER_SILENT: "No crawler runs, or none takes up the portals that are due: new reports are not seen",
    IncidentKind.MONITOR_SILENT: "The monitor was silent or could not end its rounds: messages come late, none is lost",
    IncidentKind.BROKER_AWAY: "The broker cannot be reached: documents wait and are handed out when it is back",
    IncidentKind.MAIL_FAILING: "Messages cannot be sent: they wait and go out when sending works again",
    IncidentKind.MAIL_REFUSED: "A recipient's messages are refused while others pass: they wait and are tried again",
    IncidentKind.SUMMARY_LATE: "A weekly summary was written but has not reached its recipients",
    IncidentKind.LETTER_UNMADE: "A message cannot be made: all others leave, this one is made anew once mended",
    IncidentKind.DISK_FULL: "A disk is full or nearly so: crawling and reading stop where nothing can be written",
    IncidentKind.FILE_BROKEN: "A configuration file is broken: what it said before stays in force, all others go on",
    IncidentKind.CLOCK_WRONG: "A machine's clock disagrees with the others: what is overdue may be misjudged",
}


def with_english(session: Session, letter: Letter, kind: NoticeKind, incidents: Sequence[Incident]) -> Letter:
    """The letter with an English subject, and one English sentence for each incident before everything else.

    A letter that is about no incident has its English already.
    """
    if not incidents:
        return letter
    lines = list(_lines(session, kind, incidents[:MOST_LINES]))
    if len(incidents) > MOST_LINES:
        lines.append(f"… and {len(incidents) - MOST_LINES} more.")
    reports = len({(one.agency, one.year) for one in incidents})
    first = incidents[0]
    if first.audience is Audience.OPERATORS:
        whom = f"{len(incidents)} matter(s)"
    elif reports > 1:
        districts = {one.district for one in incidents}
        whom = f"{reports} reports of {first.district if len(districts) == 1 else f'{len(districts)} districts'}"
    else:
        whom = f"{_name(session, first)}, report for {first.year}"
    return replace(letter, subject=f"[nianbao] {_SUBJECTS[kind]}: {whom}", english=(*lines, ORIGINAL))


def _lines(session: Session, kind: NoticeKind, incidents: Sequence[Incident]) -> Iterator[str]:
    for incident in incidents:
        if incident.resolved_at is not None:
            wrong = incident.detail.get("outcome") == IncidentOutcome.REFUTED
            yield f"{'Taken back' if wrong else 'Solved'}: {_sentence(session, incident)}"
        else:
            yield _sentence(session, incident)


def _sentence(session: Session, incident: Incident) -> str:
    if incident.audience is Audience.OPERATORS:
        words = _OF_THE_MACHINERY[incident.kind]
        where = incident.detail.get("portal")
        return f"{words}{f' ({where})' if where else ''}."
    if incident.kind is IncidentKind.INTERNAL_DATE:
        awaited = f"{len(incident.detail['awaited'])} agencies of {incident.district} have not published"
        return f"The internal date has passed and {awaited} their reports for {incident.year}; nobody is overdue."
    whose = f"{_name(session, incident)}, report for {incident.year}"
    if incident.kind is IncidentKind.FINDING:
        finding = session.get(FindingRow, incident.detail["fingerprint"])
        rule = incident.detail["rule"]
        said = finding.message_en if finding is not None and finding.message_en else f"rule {rule} is not met"
        return f"{_LEVELS[incident.level]} in {whose} ({rule}): {said}"
    obligation = session.get(Obligation, (incident.agency, incident.year))
    due = obligation.due.isoformat() if obligation is not None else "its due date"
    return f"{whose}: {_OF_AN_AGENCY[incident.kind].format(due=due)}."


def _name(session: Session, incident: Incident) -> str:
    agency = session.get(Agency, incident.agency)
    return agency.name if agency is not None else str(incident.agency)

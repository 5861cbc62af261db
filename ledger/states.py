"""The states and kinds that the ledger knows; the same words stand in tables, pages and mails."""

from __future__ import annotations

from enum import StrEnum


class Queue(StrEnum):
    """What the workers take work from: READ what has a text, SCAN what has to be recognised in pictures first."""

    READ = "read"
    SCAN = "scan"


class PortalState(StrEnum):
    """How a portal, or one look at a column of it, was found (contract, section 5)."""

    HEALTHY = "healthy"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    LAYOUT_CHANGED = "layout_changed"
    NOT_PERMITTED = "not_permitted"
    PAUSED = "paused"


class RoundState(StrEnum):
    """A round of a portal: running, done, or failed where the crawler itself broke off."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RoundFailure(StrEnum):
    """Why a round failed. STALLED: a page kept the processor busy without an end; ERROR: the crawler has a fault."""

    STOPPED = "stopped"
    NOT_STARTED = "not_started"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    STALLED = "stalled"
    DIED = "died"
    ERROR = "error"


# What a portal's pages can do to the process of its round.
ENDED_BY_PAGES = (
    RoundFailure.TIME_LIMIT,
    RoundFailure.MEMORY_LIMIT,
    RoundFailure.STALLED,
    RoundFailure.DIED,
)


class ArticleOutcome(StrEnum):
    """What a link of a list page turned out to be.

    UNOPENED: a report by its title, on a page whose content only a browser with scripts can open: it is published, and
    nobody has read it.
    """

    REPORT = "report"
    NOT_A_REPORT = "not_a_report"
    UNASSIGNED = "unassigned"
    NOT_FOUND = "not_found"
    FETCH_FAILED = "fetch_failed"
    NO_DOCUMENT = "no_document"
    UNOPENED = "unopened"


# The report stands on the portal, read or not.
STANDING_THERE = (ArticleOutcome.REPORT, ArticleOutcome.UNOPENED)


class VersionRole(StrEnum):
    """Where in an article a document was: the page itself, a file attached to it, or entered by a person."""

    BODY = "body"
    ATTACHMENT = "attachment"
    ENTERED = "entered"


class EvidenceSource(StrEnum):
    """Where a date was seen. Order of trust: FIRST_SEEN is an upper bound, the others are claims.

    LIST_AGE is how long ago the list says that it was (3天前): the latest day that this can mean.
    """

    FIRST_SEEN = "first_seen"
    RECORD_ID = "record_id"
    ADDRESS = "address"
    PAGE_LABEL = "page_label"
    VISIBLE_DATE = "visible_date"
    LIST_DATE = "list_date"
    LIST_AGE = "list_age"
    LAST_MODIFIED = "last_modified"
    ENTERED = "entered"


class WorkState(StrEnum):
    """A document's way through the workers. QUARANTINED: it could not be read, a person has to look."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    QUARANTINED = "quarantined"


class FindingState(StrEnum):
    """A finding's life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    RESOLVED = "resolved"


# A finding in one of these still holds.
STANDING_FINDINGS = (FindingState.OPEN, FindingState.ACKNOWLEDGED)


class Standing(StrEnum):
    """An agency's standing for a report year (contract, section 5). Only MISSING and LATE count against it."""

    PENDING = "pending"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    DATE_DISPUTED = "date_disputed"
    UNVERIFIABLE = "unverifiable"
    EXEMPT = "exempt"


# The report is there, in time or not.
PUBLISHED = (Standing.ON_TIME, Standing.LATE, Standing.DATE_DISPUTED)


class IncidentKind(StrEnum):
    """Something somebody has to know."""

    MISSING = "missing"
    LATE = "late"
    FINDING = "finding"
    WITHDRAWN = "withdrawn"
    DATE_DISPUTED = "date_disputed"
    PORTAL = "portal"
    QUARANTINE = "quarantine"
    UNASSIGNED = "unassigned"
    COMMON_CAUSE = "common_cause"
    COLUMN_UNCLEAR = "column_unclear"
    NEW_FORM = "new_form"
    DISAGREEING = "disagreeing"
    READING_LATE = "reading_late"
    RECTIFICATION = "rectification"
    INTERNAL_DATE = "internal_date"
    RECIPIENT = "recipient"
    WORKER_GONE = "worker_gone"
    WORKER_DEAF = "worker_deaf"
    CRAWLER_SILENT = "crawler_silent"
    MONITOR_SILENT = "monitor_silent"
    BROKER_AWAY = "broker_away"
    MAIL_FAILING = "mail_failing"
    MAIL_REFUSED = "mail_refused"
    SUMMARY_LATE = "summary_late"
    LETTER_UNMADE = "letter_unmade"
    DISK_FULL = "disk_full"
    CLOCK_WRONG = "clock_wrong"
    FILE_BROKEN = "file_broken"


# Judged in real time, of what runs; all other kinds follow from the season's rows.
MACHINERY = (
    IncidentKind.WORKER_GONE,
    IncidentKind.WORKER_DEAF,
    IncidentKind.CRAWLER_SILENT,
    IncidentKind.MONITOR_SILENT,
    IncidentKind.BROKER_AWAY,
    IncidentKind.DISK_FULL,
    IncidentKind.CLOCK_WRONG,
    IncidentKind.FILE_BROKEN,
)


class IncidentOutcome(StrEnum):
    """How an incident ended. REFUTED: it was wrong, and is taken back. REMEDIED: it was put right. FOLLOWED: another
    incident is reported instead. QUIET: nobody has to be told.
    """

    REFUTED = "refuted"
    REMEDIED = "remedied"
    FOLLOWED = "followed"
    QUIET = "quiet"


class Audience(StrEnum):
    """Who is told: the oversight office of the district, or the operators of the machinery."""

    OFFICE = "office"
    OPERATORS = "operators"


class NoticeKind(StrEnum):
    """What a message is."""

    ALERT = "alert"
    CORRECTION = "correction"
    REMINDER = "reminder"
    DIGEST = "digest"
    WEEKLY = "weekly"
    OPERATORS = "operators"


class NoticePurpose(StrEnum):
    """What a message is for, whoever gets it: ``NoticeKind`` is OPERATORS for all that operators get.

    LETTER is the letter of a day, with everything in it. CORRECTIONS takes back or settles several matters in one
    letter. INTERNAL_DATE was a letter of its own in an earlier program.
    """

    ALERT = "alert"
    DIGEST = "digest"
    LETTER = "letter"
    CORRECTION = "correction"
    CORRECTIONS = "corrections"
    REMINDER = "reminder"
    INTERNAL_DATE = "internal_date"
    WEEKLY = "weekly"


class NoticeRole(StrEnum):
    """What a message says of an incident: that it is, that it still is, or how it ended."""

    TOLD = "told"
    REMINDED = "reminded"
    ENDED = "ended"


class NoticeState(StrEnum):
    """A message's way out. REFUSED: the server said that it never will be delivered. STOPPED: not wanted any more.

    REHEARSED: written before mail to offices was started; shown, and never sent.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    STOPPED = "stopped"
    REHEARSED = "rehearsed"


class SendVerdict(StrEnum):
    """How one attempt to send a message ended, by the code of the answer and by the stage at which it came.

    DELIVERED: taken. LATER: not now (4xx, or no connection). SENDER_REFUSED: the server refuses *us* (login, relaying,
    policy, our own address). ADDRESS_REFUSED: it says that there is no such recipient (5.1.x, RFC 3463).
    RECIPIENT_REFUSED: it refuses this recipient and does not say why. CONTENT_REFUSED: it took the recipient and
    refuses what the message holds. UNMAKEABLE: no message could be made of the notice.
    """

    DELIVERED = "delivered"
    LATER = "later"
    SENDER_REFUSED = "sender_refused"
    ADDRESS_REFUSED = "address_refused"
    RECIPIENT_REFUSED = "recipient_refused"
    CONTENT_REFUSED = "content_refused"
    UNMAKEABLE = "unmakeable"


class NoticeForm(StrEnum):
    """How much of a notice its next attempt carries. PLAIN: its text alone. SHORT: that there is one, and where."""

    FULL = "full"
    PLAIN = "plain"
    SHORT = "short"


class Topic(StrEnum):
    """What a recipient can do without. ALERTS: all that is told of incidents, REMINDERS included."""

    ALERTS = "alerts"
    REMINDERS = "reminders"
    WEEKLY = "weekly"
    OPERATORS = "operators"
    ALL = "all"


class SuppressionReason(StrEnum):
    """Why a recipient gets no more: they asked for it, or their server refuses them for good."""

    UNSUBSCRIBED = "unsubscribed"
    REFUSED = "refused"


class IncidentNoteKind(StrEnum):
    """What a person said of an incident. ACKNOWLEDGE and SNOOZE end the reminders, for good or until a day."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    NOTE = "note"


class RectificationResult(StrEnum):
    """How a rectification ended: done, not done, or dropped because it ought not have been asked for."""

    DONE = "done"
    NOT_DONE = "not_done"
    DROPPED = "dropped"


class DeskRole(StrEnum):
    """What an account of the desk may do, in its districts.

    VIEWER: look. OFFICER: decide too. REVIEWER: also approve what another decided. OPERATOR: also keep accounts and
    the register.
    """

    VIEWER = "viewer"
    OFFICER = "officer"
    REVIEWER = "reviewer"
    OPERATOR = "operator"


class TokenKind(StrEnum):
    """Whose a token is, and what for.

    OFFICE: a system of an office, which reads. PERSON: an account, which also decides
    what its role allows. FEEDS: a reader of feeds, and nothing else.
    """

    OFFICE = "office"
    PERSON = "person"
    FEEDS = "feeds"


class FindingDecision(StrEnum):
    """What a person decides of a finding.

    CONFIRM: it is so. DISMISS: no problem. CORRECT: the document was read wrongly, and this is the right reading.
    AS_PRINTED: odd, but it does stand so in the original. UNDECIDED: it cannot be told. ACKNOWLEDGE: known, being dealt
    with. REOPEN: take back what was decided.
    """

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    CORRECT = "correct"
    AS_PRINTED = "as_printed"
    UNDECIDED = "undecided"
    ACKNOWLEDGE = "acknowledge"
    REOPEN = "reopen"


class FetchOrderState(StrEnum):
    """How far a report is that a person asked to be fetched from an address."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


class RecordKind(StrEnum):
    """What is kept in the record of who did what."""

    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    LOGGED_OUT = "logged_out"
    PASSWORD_SET = "password_set"  # noqa: S105 - a kind of event
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_REMOVED = "account_removed"
    LINK_MADE = "link_made"
    TOKEN_MADE = "token_made"  # noqa: S105 - a kind of event
    TOKEN_REMOVED = "token_removed"  # noqa: S105 - a kind of event
    FINDING_DECIDED = "finding_decided"
    INCIDENT_NOTED = "incident_noted"
    RECTIFICATION_OPENED = "rectification_opened"
    RECTIFICATION_RECEIVED = "rectification_received"
    RECTIFICATION_PROPOSED = "rectification_proposed"
    RECTIFICATION_CLOSED = "rectification_closed"
    COLUMN_CONFIRMED = "column_confirmed"
    REPORT_ENTERED = "report_entered"
    REGISTER_IMPORTED = "register_imported"
    CHECK_ADDRESS_MADE = "check_address_made"
    CHECK_ADDRESS_CLOSED = "check_address_closed"
    PERSONAL_DATA_SEEN = "personal_data_seen"
    MAIL_RESUMED = "mail_resumed"
    LOOK_ORDERED = "look_ordered"
    PORTAL_PAUSED = "portal_paused"
    PORTAL_RESUMED = "portal_resumed"
    QUARANTINE_RETRIED = "quarantine_retried"
    CIRCULAR_RELEASED = "circular_released"

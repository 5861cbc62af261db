"""The tables of the ledger, one module a theme; import the models from here."""

from ledger.models.compliance import Agency, Obligation, StandingChange, StandingRow
from ledger.models.documents import Article, Document, Evidence, Version
from ledger.models.fetch_orders import FetchOrder
from ledger.models.incident_notes import IncidentNote, Rectification
from ledger.models.machinery import Canary, Heartbeat, Suspicion, Tally
from ledger.models.notices import Enclosure, Incident, MailSwitch, Notice, NoticeIncident, SendLog
from ledger.models.people import (
    Account,
    AccountLink,
    CheckAddress,
    DeskSession,
    LoginOrigin,
    LoginStep,
    Record,
    SecondFactor,
)
from ledger.models.portals import (
    ColumnConfirmation,
    DroppedLink,
    Fetch,
    FoundFamily,
    ListPage,
    Look,
    PageState,
    PortalRow,
    Round,
)
from ledger.models.readings import (
    CheckRow,
    FindingRow,
    MatterCount,
    PagePicture,
    ReadingCorrection,
    ReadingRow,
    UnknownLabelRow,
    Work,
    worst_first,
)
from ledger.models.suppressions import Suppression
from ledger.models.table import Table
from ledger.models.tokens import Token

__all__ = [
    "Account",
    "AccountLink",
    "Agency",
    "Article",
    "Canary",
    "CheckAddress",
    "CheckRow",
    "ColumnConfirmation",
    "DeskSession",
    "Document",
    "DroppedLink",
    "Enclosure",
    "Evidence",
    "Fetch",
    "FetchOrder",
    "FindingRow",
    "FoundFamily",
    "Heartbeat",
    "Incident",
    "IncidentNote",
    "ListPage",
    "LoginOrigin",
    "LoginStep",
    "Look",
    "MailSwitch",
    "MatterCount",
    "Notice",
    "NoticeIncident",
    "Obligation",
    "PagePicture",
    "PageState",
    "PortalRow",
    "ReadingCorrection",
    "ReadingRow",
    "Record",
    "Rectification",
    "Round",
    "SecondFactor",
    "SendLog",
    "StandingChange",
    "StandingRow",
    "Suppression",
    "Suspicion",
    "Table",
    "Tally",
    "Token",
    "UnknownLabelRow",
    "Version",
    "Work",
    "worst_first",
]

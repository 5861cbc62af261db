"""Everything that is to be done at a moment, in one place and in order; monitor/turns.py does it again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from monitor.incidents.mended import update_mended
from monitor.incidents.wanted import update_incidents
from monitor.machinery.judge import update_machinery
from monitor.machinery.weekly import update_operators_weekly
from monitor.notices.beginning import update_beginning
from monitor.notices.corrections import update_corrections
from monitor.notices.enclosing import enclose_evidence
from monitor.notices.letters import update_letters
from monitor.notices.outbox import send_waiting
from monitor.notices.readdress import update_addresses
from monitor.notices.reminders import update_reminders
from monitor.notices.write import contact_of, update_notices
from monitor.publication.findings import update_publication_findings
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from monitor.weekly.write import update_weekly
from workers.dispatch import send_overdue


@dataclass(frozen=True, slots=True)
class TickResult:
    """What one tick changed."""

    obligations: int
    standings: int
    opened: int
    resolved: int
    notices: int
    weekly: int
    handed_out: int
    sent: int

    @property
    def words(self) -> str:
        """One line for the log; empty where nothing changed."""
        counts = {
            "义务": self.obligations,
            "状况变化": self.standings,
            "新事项": self.opened,
            "已解决": self.resolved,
            "新通知": self.notices,
            "周报": self.weekly,
            "重新交付": self.handed_out,
            "已发出": self.sent,
        }
        return "，".join(f"{word} {count}" for word, count in counts.items() if count)


def tick(settings: Settings, ledger: Ledger, now: datetime, *, machinery: bool = False) -> TickResult:
    """Does everything that is to be done at ``now``. Several monitors may do it at once, and any of them again.

    ``now`` is by the ledger's clock. Without ``machinery`` this is a replay, where there is no machinery to judge.

    1. Obligations: the register and the due dates become rows.
    2. Standings: every watched obligation is judged from the ledger, and what changed is written; beside them the
       findings of the rules of publication.
    3. Rectifications that a new document has put right end. Incidents: what somebody has to know is opened, what is
       over is resolved; the machinery's own among them.
    4. Notices: corrections of what was told, the state at the beginning where mail was just started, and a message for
       every recipient of what is told as it comes, with reminders of what stays open.
    5. Letters: the summaries that are due, with the letter of the day in them, and the other letters of the day; the
       operators' own summary.
    6. Sweep: work of reading that got lost or failed is handed out again.
    7. Outbox: what was tried in vain to an address that was put right goes to the right one, letters about reports get
       their evidence, and what waits is sent.

    Raises ConfigurationError where a data file is wrong, and SQLAlchemy's errors where the ledger cannot be used.
    """
    register = load_register(settings.home)
    obligations = update_obligations(ledger, register, now)
    standings = update_standings(ledger, register, now, share=settings.common_cause_share, apart=settings.looks_apart)
    update_publication_findings(ledger, register, now, apart=settings.looks_apart)
    update_mended(ledger, register, now)
    opened, resolved = update_incidents(settings, ledger, register, now)
    if machinery:
        also = update_machinery(settings, ledger, register, now)
        opened, resolved = opened + also[0], resolved + also[1]
    notices = update_corrections(settings, ledger, register, now)
    notices += update_beginning(settings, ledger, register, now)
    notices += update_notices(settings, ledger, register, now)
    notices += update_reminders(settings, ledger, register, now)
    weekly = update_weekly(settings, ledger, register, now)
    notices += update_letters(settings, ledger, register, now)
    if machinery:
        weekly += update_operators_weekly(settings, ledger, register, now)
    handed_out = send_overdue(settings, ledger, now)
    update_addresses(settings, ledger, register, now)
    enclose_evidence(settings, ledger, register, now)
    sent = send_waiting(settings, ledger, contact_of(settings, register), now, register.offices)
    return TickResult(obligations, standings, opened, resolved, notices, weekly, handed_out, sent)

"""Letters written before, in and after a trouble of the mail server, and the turns of the monitor that send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.notices import write_notice
from ledger.messages.suppressions import list_suppressions
from ledger.models import Incident, Notice
from ledger.states import IncidentKind, NoticeKind, NoticePurpose, NoticeState
from monitor.incidents.wanted import update_incidents
from monitor.notices.outbox import send_waiting
from monitor.notices.readdress import update_addresses
from monitor.notices.write import contact_of, message_id, update_notices
from tests.hostile.mail.server import Trouble, Troubled
from tests.hostile.mail.troubles import ALONE, COLLEAGUES, OPERATORS
from tests.monitor.factory import at

OFFICES = f"""
operators: [{OPERATORS}]
offices:
  - district: 云山区
    name: 云山区政务公开办
    recipients: [{COLLEAGUES[0]}, {COLLEAGUES[1]}]
    delivery: {{pace: at_once}}
  - {{district: 临水区, name: 临水区政务公开办, recipients: [{ALONE}], delivery: {{pace: at_once}}}}
"""
BEGIN = at("2020-02-03 09:00")
# So often somebody looks while a trouble lasts; the shortest pause of the outbox is a minute.
TURN = timedelta(minutes=1)
LOOK = timedelta(minutes=20)
_OF = {COLLEAGUES[0]: "云山区", COLLEAGUES[1]: "云山区", ALONE: "临水区", OPERATORS: None}


@dataclass
class Story:
    """One run; ``named`` is who stood in an incident about mail, ``stopped`` to whom mail was ever stopped."""

    settings: Settings
    ledger: Ledger
    server: Troubled
    named: dict[str, datetime] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    end: datetime = BEGIN

    def write(self, name: str, now: datetime) -> None:
        """A letter to everybody."""
        for recipient, office in _OF.items():
            identity = f"{name}:{recipient}"
            row = {
                "identity": identity,
                "kind": NoticeKind.ALERT if office else NoticeKind.OPERATORS,
                "purpose": NoticePurpose.ALERT,
                "recipient": recipient,
                "office": office,
                "subject": name,
                "text": f"{name}的全文\n",
                "html": f"<p>{name}的全文</p>",
                "message_id": message_id(identity, self.settings),
                "in_reply_to": None,
            }
            with self.ledger.write() as session:
                write_notice(session, row, {}, now)

    def turn(self, now: datetime) -> None:
        """What the monitor does about mail in one turn."""
        register = load_register(self.settings.home)
        update_incidents(self.settings, self.ledger, register, now)
        update_notices(self.settings, self.ledger, register, now)
        update_addresses(self.settings, self.ledger, register, now)
        send_waiting(self.settings, self.ledger, contact_of(self.settings, register), now, register.offices)
        with self.ledger.read() as session:
            self.stopped |= {stop.recipient for stop in list_suppressions(session)}
            about_mail = (IncidentKind.MAIL_REFUSED, IncidentKind.MAIL_FAILING, IncidentKind.RECIPIENT)
            for incident in session.scalars(select(Incident).where(Incident.kind.in_(about_mail))):
                self.named.setdefault(incident.subject, now)

    def run(self, trouble: Trouble, lasting: timedelta) -> datetime:
        """The trouble from BEGIN on, a letter at its begin, soon after, in its middle and after it; returns its end."""
        letters = {
            BEGIN: "开始",
            BEGIN + 3 * TURN: "随后",
            BEGIN + lasting / 2: "中间",
            BEGIN + lasting + timedelta(hours=1): "之后",
        }
        self.server.trouble = trouble
        now, end = BEGIN, BEGIN + lasting
        self.end = end
        while now <= end + timedelta(days=9):
            if now >= end:
                self.server.trouble = None
            for due in [due for due in letters if due <= now]:
                self.write(letters.pop(due), now)
            self.turn(now)
            now = self._next(now, [*letters, *([end] if now < end else [])])
            if now > end and not letters and not self.waiting():
                break
        return end

    def _next(self, now: datetime, others: list[datetime]) -> datetime:
        """When something happens next: a notice is tried, a letter written, the trouble over; not later than LOOK."""
        with self.ledger.read() as session:
            due = session.scalar(
                select(Notice.next_attempt_at)
                .where(Notice.state == NoticeState.WAITING)
                .order_by(Notice.next_attempt_at)
                .limit(1)
            )
            far = session.scalars(select(Notice.id).where(Notice.state == NoticeState.REFUSED).limit(1)).first()
        later = now + (LOOK if now < BEGIN + timedelta(hours=4) else timedelta(hours=6))
        if due is None and far is None and not others:
            return later
        return min([max(now + self._pace(now), due or later), later, *(one for one in others if one > now)])

    def _pace(self, now: datetime) -> timedelta:
        """Every minute while things happen; a day of waiting is not looked at minute by minute."""
        near = any(timedelta(0) <= now - moment < timedelta(minutes=12) for moment in (BEGIN, self.end))
        return TURN if near else LOOK if now < BEGIN + timedelta(hours=5) else timedelta(hours=2)

    def waiting(self) -> list[Notice]:
        """What has not gone out yet."""
        unsent = (NoticeState.WAITING, NoticeState.SENDING, NoticeState.REFUSED)
        with self.ledger.read() as session:
            return list(session.scalars(select(Notice).where(Notice.state.in_(unsent))))

    def sent_at(self) -> dict[str, datetime | None]:
        """When each letter went out, by its identity."""
        with self.ledger.read() as session:
            return {notice.identity: notice.sent_at for notice in session.scalars(select(Notice))}

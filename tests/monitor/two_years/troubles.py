"""The same story on bad days: monitors killed between two steps, the mail server away, every task done again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cli.demo.inbox import Inbox
from config import in_force
from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages import outbox as rows
from monitor.channels.mail.message import Mail, make_message
from monitor.channels.mail.transport import conversation
from monitor.incidents.wanted import update_incidents
from monitor.notices.corrections import update_corrections
from monitor.notices.letters import update_letters
from monitor.notices.reminders import update_reminders
from monitor.notices.write import contact_of, update_notices
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from monitor.weekly.write import update_weekly
from tests.mailing import open_mailing_ledger
from tests.monitor.two_years.season import Season, moment
from workers import steps

# The mail server is away from one moment to another: over a digest, over the day on which six reports are found
# missing, over the storm.
AWAY = (
    (moment("2025-01-13 08:30"), moment("2025-01-16 12:00")),
    (moment("2025-02-01 12:00"), moment("2025-02-02 20:00")),
    (moment("2026-01-19 05:00"), moment("2026-01-20 03:00")),
)
# Sent, and dead before that was written: the reader gets it twice under one Message-ID.
DIES_AFTER_SENDING = moment("2025-02-20 08:00")
STEPS = 9
CLAIM = timedelta(minutes=3)


class TroubledSeason(Season):
    """The story with troubles; ``inbox`` is the mail server that goes away."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        super().__init__(settings)
        self._inbox = inbox
        self._turns = 0
        self.sent_twice: list[str] = []

    def tick(self, now: datetime) -> None:
        """Now and then a monitor dies after some step and another takes over, or two have their turn."""
        away = any(begin <= now < end for begin, end in AWAY)
        (self._inbox.stop if away else self._inbox.start)()
        self._turns += 1
        if self._turns % 4 == 0:
            self._some_steps(now.astimezone(UTC), self._turns // 4 % STEPS)
            self._restart()
        if now == DIES_AFTER_SENDING:
            self._die_after_sending(now.astimezone(UTC))
        super().tick(now)
        if self._turns % 5 == 0:
            super().tick(now)

    def read(self, ledger: Ledger, work_id: int, now: datetime) -> None:
        """Every message about a document comes three times, once as that of a worker that died."""
        super().read(ledger, work_id, now)
        super().read(ledger, work_id, now)
        steps.run(self.worker_context, work_id, now.astimezone(UTC), worker="another", redelivered=True)

    def _some_steps(self, now: datetime, most: int) -> None:
        settings, ledger, register = self.settings, self.ledger, load_register(self.settings.home)
        begun = (
            lambda: update_obligations(ledger, register, now),
            lambda: update_standings(ledger, register, now),
            lambda: update_incidents(settings, ledger, register, now),
            lambda: update_corrections(settings, ledger, register, now),
            lambda: update_notices(settings, ledger, register, now),
            lambda: update_reminders(settings, ledger, register, now),
            lambda: update_weekly(settings, ledger, register, now),
            lambda: update_letters(settings, ledger, register, now),
        )
        for step in begun[:most]:
            step()

    def _die_after_sending(self, now: datetime) -> None:
        """Claims what waits and sends it, and writes nothing of that."""
        register = load_register(self.settings.home)
        self._some_steps(now, STEPS)
        with self.ledger.read() as session:
            due = rows.due_notices(session, now)
        with conversation(self.settings) as server:
            for notice_id in due:
                with self.ledger.write() as session:
                    notice = rows.claim_notice(session, notice_id, now, now + CLAIM)
                assert notice is not None
                mail = Mail(
                    notice.recipient,
                    notice.subject,
                    notice.text,
                    notice.html,
                    notice.message_id,
                    contact_of(self.settings, register),
                    notice.in_reply_to,
                )
                server.send(make_message(mail, self.settings, now), notice.recipient)
                self.sent_twice.append(notice.message_id)

    def _restart(self) -> None:
        in_force._watched.cache_clear()
        self.ledger.close()
        self.ledger = open_mailing_ledger(self.settings)

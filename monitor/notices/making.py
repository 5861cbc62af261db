"""What goes wrong while one message is made concerns that message: the others leave, and it is made anew once mended.

The operators are told of it (``letter_unmade``). Each step of making settles its own: what it could make again in a
later turn, or what is due no more, ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from config.yaml_file import ConfigurationError
from ledger.database import Ledger, LedgerError
from ledger.messages.incidents import resolve_incident
from ledger.models import Incident
from ledger.states import IncidentKind, IncidentOutcome
from monitor.incidents.draft import to_operators
from monitor.incidents.reconcile import open_incident

log = logging.getLogger("nianbao.monitor")

OPERATORS = "运维人员"
_LONGEST = 200


class Making:
    """One step of making messages in one turn: ``step`` names it, for the program; ``what``, for people."""

    def __init__(self, step: str, what: str) -> None:
        self._prefix = f"unmade:{step}:"
        self._what = what
        self._failed: dict[str, Exception] = {}

    def one(self, whose: str, make: Callable[[], int], session: Session | None = None) -> int:
        """What ``make`` returns; 0 where it raised. What it wrote with ``session`` is taken back then, and no more.

        ``whose`` the message is: an office by its key, or the operators. Raises what concerns everybody: the ledger's
        errors, and those of a data file.
        """
        try:
            if session is None:
                return make()
            with session.begin_nested():
                return make()
        except (ConfigurationError, SQLAlchemyError, LedgerError):
            raise
        except Exception as error:  # noqa: BLE001 - settle says it, once
            self._failed[whose] = error
            return 0

    def settle(self, ledger: Ledger, register: Register, now: datetime) -> None:
        """Opens an incident for each whose message could not be made, and ends those that are mended."""
        for whose, error in self._failed.items():
            words = f"{type(error).__name__}：{str(error)[:_LONGEST]}"
            sentence = f"给{whose}的{self._what}生成不了（{words}）；其他通知照常发出，改好后自动补上"
            draft = to_operators(IncidentKind.LETTER_UNMADE, self._prefix + whose, Severity.ERROR, sentence)
            if open_incident(ledger, draft, now):
                log.error("%s", sentence, exc_info=error)
        with ledger.read() as session:
            mended = [one for one in _unmade(session, self._prefix) if self._whose(one) not in self._failed]
        if not mended:
            return
        sentence = register.wording.recovered[IncidentKind.LETTER_UNMADE.value]
        with ledger.write() as session:
            for incident in mended:
                resolve_incident(session, incident, IncidentOutcome.REMEDIED, sentence, now)

    def _whose(self, incident: Incident) -> str:
        return incident.subject.removeprefix(self._prefix)


def _unmade(session: Session, prefix: str) -> list[Incident]:
    """The open incidents of a step."""
    query = select(Incident).where(Incident.kind == IncidentKind.LETTER_UNMADE, Incident.resolved_at.is_(None))
    return [incident for incident in session.scalars(query) if incident.subject.startswith(prefix)]

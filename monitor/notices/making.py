"""What goes wrong while one message is made concerns that message: the others leave, and it is made anew once mended.

The operators are told of it (``letter_unmade``). Each step of making settles its own: what it made in a later turn is
mended. A turn that made none says nothing: an office may be in its quiet hours, or its letter may be for tomorrow.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from config.yaml_file import ConfigurationError
from ledger.database import Ledger, LedgerError
from ledger.messages.incidents import renew_incident, resolve_incident
from ledger.models import Incident
from ledger.states import IncidentKind, IncidentOutcome
from monitor.calendar import day_of
from monitor.incidents.draft import to_operators
from monitor.incidents.reconcile import open_incident

log = logging.getLogger("nianbao.monitor")

OPERATORS = "运维人员"
_LONGEST = 200
# So many days after it last could not be made, nobody waits for it any more.
_WAITED_FOR = timedelta(days=14)


class Making:
    """One step of making messages in one turn: ``step`` names it, for the program; ``what``, for people."""

    def __init__(self, step: str, what: str) -> None:
        self._step = step
        self._what = what
        self._failed: dict[str | None, Exception] = {}
        self._made: set[str | None] = set()

    def one(self, whose: str | None, make: Callable[[], int], session: Session | None = None) -> int:
        """What ``make`` returns; 0 where it raised. What it wrote with ``session`` is taken back then, and no more.

        ``whose`` the message is: an office's, by its key, or the operators' (None). Raises what concerns everybody: the
        ledger's errors, and those of a data file.
        """
        try:
            with session.begin_nested() if session is not None else nullcontext():
                made = make()
        except (ConfigurationError, SQLAlchemyError, LedgerError):
            raise
        except Exception as error:  # noqa: BLE001 - settle says it, once
            self._failed[whose] = error
            return 0
        if made:
            self._made.add(whose)
        return made

    def settle(self, ledger: Ledger, register: Register, now: datetime) -> None:
        """Opens an incident for each whose message could not be made; ends those that are mended or wanted no more.

        Whose message was made in this turn is mended, unless another of theirs was not.
        """
        with ledger.read() as session:
            known = {one.subject: one for one in _unmade(session, self._step)}
        today = day_of(now)
        for whose, error in self._failed.items():
            words = f"{type(error).__name__}：{str(error)[:_LONGEST]}"
            sentence = f"给{whose or OPERATORS}的{self._what}生成不了（{words}）；其他通知照常发出，改好后自动补上"
            detail = {"step": self._step, "last_failed_on": today.isoformat()}
            before = known.pop(self._subject(whose), None)
            if before is None:
                draft = to_operators(
                    IncidentKind.LETTER_UNMADE, self._subject(whose), Severity.ERROR, sentence, **detail
                )
                if open_incident(ledger, draft, now):
                    log.error("%s", sentence, exc_info=error)
            elif before.detail.get("last_failed_on") != detail["last_failed_on"]:
                with ledger.write() as session:
                    renew_incident(session, before, sentence, detail)
        made = {self._subject(whose) for whose in self._made}
        mended = [one for subject, one in known.items() if subject in made]
        unwanted = [one for one in known.values() if one not in mended and today - _last_failed_on(one) > _WAITED_FOR]
        if not mended and not unwanted:
            return
        with ledger.write() as session:
            for incident in mended:
                sentence = register.wording.recovered[IncidentKind.LETTER_UNMADE.value]
                resolve_incident(session, incident, IncidentOutcome.REMEDIED, sentence, now)
            for incident in unwanted:
                sentence = f"{_WAITED_FOR.days}天来没有再需要生成"
                resolve_incident(session, incident, IncidentOutcome.QUIET, sentence, now)

    def _subject(self, whose: str | None) -> str:
        return f"unmade:{self._step}:{whose or 'operators'}"


def _unmade(session: Session, step: str) -> list[Incident]:
    """The open incidents of a step, and those that an earlier program opened without a step."""
    query = select(Incident).where(Incident.kind == IncidentKind.LETTER_UNMADE, Incident.resolved_at.is_(None))
    return [incident for incident in session.scalars(query) if incident.detail.get("step", step) == step]


def _last_failed_on(incident: Incident) -> date:
    said = incident.detail.get("last_failed_on")
    return date.fromisoformat(said) if said else day_of(incident.opened_at)

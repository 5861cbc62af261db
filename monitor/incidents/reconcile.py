"""Opens the incidents that ought to be open and resolves those that ought not, of some kinds, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.register import Register
from ledger.database import Ledger
from ledger.insert import insert_or_ignore
from ledger.messages import incidents
from ledger.messages.matters import number_incidents
from ledger.models import Incident
from ledger.states import IncidentKind, IncidentOutcome
from monitor.incidents.draft import Draft

Ending = Callable[[Session, Incident, Register], tuple[IncidentOutcome, str]]


def reconcile(
    ledger: Ledger,
    register: Register,
    wanted: Collection[Draft],
    kinds: Collection[IncidentKind],
    ending: Ending,
    now: datetime,
) -> tuple[int, int]:
    """Opens what is missing among the open incidents of these kinds and resolves what is too much; how many of each.

    ``ending`` says how one that is too much ended; who was told of it is told so by ``monitor.notices.corrections``.
    """
    missing = {(draft.kind, draft.subject): draft for draft in wanted}
    left_over: list[Incident] = []
    changed: list[tuple[Incident, Draft]] = []
    with ledger.read() as session:
        for incident in incidents.each_open_incident(session, kinds):
            draft = missing.pop((incident.kind, incident.subject), None)
            if draft is None:
                left_over.append(incident)
            elif draft.is_renewed and incident.sentence != draft.sentence:
                changed.append((incident, draft))
        gone = [(incident, *ending(session, incident, register)) for incident in left_over]
    new = list(missing.values())
    if not (new or gone or changed):
        return 0, 0
    with ledger.write() as session:
        for incident, draft in changed:
            incidents.renew_incident(session, incident, draft.sentence, draft.detail)
        opened = insert_or_ignore(session, Incident, [_row(draft, now) for draft in new])
        number_incidents(session)
        resolved = sum(
            incidents.resolve_incident(session, incident, outcome, sentence, now)
            for incident, outcome, sentence in gone
        )
    return opened, resolved


def open_incident(ledger: Ledger, draft: Draft, now: datetime) -> bool:
    """Opens one incident, unless it is open; whether it was not."""
    with ledger.write() as session:
        return bool(insert_or_ignore(session, Incident, [_row(draft, now)]))


def _row(draft: Draft, now: datetime) -> dict[str, Any]:
    names = ("kind", "subject", "audience", "district", "agency", "year", "level", "sentence", "detail")
    return {name: getattr(draft, name) for name in names} | {"opened_at": now}

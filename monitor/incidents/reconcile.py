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
    by_key = {(draft.kind, draft.subject): draft for draft in wanted}
    with ledger.read() as session:
        known = {key: incident for key, incident in incidents.open_incidents(session).items() if key[0] in kinds}
        gone = [
            (incident, *ending(session, incident, register)) for key, incident in known.items() if key not in by_key
        ]
    new = [draft for key, draft in by_key.items() if key not in known]
    changed = [
        (known[key], draft)
        for key, draft in by_key.items()
        if draft.is_renewed and key in known and known[key].sentence != draft.sentence
    ]
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

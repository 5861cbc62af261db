"""A person's word on an incident: one way for the desk's form and for a person's program."""

from __future__ import annotations

from datetime import date

from ledger.messages.incident_notes import note_incident
from ledger.states import IncidentNoteKind
from monitor.calendar import end_of
from web.answers import Rejected
from web.desk import Desk
from web.places import incident_for
from web.visitor import Visitor


def note_on(desk: Desk, visitor: Visitor, number: int, kind: IncidentNoteKind, why: str, until: str) -> None:
    """Writes it; ``until`` is the last day (ISO 8601) of a SNOOZE.

    Raises NotFound where the visitor sees no such incident, Rejected where it cannot be said so.
    """
    now, said = desk.now(), " ".join(why.split())
    if not said:
        raise Rejected("没有填写原因或说明；请返回上一页填写")
    moment = None
    if kind is IncidentNoteKind.SNOOZE:
        try:
            moment = end_of(date.fromisoformat(until))
        except ValueError as error:
            raise Rejected("暂缓须填写到哪一天为止；请返回上一页填写") from error
        if moment <= now:
            raise Rejected("暂缓的日期已经过去；请填今天或以后的日期")
    with desk.ledger.write() as session:
        incident_for(session, desk, visitor, number)
        note_incident(session, number, kind, visitor.name, said, now, moment, visitor.account)

"""Recipients who get no more messages: the operators hear of each, and above all where an office hears nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from config.recipients import Recipient, is_impossible
from config.register import Register
from config.severity import Severity
from ledger.messages.suppressions import list_suppressions
from ledger.models import Suppression
from ledger.states import IncidentKind, SuppressionReason, Topic
from monitor.calendar import chinese_moment
from monitor.incidents.draft import Draft, to_operators

WORDS = {
    Topic.ALERTS: "事项通知和催办",
    Topic.REMINDERS: "催办",
    Topic.WEEKLY: "周报",
    Topic.OPERATORS: "运维通知",
    Topic.ALL: "全部通知",
}


def stopped_recipients(session: Session, register: Register) -> Iterator[Draft]:
    """An incident for every stop of somebody who is still a recipient; it ends with the stop, or with that."""
    stops = list_suppressions(session)
    for stop in stops:
        whose = list(_concerned(register, stop, stops))
        if not whose:
            continue
        how = "收件服务器拒收" if stop.reason is SuppressionReason.REFUSED else "收件人退订"
        names = "、".join(name + ("（已没有其他收件人）" if last else "") for name, last in whose)
        sentence = (
            f"{stop.recipient}自{chinese_moment(stop.since)}起不再接收{WORDS[stop.topic]}（{how}），涉及{names}。"
            "核实后可用 nianbao mail resume 恢复，或在 offices.yaml 中更换收件人"
        )
        level = Severity.ERROR if any(last for _, last in whose) else Severity.WARNING
        yield to_operators(IncidentKind.RECIPIENT, f"recipient:{stop.recipient}:{stop.topic}", level, sentence)


def impossible_recipients(register: Register) -> Iterator[Draft]:
    """An incident for every recipient in offices.yaml to whose address no message can be made."""
    offices = register.offices
    owners = [("系统运维", offices.operators), *((office.name, office.recipients) for office in offices.offices)]
    for address in dict.fromkeys(to for _, recipients in owners for to in recipients if is_impossible(to)):
        names = "、".join(name for name, recipients in owners if address in recipients)
        sentence = (
            f"offices.yaml 中{names}的收件地址“{address}”写法有误，无法向其发送；"
            "请改正，未发出的会发往改正后的地址，其他收件人不受影响"
        )
        yield to_operators(IncidentKind.RECIPIENT, f"impossible:{address}", Severity.ERROR, sentence)


def _concerned(register: Register, stop: Suppression, stops: Sequence[Suppression]) -> Iterator[tuple[str, bool]]:
    """Whose recipient it is, and whether nobody else of theirs gets these messages."""
    offices = register.offices
    if stop.topic in (Topic.OPERATORS, Topic.ALL):
        yield from _of("系统运维", offices.staff, Topic.OPERATORS, stop, stops)
    for office in offices.offices:
        if stop.topic is Topic.WEEKLY:
            yield from _of(office.name, office.readers, Topic.WEEKLY, stop, stops)
        elif stop.topic is not Topic.OPERATORS:
            told = [person for person in office.people if person.alerts and not person.from_reminder]
            topic = Topic.REMINDERS if stop.topic is Topic.REMINDERS else Topic.ALERTS
            yield from _of(office.name, told or office.people, topic, stop, stops)


def _of(
    name: str, people: Sequence[Recipient], topic: Topic, stop: Suppression, stops: Sequence[Suppression]
) -> Iterator[tuple[str, bool]]:
    everybody = {person.to.lower() for person in people}
    if stop.recipient not in everybody:
        return
    covering = {Topic.REMINDERS: (Topic.REMINDERS, Topic.ALERTS, Topic.ALL)}.get(topic, (topic, Topic.ALL))
    without = {one.recipient for one in stops if one.topic in covering}
    yield name, everybody <= without

"""Portals that cannot be looked at: one incident each, and one for all where it must be our own network.

Many portals have nothing in common but us. Where so many of them cannot be reached at the same time that their own
trouble does not explain it, operators are told once, of the network; a portal that stays away when the others are back
is told by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.messages import incidents
from ledger.models import Incident, PortalRow
from ledger.states import Audience, IncidentKind, PortalState
from monitor.calendar import chinese_moment, day_of
from monitor.incidents.draft import Draft

NETWORK = "portals:network"
# Two portals that are away at the same time are two portals.
FEWEST_PORTALS = 3
NAMED = 5

Known = Mapping[tuple[IncidentKind, str], Incident]


def portal_incidents(session: Session, settings: Settings, register: Register, now: datetime) -> Iterator[Draft]:
    """What operators have to know of portals at ``now``."""
    known = incidents.open_incidents(session, [IncidentKind.PORTAL])
    unhealthy = [row for row in incidents.unhealthy_portals(session, register.portals) if row.state is not None]
    # A window that is just over says nothing until the portal was looked at again.
    told = [row for row in unhealthy if _subject(row) in known or not _held(register, row, now)]
    common = _of_the_network(session, settings, register, told, known)
    if common:
        yield _network_draft(register, common)
    for row in told:
        if row not in common and (row.failures >= settings.unhealthy_rounds_before_alert or _subject(row) in known):
            yield _portal_draft(register, row)


def _of_the_network(
    session: Session, settings: Settings, register: Register, unhealthy: Sequence[PortalRow], known: Known
) -> list[PortalRow]:
    """The portals that our own network explains.

    While it is told, those of its portals belong to it, too, that were not looked at since the first of them was back.
    """
    away = [row for row in unhealthy if row.state is PortalState.UNREACHABLE and _subject(row) not in known]
    watched = sum(not file.paused for file in register.portals.values())
    many = len(away) >= FEWEST_PORTALS and len(away) > settings.common_cause_share * watched
    incident = known.get((IncidentKind.PORTAL, NETWORK))
    if many and (incident or any(row.failures >= settings.unhealthy_rounds_before_alert for row in away)):
        return away
    if incident is None:
        return []
    of_it = incident.detail["portals"]
    back_at = incidents.first_healthy(session, of_it)
    return [
        row
        for row in away
        if row.portal in of_it and (back_at is None or row.last_round_at is None or row.last_round_at <= back_at)
    ]


def _subject(row: PortalRow) -> tuple[IncidentKind, str]:
    return IncidentKind.PORTAL, f"portal:{row.portal}"


def _held(register: Register, row: PortalRow, now: datetime) -> bool:
    days = {day_of(row.last_round_at or now), day_of(now)}
    return any(register.maintenance.holds(row.portal, day) for day in days)


def _network_draft(register: Register, away: Sequence[PortalRow]) -> Draft:
    names = "、".join(register.portal_name(row.portal) for row in away[:NAMED]) + ("等" if len(away) > NAMED else "")
    since = min((row.since for row in away if row.since is not None), default=None)
    when = f"自{chinese_moment(since)}起" if since else ""
    return Draft(
        IncidentKind.PORTAL,
        NETWORK,
        Audience.OPERATORS,
        Severity.ERROR,
        f"{len(away)}个门户{when}同时无法访问（{names}）：多半是本机的网络或域名解析有问题，请先检查；"
        "恢复之前，这些门户不逐个通知，也不据此认定任何机关未公布",
        detail={"state": PortalState.UNREACHABLE.value, "portals": [row.portal for row in away]},
    )


def _portal_draft(register: Register, row: PortalRow) -> Draft:
    state = row.state or PortalState.UNREACHABLE
    since = f"{chinese_moment(row.since)}起" if row.since else ""
    return Draft(
        IncidentKind.PORTAL,
        f"portal:{row.portal}",
        Audience.OPERATORS,
        Severity.ERROR,
        f"{register.portal_name(row.portal)}{since}{register.wording.portals[state.value]}：{row.sentence}",
        detail={"portal": row.portal, "state": state.value},
    )

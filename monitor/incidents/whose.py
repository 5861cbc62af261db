"""Whose matter an incident is: of which districts, whoever is told of it."""

from __future__ import annotations

from config.register import Register
from ledger.models import Incident


def districts_of(register: Register, incident: Incident) -> tuple[str, ...]:
    """The districts that an incident is about; none where it is the machinery's.

    A district's portal is its matter too, though operators are told of it.
    """
    if incident.district is not None:
        return (incident.district,)
    return register.districts_at(incident.detail.get("portal"))

"""The levels of findings and incidents, the gravest first: their only list."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is. HUMAN: a person has to look; it counts against nobody."""

    ERROR = "error"
    WARNING = "warning"
    HUMAN = "human"


def gravity(level: str) -> int:
    """The place of a level in a list that begins with the worst; what is no level comes last."""
    return list(Severity).index(Severity(level)) if level in tuple(Severity) else len(Severity)

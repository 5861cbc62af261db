"""The levels of findings and incidents, the gravest first: their only list."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is. HUMAN: a person has to look; it counts against nobody."""

    ERROR = "error"
    WARNING = "warning"
    HUMAN = "human"

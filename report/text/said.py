"""What a running text says of the tables, statement by statement, and the clauses that are none."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

RECEIVED, ACCEPTED = "requests.received", "requests.accepted"


class Topic(StrEnum):
    """What a clause speaks of, as far as its words tell."""

    RECEIVED = "received"
    OUTCOME = "outcome"
    DISPUTE = "dispute"
    TABLE_TWO = "table_two"


class NoWitness(StrEnum):
    """Why a clause with a number says nothing of this report's tables. NOT_UNDERSTOOD: it may, but nobody knows."""

    OTHER_PERIOD = "other_period"
    PART = "part"
    OTHER_BODY = "other_body"
    CHANNEL = "channel"
    APPLICANTS = "applicants"
    SUBJECT_MATTER = "subject_matter"
    OTHER_BUSINESS = "other_business"
    ABOUT = "about"
    NOT_UNDERSTOOD = "not_understood"


class Doubt(StrEnum):
    """Why a number that was understood may be of another scope: it may agree with a table, and accuses nobody."""

    OVER_YEARS = "over_years"
    OF_MERGED = "of_merged"
    NOT_ALL_DISCLOSURE = "not_all_disclosure"
    OF_ANOTHER = "of_another"
    IN_GENERAL = "in_general"


@dataclass(frozen=True, slots=True)
class Statement:
    """The text says that a figure is ``value``.

    ``figure`` is a row of the form without its column (``requests.granted``), several joined by "+" where their sum is
    said; ``requests.accepted`` and ``requests.handled`` are words of the text alone; ``review``, ``litigation``,
    ``disputes`` (both together), and their results (``review.upheld``). ``only_new``: the sentence counts no requests
    carried in. ``quote`` is the clause, ``sentence`` where it stands, ``page`` its section's. ``beside`` are the
    numbers of the sentence that are no statement; ``compared`` those that it compares with another time.
    ``step`` is the unit of its last digit where it may be rounded (5.3万件, 35.2万元), 0 where it is exact.
    """

    figure: str
    value: int | Decimal
    quote: str
    sentence: str
    page: int | None
    only_new: bool = False
    doubt: Doubt | None = None
    beside: frozenset[int | Decimal] = frozenset()
    compared: frozenset[int | Decimal] = frozenset()
    step: int | Decimal = 0

    def agrees(self, right: Set[int | Decimal]) -> bool:
        """Whether its number is one that is right, or that rounded or cut off to its last digit."""
        return self.value in right or any(abs(Decimal(self.value) - Decimal(one)) < self.step for one in right)

    def may_mean(self, right: Set[int | Decimal]) -> bool:
        """Whether its sentence has a number that is right, or that makes this one right when added or taken away."""
        if right & (self.beside | self.compared):
            return True
        others = {*self.beside, sum(self.beside)}
        return any(self.value + other in right or self.value - other in right for other in others if other)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A clause that speaks of something the tables have, and is no witness; ``unknown`` are the words nobody knows."""

    topic: Topic
    why: NoWitness
    quote: str
    page: int | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """All statements of a text in order, and the clauses that are none."""

    statements: tuple[Statement, ...]
    unclear: tuple[Unclear, ...]

    def of(self, *figures: str) -> list[Statement]:
        """The statements on one of these figures."""
        return [one for one in self.statements if one.figure in figures]

    def not_understood(self, topic: Topic) -> list[Unclear]:
        """The clauses on a topic that may be about this report's tables, and were not understood."""
        return [one for one in self.unclear if one.topic is topic and one.why is NoWitness.NOT_UNDERSTOOD]

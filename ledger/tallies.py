"""How often something was done, with what outcome and in how many seconds: counters that only ever rise.

They are counted where it is done, in the same transaction, whichever process does it: what is in the ledger was counted
once, and what was rolled back was not. Rows of rounds and attempts are forgotten one day; these are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.insert import insert_of, table_of
from ledger.models import Tally

ABOVE_ALL = "+Inf"
_COUNTS = "nianbao counts"


class Measure(StrEnum):
    """What is counted."""

    ROUND = "round"
    READ = "read"
    SEND = "send"


# The upper bounds in seconds of what is told apart; whatever took longer is above all of them.
BOUNDS: dict[Measure, tuple[float, ...]] = {
    Measure.ROUND: (1, 3, 10, 30, 100, 300, 1000, 3600),
    Measure.READ: (0.1, 0.3, 1, 3, 10, 30, 100, 300),
    Measure.SEND: (0.1, 0.3, 1, 3, 10, 30, 100),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """All of one outcome: how many, their seconds together, and how many by the bound below which they were."""

    measure: Measure
    outcome: str
    count: int
    seconds: float
    by_bound: dict[str, int]


def count(session: Session, measure: Measure, outcome: str, seconds: float) -> None:
    """Counts one, with the transaction: its row is written last (:func:`write_counts`)."""
    seconds = max(seconds, 0.0)
    bound = next((str(one) for one in BOUNDS[measure] if seconds <= one), ABOVE_ALL)
    counts = session.info.setdefault(_COUNTS, {})
    many, together = counts.get((measure.value, outcome, bound), (0, 0.0))
    counts[measure.value, outcome, bound] = (many + 1, together + seconds)


def write_counts(session: Session) -> None:
    """Writes what was counted in a transaction; for whoever commits it.

    Last, so that nobody waits for these rows for long, and in one order: of two that count the same things in different
    orders each would wait for the other.
    """
    counts = session.info.pop(_COUNTS, None)
    if counts:
        connection = session.connection()
        rows = [
            {"measure": measure, "outcome": outcome, "bound": bound, "count": many, "seconds": together}
            for (measure, outcome, bound), (many, together) in sorted(counts.items())
        ]
        connection.execute(_counts(connection.dialect.name), rows)


def counted(session: Session) -> Sequence[Counted]:
    """Everything that was ever counted, by measure and outcome."""
    found: dict[tuple[str, str], list[Tally]] = {}
    for row in session.scalars(select(Tally).order_by(Tally.measure, Tally.outcome)):
        found.setdefault((row.measure, row.outcome), []).append(row)
    return [
        Counted(
            Measure(measure),
            outcome,
            sum(row.count for row in rows),
            sum(row.seconds for row in rows),
            {row.bound: row.count for row in rows},
        )
        for (measure, outcome), rows in found.items()
        if measure in list(Measure)  # a newer program may count more
    ]


@lru_cache
def _counts(dialect: str) -> Any:
    table = table_of(Tally)
    made = insert_of(dialect)(table)
    return made.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={"count": table.c.count + made.excluded["count"], "seconds": table.c.seconds + made.excluded["seconds"]},
    )

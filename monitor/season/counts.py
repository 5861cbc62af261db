"""How many agencies stand how: by kind, against last week, and against the same day a year ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.standings.questions import StandingThen
from ledger.states import Standing
from monitor.calendar import SHANGHAI

KINDS = ("government", "department", "subdistrict", "town")
PUBLISHED = (Standing.ON_TIME, Standing.LATE, Standing.DATE_DISPUTED)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many agencies of one kind stand how; ``expected`` leaves out those that owe no report.

    ``week_ago`` is the same a week before, ``year_ago`` for the report year before on the same day a year before; each
    is None where nobody was watching then.
    """

    label: str
    expected: int
    published: int
    on_time: int
    late: int
    missing: int
    unverifiable: int
    disputed: int
    withdrawn: int
    pending: int
    week_ago: Counts | None = None
    year_ago: Counts | None = None

    @property
    def figures(self) -> tuple[int, ...]:
        """The figures as the table shows them: due, published, on time, late, missing, unverifiable, disputed."""
        return (
            self.expected,
            self.published,
            self.on_time,
            self.late,
            self.missing,
            self.unverifiable,
            self.disputed,
        )


def counts_of(label: str, standings: Sequence[StandingThen]) -> Counts:
    """Counts these agencies, whatever their kind."""

    def of(*wanted: Standing) -> int:
        return sum(row.standing in wanted for row in standings)

    return Counts(
        label=label,
        expected=len(standings) - of(Standing.EXEMPT),
        published=of(*PUBLISHED),
        on_time=of(Standing.ON_TIME),
        late=of(Standing.LATE),
        missing=of(Standing.MISSING),
        unverifiable=of(Standing.UNVERIFIABLE),
        disputed=of(Standing.DATE_DISPUTED),
        withdrawn=of(Standing.WITHDRAWN),
        pending=of(Standing.PENDING),
    )


def compared(
    label: str,
    kind: str | None,
    now: Sequence[StandingThen],
    week_ago: Sequence[StandingThen] | None,
    year_ago: Sequence[StandingThen] | None,
) -> Counts:
    """The agencies of a kind (all where it is None) now, and as they stood then; None where nobody was watching."""

    def of_kind(standings: Sequence[StandingThen] | None) -> Counts | None:
        if not standings:
            return None
        return counts_of(label, [row for row in standings if kind in (None, row.kind)])

    counted = counts_of(label, [row for row in now if kind in (None, row.kind)])
    return replace(counted, week_ago=of_kind(week_ago), year_ago=of_kind(year_ago))


def year_before(moment: datetime) -> datetime:
    """The same time of the same day in Shanghai a year before; 28 February for the 29th."""
    local = moment.astimezone(SHANGHAI)
    if (local.month, local.day) == (2, 29):
        local = local.replace(day=28)
    return local.replace(year=local.year - 1).astimezone(moment.tzinfo)

"""How many agencies stand how: by kind, against last week, and against the same day a year ago."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from config.time_zone import SHANGHAI
from ledger.standings.questions import StandingThen
from ledger.states import PUBLISHED, Standing

KINDS = ("government", "department", "subdistrict", "town")


@dataclass(frozen=True, slots=True)
class Count:
    """One figure of the weekly summary: how many agencies have one of ``standings``.

    ``heading`` stands over its column and before its number in a sentence, ``english`` behind its number. ``part_of``
    names the figure of which it is a part. ``in_table``: it has a column; ``colour``: of a number that is not 0 there.
    """

    name: str
    heading: str
    english: str
    standings: tuple[Standing, ...]
    part_of: str = ""
    in_table: bool = True
    colour: str = ""


# The only place where the figures of the weekly summary are defined: its table, its text, the short form for chat
# groups, the English lines and the curve are made from it. A column is added here, and a word changed.
COUNTS = (
    Count("expected", "应公布", "due", tuple(one for one in Standing if one is not Standing.EXEMPT)),
    Count("published", "已公布", "published", PUBLISHED),
    Count("on_time", "按时", "on time", (Standing.ON_TIME,), part_of="published"),
    Count("late", "逾期", "late", (Standing.LATE,), part_of="published", colour="#9a5b00"),
    Count("missing", "未公布", "overdue", (Standing.MISSING,), colour="#b42318"),
    Count("unverifiable", "未能核实", "not verifiable", (Standing.UNVERIFIABLE,)),
    Count("disputed", "日期待核", "with a disputed date", (Standing.DATE_DISPUTED,), part_of="published"),
    Count("withdrawn", "已撤下", "withdrawn", (Standing.WITHDRAWN,), in_table=False),
    Count("pending", "未到期", "not yet due", (Standing.PENDING,), in_table=False),
)
COLUMNS = tuple(one for one in COUNTS if one.in_table)
HEADINGS: Mapping[str, str] = {one.name: one.heading for one in COUNTS}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many agencies of one kind stand how: every figure of :data:`COUNTS` by its name, as ``counts["missing"]``.

    ``week_ago`` is the same a week before, ``year_ago`` for the report year before on the same day a year before; each
    is None where nobody was watching then.
    """

    label: str
    numbers: Mapping[str, int]
    week_ago: Counts | None = None
    year_ago: Counts | None = None

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    @property
    def figures(self) -> tuple[int, ...]:
        """The figures that have a column, in their order."""
        return tuple(self[one.name] for one in COLUMNS)

    @property
    def row(self) -> tuple[tuple[int, str], ...]:
        """The same, each with the colour of its number ("": as the others)."""
        return tuple((self[one.name], one.colour if self[one.name] else "") for one in COLUMNS)

    @property
    def sentence(self) -> str:
        """All figures in a Chinese sentence without its full stop."""
        return "，".join(self._clauses("{heading}{number}", "，", "（{}）"))

    @property
    def english(self) -> str:
        """All figures in an English sentence without its full stop."""
        return ", ".join(self._clauses("{number} {english}", ", ", " ({})"))

    def _clauses(self, clause: str, comma: str, brackets: str) -> Iterator[str]:
        def told(one: Count) -> str:
            return clause.format(heading=one.heading, english=one.english, number=self[one.name])

        for whole in COUNTS:
            parts = [told(one) for one in COUNTS if one.part_of == whole.name]
            if not whole.part_of:
                yield told(whole) + (brackets.format(comma.join(parts)) if parts else "")


def counts_of(label: str, standings: Sequence[StandingThen]) -> Counts:
    """Counts these agencies, whatever their kind."""
    return Counts(label, {one.name: sum(row.standing in one.standings for row in standings) for one in COUNTS})


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

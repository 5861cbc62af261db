"""Measures the indicators of a season from what the ledger holds: pure but for the questions at its beginning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ledger.reading.some_figures import Numbers, some_figures
from ledger.standings.accusations import Accusations, accusations_in
from ledger.standings.histories import History, report_histories
from ledger.states import Standing
from monitor.calendar import day_of, last_second_of
from monitor.season.clean import Shape, disputed_cells, documents_at, mending_by, shape_at
from monitor.season.counts import year_before
from monitor.season.indicators import DAYS_AFTER, INDICATORS, Compared, Indicators, LeftOut, Measured, Unit

GOVERNMENT = "government"
RECEIVED, CARRIED_IN, CARRIED_OUT = (f"requests.{row}.total" for row in ("received", "carried_in", "carried_out"))
DISPUTES = ("review", "litigation_direct", "litigation_after_review")
CORRECTED = tuple(f"{group}.corrected" for group in DISPUTES)
CONCLUDED = tuple(f"{group}.{result}" for group in DISPUTES for result in ("upheld", "corrected", "other"))
FIGURES = (RECEIVED, CARRIED_IN, CARRIED_OUT, *CONCLUDED)


@dataclass(frozen=True, slots=True)
class Told:
    """What the report of an agency says in figures: ``numbers`` are those that were read, ``disputed`` the cells with
    which something is wrong; ``left_out`` says why none of them can be relied on.
    """

    agency: str
    numbers: Numbers
    disputed: frozenset[str] = frozenset()
    left_out: LeftOut | None = None

    def why_not(self, keys: Sequence[str]) -> LeftOut | None:
        """Why some figures cannot be relied on; None where they can. What is no whole number is no count."""
        if self.left_out is not None:
            return self.left_out
        if self.disputed and not self.disputed.isdisjoint(keys):
            return LeftOut.DISPUTED
        for key in keys:
            value = self.numbers.get(key)
            if not isinstance(value, int) or value < 0:
                return LeftOut.UNREAD
        return None


@dataclass(frozen=True, slots=True)
class _Season:
    """One report year: by district and indicator what was measured, and what each agency received."""

    measured: Mapping[str, Mapping[str, Measured]]
    received: Mapping[str, Mapping[str, int]]


def indicators_of(session: Session, districts: Sequence[str], year: int, now: datetime) -> Indicators:
    """The indicators of a report year as they are known now, beside those of the year before a year ago."""
    here = _season(session, districts, year, now, now)
    before = _season(session, districts, year - 1, year_before(now), now)
    by_district = {
        district: _compared(
            here.measured.get(district, {}),
            before.measured.get(district),
            _same([here.received.get(district, {})], [before.received.get(district, {})]),
        )
        for district in districts
    }
    together = _compared(
        _sum(here.measured.values()),
        _sum(before.measured.values()) if before.measured else None,
        _same(here.received.values(), before.received.values()),
    )
    return Indicators(year, together, by_district)


def measure(
    owed: Sequence[History], told: Sequence[Told], said: Accusations | None, moment: datetime
) -> dict[str, Measured]:
    """Every indicator of some reports at a moment.

    ``told`` is what the reports say as it is known today, since that does not grow old; ``said`` what letters said.
    """
    mendings = [one for one in (mending_by(history, moment) for history in owed) if one is not None]
    known = [one for one in mendings if not one.untold]
    untold = _left(LeftOut.UNTOLD, len(mendings) - len(known))
    days = tuple(one.days for one in known if one.days is not None)
    said = said or Accusations(0, 0, 0)
    return {
        "on_time": _on_time(owed, moment),
        **{f"clean_{days}": _clean(owed, days, moment) for days in DAYS_AFTER},
        "corrected": Measured(len(days), len(known), left_out=untold),
        "days_to_clean": Measured(
            days=days, whole=len(days), left_out={**untold, **_left(LeftOut.NOT_YET, len(known) - len(days))}
        ),
        "taken_back": Measured(said.taken_back, said.told),
        "corrected_results": _of_figures(told, CORRECTED, CONCLUDED),
        "carried_over": _of_figures(told, (CARRIED_OUT,), (RECEIVED, CARRIED_IN)),
        "received": _received(told),
    }


def _season(session: Session, districts: Sequence[str], year: int, moment: datetime, now: datetime) -> _Season:
    said = accusations_in(session, districts, year, moment)
    owed: dict[str, list[History]] = {}
    for one in report_histories(session, districts, year).values():
        owed.setdefault(one.district, []).append(one)
    documents = {one.agency: documents_at(one, now) for of in owed.values() for one in of}
    numbers = some_figures(session, [sha256 for sha256, _ in documents.values() if sha256], FIGURES)
    told = {
        # A government's report gives the figures of all its agencies once more.
        district: [_told(one, *documents[one.agency], numbers, now) for one in of if one.kind != GOVERNMENT]
        for district, of in owed.items()
    }
    received = {
        district: {one.agency: int(one.numbers[RECEIVED]) for one in of if one.why_not((RECEIVED,)) is None}
        for district, of in told.items()
    }
    measured = {district: measure(of, told[district], said.get(district), moment) for district, of in owed.items()}
    return _Season(measured, received)


def _told(one: History, sha256: str | None, judged: bool, numbers: Mapping[str, Numbers], now: datetime) -> Told:
    if sha256 is None:
        return Told(one.agency, {}, left_out=LeftOut.ABSENT)
    own = numbers.get(sha256)
    if own is None or not judged:
        return Told(one.agency, {}, left_out=LeftOut.UNREAD)
    return Told(one.agency, own, disputed_cells(one, now))


def _on_time(owed: Iterable[History], moment: datetime) -> Measured:
    part = whole = 0
    left: Counter[LeftOut] = Counter()
    for one in owed:
        if one.due >= day_of(moment):
            left[LeftOut.NOT_DUE] += 1
        elif one.standing in (Standing.ON_TIME, Standing.LATE, Standing.MISSING):
            part, whole = part + (one.standing is Standing.ON_TIME), whole + 1
        else:
            left[LeftOut.UNTOLD] += 1
    return Measured(part, whole, left_out=left)


def _clean(owed: Iterable[History], days: int, moment: datetime) -> Measured:
    part = whole = 0
    left: Counter[LeftOut] = Counter()
    moments = {due: last_second_of(due + timedelta(days=days)) for due in {one.due for one in owed}}
    for one in owed:
        then = moments[one.due]
        if then > moment:
            left[LeftOut.NOT_DUE] += 1
            continue
        shape = shape_at(one, then)
        if shape in (Shape.CLEAN, Shape.WRONG):
            part, whole = part + (shape is Shape.CLEAN), whole + 1
        else:
            left[LeftOut.ABSENT if shape is Shape.ABSENT else LeftOut.UNTOLD] += 1
    return Measured(part, whole, left_out=left)


def _of_figures(told: Iterable[Told], part: Sequence[str], whole: Sequence[str]) -> Measured:
    """The sum of some figures ÷ that of others, of the reports in which all of them can be relied on."""
    a = b = 0
    left: Counter[LeftOut] = Counter()
    keys = tuple({*part, *whole})
    for one in told:
        why = one.why_not(keys)
        if why is not None:
            left[why] += 1
            continue
        a += int(sum(map(one.numbers.__getitem__, part)))
        b += int(sum(map(one.numbers.__getitem__, whole)))
    return Measured(a, b, left_out=left)


def _received(told: Iterable[Told]) -> Measured:
    total = reports = 0
    left: Counter[LeftOut] = Counter()
    for one in told:
        why = one.why_not((RECEIVED,))
        if why is None:
            total, reports = total + int(one.numbers[RECEIVED]), reports + 1
        else:
            left[why] += 1
    return Measured(total, reports, left_out=left)


def _compared(
    now: Mapping[str, Measured], before: Mapping[str, Measured] | None, same: tuple[int, int, int]
) -> dict[str, Compared]:
    return {
        one.key: Compared(
            now.get(one.key, Measured()),
            before.get(one.key) if before is not None else None,
            same if one.unit is Unit.SUM else (0, 0, 0),
        )
        for one in INDICATORS
    }


def _sum(measured: Iterable[Mapping[str, Measured]]) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    for of in measured:
        for key, one in of.items():
            found[key] = found.get(key, Measured()) + one
    return found


def _same(now: Iterable[Mapping[str, int]], before: Iterable[Mapping[str, int]]) -> tuple[int, int, int]:
    this = {agency: count for of in now for agency, count in of.items()}
    last = {agency: count for of in before for agency, count in of.items()}
    both = this.keys() & last.keys()
    return sum(this[one] for one in both), sum(last[one] for one in both), len(both)


def _left(why: LeftOut, count: int) -> dict[LeftOut, int]:
    return {why: count} if count else {}

"""What people read in cells where the machine read something else: kept beside its reading, in whose place it counts.

The rules see a report with them in it, so that what a person corrected once stays so through every later reading.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.insert import table_of
from ledger.models import ReadingCorrection, Version, Work
from ledger.one_of import one_of
from ledger.reading.work import retry
from ledger.states import WorkState
from report.figure import Confirmation, Figure, State
from report.report import Report

LONGEST_NUMBER = 20
# By document (sha256) and cell.
Corrections = Mapping[str, Mapping[str, ReadingCorrection]]
_CORRECTIONS = table_of(ReadingCorrection)
# Whole rows, which are put together only where there are any: seldom.
_OF_DOCUMENTS = select(_CORRECTIONS.c.id).where(one_of(_CORRECTIONS.c.sha256, "documents"))


class NoReading(ValueError):
    """What was given stands in no cell; ``str()`` is one sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class RightReading:
    """What stands in a cell of a form, by the cell's key; ``value`` is the number as written, None for other states."""

    cell: str
    state: State
    value: str | None

    @classmethod
    def given(cls, cell: str, written: str) -> RightReading:
        """From what a person types: a number, ``/``, ``-`` or nothing for a blank cell. Raises NoReading."""
        text = "".join(written.split())
        states = {"": State.BLANK, "/": State.SLASH, "-": State.DASH, "—": State.DASH}
        if text in states:
            return cls(cell, states[text], None)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not text.isascii() or not number.is_finite() or len(text) > LONGEST_NUMBER:
            raise NoReading(
                f"“{text[:LONGEST_NUMBER]}”不是数字；请填原件中的数字，原件为空的请留空，斜线填 /，横线填 -"
            )
        return cls(cell, State.NUMBER, text)


def keep_reading(
    session: Session, sha256: str, right: RightReading, *, finding: str, by: str, why: str, now: datetime
) -> None:
    """Adds a right reading of one cell of a document."""
    session.add(
        ReadingCorrection(
            sha256=sha256,
            cell=right.cell,
            state=right.state.value,
            value=right.value,
            finding=finding,
            said_by=by,
            said_at=now,
            why=why,
        )
    )


def take_back_readings(session: Session, finding: str, *, by: str, why: str, now: datetime) -> set[str]:
    """Takes back what was said with a finding; returns the documents (sha256) concerned."""
    last = _last(session.scalars(select(ReadingCorrection).where(ReadingCorrection.finding == finding)).all())
    taken = [one for of in last.values() for one in of.values() if one.state is not None]
    for one in taken:
        session.add(
            ReadingCorrection(
                sha256=one.sha256,
                cell=one.cell,
                state=None,
                value=None,
                finding=finding,
                said_by=by,
                said_at=now,
                why=why,
            )
        )
    return {one.sha256 for one in taken}


def corrections_of(session: Session, documents: Collection[str]) -> dict[str, dict[str, ReadingCorrection]]:
    """By document (sha256) and cell, what people read there and did not take back."""
    if not documents:
        return {}
    these = session.connection().execute(_OF_DOCUMENTS, {"documents": list(documents)}).scalars().all()
    if not these:
        return {}
    rows = session.scalars(select(ReadingCorrection).where(ReadingCorrection.id.in_(these))).all()
    found = {
        sha256: {cell: one for cell, one in of.items() if one.state is not None} for sha256, of in _last(rows).items()
    }
    return {sha256: of for sha256, of in found.items() if of}


def corrected(report: Report, corrections: Mapping[str, ReadingCorrection]) -> Report:
    """The report as people read it: their figures in place of the machine's, and no gap where they saw what stands."""
    if not corrections:
        return report
    figures = dict(report.figures)
    for cell, one in corrections.items():
        before = figures.get(cell)
        if before is not None:
            figures[cell] = _figure(before, one)
    gaps = (replace(gap, cells=tuple(cell for cell in gap.cells if cell not in corrections)) for gap in report.gaps)
    left = tuple(gap for gap, old in zip(gaps, report.gaps, strict=True) if gap.cells or not old.cells)
    return replace(report, figures=figures, gaps=left)


def check_again(session: Session, documents: Collection[str], now: datetime) -> int:
    """Has the rules run again on these documents by the workers; returns on how many versions."""
    last = (
        select(func.max(Work.id))
        .join(Version, Version.id == Work.version_id)
        .where(Version.sha256.in_(documents))
        .group_by(Work.version_id)
    )
    return len(retry(session, list(session.scalars(last)), now, WorkState.DONE))


def _figure(before: Figure, said: ReadingCorrection) -> Figure:
    state = State(said.state or State.UNREADABLE)
    value = None
    if state is State.NUMBER and said.value is not None:
        number = Decimal(said.value)
        value = int(number) if "." not in said.value and number == number.to_integral_value() else number
    return Figure(
        before.key,
        state,
        value,
        said.value or "",
        before.place,
        certain=True,
        confirmed_by=(Confirmation.PERSON,),
    )


def _last(rows: Collection[ReadingCorrection]) -> dict[str, dict[str, ReadingCorrection]]:
    found: dict[str, dict[str, ReadingCorrection]] = {}
    for row in sorted(rows, key=lambda one: one.id):
        found.setdefault(row.sha256, {})[row.cell] = row
    return found

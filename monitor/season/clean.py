"""Whether a report was free of errors at some moment, and how long it took to become so: told from its history.

What could not be told then is not called clean, and not called wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledger.standings.histories import UNREAD_RULE, Fault, History, ShownVersion
from ledger.states import FindingDecision, FindingState
from monitor.calendar import day_of


class Shape(StrEnum):
    """What a report was like at a moment. UNTOLD: it was there, and nobody could tell; ABSENT: it was not there yet."""

    CLEAN = "clean"
    WRONG = "wrong"
    UNTOLD = "untold"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Mending:
    """What became of the errors of one report by a moment; ``days`` from the first that was found to the last that
    went, None while one stands.
    """

    days: int | None
    untold: bool


def shape_at(history: History, moment: datetime) -> Shape:
    """What the report was like at a moment, by what is known today.

    An error that was never one (dismissed, misread, or gone without another version) does not count, whenever that came
    out. One that was found later in the very versions that stood there then makes it impossible to tell.
    """
    there = _there(history, moment)
    if not there:
        known = history.published is not None and history.published <= day_of(moment)
        return Shape.UNTOLD if known else Shape.ABSENT
    if not _all_judged(there, moment):
        return Shape.UNTOLD
    faults = [one for one in history.faults if not is_untrue(history, one)]
    if any(_stands(one, moment) and not _is_doubt(one) for one in faults):
        return Shape.WRONG
    if any(_stands(one, moment) or _was_there_before(history, one, moment) for one in faults):
        return Shape.UNTOLD
    return Shape.CLEAN


def mending_by(history: History, moment: datetime) -> Mending | None:
    """How the errors of a report that were found by a moment were put right; None where none was found."""
    faults = [one for one in history.faults if one.opened_at <= moment and not is_untrue(history, one)]
    errors = [one for one in faults if not _is_doubt(one)]
    if not errors:
        return None
    if not _all_judged(_there(history, moment), moment):
        return Mending(None, untold=True)
    if any(_stands(one, moment) for one in errors):
        return Mending(None, untold=False)
    if any(_stands(one, moment) for one in faults):
        return Mending(None, untold=True)
    first = min(one.opened_at for one in errors)
    last = max(one.resolved_at or moment for one in errors)
    return Mending((day_of(last) - day_of(first)).days, untold=False)


def documents_at(history: History, moment: datetime) -> tuple[str | None, bool]:
    """The sha256 of the newest document of a report that is there at a moment, and whether rules ran on all of it.

    None where nothing is there; "" for a report without a document.
    """
    there = _there(history, moment)
    if not there:
        return None, False
    newest = max(there, key=lambda one: one.id or 0)
    return newest.sha256 or "", _all_judged(there, moment)


def disputed_cells(history: History, moment: datetime) -> frozenset[str]:
    """The cells with which something is wrong at a moment, or that were not read for certain."""
    faults = (one for one in history.faults if _stands(one, moment) and not is_untrue(history, one))
    return frozenset(cell for one in faults for cell in one.cells)


def is_untrue(history: History, fault: Fault) -> bool:
    """Whether it was none: a person said so, or it went although the same documents stand there."""
    if fault.state is FindingState.DISMISSED:
        return True
    if fault.decision in (FindingDecision.DISMISS, FindingDecision.CORRECT):
        return True
    gone = fault.resolved_at
    if fault.state is not FindingState.RESOLVED or gone is None:
        return False
    return not any(
        one.id is not None and one.id > fault.version and one.first_seen_at <= gone for one in history.versions
    )


def _is_doubt(fault: Fault) -> bool:
    return fault.rule == UNREAD_RULE or fault.decision is FindingDecision.UNDECIDED


def _stands(fault: Fault, moment: datetime) -> bool:
    return fault.opened_at <= moment and (fault.resolved_at is None or fault.resolved_at > moment)


def _was_there_before(history: History, fault: Fault, moment: datetime) -> bool:
    """Whether it was found later, while the very versions stood there that stood there at the moment."""
    if fault.opened_at <= moment:
        return False
    return not any(moment < one.first_seen_at <= fault.opened_at for one in history.versions)


def _there(history: History, moment: datetime) -> list[ShownVersion]:
    """The newest version of each place of the report that was seen and not taken down."""
    newest: dict[object, ShownVersion] = {}
    for one in history.versions:
        if one.first_seen_at <= moment and (one.withdrawn_at is None or one.withdrawn_at > moment):
            newest[one.article, one.role] = one
    return list(newest.values())


def _all_judged(there: Sequence[ShownVersion], moment: datetime) -> bool:
    """Whether something was judged, and nothing waits; what was given up beside it is told as X01."""
    judged = False
    for one in there:
        if one.judged_at is not None and one.judged_at <= moment:
            judged = True
        elif one.unreadable_at is None or one.unreadable_at > moment:
            return False
    return judged

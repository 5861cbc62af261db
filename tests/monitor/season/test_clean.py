"""Whether a report was free of errors on a day: what could not be told then is neither clean nor wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.standings.histories import Fault, History, ShownVersion
from ledger.states import FindingDecision, FindingState, Standing, VersionRole
from monitor.season.clean import Mending, Shape, is_untrue, mending_by, shape_at
from tests.monitor.factory import at

FIRST = ShownVersion(1, "first", 10, VersionRole.BODY, at("2024-01-20"), None, at("2024-01-20 13:00"), None)
SECOND = replace(FIRST, id=2, first_seen_at=at("2024-02-10"), judged_at=at("2024-02-10 13:00"))
UNJUDGED = replace(SECOND, judged_at=None)
ATTACHED = replace(SECOND, id=3, role=VersionRole.ATTACHMENT, judged_at=None)
STANDS = Fault("T05", 1, ("requests.received.total",), at("2024-01-20 13:00"), None, FindingState.OPEN, None)
MENDED = replace(STANDS, state=FindingState.RESOLVED, resolved_at=at("2024-02-10 13:00"))
DISMISSED = replace(STANDS, state=FindingState.DISMISSED, decision=FindingDecision.DISMISS)
UNDECIDED = replace(STANDS, state=FindingState.ACKNOWLEDGED, decision=FindingDecision.UNDECIDED)
UNREAD = replace(STANDS, rule="X01")
LATER = replace(STANDS, opened_at=at("2024-02-05"))


def history(*parts: ShownVersion | Fault, published: date | None = date(2024, 1, 20)) -> History:
    versions = [one for one in parts if isinstance(one, ShownVersion)]
    faults = [one for one in parts if isinstance(one, Fault)]
    owed = (date(2024, 1, 31), Standing.ON_TIME, published)
    return History("yunshan-culture", "department", "云山区", *owed, versions, faults)


@pytest.mark.parametrize(
    ("parts", "in_january", "in_february"),
    [
        ((FIRST,), Shape.CLEAN, Shape.CLEAN),
        ((FIRST, STANDS), Shape.WRONG, Shape.WRONG),
        ((FIRST, SECOND, MENDED), Shape.WRONG, Shape.CLEAN),
        # Gone although nothing else stands there: it was none.
        ((FIRST, MENDED), Shape.CLEAN, Shape.CLEAN),
        ((FIRST, DISMISSED), Shape.CLEAN, Shape.CLEAN),
        ((FIRST, UNDECIDED), Shape.UNTOLD, Shape.UNTOLD),
        ((FIRST, UNREAD), Shape.UNTOLD, Shape.UNTOLD),
        ((FIRST, UNREAD, STANDS), Shape.WRONG, Shape.WRONG),
        # Found later in the version that stood there in January already.
        ((FIRST, LATER), Shape.UNTOLD, Shape.WRONG),
        # Found in a version that came later: the one before had none.
        ((FIRST, SECOND, replace(STANDS, version=2, opened_at=at("2024-02-10 13:00"))), Shape.CLEAN, Shape.WRONG),
        # What stands there now was not read: nobody knows whether the error is still in it.
        ((FIRST, UNJUDGED, STANDS), Shape.WRONG, Shape.UNTOLD),
        ((FIRST, ATTACHED), Shape.CLEAN, Shape.UNTOLD),
        ((SECOND,), Shape.UNTOLD, Shape.CLEAN),
        ((replace(FIRST, withdrawn_at=at("2024-02-01")),), Shape.CLEAN, Shape.UNTOLD),
        ((replace(FIRST, id=None, role=None, judged_at=None),), Shape.UNTOLD, Shape.UNTOLD),
        ((), Shape.UNTOLD, Shape.UNTOLD),
    ],
)
def test_the_shape_of_a_report_on_a_day(
    parts: tuple[ShownVersion | Fault, ...], in_january: Shape, in_february: Shape
) -> None:
    one = history(*parts)
    assert (shape_at(one, at("2024-01-25")), shape_at(one, at("2024-02-20"))) == (in_january, in_february)


def test_a_report_that_was_not_published_yet_is_no_report() -> None:
    late = history(SECOND, published=date(2024, 2, 10))
    assert shape_at(late, at("2024-02-07")) is Shape.ABSENT
    assert shape_at(history(published=None), at("2024-02-07")) is Shape.ABSENT


@pytest.mark.parametrize(
    ("parts", "mending"),
    [
        ((FIRST,), None),
        ((FIRST, DISMISSED), None),
        ((FIRST, UNREAD), None),
        ((FIRST, STANDS), Mending(None, untold=False)),
        ((FIRST, SECOND, MENDED), Mending(21, untold=False)),
        ((FIRST, SECOND, MENDED, replace(STANDS, rule="T08", version=2)), Mending(None, untold=False)),
        ((FIRST, UNJUDGED, STANDS), Mending(None, untold=True)),
        ((FIRST, SECOND, MENDED, replace(UNDECIDED, version=2)), Mending(None, untold=True)),
        ((FIRST, SECOND, MENDED, replace(UNREAD, version=2)), Mending(None, untold=True)),
    ],
)
def test_how_long_errors_stood(parts: tuple[ShownVersion | Fault, ...], mending: Mending | None) -> None:
    assert mending_by(history(*parts), at("2024-03-20")) == mending


def test_a_misreading_was_never_an_error() -> None:
    misread = replace(STANDS, state=FindingState.RESOLVED, decision=FindingDecision.CORRECT)
    misread = replace(misread, resolved_at=at("2024-02-20"))
    assert is_untrue(history(FIRST, SECOND, misread), misread)
    assert not is_untrue(history(FIRST, SECOND, MENDED), MENDED)

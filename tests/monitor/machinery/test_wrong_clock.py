"""A monitor on a machine whose clock is wrong judges by the ledger's clock, and says that its own is wrong."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config.settings import load_settings
from ledger.models import Incident, Obligation, StandingRow
from ledger.states import IncidentKind, Standing
from monitor.calendar import day_of
from monitor.machinery.vital import Vital
from monitor.turns import Turns
from tests.mailing import open_mailing_ledger


@pytest.mark.parametrize("wrong_by", [timedelta(days=400), timedelta(days=-400), timedelta(hours=8)])
def test_a_wrong_clock_accuses_nobody(
    home: Path, postgres_address: str, monkeypatch: pytest.MonkeyPatch, wrong_by: timedelta
) -> None:
    monkeypatch.setenv("NIANBAO_DATABASE_URL", postgres_address)
    settings = load_settings(bad_looks_before_alert=1)
    with closing(open_mailing_ledger(settings)) as ledger:
        for _ in range(2):
            Turns(settings, ledger, Vital()).take(datetime.now(UTC) + wrong_by)
        with ledger.read() as session:
            told = session.scalars(select(Incident).where(Incident.kind == IncidentKind.CLOCK_WRONG)).all()
            opened = session.scalars(select(Incident.opened_at)).all()
            standings = {(row.agency, row.year): row.standing for row in session.scalars(select(StandingRow))}
            owed = session.scalars(select(Obligation)).all()
    today = day_of(datetime.now(UTC))
    not_yet_due = [row for row in owed if row.due >= today]
    assert all(standings[row.agency, row.year] is Standing.PENDING for row in not_yet_due)
    # The year that is running is owed next year at the earliest.
    assert not [row for row in owed if row.year > today.year]
    assert [row.year for row in owed if row.year == today.year - 1]
    assert all(abs(moment - datetime.now(UTC)) < timedelta(hours=1) for moment in opened)
    (skew,) = [row for row in told if row.subject.startswith("skew:")]
    assert ("它快了" if wrong_by > timedelta() else "它慢了") in skew.sentence

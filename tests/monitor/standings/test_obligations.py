"""Nobody owes anything that no office asked for; whoever is watched owes from the day the season begins."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import or_, select

from config.in_force import load_register
from config.settings import Settings
from config.time_zone import SHANGHAI
from config.yaml_file import PACKAGED
from ledger.database import Ledger
from ledger.models import Obligation
from monitor.standings.obligations import update_obligations

NEW_YEAR = datetime(2026, 1, 1, 0, 0, tzinfo=SHANGHAI)
NEW_YEARS_EVE = datetime(2025, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)


def switch_on_chaoyang(home: Path) -> None:
    shipped = (PACKAGED / "portals" / "chaoyang.yaml").read_text(encoding="utf-8")
    folder = home / "config" / "portals"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chaoyang.yaml").write_text(shipped.replace("paused: true", "paused: false"), encoding="utf-8")


def owed(ledger: Ledger) -> list[Obligation]:
    """What the agencies of the shipped registers owe."""
    shipped = or_(Obligation.agency.startswith("chaoyang-"), Obligation.agency.startswith("dongcheng-"))
    with ledger.read() as session:
        return list(session.scalars(select(Obligation).where(shipped)))


def test_the_districts_that_are_shipped_owe_nothing_until_an_office_switches_one_on(
    settings: Settings, ledger: Ledger
) -> None:
    update_obligations(ledger, load_register(settings.home), NEW_YEAR)
    assert owed(ledger) == []
    switch_on_chaoyang(settings.home)
    update_obligations(ledger, load_register(settings.home), NEW_YEAR)
    assert {(row.year, row.due) for row in owed(ledger)} == {(2025, date(2026, 1, 31))}
    assert len(owed(ledger)) == 43
    assert update_obligations(ledger, load_register(settings.home), NEW_YEAR) == 0


def test_a_season_begins_with_the_year_in_shanghai(settings: Settings, ledger: Ledger) -> None:
    switch_on_chaoyang(settings.home)
    update_obligations(ledger, load_register(settings.home), NEW_YEARS_EVE)
    assert owed(ledger) == []
    update_obligations(ledger, load_register(settings.home), NEW_YEAR)
    assert len(owed(ledger)) == 43

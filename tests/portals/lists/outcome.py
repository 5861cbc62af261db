"""Crawls made-up portals on two days after the due date, and says what became of each agency and of each look."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import select

from config.in_force import load_register
from config.settings import Settings
from crawler.rounds.loop import tick
from ledger.database import open_ledger
from ledger.models import Look
from ledger.standings.questions import standings_at
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.crawler.times import shanghai
from tests.portals.lists.plan import YEAR
from tests.portals.lists.serving import ListPortal, ListServer, write_office

LOOKS = (shanghai(2026, 2, 5, 9), shanghai(2026, 2, 6, 9))
JUDGED_AT = shanghai(2026, 2, 6, 10)
# Nobody is held back because many are missing at once: each is judged by its own portal.
EVERYBODY = 1.0


@dataclass(frozen=True)
class Outcome:
    """The standing of each agency with its sentence, and the sentence of the last look at each portal."""

    standings: Mapping[str, tuple[str, str]]
    looks: Mapping[str, str]
    server: ListServer

    def of(self, portal: ListPortal) -> dict[str, str]:
        """The standings of one portal's agencies."""
        return {agency: self.standings[agency][0] for agency in portal.district.units}


def crawl_and_judge(settings: Settings, portals: Mapping[str, ListPortal]) -> Outcome:
    """Two rounds over all portals, a day apart, and the standings after them."""
    with ListServer(portals) as server, closing(open_ledger(settings)) as ledger:
        write_office(settings.home, portals, server.addresses)
        for moment in LOOKS:
            tick(settings, ledger, moment)
        register = load_register(settings.home)
        update_obligations(ledger, register, JUDGED_AT)
        update_standings(ledger, register, JUDGED_AT, share=EVERYBODY)
        with ledger.read() as session:
            rows = standings_at(session, years=[YEAR])
            looks = session.execute(select(Look).order_by(Look.id)).scalars().all()
            return Outcome(
                {row.agency: (row.standing.value, row.sentence) for row in rows},
                {look.portal: f"{look.found.value} {look.complete} {look.sentence}" for look in looks},
                server,
            )

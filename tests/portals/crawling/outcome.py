"""Crawls cases on two days after the due date, and says how their agencies stand then."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

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
from tests.portals.crawling.serving import Case, CaseServer, write_offices

LOOKS = (shanghai(2026, 2, 5, 9), shanghai(2026, 2, 6, 9))
JUDGED_AT = shanghai(2026, 2, 6, 10)
# Nobody is held back because many are missing at once: each is judged by its own portal.
EVERYBODY = 1.0
Outcome = dict[str, list[tuple[str, str]]]


def outcome_of(cases: Mapping[str, Case], home: Path) -> Outcome:
    """The standings of each case's agencies, in order; and what its last look says."""
    settings = Settings(home=home, allow_private_addresses=True, fetch_timeout_seconds=5)
    servers = {name: CaseServer(case) for name, case in cases.items()}
    write_offices(home, servers)
    with closing(open_ledger(settings)) as ledger:
        for moment in LOOKS:
            tick(settings, ledger, moment)
        register = load_register(home)
        update_obligations(ledger, register, JUDGED_AT)
        update_standings(ledger, register, JUDGED_AT, share=EVERYBODY)
        with ledger.read() as session:
            found = {row.agency: (row.standing.value, row.sentence) for row in standings_at(session, years=[2025])}
            looks = {look.portal: look for look in session.scalars(select(Look).order_by(Look.id))}
    for server in servers.values():
        server.shutdown()
        server.server_close()
    return {
        name: [
            (found[f"{name}-{n}"][0], f"{found[f'{name}-{n}'][1]} | {looks[name].sentence}")
            for n in range(len(case.agencies))
        ]
        for name, case in cases.items()
    }

"""Ordinary list pages, odd servers: nobody is accused because a list was not understood."""

from __future__ import annotations

from contextlib import closing

import pytest
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
from tests.portals.crawling.cases import cases
from tests.portals.crawling.serving import CaseServer, write_offices

CASES = dict(cases())
LOOKS = (shanghai(2026, 2, 5, 9), shanghai(2026, 2, 6, 9))
JUDGED_AT = shanghai(2026, 2, 6, 10)
Outcome = dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The standings of each case's four agencies, after two rounds over all of them; and what the last look says."""
    home = tmp_path_factory.mktemp("cases")
    settings = Settings(home=home, allow_private_addresses=True, fetch_timeout_seconds=5)
    servers = {name: CaseServer(case) for name, case in CASES.items()}
    write_offices(home, servers)
    with closing(open_ledger(settings)) as ledger:
        for moment in LOOKS:
            tick(settings, ledger, moment)
        register = load_register(home)
        update_obligations(ledger, register, JUDGED_AT)
        update_standings(ledger, register, JUDGED_AT)
        with ledger.read() as session:
            found = {row.agency: (row.standing.value, row.sentence) for row in standings_at(session, years=[2025])}
            looks = {look.portal: look for look in session.scalars(select(Look).order_by(Look.id))}
    for server in servers.values():
        server.shutdown()
        server.server_close()
    return {
        name: [(found[f"{name}-{n}"][0], f"{found[f'{name}-{n}'][1]} | {looks[name].sentence}") for n in range(4)]
        for name in CASES
    }


@pytest.mark.parametrize("name", CASES)
def test_nobody_is_accused_who_is_listed_in_time(outcome: Outcome, name: str) -> None:
    standings = [standing for standing, _ in outcome[name]]
    assert not {"missing", "late"} & set(standings), outcome[name]


@pytest.mark.parametrize("name", CASES)
def test_what_a_person_can_read_is_read(outcome: Outcome, name: str) -> None:
    """``*`` stands where a server's answer is broken, and a person could or could not read it."""
    for (standing, sentence), wanted in zip(outcome[name], CASES[name].truth, strict=True):
        assert wanted in ("*", standing), f"{CASES[name].note}: {sentence}"

"""The crawler's role: claims the portals that are due, and runs a round of them; again and again."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from config.agencies import load_districts
from config.portals import load_portals
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler import claims
from crawler.result import RoundResult
from crawler.round import check_portal, run_round
from ledger.database import Ledger
from ledger.pulse import beat
from ledger.states import RoundState

POLL_SECONDS = 20.0
log = logging.getLogger("nianbao.crawler")


def check_files(settings: Settings) -> None:
    """Raises ConfigurationError where a portal file, an agency register, or what one says of the other is wrong."""
    districts = load_districts(settings.home)
    for portal in load_portals(settings.home).values():
        if not portal.paused:
            check_portal(portal, districts)


def tick(
    settings: Settings, ledger: Ledger, now: datetime, *, stop: threading.Event | None = None
) -> list[RoundResult]:
    """One turn of the loop at the season's time ``now``: a round over every portal that is due, if any is.

    1. The portal files are brought into the ledger. 2. What is due is claimed (one conditional UPDATE a portal).
    3. One round runs over all of it, in a process of its own. 4. The claims are given back, with the next due time.
    Returns a result for each portal of the round. Raises ConfigurationError where a file is wrong.
    """
    files = load_portals(settings.home)
    claims.keep_register(ledger, files, now)
    name = claims.crawler_name()
    due = claims.claim_due(ledger, files, name, now)
    if not due:
        return []
    results: list[RoundResult] = []
    try:
        results = run_round(settings, due, now, stop=stop)
    finally:
        # Whatever happened, nobody keeps a portal that is not being looked at.
        ended = {result.portal for result in results}
        lost = [RoundResult(portal, RoundState.FAILED, None, "") for portal in due if portal not in ended]
        claims.release(settings, ledger, [*results, *lost], name, now)
    for result in results:
        log.info("门户 %s：%s", result.portal, result.sentence)
    return results


def run(settings: Settings, ledger: Ledger, stop: threading.Event) -> None:
    """The endless loop in real time, until ``stop`` is set. A wrong file is said once a turn and does not end it."""
    check_files(settings)
    name = claims.crawler_name()
    while not stop.is_set():
        now = datetime.now(UTC)
        with ledger.write() as session:
            beat(session, "crawler", name, now)
        try:
            tick(settings, ledger, now, stop=stop)
        except ConfigurationError as error:
            log.error("%s", error)
        stop.wait(POLL_SECONDS)

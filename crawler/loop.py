"""The crawler's role: claims the portals that are due, and runs a round of them; again and again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from config.agencies import load_districts
from config.portals import PortalFile, load_portals
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler import claims
from crawler.result import RoundResult
from crawler.round import check_portal, make_order, run_round
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
    return _claimed_round(settings, ledger, load_portals(settings.home), now, even_if_not_due=False, stop=stop)


def crawl_now(settings: Settings, ledger: Ledger, portal_ids: Sequence[str], at: datetime) -> list[RoundResult]:
    """One round over the portals named (none named: all that are switched on), whether they are due or not.

    Portals that are switched off or in another crawler's hands are left out of the results.
    Raises ConfigurationError where a file is wrong, UnknownPortalError where a portal has none.
    """
    order = make_order(settings, portal_ids or list(load_portals(settings.home)), at)
    files = {portal.portal: portal for portal in order.portals}
    return _claimed_round(settings, ledger, files, at, even_if_not_due=True, stop=None)


def _claimed_round(
    settings: Settings,
    ledger: Ledger,
    files: Mapping[str, PortalFile],
    now: datetime,
    *,
    even_if_not_due: bool,
    stop: threading.Event | None,
) -> list[RoundResult]:
    claims.keep_register(ledger, files, now)
    name = claims.crawler_name()
    due = claims.claim_due(ledger, files, name, now, even_if_not_due=even_if_not_due)
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
        beat(ledger, "crawler", name, now)
        try:
            tick(settings, ledger, now, stop=stop)
        except ConfigurationError as error:
            log.error("%s", error)
        stop.wait(POLL_SECONDS)

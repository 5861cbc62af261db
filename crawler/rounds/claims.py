"""Which portals are due, and who has them: claims are conditional updates, so several crawlers share the portals."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from config.in_force import load_register
from config.portals import PortalFile
from config.season_pace import usual_pause
from config.settings import Settings
from crawler.storing.result import RoundResult
from ledger.crawling import portals
from ledger.database import Ledger
from ledger.machinery.heartbeat import silent_after
from ledger.models import PortalRow
from ledger.states import PortalState, RoundFailure

_MOST_DOUBLINGS = 8
PAUSED_BY_FILE = "门户文件写明 paused: true"


def crawler_name() -> str:
    """The name of this process as a crawler: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def keep_register(ledger: Ledger, files: Mapping[str, PortalFile], now: datetime) -> None:
    """Brings the portal register into the ledger.

    A portal that its file switches on gets a row. One that its file switches off gets none, so that nothing is said of
    portals that nobody asked for; if it was watched before it is paused, until the file switches it on again.
    """
    with ledger.write() as session:
        for portal in files.values():
            row = session.get(PortalRow, portal.portal)
            if row is None:
                if not portal.paused:
                    portals.keep_portal(session, portal.portal, now)
            elif portal.paused and row.paused_reason is None:
                portals.pause(session, portal.portal, PAUSED_BY_FILE, now)
            elif not portal.paused and row.paused_reason == PAUSED_BY_FILE:
                portals.resume(session, portal.portal, now)


def claim_due(
    settings: Settings,
    ledger: Ledger,
    files: Mapping[str, PortalFile],
    claimed_by: str,
    now: datetime,
    *,
    most: int | None = None,
) -> list[str]:
    """Claims the portals of ``files`` that are due and switched on, at most ``most``; returns their ids.

    The one that has waited longest comes first. A claim holds for as long as a crawler may be without a heartbeat, and
    :func:`keep` renews it while the round runs: the next crawler takes over from one that died as soon as that one is
    called silent.
    """
    with ledger.read() as session:
        due = [name for name in portals.due_portals(session, now) if name in files]
    return _claim(settings, ledger, files, due, claimed_by, now, most=most, even_if_not_due=False)


def claim_now(
    settings: Settings, ledger: Ledger, files: Mapping[str, PortalFile], claimed_by: str, now: datetime
) -> list[str]:
    """Claims every portal of ``files`` that is switched on and free, due or not; returns their ids, sorted."""
    return _claim(settings, ledger, files, sorted(files), claimed_by, now, most=None, even_if_not_due=True)


def _claim(
    settings: Settings,
    ledger: Ledger,
    files: Mapping[str, PortalFile],
    names: Iterable[str],
    claimed_by: str,
    now: datetime,
    *,
    most: int | None,
    even_if_not_due: bool,
) -> list[str]:
    claimed: list[str] = []
    until = now + silent_after(settings)
    with ledger.write() as session:
        for name in names:
            if most is not None and len(claimed) >= most:
                break
            if not files[name].paused and portals.claim(
                session, name, claimed_by, now, until, even_if_not_due=even_if_not_due
            ):
                claimed.append(name)
    return claimed


def keep(settings: Settings, ledger: Ledger, claimed: Collection[str], claimed_by: str, now: datetime) -> None:
    """Renews the claims on portals whose round goes on; one that another crawler took meanwhile stays there."""
    for portal in claimed:
        # Each in a transaction of its own: the round itself writes about several of them in one, in its own order.
        with ledger.write() as session:
            portals.keep_claim(session, portal, claimed_by, now + silent_after(settings))


def release(settings: Settings, ledger: Ledger, results: Iterable[RoundResult], claimed_by: str, now: datetime) -> None:
    """Gives the portals of a round back, each due again by how it was found."""
    register = load_register(settings.home)
    with ledger.write() as session:
        for result in results:
            row = session.get_one(PortalRow, result.portal)
            requests = result.figures.get("requests", 0)
            usual = usual_pause(settings, register, result.portal, now, requests)
            pause = pause_after(settings, result, row.failures, usual)
            looked_at = None if result.failure is RoundFailure.STOPPED else now
            portals.release(session, result.portal, claimed_by, now + pause, looked_at)


def pause_after(settings: Settings, result: RoundResult, failures: int, usual: timedelta) -> timedelta:
    """How long a portal is left in peace: the usual interval, or after a failure less, doubled with each in a row.

    One whose round was broken off because the service stops is due at once.
    """
    if result.failure is RoundFailure.STOPPED:
        return timedelta()
    if result.found is PortalState.HEALTHY:
        return usual
    retry = timedelta(minutes=settings.crawl_retry_minutes)
    doublings = min(max(failures - 1, 0), _MOST_DOUBLINGS)
    asked = timedelta(seconds=result.figures.get("retry_after", 0))
    # Who does not answer is not asked the more often because it is the season.
    longest = timedelta(hours=settings.crawl_interval_hours)
    return max(asked, min(longest, retry * (1 << doublings)))

"""One run: a season under fire, then calm, then the day after the due date; what does not hold is returned."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from pathlib import Path
from random import Random

import yaml
from sqlalchemy import select

import crawler.rounds.loop
import monitor.loop
from cli.demo.server import PortalServer
from config.settings import Settings, load_settings
from config.time_zone import SHANGHAI
from ledger.archive import open_archive
from ledger.database import Ledger, make_engine
from ledger.models import Notice, PortalRow, Work
from ledger.reading.work import unfinished
from ledger.states import NoticeState, PortalState, WorkState
from monitor.calendar import day_of
from tests.chaos import invariants
from tests.chaos.clocks import Clocks
from tests.chaos.faults import BETWEEN_STEPS, World
from tests.chaos.fire import Fire, open_clocks
from tests.chaos.hostile import HostilePortal
from tests.chaos.proxy import line_to
from tests.chaos.roles import Roles
from tests.chaos.season import HOSTILE, Season
from tests.chaos.servers import Broker, Disk, MailServer, database
from tests.mailing import start_mail
from workers.dispatch import send_overdue

SETTLE_SECONDS = 120.0
READ_SECONDS = 240.0
MOST_LOOKS = 8
# Of simulated time, for a mail that waits for its next attempt.
OUTBOX_HOURS = 72


@dataclass(frozen=True)
class Outcome:
    """What a run was like. ``wrong_clocks`` says whether this machine could set them wrong."""

    violations: list[str]
    faults: Counter[str]
    fates: Counter[str]
    documents: int
    mails: int
    doubled_mails: int
    settled_after: float
    wrong_clocks: bool


def run(
    seed: int,
    minutes: float,
    folder: Path,
    say: Callable[[str], None],
    portals: int = 6,
    agencies: int = 16,
    *,
    plant: str | None = None,
    calm: bool = False,
) -> Outcome:
    """Lives through the season of a seed for so many minutes of real time, in an empty folder.

    ``plant`` names a bug (tests/chaos/plants.py) that the roles run with; ``calm``: nothing goes wrong.
    """
    season = Season(seed, day_of(datetime.now(UTC)), portals, agencies)
    with ExitStack() as running:
        world, settings, ledger = _build(running, season, folder, plant)
        fire = Fire(Random(seed), world, ledger, minutes * 60, say)
        wrong = [] if calm else fire.burn()
        if calm:
            fire.only_wait()
        _show(world, 1.0)
        if world.roles.clocks_can_be_wrong and not calm:
            wrong += fire.wrong_clock()
        # What is broken anew at every look would be read for ever.
        world.hostile.fall_silent()
        if not calm:
            _wait_for_the_portals(world, ledger, datetime.now(UTC))
            gone_at = datetime.now(UTC)
            wrong += fire.network_gone()
        settled_after = _settle(world, ledger, say)
        with ledger.read() as session:
            wrong += invariants.before_the_due_date(session)
            wrong += invariants.clocks(session, fire.happened)
            if not calm:
                wrong += invariants.network(session, gone_at)
        for role in (*world.roles.of("crawler"), *world.roles.of("monitor")):
            role.hold_down()
        _the_day_after(world, settings, ledger, say)
        world.roles.hold_down()
        archive = open_archive(settings)
        with ledger.read() as session, world.broker.client() as client:
            wrong += invariants.readings(session, season, archive)
            wrong += invariants.standings(session, season)
            wrong += invariants.findings(session, season)
            wrong += invariants.mails(session, world.mail, fire.happened)
            wrong += invariants.hostile(session, season)
            wrong += invariants.queue(session, client)
            documents = len(session.scalars(select(Work.id).where(Work.state == WorkState.DONE)).all())
        killed = fire.drawn["killed"] + fire.drawn[BETWEEN_STEPS]
        wrong += invariants.archive(ledger, archive, season, killed)
        wrong += invariants.logs(world.database.log, [role.log for role in world.roles.all])
        return Outcome(
            wrong,
            fire.drawn,
            invariants.of_fate(season),
            documents,
            len(world.mail.messages()),
            invariants.doubled_mails(world.mail),
            settled_after,
            world.roles.clocks_can_be_wrong,
        )


def _build(running: ExitStack, season: Season, folder: Path, plant: str | None) -> tuple[World, Settings, Ledger]:
    home = folder / "home"
    home.mkdir(parents=True)
    disk = Disk(folder / "archive")
    running.callback(disk.close)
    portals = running.enter_context(PortalServer(season.sites(), season.today))
    base = running.enter_context(database())
    ledger = Ledger(make_engine(base.direct))
    running.callback(ledger.close)
    start_mail(ledger)
    lines = {portal: running.enter_context(line_to(address)) for portal, address in portals.addresses.items()}
    addresses = {portal: f"http://127.0.0.1:{line.port}" for portal, line in lines.items()}
    hostile = running.enter_context(HostilePortal(season.seed, season))
    mail = running.enter_context(MailServer(folder / "inbox", partial(invariants.is_known, ledger)))
    broker = Broker(folder / "broker")
    broker.start()
    running.callback(broker.stop)
    running.enter_context(broker.proxy)
    season.write_office(home, addresses | {HOSTILE: hostile.address})
    more = {
        "database_url": base.address,
        "broker_url": broker.address,
        "archive_url": f"file://{disk.folder}",
        "smtp_host": mail.host,
        "smtp_port": mail.proxy.port,
        "mail_domain": "nianbao.example",
        "contact": "webmaster@nianbao.example",
        "allow_private_addresses": True,
        "crawl_interval_hours": 0.002,
        "crawl_retry_minutes": 0.05,
        "fetch_timeout_seconds": 4,
        "crawl_limit_minutes": 1,
        "smtp_timeout_seconds": 3,
        # Longer than the broker takes to bring back what a killed process had in hand (reader_kill.py).
        "lost_after_minutes": 0.5,
        "silent_after_minutes": 0.2,
        # Whoever is killed so often is not the document's fault.
        "read_attempts": 100,
        "read_timeout_seconds": 30,
        "heartbeat_seconds": 2,
    }
    (home / "settings.yaml").write_text(yaml.safe_dump(more), encoding="utf-8")
    clocks = Clocks(folder / "clocks")
    roles = running.enter_context(Roles(home, clocks, crawlers=2, workers=2, monitors=2, plant=plant))
    settings = load_settings(home=home)
    return World(season, portals, lines, hostile, base, broker, mail, disk, roles), settings, ledger


def _show(world: World, share: float) -> None:
    world.season.share = share
    world.portals.today = world.season.today


def _wait_for_the_portals(world: World, ledger: Ledger, since: datetime) -> None:
    """Until every honest portal was looked at and is well: what was broken before is no part of what comes next."""
    begun = time.monotonic()
    while time.monotonic() - begun < SETTLE_SECONDS:
        with ledger.read() as session:
            rows = {row.portal: row for row in session.scalars(select(PortalRow))}
        if all(
            portal in rows and rows[portal].state is PortalState.HEALTHY and _since(rows[portal].last_round_at, since)
            for portal in world.season.plans
        ):
            return
        time.sleep(0.5)


def _settle(world: World, ledger: Ledger, say: Callable[[str], None]) -> float:
    """Waits until the roles have read and looked at all; says how long that took. What never ends is seen later."""
    begun = time.monotonic()
    looked = datetime.now(UTC)
    while (elapsed := time.monotonic() - begun) < SETTLE_SECONDS:
        with ledger.read() as session:
            reading = unfinished(session)
            wrong_clocks = len(open_clocks(session))
            waiting = len(session.scalars(select(Notice.id).where(Notice.state != NoticeState.SENT)).all())
            looked_at = {row.portal for row in session.scalars(select(PortalRow)) if _since(row.last_round_at, looked)}
            behind = sorted(world.season.plans.keys() - looked_at)
        # A mail that was refused may wait for minutes: the hours of the day after are there for that.
        if not reading and not behind and not wrong_clocks:
            break
        time.sleep(0.5)
    say(
        f"settled after {elapsed:.0f} s: {reading} to read, {waiting} to send, {wrong_clocks} clocks wrong, "
        f"not looked at: {behind}"
    )
    return elapsed


def _since(moment: datetime | None, looked: datetime) -> bool:
    return moment is not None and moment >= looked


def _the_day_after(world: World, settings: Settings, ledger: Ledger, say: Callable[[str], None]) -> None:
    """Looks after the due date until two that went well are as far apart as a proof takes, and the monitor's turns
    until every mail is out. A round that comes to the end of its time proves nothing.
    """
    season = world.season
    _show(world, 3.0)
    now = datetime.combine(season.after, time_of_day(9), SHANGHAI).astimezone(UTC)
    went_well: list[datetime] = []
    for _look in range(MOST_LOOKS):
        results = crawler.rounds.loop.tick(settings, ledger, now)
        _finish_reading(settings, ledger, now)
        monitor.loop.tick(settings, ledger, now)
        seen = {one.portal for one in results if one.failure is None and all(look.complete for look in one.looks)}
        if seen >= season.plans.keys():
            went_well.append(now)
        # On a starved machine a portal's round may begin minutes after the others', and count from then on.
        now += timedelta(hours=7)
        if went_well and went_well[-1] - went_well[0] >= settings.looks_apart:
            break
    for _hour in range(OUTBOX_HOURS):
        monitor.loop.tick(settings, ledger, now)
        with ledger.read() as session:
            if not session.scalars(select(Notice.id).where(Notice.state != NoticeState.SENT)).all():
                break
        now += timedelta(hours=1)
    say(f"the day after ends at {now}")


def _finish_reading(settings: Settings, ledger: Ledger, now: datetime) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < READ_SECONDS:
        with ledger.read() as session:
            if unfinished(session) == 0:
                return
        elapsed = time.monotonic() - begun
        send_overdue(settings, ledger, now + timedelta(seconds=elapsed))
        time.sleep(1)

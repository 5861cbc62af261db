"""One run: a season under fire, then calm, then the day after the due date; what does not hold is returned."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from random import Random

import yaml
from sqlalchemy import select

import crawler.loop
import monitor.loop
from cli.demo.server import PortalServer
from config.settings import Settings, load_settings
from ledger.archive import open_archive
from ledger.database import Ledger, make_engine
from ledger.models import Notice, PortalRow
from ledger.states import NoticeState
from ledger.work import unfinished
from monitor.calendar import SHANGHAI, day_of
from tests.chaos import invariants
from tests.chaos.faults import Fault, World, draw
from tests.chaos.roles import Roles
from tests.chaos.season import Season
from tests.chaos.servers import Broker, Disk, MailServer, database
from workers.dispatch import send_overdue

STEP_SECONDS = 0.1
# The last part of a run is left in peace.
QUIET_SHARE = 0.85
SETTLE_SECONDS = 120.0
READ_SECONDS = 240.0
# Of simulated time, for a mail that waits for its next attempt.
OUTBOX_HOURS = 72


@dataclass(frozen=True)
class Outcome:
    """What a run was like."""

    violations: list[str]
    faults: Counter[str]
    fates: Counter[str]
    mails: int
    doubled_mails: int
    settled_after: float


def run(
    seed: int, minutes: float, folder: Path, say: Callable[[str], None], portals: int = 6, agencies: int = 16
) -> Outcome:
    """Lives through the season of a seed for so many minutes of real time, in an empty folder."""
    random = Random(seed)
    season = Season(seed, day_of(datetime.now(UTC)), portals, agencies)
    with ExitStack() as running:
        world, settings = _build(running, season, folder)
        drawn = _under_fire(random, world, minutes * 60, say)
        season.share = 1.0
        _renew(world)
        ledger = Ledger(make_engine(world.database.direct))
        running.callback(ledger.close)
        settled_after = _settle(world, ledger, say)
        wrong: list[str] = []
        with ledger.read() as session:
            wrong += invariants.before_the_due_date(session)
        for role in (*world.roles.of("crawler"), *world.roles.of("monitor")):
            role.hold_down()
        _the_day_after(world, settings, ledger, say)
        world.roles.hold_down()
        with ledger.read() as session, world.broker.client() as client:
            wrong += invariants.readings(session, season)
            wrong += invariants.standings(session, season)
            wrong += invariants.findings(session, season)
            wrong += invariants.mails(session, season, world.mail)
            wrong += invariants.queue(client)
        wrong += invariants.archive(ledger, open_archive(settings))
        return Outcome(
            wrong,
            drawn,
            invariants.of_fate(season),
            len(world.mail.messages()),
            invariants.doubled_mails(world.mail),
            settled_after,
        )


def _build(running: ExitStack, season: Season, folder: Path) -> tuple[World, Settings]:
    home = folder / "home"
    home.mkdir(parents=True)
    disk = Disk(folder / "archive")
    running.callback(disk.close)
    portals = running.enter_context(PortalServer(season.sites(), season.today))
    mail = running.enter_context(MailServer(folder / "inbox"))
    base = running.enter_context(database())
    broker = Broker(folder / "broker")
    broker.start()
    running.callback(broker.stop)
    running.enter_context(broker.proxy)
    season.write_office(home, portals.addresses)
    more = {
        "database_url": base.address,
        "broker_url": broker.address,
        "archive_url": f"file://{disk.folder}",
        "smtp_host": mail.host,
        "smtp_port": mail.port,
        "mail_domain": "nianbao.example",
        "contact": "webmaster@nianbao.example",
        "allow_private_addresses": True,
        "crawl_interval_hours": 0.001,
        "crawl_retry_minutes": 0.05,
        "lost_after_minutes": 0.25,
        # Whoever is killed so often is not the document's fault.
        "read_attempts": 100,
        "read_timeout_seconds": 30,
        "heartbeat_seconds": 1,
    }
    (home / "settings.yaml").write_text(yaml.safe_dump(more), encoding="utf-8")
    roles = running.enter_context(Roles(home, crawlers=2, workers=2, monitors=2))
    settings = load_settings(home=home)
    return World(season, portals, base, broker, mail, disk, roles), settings


def _under_fire(random: Random, world: World, seconds: float, say: Callable[[str], None]) -> Counter[str]:
    begun = time.monotonic()
    drawn: Counter[str] = Counter()
    going_on: dict[str, tuple[Fault, float]] = {}
    next_fault = 5.0
    while (elapsed := time.monotonic() - begun) < seconds:
        world.season.share = elapsed / seconds
        _renew(world)
        for target in [target for target, (fault, end) in going_on.items() if elapsed >= end]:
            going_on.pop(target)[0].end()
        if elapsed >= next_fault and elapsed < seconds * QUIET_SHARE:
            next_fault = elapsed + random.uniform(0.5, 4)
            fault = draw(random, world)
            if fault.target not in going_on:
                say(f"{elapsed:6.1f} s  {fault.name}" + (f" for {fault.seconds:.1f} s" if fault.seconds else ""))
                drawn[fault.kind] += 1
                fault.begin()
                going_on[fault.target] = (fault, time.monotonic() - begun + fault.seconds)
        time.sleep(STEP_SECONDS)
    for fault, _ in going_on.values():
        fault.end()
    return drawn


def _renew(world: World) -> None:
    """The portals show what the season's moment asks for."""
    world.portals.today = world.season.today


def _settle(world: World, ledger: Ledger, say: Callable[[str], None]) -> float:
    """Waits until the roles have nothing left to do; says how long that took. What never ends is seen later."""
    begun = time.monotonic()
    looked = datetime.now(UTC)
    while (elapsed := time.monotonic() - begun) < SETTLE_SECONDS:
        with ledger.read() as session:
            reading = unfinished(session)
            waiting = len(session.scalars(select(Notice.id).where(Notice.state != NoticeState.SENT)).all())
            looked_at = {row.portal for row in session.scalars(select(PortalRow)) if _since(row.last_round_at, looked)}
            behind = sorted(world.season.plans.keys() - looked_at)
        if not reading and not waiting and not behind:
            break
        time.sleep(0.5)
    say(f"settled after {elapsed:.0f} s: {reading} to read, {waiting} to send, portals not looked at: {behind}")
    return elapsed


def _since(moment: datetime | None, looked: datetime) -> bool:
    return moment is not None and moment >= looked


def _the_day_after(world: World, settings: Settings, ledger: Ledger, say: Callable[[str], None]) -> None:
    """Two looks after the due date, and the monitor's turns until every mail is out."""
    season = world.season
    season.share = 3.0
    _renew(world)
    now = datetime.combine(season.after, time_of_day(9), SHANGHAI).astimezone(UTC)
    for _look in range(3):
        crawler.loop.tick(settings, ledger, now)
        _finish_reading(settings, ledger, now)
        monitor.loop.tick(settings, ledger, now)
        now += timedelta(hours=6)
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

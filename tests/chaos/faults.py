"""What can go wrong, each with its end; drawn at random from the seed."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from cli.demo.server import PortalServer
from cli.demo.site import NOT_FOUND, Answer, Site
from tests.chaos.roles import RoleProcess, Roles
from tests.chaos.season import Season
from tests.chaos.servers import Broker, Database, Disk, MailServer, Refusal
from tests.portals.sites import BROKEN, CAPTCHA, HOME

CLOCK_WRONG = "clock wrong"
MAIL_FORGETS = "mail taken without an answer"


@dataclass(frozen=True)
class World:
    """Everything that can be hurt."""

    season: Season
    portals: PortalServer
    database: Database
    broker: Broker
    mail: MailServer
    disk: Disk
    roles: Roles


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong now with ``target``; ``end`` puts it right, after ``seconds``."""

    kind: str
    target: str
    name: str
    begin: Callable[[], None]
    end: Callable[[], None]
    seconds: float


def draw(random: Random, world: World) -> Fault:
    """The next fault."""
    return random.choice(
        [
            *(_killed, _killed, _killed, _stopped, _frozen, _broker, _broker_emptied, _database),
            *(_connections, _connections, _slow, _mail, _mail, _portal, _portal),
            *([_disk] if world.disk.can_be_filled else []),
            *([_clock, _clock] if world.roles.clocks_can_be_wrong else []),
        ]
    )(random, world)


def nothing() -> None:
    """What has no end, or no beginning, of its own."""


def _role(random: Random, world: World) -> RoleProcess:
    return random.choice(world.roles.of(random.choice(["crawler", "worker", "monitor"])))


def _killed(random: Random, world: World) -> Fault:
    role = _role(random, world)
    return Fault("killed", role.name, f"{role.name} killed", lambda: role.signal(signal.SIGKILL), nothing, 0)


def _stopped(random: Random, world: World) -> Fault:
    role = _role(random, world)
    return Fault("asked to stop", role.name, f"{role.name} asked to stop", role.ask_to_stop, nothing, 0)


def _frozen(random: Random, world: World) -> Fault:
    role = _role(random, world)
    return Fault(
        "frozen",
        role.name,
        f"{role.name} frozen",
        lambda: role.signal(signal.SIGSTOP),
        lambda: role.signal(signal.SIGCONT),
        random.uniform(1, 8),
    )


def _broker(random: Random, world: World) -> Fault:
    return Fault(
        "broker killed", "broker", "broker killed", world.broker.stop, world.broker.start, random.uniform(0.1, 5)
    )


def _broker_emptied(random: Random, world: World) -> Fault:
    return Fault("broker emptied", "broker", "broker emptied", world.broker.empty, nothing, 0)


def _database(random: Random, world: World) -> Fault:
    return Fault("database restarted", "database", "database restarted", world.database.restart, nothing, 0)


def _connections(random: Random, world: World) -> Fault:
    name, proxy = random.choice([("database", world.database.proxy), ("broker", world.broker.proxy)])
    seconds = random.choice([0.0, random.uniform(0.5, 4)])

    def begin() -> None:
        proxy.refusing = seconds > 0
        proxy.cut()

    def end() -> None:
        proxy.refusing = False

    return Fault("connections reset", f"{name} proxy", f"{name}: connections reset", begin, end, seconds)


def _slow(random: Random, world: World) -> Fault:
    name, proxy = random.choice([("database", world.database.proxy), ("broker", world.broker.proxy)])
    delay = random.uniform(0.02, 0.3)

    def begin() -> None:
        proxy.delay = delay

    def end() -> None:
        proxy.delay = 0

    return Fault("slow", f"{name} proxy", f"{name}: {delay:.2f} s slower", begin, end, random.uniform(1, 6))


def _mail(random: Random, world: World) -> Fault:
    mail, seconds = world.mail, random.uniform(1, 8)
    refusal = random.choice(list(Refusal))

    def refuse(now: Refusal | None) -> None:
        mail.refusal = now

    def forget(now: bool) -> None:
        mail.forgets_to_answer = now

    kind, name, begin, end = random.choice(
        [
            ("mail refused", f"mail refused ({refusal})", lambda: refuse(refusal), lambda: refuse(None)),
            ("mail away", "mail away", mail.stop, mail.start),
            *[(MAIL_FORGETS, MAIL_FORGETS, lambda: forget(True), lambda: forget(False))] * 2,
        ]
    )
    return Fault(kind, "mail", name, begin, end, seconds)


def _portal(random: Random, world: World) -> Fault:
    portal = random.choice(sorted(world.season.plans))
    sound = world.season.sites()[portal]
    name, site = random.choice(
        [
            ("broken", Site(_nothing_there, BROKEN)),
            ("blocked", Site(_nothing_there, CAPTCHA)),
            ("its home page everywhere", Site(_nothing_there, HOME)),
            *[(f"every answer takes {seconds:g} s", _stalled(sound, seconds)) for seconds in (1, 20)],
        ]
    )
    kind = "portal stalled" if "takes" in name else f"portal {name}"
    return Fault(
        kind,
        portal,
        f"portal {portal}: {name}",
        lambda: world.portals.replace(portal, site),
        lambda: world.portals.replace(portal, sound),
        random.uniform(1, 10),
    )


def _nothing_there(_today: date) -> dict[str, Answer]:
    return {}


def _stalled(sound: Site, seconds: float) -> Site:
    """The same pages, each of which comes so late; longer than is waited for, where that is less."""

    def pages(today: date) -> dict[str, Answer]:
        return {path: replace(answer, seconds=seconds) for path, answer in sound.pages(today).items()}

    return Site(pages, replace(NOT_FOUND, seconds=seconds))


def _disk(random: Random, world: World) -> Fault:
    return Fault("disk full", "disk", "disk full", world.disk.fill, world.disk.free, random.uniform(1, 5))


def _clock(random: Random, world: World) -> Fault:
    role = _role(random, world)
    # Set for another time zone, or for another day: to somebody with that clock, reports are overdue, or not yet due.
    hours = random.choice([-8, 8, 72, -48])
    return Fault(
        CLOCK_WRONG,
        f"{role.name} clock",
        f"{role.name}: clock wrong by {hours} h",
        lambda: role.set_clock(hours * 3600),
        lambda: role.set_clock(0),
        random.uniform(2, 15),
    )

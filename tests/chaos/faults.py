"""What can go wrong, each with its end; drawn at random from the seed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from cli.demo.server import PortalServer
from cli.demo.site import NOT_FOUND, Answer, Site
from tests.chaos.hostile import HostilePortal
from tests.chaos.outbox_steps import PLACES
from tests.chaos.proxy import Proxy
from tests.chaos.roles import RoleProcess, Roles, outbox_step
from tests.chaos.season import Season
from tests.chaos.servers import Broker, Database, Disk, MailServer, Refusal
from tests.portals.sites import BROKEN, CAPTCHA, HOME

CLOCK_WRONG = "clock wrong"
FAIL_OVER = "fail-over"
BETWEEN_STEPS = "killed between two steps of a mail"
MAIL_FORGETS = "mail taken without an answer"


@dataclass(frozen=True)
class World:
    """Everything that can be hurt; ``lines`` lead to the portals."""

    season: Season
    portals: PortalServer
    lines: Mapping[str, Proxy]
    hostile: HostilePortal
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
            *(_between_steps, _between_steps, _fail_over, _former, _more_workers, _one_worker),
            *([_disk, _disk_nearly_full] if world.disk.can_be_filled else []),
            *([_clock, _clock, _machines_clock] if world.roles.clocks_can_be_wrong else []),
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

    def drip(seconds: float) -> None:
        mail.proxy.drip = seconds
        if not seconds:
            mail.proxy.cut()

    random_drip = random.uniform(0.05, 0.5)
    kind, name, begin, end = random.choice(
        [
            ("mail refused", f"mail refused ({refusal})", lambda: refuse(refusal), lambda: refuse(None)),
            ("mail away", "mail away", mail.stop, mail.start),
            ("mail drips", "mail: a byte now and then", lambda: drip(random_drip), lambda: drip(0)),
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


def _disk_nearly_full(random: Random, world: World) -> Fault:
    return Fault(
        "disk at 99 %",
        "disk",
        "disk at 99 %",
        lambda: world.disk.fill(leave=0.01),
        world.disk.free,
        random.uniform(1, 8),
    )


def _between_steps(random: Random, world: World) -> Fault:
    """Whichever monitor comes to that place next is killed there."""
    place, file = random.choice(PLACES), outbox_step(world.roles.home)
    return Fault(
        BETWEEN_STEPS,
        "a mail's steps",
        f"killed {place}",
        lambda: _write_whole(file, place),
        lambda: file.unlink(missing_ok=True),
        random.uniform(3, 10),
    )


def _write_whole(file: Path, content: str) -> None:
    part = file.with_suffix(".part")
    part.write_text(content, encoding="utf-8")
    part.rename(file)


def _fail_over(random: Random, world: World) -> Fault:
    return Fault(
        FAIL_OVER,
        "database",
        "database: fails over to a replica that is behind, at the end of this time",
        world.database.make_replica,
        world.database.fail_over,
        random.uniform(1, 4),
    )


def _former(random: Random, world: World) -> Fault:
    role = world.roles.of("worker")[1]

    def is_former(former: bool) -> None:
        role.former = former
        role.ask_to_stop()

    return Fault(
        "a worker of the former release",
        role.name,
        f"{role.name}: of the former release",
        lambda: is_former(True),
        lambda: is_former(False),
        random.uniform(8, 20),
    )


def _more_workers(random: Random, world: World) -> Fault:
    return Fault(
        "four workers",
        "how many workers",
        "two more workers",
        lambda: world.roles.add_workers(2),
        world.roles.take_workers_away,
        random.uniform(8, 20),
    )


def _one_worker(random: Random, world: World) -> Fault:
    role = world.roles.of("worker")[1]
    return Fault(
        "one worker", role.name, f"{role.name} stopped in order", role.let_go, role.take_up, random.uniform(3, 10)
    )


def _machines_clock(random: Random, world: World) -> Fault:
    """The clock of a machine, on which there is one of each role."""
    number = random.randrange(2)
    roles = [role for role in world.roles.all if role.number == number]
    hours = random.choice([-24, 24, -2, 2])

    def wrong(seconds: int) -> None:
        for role in roles:
            role.set_clock(seconds)

    return Fault(
        CLOCK_WRONG,
        f"clock of machine {number}",
        f"machine {number}: clock wrong by {hours} h",
        lambda: wrong(hours * 3600),
        lambda: wrong(0),
        random.uniform(2, 15),
    )


def _clock(random: Random, world: World) -> Fault:
    role = _role(random, world)
    # Set for another time zone, or for another day: to somebody with that clock, reports are overdue, or not yet due.
    hours = random.choice([-8, 8, 72, -48])
    return Fault(
        CLOCK_WRONG,
        f"clock of machine {role.number}",
        f"{role.name}: clock wrong by {hours} h",
        lambda: role.set_clock(hours * 3600),
        lambda: role.set_clock(0),
        random.uniform(2, 15),
    )

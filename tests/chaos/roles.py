"""The roles as processes of their own: started, killed, frozen, and started again as an init system would."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from cli.up import role_command
from tests.chaos.clocks import Clocks

ROOT = Path(__file__).parents[2]
RESTART_SECONDS = 0.5
GRACE_SECONDS = 90.0


def outbox_step(home: Path) -> Path:
    """The file that names the step of a message's way out at which a monitor dies (tests/chaos/outbox_steps.py)."""
    return home / "outbox-step"


class RoleProcess:
    """One role; :meth:`look` starts it again where it is gone, unless it is held down."""

    def __init__(self, role: str, number: int, home: Path, clocks: Clocks, plant: str | None) -> None:
        self.role = role
        self.number = number
        self.name = f"{role}-{number}"
        # A release of before this one is started instead, as long as this is set.
        self.former = False
        self._home = home
        self._plant = plant
        self._clocks = clocks
        self._held = False
        self._began_to_be_gone: float | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, in a process group of its own."""
        # No scans in this season; and what starts a second process for them would start it without the plant.
        arguments = ("--queues", "read", "--scale", "1") if self.role == "worker" else ()
        command = role_command(self.role, *arguments)
        begin = command.index("-c") + 1
        command[begin] = " ".join([*self._beforehand(), command[begin]])
        own = {"NIANBAO_HOME": str(self._home), "PYTHONPATH": str(ROOT)} | self._clocks.environment(self.name)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | own,
                start_new_session=True,
            )

    def _beforehand(self) -> Iterator[str]:
        """What is done in its process before it is the role."""
        if self._plant is not None:
            yield f"from tests.chaos.plants import PLANTS; PLANTS[{self._plant!r}]();"
        if self.role == "monitor":
            yield "import pathlib; from tests.chaos import outbox_steps;"
            yield f"outbox_steps.die_where(pathlib.Path({str(outbox_step(self._home))!r}));"
        if self.former:
            yield "from tests.chaos.former_release import be_former; be_former();"

    @property
    def log(self) -> Path:
        """What it said, from its first start on."""
        return self._home / f"{self.name}.log"

    @property
    def process(self) -> int:
        """The id of the process that was started for it."""
        return 0 if self._process is None else self._process.pid

    def owns(self, process: int) -> bool:
        """Whether a process belongs to it."""
        with suppress(ProcessLookupError):
            return self._process is not None and os.getpgid(process) == self._process.pid
        return False

    def set_clock(self, seconds: int) -> None:
        """Lets its clock be wrong by so many seconds."""
        self._clocks.set(self.name, seconds)

    def look(self) -> None:
        """Starts it again, half a second after it ended."""
        if self._held or self._process is None or self._process.poll() is None:
            return
        if self._began_to_be_gone is None:
            self._began_to_be_gone = time.monotonic()
        elif time.monotonic() - self._began_to_be_gone >= RESTART_SECONDS:
            self._began_to_be_gone = None
            self.start()

    def signal(self, number: signal.Signals) -> None:
        """To every process of its group."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def ask_to_stop(self) -> None:
        """SIGTERM to the role itself."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def let_go(self) -> None:
        """Asks it to stop for good, and does not wait for that."""
        self._held = True
        self.signal(signal.SIGCONT)
        self.ask_to_stop()

    def take_up(self) -> None:
        """It is started again when it is looked at."""
        self._held = False

    def hold_down(self) -> None:
        """Asks it to stop for good; killed where it does not within its grace time. Raises AssertionError then."""
        self.let_go()
        if self._process is None:
            return
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            raise AssertionError(f"{self.name} did not stop within {GRACE_SECONDS:g} s after SIGTERM") from None
        finally:
            # What it started and left behind goes with it.
            self.signal(signal.SIGKILL)


class Roles:
    """All roles, watched over by a thread; a context manager."""

    def __init__(
        self, home: Path, clocks: Clocks, crawlers: int, workers: int, monitors: int, plant: str | None = None
    ) -> None:
        numbers = {"crawler": crawlers, "worker": workers, "monitor": monitors}
        self.clocks_can_be_wrong = clocks.can_be_wrong
        self.home = home
        self._clocks, self._plant = clocks, plant
        self.all = [self._make(role, number) for role, count in numbers.items() for number in range(count)]
        self._more: list[RoleProcess] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Roles:
        for role in self.all:
            role.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(10)
        for role in self.all:
            role.signal(signal.SIGKILL)

    def hold_down(self) -> None:
        """Stops every role politely, at once."""
        self._stop.set()
        self._thread.join(10)
        for role in self.all:
            role.ask_to_stop()
        for role in self.all:
            role.hold_down()

    def of(self, kind: str) -> list[RoleProcess]:
        """The processes of one role."""
        return [role for role in self.all if role.role == kind]

    def _make(self, role: str, number: int) -> RoleProcess:
        return RoleProcess(role, number, self.home, self._clocks, self._plant)

    def add_workers(self, count: int) -> None:
        """So many workers beside the others; each has a log of its own."""
        first = len(self.of("worker"))
        more = [self._make("worker", first + number) for number in range(count)]
        for role in more:
            role.start()
        self._more += more
        self.all += more

    def take_workers_away(self) -> None:
        """Asks those that were added to stop in order, and starts none of them again."""
        for role in self._more:
            role.let_go()
        self._more = []

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            for role in list(self.all):
                role.look()

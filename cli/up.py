"""``nianbao up``: the whole service on one machine, every role in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Annotated

import typer

from cli.broker import EmbeddedBroker
from cli.shown.output import CannotBeDone, say
from cli.shown.up_words import what_it_will_do
from config.in_force import examine_files, load_register
from config.settings import Settings, load_settings
from config.yaml_file import ConfigurationError
from ledger.archive import ArchiveError, open_archive
from ledger.database import LedgerError, open_ledger
from ledger.states import Queue
from workers.reading.scans.recognition import recognition_is_installed

LOOK_SECONDS = 0.5
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
# A role that lived so long did not fail at its start.
STEADY_SECONDS = 60.0
# Above the grace of a worker, which finishes or hands back what it has in hand.
GRACE_SECONDS = 30.0

app = typer.Typer(add_completion=False)


@app.command()
def up(
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=(
                "同时读取几份文档；默认等于处理器核数 · documents read at once; as many as there are cores by default"
            ),
        ),
    ] = None,
) -> None:
    """在本机启动全部服务：抓取、读取（扫描件另用一个进程）、监测、工作台，必要时带内置消息队列。Ctrl-C 停止。
    The whole service on one machine; Ctrl-C stops it.
    """
    settings = load_settings()
    _refuse_what_cannot_run(settings)
    stop = Stop()
    with ExitStack() as running:
        broker = None if settings.broker_url is not None else running.enter_context(EmbeddedBroker(settings))
        processes = workers or os.cpu_count() or 1
        roles = [Role("crawler", "抓取"), *worker_roles(processes), Role("monitor", "监测")]
        roles += [Role("web", "工作台")] if settings.web_listen else []
        running.callback(stop_all, roles, settings.stop_grace_seconds + GRACE_SECONDS, stop)
        for role in roles:
            role.start()
        _say_what_runs(settings, roles, processes, broker)
        keep_running(roles, broker, stop)
    say("已全部停止。")


def worker_roles(processes: int) -> list[Role]:
    """The workers of one machine: so many that read, and where pictures can be read one more for the scans."""
    reading = Role("worker", "读取", "--queues", Queue.READ.value, "--scale", str(processes))
    if not recognition_is_installed():
        return [reading]
    return [reading, Role("worker", "识别扫描件", "--queues", Queue.SCAN.value, "--scale", "1")]


def role_command(name: str, *arguments: str) -> list[str]:
    """The command line of a role that ends when whoever holds its standard input does."""
    python = [sys.executable, "-P", "-c", "from cli.main import main; main()"]
    return [*python, "run", name, *arguments, "--end-with-parent"]


class Role:
    """One role in a process of its own, started again when it dies, after a pause that grows."""

    def __init__(self, name: str, word: str, *arguments: str) -> None:
        self.name = name
        self.word = word
        self.arguments = arguments
        self._pause = FIRST_PAUSE
        self._started = 0.0
        self._due: float | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, out of reach of the terminal's Ctrl-C: it is stopped by us, in order."""
        self._due = None
        self._started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            role_command(self.name, *self.arguments), stdin=subprocess.PIPE, start_new_session=True
        )

    def look(self) -> None:
        """Starts it again if it died and its pause is over."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if self._due is None:
            if now - self._started > STEADY_SECONDS:
                self._pause = FIRST_PAUSE
            self._due = now + self._pause
            say(f"{self.word}（进程 {self.process.pid}）已退出（{self._ending()}），{self._pause:.0f} 秒后重新启动。")
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        elif now >= self._due:
            self.start()

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to it, if it lives; SIGKILL to everything that it started as well."""
        if self.process is None or self.process.poll() is not None:
            return
        if number is signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def ended(self) -> bool:
        """Whether no process of it is left."""
        return self.process is None or self.process.poll() is not None

    def _ending(self) -> str:
        status = self.process.returncode if self.process is not None else 0
        return f"信号 {-status}" if status < 0 else f"退出码 {status}"


class Stop:
    """How often we were asked to stop: once is politely, twice is at once."""

    def __init__(self) -> None:
        self.once = threading.Event()
        self.twice = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)

    def _asked(self, *_: object) -> None:
        (self.twice if self.once.is_set() else self.once).set()


def _refuse_what_cannot_run(settings: Settings) -> None:
    """Raises ConfigurationError or CannotBeDone before anything is started, where a role could not run."""
    for fault in examine_files(settings.home):
        raise ConfigurationError(fault.where, fault.wrong, fault.remedy)
    try:
        open_archive(settings)
        open_ledger(settings).close()
    except (ArchiveError, LedgerError) as error:
        raise CannotBeDone(str(error)) from error


def _say_what_runs(settings: Settings, roles: list[Role], processes: int, broker: EmbeddedBroker | None) -> None:
    say(f"目录：{settings.home}")
    if broker is not None:
        say(f"消息队列：内置（{settings.embedded_broker_socket}）")
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        for line in what_it_will_do(settings, load_register(settings.home), session, processes):
            say(line)
    say("进程：" + "，".join(f"{role.word} {role.process.pid}" for role in roles if role.process is not None))
    say("服务已启动；按 Ctrl-C 停止。")


def keep_running(roles: Sequence[Role], broker: EmbeddedBroker | None, stop: Stop) -> None:
    """Starts again what dies, until we are asked to stop."""
    while not stop.once.wait(LOOK_SECONDS):
        if broker is not None and not broker.is_running:
            say("内置消息队列已退出，正在重新启动。")
            broker.restart()
        for role in roles:
            role.look()


def stop_all(roles: Sequence[Role], grace: float, stop: Stop) -> None:
    """Asks every role to stop, and ends those that have not after ``grace`` seconds, or when we are asked twice."""
    say("正在停止：读完手上的文档；再按一次 Ctrl-C 则立即停止。")
    for role in roles:
        role.signal(signal.SIGTERM)
    end = time.monotonic() + grace
    while not all(role.ended() for role in roles) and time.monotonic() < end:
        if stop.twice.wait(0.05):
            break
    for role in roles:
        role.signal(signal.SIGKILL)
        if role.process is not None:
            role.process.wait()

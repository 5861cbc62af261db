"""``nianbao run crawler / worker / monitor``: one role, for several machines; any number of each."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import closing
from typing import Annotated

import typer

from cli.logs import configure_logging
from cli.output import CannotBeDone
from config.settings import Settings, load_settings
from ledger.archive import ArchiveError
from ledger.database import LedgerError, open_ledger

app = typer.Typer(add_completion=False, no_args_is_help=True)

EndWithParent = Annotated[bool, typer.Option("--end-with-parent", hidden=True)]


@app.callback()
def run() -> None:
    """启动一个角色，直到收到 Ctrl-C 或 SIGTERM。"""


@app.command()
def crawler(end_with_parent: EndWithParent = False) -> None:
    """抓取：认领到期的门户，逐轮抓取。可同时运行多个。"""
    import crawler.loop

    settings, stop = _start(end_with_parent)
    with closing(open_ledger(settings)) as ledger:
        crawler.loop.run(settings, ledger, stop)


@app.command()
def monitor(end_with_parent: EndWithParent = False) -> None:
    """监测：判断状况、开启和解决事项、发送通知和周报、重新交付遗失的工作。可同时运行多个。"""
    import monitor.turns

    settings, stop = _start(end_with_parent)
    monitor.turns.run(settings, stop)


@app.command()
def worker(
    workers: Annotated[int | None, typer.Option(min=1, help="同时读取几份文档；默认等于处理器核数")] = None,
    end_with_parent: EndWithParent = False,
) -> None:
    """读取：读取并检查文档（Celery，队列 read）。可同时运行多个。

    停止时读完手上的文档；与 celery -A workers.app worker -Q read 相同。
    """
    from workers.station import open_station

    settings, stop = _start(end_with_parent)
    # Until Celery listens for itself, nothing is in hand, and who asks to stop is obeyed at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if stop.is_set():
        return
    try:
        # Opened here once so that what is wrong is said at the start, and not with the first document.
        open_station(settings).close()
    except ArchiveError as error:
        raise CannotBeDone(str(error)) from error
    from workers.app import app as celery
    from workers.queue import QUEUE

    processes = workers or os.cpu_count() or 1
    arguments = ["--queues", QUEUE, "--concurrency", str(processes), "--hostname", f"nianbao-{os.getpid()}@%h"]
    celery.worker_main(
        ["--quiet", "worker", *arguments, "--loglevel", settings.log_level, "--without-gossip", "--without-mingle"]
    )


def _start(end_with_parent: bool) -> tuple[Settings, threading.Event]:
    """Settings, log, a ledger that can be used, and an event that is set when the role is asked to stop."""
    settings = load_settings()
    configure_logging(settings)
    try:
        open_ledger(settings).close()
    except LedgerError as error:
        raise CannotBeDone(str(error)) from error
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if end_with_parent:
        threading.Thread(target=_stop_when_input_ends, daemon=True).start()
    return settings, stop


def _stop_when_input_ends() -> None:
    """``nianbao up`` holds the other end of standard input: it closes even where ``up`` itself was killed."""
    # Not through sys.stdin, whose lock the end of the interpreter waits for.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)

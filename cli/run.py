"""``nianbao run crawler / worker / monitor / web``: one role, for several machines; any number of each."""

from __future__ import annotations

import os
import secrets
import signal
import threading
from contextlib import closing
from typing import Annotated

import typer

from cli.shown.output import CannotBeDone, say
from config.in_force import load_register
from config.loading import loading
from config.logs import configure_logging
from config.settings import Settings, load_settings
from ledger.archive import ArchiveError
from ledger.database import LedgerError, open_ledger
from ledger.states import Queue

app = typer.Typer(add_completion=False, no_args_is_help=True)

BOTH = ",".join(Queue)
# How much of the processor scans leave to whoever else wants it (nice).
SCANS_GIVE_WAY = 5

EndWithParent = Annotated[bool, typer.Option("--end-with-parent", hidden=True)]


@app.callback()
def run() -> None:
    """启动一个角色，直到收到 Ctrl-C 或 SIGTERM。
    Start one role, until Ctrl-C or SIGTERM.
    """


@app.command()
def crawler(end_with_parent: EndWithParent = False) -> None:
    """抓取：认领到期的门户，逐轮抓取。可同时运行多个。
    Crawl: claim portals that are due, round by round. Any number of them.
    """
    with loading():
        import crawler.rounds.loop

    settings, stop = _start(end_with_parent)
    with closing(open_ledger(settings)) as ledger:
        crawler.rounds.loop.run(settings, ledger, stop)


@app.command()
def monitor(end_with_parent: EndWithParent = False) -> None:
    """监测：判断状况、开启和解决事项、发送通知和周报、重新交付遗失的工作。可同时运行多个。
    Monitor: standings, incidents, messages, summaries, lost work. Any number of them.
    """
    with loading():
        import monitor.turns

    settings, stop = _start(end_with_parent)
    monitor.turns.run(settings, stop)


@app.command()
def worker(
    scale: Annotated[
        int | None,
        typer.Option(
            "--scale",
            "--workers",
            min=1,
            help=(
                "同时读取几份文档；默认等于处理器核数 · documents read at once; as many as there are cores by default"
            ),
        ),
    ] = None,
    autoscale: Annotated[
        str | None,
        typer.Option(
            metavar="最多,最少",
            help="按等待的文档增减进程，例如 8,1；代替 --scale · MOST,LEAST processes by waiting documents, e.g. 8,1",
        ),
    ] = None,
    queues: Annotated[
        str,
        typer.Option(
            metavar="read|scan",
            help=(
                "只领取一个队列：read 有文字的文档，scan 扫描件；默认两个都领取"
                " · one queue only: read (text) or scan; both by default"
            ),
        ),
    ] = BOTH,
    end_with_parent: EndWithParent = False,
) -> None:
    """读取：读取并检查文档（Celery，队列 read 和 scan）。可同时运行多个。
    Read and check documents (Celery, queues read and scan). Any number of them.

    扫描件由另一个进程以较低的优先级识别，不耽误其他文档。停止时读完手上的文档，来不及的交还台账；
    与 celery -A workers.app worker -Q read 和 -Q scan 相同。
    """
    from workers.reading.scans.recognition import HOW_TO_INSTALL, recognition_is_installed

    chosen = _queues(queues)
    if Queue.SCAN in chosen and not recognition_is_installed():
        if Queue.READ not in chosen:
            raise CannotBeDone(f"队列 scan 里是扫描件和图片，{HOW_TO_INSTALL}")
        chosen = [Queue.READ]
    pool = _pool(scale, autoscale)
    settings, stop = _start(end_with_parent)
    if len(chosen) == 1:
        _serve(settings, chosen[0], pool, stop)
        return
    from cli.up import GRACE_SECONDS, Role, Stop, keep_running, stop_all

    roles = [
        Role("worker", "读取", "--queues", Queue.READ.value, *pool),
        Role("worker", "识别扫描件", "--queues", Queue.SCAN.value, "--scale", "1"),
    ]
    asked = Stop()
    if stop.is_set():
        return
    for role in roles:
        role.start()
    keep_running(roles, None, asked)
    stop_all(roles, settings.stop_grace_seconds + GRACE_SECONDS, asked)


@app.command()
def web(end_with_parent: EndWithParent = False) -> None:
    """工作台：办公室的网页，默认 http://127.0.0.1:8321；没有账号时给出建立第一个账号的链接。
    The desk: web pages of the office; without an account it prints the link that makes the first one.
    """
    with loading():
        import web.serving.server

    settings, stop = _start(end_with_parent)
    with closing(open_ledger(settings)) as ledger:
        try:
            web.serving.server.serve(settings, ledger, stop, say=say)
        except ArchiveError as error:
            raise CannotBeDone(str(error)) from error


def _queues(given: str) -> list[Queue]:
    wanted = given.split(",")
    if not set(wanted) <= set(Queue):
        raise CannotBeDone(f"没有队列“{given}”；--queues 可以是 read、scan 或 read,scan")
    return [queue for queue in Queue if queue.value in wanted]


def _pool(scale: int | None, autoscale: str | None) -> list[str]:
    if autoscale is None:
        return ["--scale", str(scale or os.cpu_count() or 1)]
    most, _, least = autoscale.partition(",")
    if not (most.isdecimal() and (least or "1").isdecimal() and int(most) >= max(int(least or "1"), 1)):
        raise CannotBeDone("--autoscale 须写成 最多,最少，例如 8,1")
    if scale is not None:
        raise CannotBeDone("--scale 和 --autoscale 只能给出一个")
    return ["--autoscale", f"{int(most)},{int(least or '1')}"]


def _serve(settings: Settings, queue: Queue, pool: list[str], stop: threading.Event) -> None:
    """Takes work from one queue until asked to stop."""
    from workers.worker_context import open_worker_context

    # Until Celery listens for itself, nothing is in hand, and who asks to stop is obeyed at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if stop.is_set():
        return
    try:
        # Opened here once so that what is wrong is said at the start, and not with the first document.
        open_worker_context(settings).close()
    except ArchiveError as error:
        raise CannotBeDone(str(error)) from error
    if queue is Queue.SCAN:
        os.nice(SCANS_GIVE_WAY)
    with loading():
        from celery.bin.celery import celery

        import workers.app  # noqa: F401 - what Celery is to find by this name

    # Another name at each start: in a container all of them have the same process id, and the dead one is to be known.
    name = f"nianbao-{queue.value}-{os.getpid()}-{secrets.token_hex(2)}@%h"
    arguments = ["--queues", queue.value, "--hostname", name]
    arguments += [pool[0].replace("--scale", "--concurrency"), pool[1]]
    # Celery's own heartbeats are events every two seconds that nobody reads: ours are rows in the ledger.
    silent = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # The program itself: worker_main drops how a worker ended, and one that lost its broker for good did not end well.
    command = ["--app", "workers.app", "--quiet", "worker", *arguments, "--loglevel", settings.log_level, *silent]
    status = celery.main(command, standalone_mode=False)
    if status:
        raise typer.Exit(int(status))


def _start(end_with_parent: bool) -> tuple[Settings, threading.Event]:
    """Settings, log, a ledger that can be used, and an event that is set when the role is asked to stop."""
    settings = load_settings()
    configure_logging(settings)
    # Who holds our standard input has examined the files: what was broken since then stops none of its roles.
    load_register(settings.home, set_aside=end_with_parent)
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

"""Listens and serves: a process of its own, with limits on connections, headers and the time to send them."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import uvicorn

from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.people.accounts import any_account, make_link
from ledger.people.record import Who
from monitor.machinery.bounded_protocol import BoundedProtocol
from web.app import make_app
from web.desk import Desk, real_time

log = logging.getLogger("nianbao.web")

HEADER_BYTES = 32 * 1024
KEEP_ALIVE_SECONDS = 10
STOP_SECONDS = 5


class Protocol(BoundedProtocol):
    """HTTP within the desk's limits; above the limits of one request (web/serving/limits.py)."""

    most: ClassVar[int] = 100
    head_seconds: ClassVar[float] = 15.0
    whole_seconds: ClassVar[float] = 300.0
    _held: ClassVar[dict[BoundedProtocol, None]] = {}


def serve(
    settings: Settings,
    ledger: Ledger,
    stop: threading.Event,
    *,
    say: Callable[[str], None],
    clock: Callable[[], datetime] = real_time,
) -> None:
    """Serves the desk until ``stop``; says where, and how to make the first account while there is none.

    Raises ConfigurationError where the address cannot be listened at, ArchiveError where the archive cannot be used.
    """
    if not settings.web_listen:
        stop.wait()
        return
    desk = Desk(settings, ledger, open_archive(settings), clock)
    listener = _listen(settings.web_listen)
    host, port = settings.web_listen.rpartition(":")[0], listener.getsockname()[1]
    address = settings.web_address or f"http://{host}:{port}"
    say(f"工作台：{address}")
    with ledger.write() as session:
        token = None if any_account(session) else make_link(session, None, Who("nianbao run web"), clock())
    if token is not None:
        say(f"还没有账号。请在 24 小时内打开下面的链接，建立第一个账号（只能用一次）：\n{address}/link/{token}")
    config: Any = uvicorn.Config(
        make_app(desk),
        http=Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        h11_max_incomplete_event_size=HEADER_BYTES,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="nianbao-desk", daemon=True)
    thread.start()
    while thread.is_alive() and not stop.wait(0.2):
        pass
    server.should_exit = True
    thread.join(STOP_SECONDS + 1)
    listener.close()


def _listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family, backlog=Protocol.most)
    except OSError as error:
        raise ConfigurationError(
            "NIANBAO_WEB_LISTEN", f"不能在 {address} 上监听（{error.strerror or error}）", "请换一个地址或端口"
        ) from error

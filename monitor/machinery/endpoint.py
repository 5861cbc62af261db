"""The monitor's small web endpoint: is it well, is everything, what does Prometheus want, and who wants no more mail.

Closed unless ``NIANBAO_HEALTH_ADDRESS`` opens it. Nothing is shown that names an agency, a person or an address.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.database import open_ledger
from monitor.machinery.vital import Vital

log = logging.getLogger("nianbao.monitor")

STOP_SECONDS = 5.0


@contextmanager
def open_endpoint(settings: Settings, vital: Vital) -> Iterator[int | None]:
    """Serves the endpoint in a thread while the context lasts; gives its port, None where it is closed.

    It has connections to the ledger of its own, so that who asks much takes none from the monitor. Raises
    ConfigurationError where the address cannot be listened at, and LedgerError where the ledger cannot be opened.
    """
    if settings.health_address is None:
        yield None
        return
    # Imported here: a monitor without an endpoint needs no web server.
    import uvicorn

    from monitor.machinery.bounded_protocol import AT_ONCE, IDLE_SECONDS, LONGEST_HEAD, BoundedProtocol
    from monitor.machinery.web import make_app

    listener = _listen(settings.health_address)
    ledger = open_ledger(settings)
    config: Any = uvicorn.Config(
        make_app(settings, ledger, vital),
        http=BoundedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        backlog=AT_ONCE,
        timeout_keep_alive=IDLE_SECONDS,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="nianbao-endpoint", daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS)
        listener.close()
        ledger.close()


def _listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family)
    except OSError as error:
        raise ConfigurationError(
            "NIANBAO_HEALTH_ADDRESS", f"不能在 {address} 上监听（{error.strerror or error}）", "请换一个地址或端口"
        ) from error

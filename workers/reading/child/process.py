"""Reads documents in a child process with a limit on time and memory (design, decision 5).

A plain subprocess, because Celery's own processes are daemons and may have no children by ``multiprocessing``. It lives
on from document to document, and is replaced after every failure and after some dozens of documents, since what reads
PDFs seldom gives back all its memory.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from select import select
from threading import Event, Lock, Timer
from types import TracebackType
from typing import IO, Any, NamedTuple

from pydantic import ValidationError

from config.forms import FormFile, load_forms
from config.settings import Settings
from report.as_json import report_from_json
from report.report import Report
from workers.reading.child.frames import receive, send
from workers.reading.child.scratch import Scratch
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.hints import Hints

READER = "workers.reading.read:read_document"
DOCUMENTS_A_PROCESS = 50
# The variables that a reader may need, by how they begin.
HANDED_ON = ("NIANBAO_HOME", "PATH", "PYTHON", "LD_", "LANG", "LC_", "TZ", "TMPDIR", "OMP_", "OPENBLAS_")


class Interrupted(Exception):
    """Reading was broken off because the worker has to end; ``str()`` is one sentence."""

    def __init__(self) -> None:
        super().__init__("读取进程须在限期内停止，手上的文档没有读完")


class Slow(NamedTuple):
    """What is done once, after so many seconds, while a document is still being read; it raises nothing."""

    seconds: float
    do: Callable[[], object]


class ReadingProcess:
    """A child process that reads one document after another. It ends with its parent.

    ``reader`` names the function that reads, as ``module:function``; ``forms`` are those that it goes by, the home's
    where none are given (ConfigurationError where one does not fit).
    """

    def __init__(
        self, settings: Settings, *, reader: str = READER, forms: Mapping[str, FormFile] | None = None
    ) -> None:
        self._settings = settings
        files = load_forms(settings.home) if forms is None else forms
        self._forms = [file.model_dump(mode="json") for file in files.values()]
        self._reader = reader
        self._child: subprocess.Popen[bytes] | None = None
        self._scratch: Scratch | None = None
        self._documents = 0
        self._one_at_a_time = Lock()
        self._interrupted = False

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while there is none."""
        return self._child.pid if self._child is not None else None

    def read(
        self,
        data: bytes,
        source: str,
        hints: Hints | None = None,
        *,
        seconds: float | None = None,
        scans_left: bool = False,
        slow: Slow | None = None,
    ) -> Report:
        """What the document ``data`` says. ``source`` is its name or address, ``hints`` what is known from elsewhere.

        ``seconds`` is the limit, ``read_timeout_seconds`` where none is given. ``scans_left``: a document of which a
        picture would have to be read raises ReadError (scan) instead, as soon as that is seen. ``slow`` is done where
        it takes long.

        Raises ReadError where it cannot be read: whatever the reader finds wrong with it, and TOO_LARGE, TIMEOUT,
        MEMORY and CRASHED. Raises Interrupted where it was broken off.
        """
        most = self._settings.read_max_bytes
        if len(data) > most:
            raise ReadError(
                ReadErrorKind.TOO_LARGE,
                f"文档有 {len(data) / 1048576:.0f} MB，超过读取上限 {most / 1048576:.0f} MB；请人工查看",
            )
        question = {"source": source, "hints": asdict(hints) if hints else {}, "scans_left": scans_left}
        answer, _ = self._answered(question, data, seconds, slow)
        try:
            return report_from_json(answer["report"])
        except (ValidationError, KeyError) as error:
            self.close()
            raise not_understood() from error

    def do(
        self, task: str, values: dict[str, Any], data: bytes = b"", *, seconds: float | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """What a function (``module:function``) that runs in the child makes of ``values`` and a document: JSON and
        bytes. It is called with them and the forms. What comes back is as hostile as the document. Raises as
        :meth:`read` does.
        """
        answer, file = self._answered({"task": task, "values": values}, data, seconds)
        if not isinstance(answer.get("answer"), dict):
            self.close()
            raise not_understood()
        return answer["answer"], file

    def interrupt(self) -> None:
        """Breaks off what is being read, from a signal's handler too: there :meth:`read` raises Interrupted."""
        self._interrupted = True
        if self._child is not None:
            _kill(self._child)

    def close(self) -> None:
        """Ends the child, whatever it is doing."""
        child, self._child, self._documents = self._child, None, 0
        if child is not None:
            _kill(child)
            child.wait()
            for stream in (child.stdin, child.stdout):
                _close(stream)
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.remove()

    def _answered(
        self, question: dict[str, Any], data: bytes, seconds: float | None, slow: Slow | None = None
    ) -> tuple[dict[str, Any], bytes]:
        with self._one_at_a_time:
            try:
                answer = self._ask(question, data, seconds or self._settings.read_timeout_seconds, slow)
            except ReadError as error:
                # Leaving a document to others is no failure: the child is as good as before.
                if error.kind is not ReadErrorKind.SCAN:
                    self.close()
                raise
            except BaseException:
                self.close()
                raise
            self._documents += 1
            if self._documents >= DOCUMENTS_A_PROCESS:
                self.close()
            return answer

    def _ask(
        self, question: dict[str, Any], data: bytes, seconds: float, slow: Slow | None
    ) -> tuple[dict[str, Any], bytes]:
        new = self._child is None
        child = self._child = self._child or self._start()
        assert child.stdin is not None and child.stdout is not None  # noqa: S101 - narrows the type; both are pipes
        # Killing the child is what ends a wait for it: its end of both pipes closes.
        expired = Event()
        limit = Timer(seconds, _expire, [child, expired])
        limit.daemon = True
        limit.start()
        try:
            if new:
                send(child.stdin, {"forms": self._forms})
            send(child.stdin, question, data)
            if slow is not None and not select([child.stdout], [], [], slow.seconds)[0]:
                slow.do()
            answer, file = receive(child.stdout)
        except (OSError, EOFError, ValueError) as error:
            if self._interrupted:
                raise Interrupted from error
            if expired.is_set():
                raise ReadError(
                    ReadErrorKind.TIMEOUT, f"读取超过 {seconds:g} 秒仍未完成，已中止；请人工查看"
                ) from error
            raise ReadError(ReadErrorKind.CRASHED, f"读取程序异常退出（{_how(child)}）；请人工查看") from error
        finally:
            limit.cancel()
        if "kind" in answer:
            raise ReadError(ReadErrorKind(answer["kind"]), answer["sentence"])
        return answer, file

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a file in the current folder, which may be full of downloads, must not be taken for a module.
        command = [sys.executable, "-P", "-m", "workers.reading.child", str(os.getpid()), self._reader]
        command += [str(self._settings.read_memory_megabytes)]
        self._scratch = Scratch()
        # A session of its own, so that what it starts itself can be ended with it.
        return subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=_environment() | {"TMPDIR": str(self._scratch.path)},
        )


def _environment() -> dict[str, str]:
    """What the child knows of its surroundings: no password of ours is in the same memory as a hostile document."""
    handed_on = {name: value for name, value in os.environ.items() if name.startswith(HANDED_ON)}
    # numpy's algebra, which is not used, would set addresses aside for a thread a core.
    return {"OPENBLAS_NUM_THREADS": "1", **handed_on}


def not_understood() -> ReadError:
    """What comes back from the child is not what was asked for."""
    return ReadError(ReadErrorKind.CRASHED, "读取程序的回答无法理解；请人工查看")


def _expire(child: subprocess.Popen[bytes], expired: Event) -> None:
    expired.set()
    _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _how(child: subprocess.Popen[bytes]) -> str:
    status = child.wait()
    return f"信号 {-status}" if status < 0 else f"退出码 {status}"


def _close(stream: IO[bytes] | None) -> None:
    # What was still to be written was for a child that is gone.
    with suppress(BrokenPipeError):
        if stream is not None:
            stream.close()

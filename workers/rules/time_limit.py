"""How long a rule may take over one report: what strangers wrote must not keep a worker, or the lock that it holds.

The time is that of the processor, so that a busy machine changes no verdict. Only the main thread of a process can be
interrupted; worker and command line check there.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType, TracebackType

# The longest that a rule was seen to take over 100,000 characters of text is half a second.
SECONDS_A_RULE = 5.0


class RuleTookTooLongError(Exception):
    """A rule did not end within its time."""


class _Limited(AbstractContextManager[None]):
    """Sends the signal after some seconds within it. A class, as a generator costs more than most rules do."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@contextmanager
def limiting(seconds: float) -> Iterator[AbstractContextManager[None]]:
    """While this lasts, what runs within the context that it hands out raises RuleTookTooLongError after ``seconds``.

    The context is entered for each rule anew. Outside the main thread nothing is limited.
    """
    if threading.current_thread() is not threading.main_thread():
        yield nullcontext()
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise RuleTookTooLongError

    limited = _Limited(seconds)
    before = signal.signal(signal.SIGVTALRM, end)
    try:
        yield limited
    finally:
        signal.signal(signal.SIGVTALRM, before)

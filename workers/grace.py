"""The grace of a worker that is asked to stop: what it reads is finished, or handed back when the time is over.

Celery's warm shutdown waits for what is in hand however long that takes; whoever asked (an init system, Docker) does
not, and what is killed then counts as an attempt.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from threading import Timer
from typing import Any

from billiard import active_children
from celery import signals

from config.settings import Settings


def hand_back_in_time(settings: Settings, interrupt: Callable[[], None]) -> None:
    """Lets every worker of this application call ``interrupt`` in its pool's processes when its grace is over."""

    @signals.worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
    def _is_asked(**_: Any) -> None:
        over = Timer(settings.stop_grace_seconds, _interrupt_all)
        over.daemon = True
        over.start()

    @signals.worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def _begins(**_: Any) -> None:
        signal.signal(signal.SIGUSR2, lambda *_: interrupt())


def _interrupt_all() -> None:
    for process in active_children():
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGUSR2)

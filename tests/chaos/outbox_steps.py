"""A monitor dies between two steps of a message's way out: a file names the step, and who comes to it dies there."""

from __future__ import annotations

import functools
import importlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Where the steps are looked up when they are taken, in their order: what is written, and how it is sent.
STEPS: tuple[tuple[str, str], ...] = (
    ("monitor.loop", "update_corrections"),
    ("monitor.loop", "update_notices"),
    ("ledger.messages.notices", "write_notice"),
    ("monitor.loop", "update_letters"),
    ("monitor.loop", "enclose_evidence"),
    ("monitor.loop", "send_waiting"),
    ("ledger.messages.outbox", "claim_notice"),
    ("monitor.notices.outbox", "_claim"),
    ("monitor.notices.outbox", "make_message"),
    ("monitor.channels.mail.transport:Conversation", "send"),
    ("monitor.notices.outbox", "_attempt"),
    ("monitor.notices.outbox", "_end"),
)
PLACES = tuple(f"{when} {name}" for _, name in STEPS for when in ("before", "after"))


def watch(reached: Callable[[str], None]) -> None:
    """From now on ``reached`` is called with each of the ``PLACES`` that this process comes to."""
    for where, name in STEPS:
        module, _, owner = where.partition(":")
        place: Any = importlib.import_module(module)
        place = getattr(place, owner) if owner else place
        setattr(place, name, _watched(name, getattr(place, name), reached))


def _watched(name: str, step: Callable[..., Any], reached: Callable[[str], None]) -> Callable[..., Any]:
    @functools.wraps(step)
    def taken(*given: Any, **named: Any) -> Any:
        reached(f"before {name}")
        result = step(*given, **named)
        reached(f"after {name}")
        return result

    return taken


def die_where(file: Path) -> None:
    """This process is killed at the place that ``file`` names; of several processes one, for the file is taken away."""

    def reached(place: str) -> None:
        try:
            if file.read_text(encoding="utf-8") != place:
                return
            file.rename(file.with_name(f"{file.name}.{os.getpid()}"))
        except OSError:
            return  # nothing is named, or another was faster
        os.kill(os.getpid(), signal.SIGKILL)

    watch(reached)

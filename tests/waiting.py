"""Waits for a thing to happen, with a limit, instead of sleeping and hoping."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(happened: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Returns as soon as ``happened()``; fails with ``what`` in its message where it does not within the limit.

    The limit is for what never happens, and not for what is slow: a machine may have other things to do.
    """
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)

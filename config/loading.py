"""Modules are loaded without a look for garbage among what they make: it stays as long as the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """For what is imported within: no garbage is looked for meanwhile, and never in what was loaded by then.

    Each look goes through all that there is: a sixth of the time in which a worker starts, and later again and again.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

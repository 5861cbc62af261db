"""What all processes of a run look at and none changes is made by the first that wants it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name that ``make`` fills, once in a run of however many processes; the others wait for it.

    Who needs to change something in it takes a copy.
    """
    of_the_run = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_the_run = of_the_run.parent
    folder, unfinished = of_the_run / name, of_the_run / f"{name}.unfinished"
    with (of_the_run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)  # whoever began it was stopped
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder

"""What a process sees of its machine: room on the disks of our folders, and clocks that do not agree."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.settings import Settings

# How long a jump of the clock is reported after it happened.
JUMP_IS_TOLD_SECONDS = 3600.0
# What a clock that is kept right may be set forward or back at once.
_USUAL_STEP_SECONDS = 1.0


def our_folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The folders of this machine that we write to, each with its name for people."""
    if settings.database_url is None:
        yield "台账", settings.home
    if settings.archive_address.startswith("file://"):
        yield "存档", Path(settings.archive_address.removeprefix("file://"))
    if settings.broker_url is None:
        yield "消息队列", settings.home / "broker"


def disks(settings: Settings) -> list[dict[str, Any]]:
    """Each disk that our folders lie on: ``what`` of ours, ``folder``, and ``free`` and ``total`` bytes.

    A folder that is not there yet lies where its nearest parent does. One that cannot be looked at has ``error``
    instead of bytes.
    """
    found: dict[int | str, dict[str, Any]] = {}
    for what, folder in our_folders(settings):
        try:
            there = next(place for place in (folder, *folder.parents) if place.exists())
            device, usage = there.stat().st_dev, shutil.disk_usage(there)
        except OSError as error:
            found[str(folder)] = {"what": what, "folder": str(folder), "error": error.strerror or str(error)}
            continue
        if device in found:
            found[device]["what"] += f"、{what}"
            continue
        found[device] = {"what": what, "folder": str(folder), "free": usage.free, "total": usage.total}
    return list(found.values())


def file_clock(settings: Settings) -> float | None:
    """Seconds by which the clock that dates new files of ours is behind this machine's (a file server has its own).

    None where there is no folder of ours to ask, or nothing can be written there.
    """
    for _, folder in our_folders(settings):
        try:
            if not folder.is_dir():
                continue
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"\n")
                file.flush()
                return time.time() - os.fstat(file.fileno()).st_mtime
        except OSError:
            return None  # a full or closed disk is told by itself
    return None


class JumpWatch:
    """Notices when this machine's clock is set forward or back while the process lives."""

    def __init__(self) -> None:
        self._offset = time.time() - _steady()
        self._jump = 0.0
        self._seen = 0.0

    def look(self) -> float:
        """Seconds by which the clock jumped within the last hour; 0 where it did not."""
        steady = _steady()
        offset = time.time() - steady
        if abs(offset - self._offset) > _USUAL_STEP_SECONDS:
            self._jump, self._seen = offset - self._offset, steady
        self._offset = offset
        if steady - self._seen > JUMP_IS_TOLD_SECONDS:
            self._jump = 0.0
        return self._jump


def _steady() -> float:
    """Seconds of a clock that nobody sets. Where there is one that goes on while the machine sleeps, it is that."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)

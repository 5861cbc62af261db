"""The folder for temporary files of one reading process: it goes with the process, however that ends.

What a reader leaves lying when it is killed (a document, LibreOffice's profile) is in it. A folder whose worker was
killed as well is removed by whoever starts a reader on that machine next: nobody holds its lock.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "nianbao-reader-"


class Scratch:
    """A new folder, locked until :meth:`remove`. Raises OSError where there is no room for one."""

    def __init__(self) -> None:
        _remove_left_behind()
        # Another reader may take it for left behind before it is locked.
        made = None
        while made is None:
            made = _locked(Path(tempfile.mkdtemp(prefix=PREFIX)))
        self.path, self._lock = made

    def remove(self) -> None:
        """Removes it with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _locked(folder: Path) -> tuple[Path, int] | None:
    """The folder with its lock; None where it was gone before it was locked."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    fcntl.flock(lock, fcntl.LOCK_EX)
    if folder.exists():
        return folder, lock
    os.close(lock)
    return None


def _remove_left_behind() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # Another user's, or just removed by somebody else: neither is ours to care for.
        with suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)

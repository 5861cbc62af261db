"""Folders and files that only the user who runs nianbao may open, whatever the umask: addresses of people are in them.

What is made by :func:`make_private_folder` and :func:`make_private_file` is closed from its first moment; what an
earlier program or a person left open is named by :func:`open_to_others`, and changed by nobody but its owner.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_private_folder(folder: Path) -> None:
    """Makes a folder that only its owner may enter; one that is there keeps its mode. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(FOLDER_MODE)  # a umask that takes from the owner is not meant


def make_private_file(path: Path) -> None:
    """Makes an empty file that only its owner may open; one that is there is left alone.

    Nothing happens where it cannot be made: whoever opens it next says why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))


def open_to_others(home: Path) -> Iterator[Path]:
    """The home and the files in it that everybody on this machine may open.

    Behind a closed home nothing can be reached, whatever its own mode. What the group may is the office's own choice.
    """
    if not _is_open(home):
        return
    yield home
    for path in sorted(home.iterdir()):
        if path.is_file() and _is_open(path):
            yield path


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH))
    except FileNotFoundError:
        return False

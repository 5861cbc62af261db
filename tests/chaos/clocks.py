"""The clock of each role, which can be set wrong while it runs: a small library that is preloaded (clock.c).

libfaketime is not used: what it does to monotonic clocks makes Python wait for ever. Where there is no C compiler, the
clocks stay right.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class Clocks:
    """One clock a role, by its name, in an empty folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._library = folder / "clock.so"
        compiler = shutil.which("cc")
        if compiler is not None:
            subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", self._library, SOURCE], check=True)

    @property
    def can_be_wrong(self) -> bool:
        """Whether there was a compiler."""
        return self._library.exists()

    def environment(self, name: str) -> dict[str, str]:
        """What the processes of a role have to be started with."""
        if not self.can_be_wrong:
            return {}
        if not (self._folder / name).exists():
            self.set(name, 0)
        return {"LD_PRELOAD": str(self._library), "NIANBAO_TEST_CLOCK": str(self._folder / name)}

    def set(self, name: str, seconds: int) -> None:
        """Lets the clock of a role be wrong by so many seconds, from now on."""
        # Written into the file that the role has mapped, and in one piece.
        file = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.write(file, struct.pack("=q", seconds))
        finally:
            os.close(file)

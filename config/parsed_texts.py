"""What large data files say, kept in the home: nearly all of what it costs to read a register is parsing its YAML.

It is kept by the digest of a text, so it can never stand for another text, and whether it fits the model is asked each
time. Where the copy is missing, damaged or cannot be written, the texts are parsed.

Without it 20,000 agencies take 3.7 s of a core to load, with it 0.9 s (29 November 2026): a command that shows one
district loads them all, and has a second (bench.monitor).
"""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

# Characters of text from which on a copy is worth its file: some thirty milliseconds of parsing.
WORTH_KEEPING = 100_000

_DIGEST = hashlib.sha256().digest_size
_TIMES = frozenset(("date", "datetime", "timedelta", "timezone"))


class ParsedTexts:
    """The texts of one load; :meth:`keep` writes them down for the next. Without a home everything is parsed."""

    def __init__(self, home: Path | None, name: str) -> None:
        self._path = None if home is None else home / "cache" / f"{name}.parsed"
        self._kept: dict[bytes, object] = {} if self._path is None else _read(self._path)
        self._now: dict[bytes, object] = {}
        self._characters = 0

    def content(self, text: str, parse: Callable[[str], object]) -> object:
        """What ``text`` says, by ``parse`` where it is not known. Raises what that raises."""
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        self._now[digest] = content = self._kept[digest] if digest in self._kept else parse(text)
        self._characters += len(text)
        return content

    def keep(self) -> None:
        """Writes down what was asked for, whole or not at all, where some of it is new and it is worth keeping."""
        if self._path is None or self._characters < WORTH_KEEPING or self._now.keys() <= self._kept.keys():
            return
        packed = pickle.dumps(self._now)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):  # a home that is read-only, full or not there yet: the next load parses again
            self._path.parent.mkdir(exist_ok=True)
            try:
                beside.write_bytes(hashlib.sha256(packed).digest() + packed)
                beside.replace(self._path)
            finally:
                beside.unlink(missing_ok=True)


class _PlainValues(pickle.Unpickler):
    """Reads what YAML can say: values of Python's own kinds and times. Nothing that could be run."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in _TIMES:
            return getattr(datetime, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _read(path: Path) -> dict[bytes, object]:
    with suppress(OSError, pickle.UnpicklingError):
        whole = path.read_bytes()
        digest, packed = whole[:_DIGEST], whole[_DIGEST:]
        if hashlib.sha256(packed).digest() == digest:
            found = _PlainValues(io.BytesIO(packed)).load()
            return found if isinstance(found, dict) else {}
    return {}

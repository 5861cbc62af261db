"""A portal as the demo's server plays it: which pages there are on a given day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Answer:
    """What stands at one address. ``modified`` (aware) becomes Last-Modified; ``tagged`` answers get an ETag.

    ``seconds`` is how long a slow portal takes for it.
    """

    content: bytes
    media_type: str = "text/html"
    status: int = 200
    modified: datetime | None = None
    tagged: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0

    @property
    def etag(self) -> str:
        """The validator made from the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


NOT_FOUND = Answer(
    b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>", status=404
)


@dataclass(frozen=True)
class Site:
    """One portal: its pages by path on a given day, and what it says to every other path."""

    pages: Callable[[date], Mapping[str, Answer]]
    otherwise: Answer = NOT_FOUND

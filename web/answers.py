"""What stops a page: each ends as one sentence with what to do, never as a traceback."""

from __future__ import annotations


class NotLoggedIn(Exception):
    """Nobody is logged in, and the address asks for somebody."""


class NotAllowed(Exception):
    """The role does not allow it."""


class NotFound(Exception):
    """There is no such page, or it is of a district that the visitor does not see: both look the same."""


class Rejected(Exception):
    """What was sent cannot be done; ``str()`` is one sentence with the remedy. ``status`` is the answer's."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        self.status = status
        super().__init__(sentence)

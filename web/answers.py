"""What stops a page: each ends as one sentence with what to do, never as a traceback."""

from __future__ import annotations


class NotLoggedIn(Exception):
    """Nobody is logged in, and the address asks for somebody."""


class NotAllowed(Exception):
    """The role does not allow it."""


class NotFound(Exception):
    """There is no such page, or it is of a district that the visitor does not see: both look the same."""


class Rejected(Exception):
    """What was sent cannot be done; ``str()`` is one sentence with the remedy. ``status`` is the answer's, and
    ``retry_after`` the seconds after which it may be tried again, where it may.
    """

    def __init__(self, sentence: str, status: int = 400, *, retry_after: int | None = None) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(sentence)

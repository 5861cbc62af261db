"""Where drafts are judged: a few at once, each in a limited process of its own; for the page and the API alike."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from config.plain_text import plain
from web.answers import Rejected
from web.desk import Desk
from workers.drafts.checking import CheckedDraft, check_draft

AT_ONCE = 2
RETRY_AFTER_SECONDS = 60
LONGEST_NAME = 200
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def a_place() -> Iterator[None]:
    """One of the places for drafts. Raises Rejected (503) where all are taken: nobody waits in a line."""
    if not _places.acquire(blocking=False):
        raise Rejected("正在检查的文件已满，请一分钟后再试", 503, retry_after=RETRY_AFTER_SECONDS)
    try:
        yield
    finally:
        _places.release()


def judged_draft(
    desk: Desk,
    data: bytes,
    name: str,
    *,
    agency: str | None = None,
    year: int | None = None,
    districts: Collection[str] | None = None,
) -> CheckedDraft:
    """What is found in a draft, of which nothing is kept; ``.judged.as_json()`` is what ``nianbao check`` prints of it.

    ``districts`` are those in whose agencies its own is looked for, None for all. Raises Rejected (503) where as many
    are being judged as may be.
    """
    with a_place():
        return check_draft(
            desk.settings,
            desk.ledger,
            desk.archive,
            desk.register,
            data,
            plain(name)[:LONGEST_NAME] or "未命名",
            desk.now(),
            agency=agency,
            year=year,
            districts=districts,
        )

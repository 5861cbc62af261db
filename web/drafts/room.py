"""Where drafts are judged: a few at once, each in a limited process of its own; for the page and the API alike.

What comes of one is kept in the memory of this process for a while, for whoever uploaded it and nobody else; the file
itself is forgotten as soon as it has been judged.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.plain_text import plain
from web.answers import Rejected
from web.desk import Desk
from workers.drafts.checking import CheckedDraft, check_draft

AT_ONCE = 2
FULL = "正在检查的文件已满，请一分钟后再试"
RETRY_AFTER_SECONDS = 60
LONGEST_NAME = 200
# Less than a request may take (web/serving/limits.py).
WHILE_SOMEBODY_WAITS_SECONDS = 100.0
# How long a result can be looked at and downloaded, and how much of them there is at most.
KEPT = timedelta(minutes=30)
MOST_KEPT = 60
MOST_KEPT_BYTES = 256 * 1024 * 1024
# So many drafts of one agency, account or address in so many seconds.
MOST_IN_A_WHILE = 30
A_WHILE_SECONDS = 600.0
MOST_SENDERS = 10_000
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def a_place() -> Iterator[None]:
    """One of the places for drafts. Raises Rejected (503) where all are taken: nobody waits in a line."""
    _take_place()
    try:
        yield
    finally:
        _places.release()


def _take_place() -> None:
    if not _places.acquire(blocking=False):
        raise Rejected(FULL, 503, retry_after=RETRY_AFTER_SECONDS)


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
        return _judged(desk, data, name, agency, year, districts, WHILE_SOMEBODY_WAITS_SECONDS)


def _judged(
    desk: Desk,
    data: bytes,
    name: str,
    agency: str | None,
    year: int | None,
    districts: Collection[str] | None,
    seconds: float,
    *,
    with_pictures: bool = False,
) -> CheckedDraft:
    return check_draft(
        desk.settings,
        desk.ledger,
        desk.archive,
        desk.register,
        data,
        file_name(name),
        desk.now(),
        agency=agency,
        year=year,
        districts=districts,
        seconds=seconds,
        with_pictures=with_pictures,
    )


def file_name(name: str) -> str:
    """The name of an uploaded file for people: no path, nothing that steers, not too long."""
    own = " ".join(plain(name).replace("\\", "/").rsplit("/", 1)[-1].split())
    return own[-LONGEST_NAME:] or "未命名"


@dataclass(frozen=True, slots=True)
class Upload:
    """A draft that is judged, or was: by whom it was sent (``sender``), with what, when, and what comes of it.

    ``address`` is where its page leads back to, for another one.
    """

    token: str
    sender: str
    address: str
    name: str
    size: int
    at: datetime
    result: Future[CheckedDraft] = field(default_factory=Future)

    @property
    def bytes_kept(self) -> int:
        """What it takes of the memory, roughly: its commented file and the pictures of its pages."""
        if not self.result.done() or self.result.exception() is not None:
            return 0
        draft = self.result.result()
        return len(draft.commented or b"") + sum(len(one.picture) for one in draft.pages)


class DraftRoom:
    """The drafts of one process. All of it goes with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uploads: OrderedDict[str, Upload] = OrderedDict()
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(
        self,
        desk: Desk,
        data: bytes,
        name: str,
        *,
        sender: str,
        counted_as: str,
        address: str,
        agency: str | None,
        year: int | None,
        districts: Collection[str] | None,
    ) -> Upload:
        """Begins to judge a draft, in a thread of its own. ``counted_as`` is whose drafts are counted together.

        Raises Rejected: 429 where too many came in a short time, 503 where all places are taken.
        """
        self.count(counted_as)
        _take_place()
        upload = Upload(secrets.token_urlsafe(24), sender, address, file_name(name), len(data), desk.now())
        with self._lock:
            self._uploads[upload.token] = upload
        self._forget(desk.now())

        def judge() -> CheckedDraft:
            # As long as a worker takes for a scan: the page says meanwhile that it goes on.
            seconds = max(desk.settings.read_timeout_seconds, desk.settings.scan_timeout_seconds)
            return _judged(desk, data, name, agency, year, districts, seconds, with_pictures=True)

        threading.Thread(target=_run, args=(upload.result, judge), name="nianbao-draft", daemon=True).start()
        return upload

    def find(self, token: str, sender: str, now: datetime) -> Upload | None:
        """The draft that ``sender`` sent; None where it was somebody else, or it is forgotten."""
        self._forget(now)
        with self._lock:
            upload = self._uploads.get(token)
        return upload if upload is not None and secrets.compare_digest(upload.sender, sender) else None

    def remove(self, token: str) -> None:
        """Forgets a draft at once."""
        with self._lock:
            self._uploads.pop(token, None)

    def _forget(self, now: datetime) -> None:
        """Forgets what is old, and the oldest where there are too many or too large ones."""
        with self._lock:
            for token in [one.token for one in self._uploads.values() if not now - KEPT <= one.at <= now + KEPT]:
                del self._uploads[token]
            kept = sum(one.bytes_kept for one in self._uploads.values())
            while self._uploads and (len(self._uploads) > MOST_KEPT or kept > MOST_KEPT_BYTES):
                kept -= self._uploads.popitem(last=False)[1].bytes_kept

    def count(self, sender: str) -> None:
        """Counts a draft of somebody. Raises Rejected (429) where too many came in a short time."""
        now = time.monotonic()
        with self._lock:
            sent = self._sent.setdefault(sender, deque())
            self._sent.move_to_end(sender)
            while len(self._sent) > MOST_SENDERS:
                self._sent.popitem(last=False)
            while sent and sent[0] < now - A_WHILE_SECONDS:
                sent.popleft()
            if len(sent) >= MOST_IN_A_WHILE:
                wait = int(sent[0] + A_WHILE_SECONDS - now) + 1
                raise Rejected("您在短时间内检查的文件太多，请过几分钟再试", 429, retry_after=wait)
            sent.append(now)


def _run(result: Future[CheckedDraft], judge: Callable[[], CheckedDraft]) -> None:
    try:
        draft = judge()
    except Exception as error:  # noqa: BLE001 - the page that asks for the result raises it
        _places.release()
        result.set_exception(error)
    else:
        _places.release()
        result.set_result(draft)

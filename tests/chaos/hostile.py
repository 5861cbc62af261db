"""A portal among the honest ones whose answers are broken on their way, each in another way that the seed draws."""

from __future__ import annotations

from random import Random
from types import TracebackType
from typing import Self

from tests.chaos.season import HOSTILE, Season
from tests.portals.answers.broken import WAYS, Broken
from tests.portals.lists.plan import District
from tests.portals.lists.serving import Asked, ListPortal, ListServer, Reply

# Now and then it is honest, so that something of it gets as far as the workers.
BROKEN_SHARE = 0.7


class HostilePortal:
    """The portal's server, a context manager; :meth:`fall_silent` ends it for good."""

    def __init__(self, seed: int, season: Season) -> None:
        self._random = Random(f"hostile-{seed}")
        self._season = season
        portal = ListPortal(District(HOSTILE, {}, ()), self._answer, {}, breaks=self._breaks)
        self._server = ListServer({HOSTILE: portal})
        self._open = False
        self.address = self._server.addresses[HOSTILE]

    def __enter__(self) -> Self:
        self._server.__enter__()
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.fall_silent()

    def fall_silent(self) -> None:
        """Nobody answers there any more: else there would be something new of it for ever."""
        if self._open:
            self._open = False
            self._server.__exit__(None, None, None)

    def _answer(self, asked: Asked) -> Reply | None:
        page = self._season.pages_of_the_hostile().get(asked.place)
        return None if page is None else Reply(page.content, page.media_type)

    def _breaks(self, _asked: Asked, reply: Reply) -> Broken | None:
        if self._random.random() >= BROKEN_SHARE:
            return None
        return WAYS[self._random.choice(sorted(WAYS))](self._random, reply)

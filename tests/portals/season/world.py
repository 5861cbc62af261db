"""All portals of the season, served; and the times at which they are looked at."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.demo.server import PortalServer
from tests.portals.season.elsewhere import ELSEWHERE
from tests.portals.season.folders import FOLDERS
from tests.portals.season.lists import LISTS
from tests.portals.season.office import write_office
from tests.portals.season.plan import District, day
from tests.portals.season.troubles import DEAD, PAUSED, REFUSED, changed, troubled

BEFORE = day(1, 20, 9, 0)
FIRST = day(2, 3, 9, 0)
SECOND = day(2, 4, 9, 0)


@dataclass
class Season:
    """The districts that are watched, the server that plays them, and those whose layout changes after ``BEFORE``."""

    districts: list[District]
    server: PortalServer
    before: list[District]

    def district(self, portal: str) -> District:
        """The district of a portal."""
        return next(one for one in self.districts if one.portal == portal)

    def change_layouts(self) -> None:
        """What stood before is replaced by what stands from the first crawl on."""
        for made in self.before:
            self.server.replace(made.portal, self.district(made.portal).site)


@contextmanager
def season(home: Path, *, troubles: bool = True) -> Iterator[Season]:
    """Serves the season, and writes the files of the office that watches it into ``home``."""
    sound = [make() for make in (*LISTS, *FOLDERS, *ELSEWHERE)]
    pairs = changed() if troubles else []
    districts = [*sound, *(troubled() if troubles else []), *(after for _, after in pairs)]
    before = [one for one, _ in pairs]
    unserved = (REFUSED, DEAD)
    sites = {made.portal: made.site for made in districts if made.portal not in unserved}
    sites |= {made.portal: made.site for made in before}
    with PortalServer(sites, FIRST.date()) as server:
        addresses = {REFUSED: f"http://127.0.0.1:{_closed_port()}", DEAD: "http://portal.invalid", **server.addresses}
        write_office(home, districts, addresses)
        yield Season(districts, server, before)


def _closed_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


__all__ = ["BEFORE", "FIRST", "PAUSED", "SECOND", "Season", "season"]

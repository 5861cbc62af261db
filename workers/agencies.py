"""The registered agencies as a worker asks for them: by id and by portal, without a look at all the others."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from config.agencies import AgencyEntry, DistrictFile, load_districts
from config.yaml_file import ConfigurationError, data_files, stamps

log = logging.getLogger("nianbao.workers")

# The monitor takes up a changed register within half a minute; a worker no later.
LOOK_AGAIN_SECONDS = 15.0


class Agencies:
    """The agencies of all districts. A country has 200,000, and every document asks for its own and its neighbours."""

    def __init__(self, districts: Iterable[DistrictFile]) -> None:
        self.become(districts)

    def become(self, districts: Iterable[DistrictFile]) -> None:
        """These districts' agencies in place of those there were."""
        by_id: dict[str, AgencyEntry] = {}
        by_portal: dict[str, dict[str, AgencyEntry]] = {}
        for district in districts:
            of_portal = by_portal.setdefault(district.portal, {})
            for agency in district.agencies:
                by_id[agency.id] = of_portal[agency.id] = agency
        self._by_id, self._by_portal = by_id, by_portal

    def get(self, agency_id: str | None) -> AgencyEntry | None:
        """The agency with this id; None where there is none."""
        return self._by_id.get(agency_id) if agency_id is not None else None

    def of_portal(self, portal: str) -> dict[str, AgencyEntry]:
        """Those whose reports appear on a portal, by id."""
        return self._by_portal.get(portal, {})


class AgencyFiles:
    """The files of a home from which :attr:`agencies` are. Raises ConfigurationError where one does not fit."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen = self._stamps()
        self._looked_at: float | None = None
        self.agencies = Agencies(load_districts(home).values())

    def look_again(self, at: float) -> None:
        """Takes up what was changed in the files; ``at`` are seconds of a clock that only goes forward.

        To be called between two documents. Where the files cannot be read the register stays as it was, and the log
        says once what is wrong.
        """
        if self._looked_at is not None and at - self._looked_at < LOOK_AGAIN_SECONDS:
            return
        self._looked_at = at
        try:
            seen = self._stamps()
            if seen != self._seen:
                self._seen = seen
                self.agencies.become(load_districts(self._home).values())
                log.info("机关名册有变动，已重新读入")
        except (ConfigurationError, OSError) as error:
            log.error("改动后的机关名册不能使用，仍按原来的名册处理：%s", error)

    def _stamps(self) -> tuple[tuple[str, int, int], ...]:
        return stamps(data_files("agencies", self._home))

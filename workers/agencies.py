"""The registered agencies as a worker asks for them: by id and by portal, without a look at all the others."""

from __future__ import annotations

from collections.abc import Iterable

from config.agencies import AgencyEntry, DistrictFile


class Agencies:
    """The agencies of all districts. A country has 200,000, and every document asks for its own and its neighbours."""

    def __init__(self, districts: Iterable[DistrictFile]) -> None:
        self._by_id: dict[str, AgencyEntry] = {}
        self._by_portal: dict[str, dict[str, AgencyEntry]] = {}
        for district in districts:
            of_portal = self._by_portal.setdefault(district.portal, {})
            for agency in district.agencies:
                self._by_id[agency.id] = of_portal[agency.id] = agency

    def get(self, agency_id: str | None) -> AgencyEntry | None:
        """The agency with this id; None where there is none."""
        return self._by_id.get(agency_id) if agency_id is not None else None

    def of_portal(self, portal: str) -> dict[str, AgencyEntry]:
        """Those whose reports appear on a portal, by id."""
        return self._by_portal.get(portal, {})

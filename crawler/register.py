"""Who may be meant: the agencies of a portal's district by name, and which report years are watched."""

from __future__ import annotations

import re
from collections.abc import Mapping

from config.agencies import DistrictFile
from config.portals import AgencyKind
from report.numerals import fold_width, without_space
from report.titles import match_agency

# What may stand beside an agency's name without making it another one.
_AROUND = re.compile(r"人民政府|办事处|街道|地区|政府|年度?|关于|公布|[《》“”\"'()（）\-—_:：,，、。·]|本级")
_PLACE = re.compile(r"^(?:[一-鿿]{2,5}?(?:省|市|自治区))+")


class Register:
    """The agencies of one district, asked by what a title says."""

    def __init__(self, district: DistrictFile) -> None:
        self._district = district
        self._agencies = {agency.id: agency for agency in district.agencies}

    def watches(self, year: int | None) -> bool:
        """Whether a report of this year concerns the office; one without a year may."""
        return year is None or self._district.watched.holds(year)

    def agency_in(self, text: str, kinds: tuple[AgencyKind, ...] = ()) -> str | None:
        """The id of the agency that ``text`` names; None where it names none, or one that only looks like it.

        ``text`` is what stands in a title before "政府信息公开…". After the name found is taken out, nothing may be
        left but the district's own name and general words: 望京街道社区服务中心 is not 望京街道.
        """
        names = self._names(kinds)
        found = match_agency(text, names)
        if found is None:
            return None
        return found if self._is_whole(text, names[found]) else None

    def _names(self, kinds: tuple[AgencyKind, ...]) -> Mapping[str, tuple[str, ...]]:
        return {agency.id: agency.names for agency in self._agencies.values() if not kinds or agency.kind in kinds}

    def _is_whole(self, text: str, names: tuple[str, ...]) -> bool:
        letters = without_space(fold_width(text))
        standing = [folded for name in names if (folded := without_space(fold_width(name))) in letters]
        left = letters.replace(max(standing, key=len), "", 1)
        left = left.replace(self._district.district, "", 1)
        left = _PLACE.sub("", left)
        return not _AROUND.sub("", left)

"""Who may be meant: the agencies of a portal's district by name, and which report years are watched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from config.agencies import DistrictFile
from config.portals import AgencyKind
from report.numerals import fold_width, without_space

# What may stand beside an agency's name without making it another one.
_AROUND = re.compile(
    r"人民政府|办事处|街道|地区|政府|年度?|关于|公布|[《》“”\"'()（）\-—_:：,，、。·\[\]【】〔〕]|本级"
)
# So many answers are kept, of texts so long: the same titles and menus are asked for again and again.
_MOST_KEPT, _LONGEST_KEPT = 4096, 200
_SHORTEST_BEGINNING, _LONGEST_NAME = 2, 40
_PLACE = re.compile(r"^(?:[一-鿿]{2,5}?(?:省|市|自治区))+")


class Register:
    """The agencies of one district, asked by what a title says."""

    def __init__(self, district: DistrictFile) -> None:
        self._district = district
        self._kind_of = {agency.id: agency.kind for agency in district.agencies}
        self.kinds: frozenset[str] = frozenset(self._kind_of.values())
        # Name as it is compared, kind and id.
        self._names = [
            (without_space(fold_width(name)), agency.kind, agency.id)
            for agency in district.agencies
            for name in agency.names
        ]

        # A government that is called like its district is not meant wherever the district is named.
        spoken = {
            name: ids for name, ids in _by_name(self._names).items() if name != district.district and len(name) > 1
        }
        self._spoken = spoken
        # How long the names are that begin so, the longest first: a district's agencies mostly begin alike. One
        # expression for all of them takes a round as long as a page to make.
        lengths: dict[str, set[int]] = {}
        for name in spoken:
            lengths.setdefault(name[:_SHORTEST_BEGINNING], set()).add(len(name))
        self._lengths = {beginning: sorted(some, reverse=True) for beginning, some in lengths.items()}
        self._named: dict[tuple[str, tuple[AgencyKind, ...]], str | None] = {}
        self._mentioned: dict[str, frozenset[str]] = {}

    def mentioned(self, text: str) -> frozenset[str]:
        """The ids of all agencies whose names stand in a text; in a longer name a shorter one does not stand."""
        known = self._mentioned.get(text)
        if known is not None:
            return known
        found = self._all_in(text)
        if len(text) <= _LONGEST_KEPT and len(self._mentioned) < _MOST_KEPT:
            self._mentioned[text] = found
        return found

    def _all_in(self, text: str) -> frozenset[str]:
        letters = without_space(fold_width(text))
        found: set[str] = set()
        at = 0
        while at < len(letters) - 1:
            step = 1
            for length in self._lengths.get(letters[at : at + _SHORTEST_BEGINNING], ()):
                whose = self._spoken.get(letters[at : at + length])
                if whose is not None:
                    found |= whose
                    step = length
                    break
            at += step
        return frozenset(found)

    def kinds_of(self, agencies: Iterable[str]) -> frozenset[str]:
        """The kinds of some agencies, by their ids."""
        return frozenset(self._kind_of[agency] for agency in agencies if agency in self._kind_of)

    def watches(self, year: int | None) -> bool:
        """Whether a report of this year concerns the office; one without a year may."""
        return year is None or self._district.watched.holds(year)

    def agency_in(self, text: str, kinds: tuple[AgencyKind, ...] = ()) -> str | None:
        """The id of the agency that ``text`` names; None where it names none, or one that only looks like it.

        ``text`` is what stands in a title before "政府信息公开…". After the name found is taken out, nothing may be
        left but the district's own name and general words: 望京街道社区服务中心 is not 望京街道.
        """
        asked = text, kinds
        if asked not in self._named and len(self._named) < _MOST_KEPT:
            self._named[asked] = self._agency_in(text, kinds)
        return self._named[asked] if asked in self._named else self._agency_in(text, kinds)

    def may_go_on_with_a_name(self, cut: str) -> bool:
        """Whether a text that was cut short may have gone on with an agency's name: it ends in the middle of one.

        Or it says nothing yet but the district's own name and general words, so that any name may follow.
        """
        letters = without_space(fold_width(cut))
        ends = (letters[-length:] for length in range(_SHORTEST_BEGINNING, min(len(letters), _LONGEST_NAME) + 1))
        return self._is_rest(letters) or any(end in self._beginnings for end in ends)

    def begins_a_name(self, text: str) -> bool:
        """Whether a text is the beginning of an agency's name: what people shorten it to (北街 for 北街街道)."""
        return without_space(fold_width(text)) in self._beginnings

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(
            name[:length]
            for name, _, _ in self._names
            for length in range(_SHORTEST_BEGINNING, min(len(name), _LONGEST_NAME + 1))
        )

    def _agency_in(self, text: str, kinds: tuple[AgencyKind, ...]) -> str | None:
        letters = without_space(fold_width(text))
        named = {
            (len(name), agency)
            for name, kind, agency in self._names
            if name in letters and (not kinds or kind in kinds) and self._is_rest(letters.replace(name, "", 1))
        }
        longest = max((length for length, _ in named), default=0)
        found = {agency for length, agency in named if length == longest}
        return found.pop() if len(found) == 1 else None

    def _is_rest(self, letters: str) -> bool:
        """Whether what is left of a title without an agency's name says nothing that would make it another's."""
        left = _PLACE.sub("", letters.replace(self._district.district, "", 1))
        return not _AROUND.sub("", left)


def _by_name(names: list[tuple[str, AgencyKind, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, _, agency in names:
        found.setdefault(name, set()).add(agency)
    return found

"""Names of agencies compared: whoever could be the same one is never taken for another.

One agency goes by many names: 左家庄街道 is 北京市朝阳区人民政府左家庄街道办事处, 市场监管局 is 市场监督管理局. Two
names are of different agencies only where no shortening turns the one into the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from report.numerals import fold_width, without_space

# What an agency is, by the end of its name; the longer ends first.
KINDS = (
    "街道办事处", "地区办事处", "人民政府办公室", "人民政府", "委员会办公室", "委员会", "委会",
    "办事处", "办公室", "街道", "地区", "政府", "分局", "中心", "镇", "乡", "局", "委", "办",
)  # fmt: skip
_TAIL = re.compile(rf"(?:{'|'.join(KINDS)})+$")
_PLACE = re.compile(r"^.*(?:省|(?<!城)市(?![场政])|区(?!域)|县|旗|州)(?:人民政府)?(?=.{2})")
# The places before a name, one after the other; no 市场, 社区, 开发区, 新区.
_PLACES = re.compile(r"[一-鿿]{1,7}?(?:省|(?<!城)市(?![场政容])|(?<![地园社景校片发新])区(?!域|块|划)|县|旗|州)")
_WHOLE_PLACE = re.compile(r"[省市区县旗州]$")
_GOVERNMENT = re.compile(r"(?:省|市|(?<![地社园景校片库])区|县|州|旗|盟)人民政府$")
_MAY_BE_GOVERNMENT = re.compile(r"(?:[省市县州旗盟]|(?<![地社景校])区)(?:人民政府|政府)?$")
_STREET_OR_TOWN = re.compile(r"(?:街道|办事处|地区|[镇乡](?:人民政府|政府)?)$")


def same_agency(one: str, other: str) -> bool:
    """Whether two names may be of the same agency; a government is none of its departments."""
    if bool(_WHOLE_PLACE.search(_spellings(one)[0])) != bool(_WHOLE_PLACE.search(_spellings(other)[0])):
        return False
    return any(_shortened(first, second) for first, second in zip(_spellings(one), _spellings(other), strict=True))


def is_one_of(name: str, names: Iterable[str]) -> bool:
    """Whether a name may be of the agency that has these names."""
    return any(same_agency(name, own) for own in names)


def resemble(one: str, other: str) -> bool:
    """Whether two names have so much in common that the one may be a former name of the other."""
    first, second = _spellings(one)[1], _spellings(other)[1]
    return any(first[position : position + 2] in second for position in range(len(first) - 1))


def of_another_place(name: str, names: Iterable[str]) -> bool:
    """Whether a name is surely that of an agency of another place of the same level than all of ``names``.

    清河县水务局 is of another place than 清源县水务局; of 东岭市水务局 and 县水务局 neither can be told.
    """
    place = _last_place(name)
    own = [there for other in names if (there := _last_place(other))]
    return bool(place and own) and all(
        there[-1] == place[-1] and not there.endswith(place) and not place.endswith(there) for there in own
    )


def _last_place(name: str) -> str:
    """The last of the places that a name begins with, "" where it begins with none that is named."""
    letters, last, end = without_space(fold_width(name)), "", 0
    while (match := _PLACES.match(letters, end)) is not None:
        last, end = match[0], match.end()
    return last if len(last) > 2 else ""


def is_government(name: str) -> bool:
    """Whether this is surely the government of a district, county, city or province, by its full name."""
    return bool(_GOVERNMENT.search(without_space(name)))


def may_be_government(name: str) -> bool:
    """Whether this may be one: 洪泽区 is, 东湖物流区 is not, and neither name tells."""
    return bool(_MAY_BE_GOVERNMENT.search(without_space(name)))


def same_street_or_town(one: str, other: str) -> bool:
    """Whether two names are surely of one street or town, whatever place and kind they add (白云区云山镇人民政府)."""
    first, second = _spellings(one)[1], _spellings(other)[1]
    return first == second and len(first) > 1 and is_street_or_town(one) and is_street_or_town(other)


def is_street_or_town(name: str) -> bool:
    """Whether this is a street, an area office, a town or a township."""
    return bool(_STREET_OR_TOWN.search(without_space(name)))


@lru_cache(maxsize=2048)
def _spellings(name: str) -> tuple[str, str]:
    """A name without the kind of agency at its end, and that without the place before it."""
    whole = _TAIL.sub("", without_space(fold_width(name)))
    return whole, _PLACE.sub("", whole)


def _shortened(one: str, other: str) -> bool:
    """Whether the letters of the shorter stand in the longer in their order: 发改 in 发展和改革."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return all(letter in letters for letter in short)

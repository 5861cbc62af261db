"""Whatever an agency calls itself: 我局, 区政府办, 县卫生健康委, 自然资源局; a body of another level is never one.

A subject is the agency's own only where its place, if it names one, is the agency's, and what follows is its name, in
full or shortened as people do (发展和改革委员会: 发改委). A clause with any other subject speaks of somebody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from report.agency_names import is_government, is_street_or_town, same_street_or_town
from report.report import Report
from report.text.sentences import normalised

_ENDS = (
    "街道办事处", "地区办事处", "人民政府办公室", "人民政府", "管理委员会", "管委会", "委员会", "委", "办事处",
    "办公室", "街道", "地区", "政府", "分局", "大队", "中心", "镇", "乡", "局", "办", "院", "所", "站", "队",
)  # fmt: skip
_MYSELF = (
    "单位", "机关", "部门", "街道办事处", "街道办", "街道", "街", "办事处", "地区办事处", "地区", "镇政府", "镇",
    "乡政府", "乡", "局机关", "局", "委员会", "委机关", "委", "办公室", "办", "院", "中心", "大队", "分局", "管委会",
    "园区", "开发区", "新区", "高新区",
)  # fmt: skip
_PLACE = re.compile(r"^.*(?:省|(?<!城)市(?![场政容])|(?<![地园社景校片])区(?!域)|县|旗|州)(?=.{2})")
_LEVEL = "省市区县旗州"
# What names of one kind end in, whatever their length.
_KIND = {
    "委员会": "委", "管理委员会": "委", "管委会": "委", "办公室": "办", "人民政府办公室": "办", "办事处": "办",
    "街道办事处": "街道", "人民政府": "政府",
}  # fmt: skip
_SHORTER = (
    ("管理委员会", "管委会"), ("委员会", "委"), ("人民政府办公室", "政府办公室"), ("人民政府办公室", "政府办"),
    ("人民政府办公室", "人民政府办"), ("办公室", "办"), ("监督管理", "监管"), ("街道办事处", "街道"),
    ("街道办事处", "街道办"), ("地区办事处", "地区"), ("人民政府", "政府"), ("镇人民政府", "镇"), ("乡人民政府", "乡"),
    ("街道", "街道办事处"),
)  # fmt: skip
_BARE = {
    "街道办事处": "街道", "街道": "街道", "办事处": "办事处", "地区": "地区", "镇政府": "镇", "乡政府": "乡",
    "管委会": "管", "分局": "分局", "中心": "中心",
}  # fmt: skip
_ZONES = {"高新技术产业开发区": "高新区", "经济技术开发区": "经开区", "经济开发区": "开发区"}
# 我局: the same for every agency, and made once.
_OURSELVES = re.compile(f"[我本全该](?:{'|'.join(sorted(_MYSELF, key=len, reverse=True))})")
_WHOLE = r"(?:所属|下属)?(?:各级)?(?:各)?(?:职能)?(?:行政机关|部门|单位)?(?:、(?:镇街|街道|街镇|各镇街))?(?:共同)?"
_END = re.compile(rf"(?=({'|'.join(_ENDS)}))")
_LETTERS = re.compile(r"[\u4e00-\u9fff]{2,40}")


@dataclass(frozen=True)
class Speaker:
    """Whose report a text is: all its names, normalised, and whether it speaks for a whole place."""

    names: tuple[str, ...]
    government: bool

    @cached_property
    def _own(self) -> re.Pattern[str]:
        spoken: set[str] = set()
        places: set[str] = set()
        for name in self.names:
            if is_government(name):
                # Not 区政府: beside 全区 that is the government's own level, without its agencies.
                place = name.removesuffix("人民政府")
                places |= {place, name, f"{place}政府"} if self.government else set()
                continue
            place, core = _parted(name)
            shorter = {core, *(core.replace(long, short) for long, short in _SHORTER if long in core)}
            spoken |= {f"{before}{one}" for one in shorter for before in _befores(place)} if core else set()
            spoken |= {bare for bare, kind in _BARE.items() if kind in core}
            spoken |= {zone for long, zone in _ZONES.items() if long in name}
            level = place[-1:]
            if level and core[-1:] in "局委办":
                spoken.add(level + core[-1])
        if self.government:
            places |= {f"{first}{level}" for first in "全我本" for level in _LEVEL}
        ordered = sorted((re.escape(one) for one in spoken - {""} if len(one) > 1), key=len, reverse=True)
        whole = [f"(?:{'|'.join(sorted(map(re.escape, places), key=len, reverse=True))}){_WHOLE}"] if places else []
        return re.compile("|".join([*whole, *ordered]))

    @cached_property
    def own_level(self) -> frozenset[str]:
        """What a government's report may call its own level, or the whole that it reports for: 区政府, 区人民政府."""
        levels = {name.removesuffix("人民政府")[-1:] for name in self.names if is_government(name)}
        if not self.government:
            return frozenset()
        return frozenset(f"{level}{what}" for level in levels for what in ("政府", "人民政府"))

    def spans(self, sentence: str) -> list[tuple[int, int]]:
        """Where the agency names itself in a normalised sentence."""
        found = [match.span() for pattern in (_OURSELVES, self._own) for match in pattern.finditer(sentence)]
        spans: list[tuple[int, int]] = []
        for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if start < end and (not spans or start >= spans[-1][1]):
                spans.append((start, end))
        return spans

    def is_own(self, subject: str) -> bool:
        """Whether a subject is the agency by a name shortened in a way that no list has."""
        return any(_shortened(subject, name) for name in self.names if not is_government(name))

    def own_subject(self, clause: str, start: int) -> int | None:
        """Where the agency's shortened name that begins at ``start`` of a clause ends; None: none begins there."""
        letters = _LETTERS.match(clause, start)
        if letters is None:
            return None
        ends = (start + match.end(1) for match in _END.finditer(letters[0]) if match.end(1) > 2)
        return max((end for end in ends if self.is_own(clause[start:end])), default=None)


def speaker(report: Report, names: tuple[str, ...], government: bool | None) -> Speaker:
    """Who speaks in a report; ``names`` are further names, ``government`` None: to be told from them."""
    known = tuple(dict.fromkeys(normalised(name) for name in (report.agency, *names) if name))
    return Speaker(known, any(is_government(name) for name in known) if government is None else government)


def _parted(name: str) -> tuple[str, str]:
    match = _PLACE.match(name)
    place = match[0] if match else ""
    return place, name[len(place) :]


def _befores(place: str) -> set[str]:
    """How the place before a name may be written: in full, its last part, its kind alone, or not at all."""
    if not place:
        return {""}
    parts = re.findall(rf"[^{_LEVEL}]+[{_LEVEL}]", place)
    return {"", place, place[-1], f"我{place[-1]}", f"{place[-1]}政府", *(parts[-1:]), "".join(parts[-2:])}


def _shortened(subject: str, name: str) -> bool:
    """Whether a subject is a name, its letters in their order, of the same kind, and of no other place."""
    if same_street_or_town(subject, name):
        return True
    own_place, core = _parted(name)
    place, rest = _parted(subject)
    if not place and rest[:1] in _LEVEL and rest[1:2]:
        place, rest = rest[0], rest[1:]
    if place and rest.startswith("政府") and not core.startswith("政府"):
        rest = rest.removeprefix("政府")  # 区政府国资局
    if len(core) > len("人民政府") + 2:
        core = core.removeprefix("人民政府")  # 县国资委: 县人民政府国有资产监督管理委员会
    if place and own_place and not (own_place.endswith(place) or place.endswith(own_place)):
        return False
    if place and not own_place:
        return rest == core and is_street_or_town(core)
    before = core.removesuffix(rest)
    if len(rest) > 3 and before != core and before.endswith(("局", "委", "厅", "会")):
        return True  # 西郊分局 of 东湖市公安局西郊分局
    if place and len(rest) == 2 and rest == f"{core[0]}委" and core.endswith("委员会"):
        return True  # 区教委
    kind, own_kind = _kind(rest), _kind(core)
    if not kind or kind != own_kind or len(rest) < 3 or rest[0] != core[0]:
        return False
    letters = iter(core)
    return all(letter in letters for letter in rest.removesuffix(_tail(rest)))


def _tail(name: str) -> str:
    return next((end for end in _ENDS if name.endswith(end)), "")


def _kind(name: str) -> str:
    return _KIND.get(_tail(name), _tail(name))

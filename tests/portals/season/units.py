"""Who owes reports in the season: registers of districts, with real names where they are known, else invented ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config.agencies import load_districts
from config.portals import AgencyKind

XICHENG = [
    "西长安街",
    "新街口",
    "月坛",
    "展览路",
    "德胜",
    "金融街",
    "什刹海",
    "大栅栏",
    "天桥",
    "椿树",
    "陶然亭",
    "广安门内",
    "牛街",
    "白纸坊",
    "广安门外",
]
INVENTED = [
    "青山",
    "绿水",
    "红石",
    "白云",
    "清泉",
    "东岭",
    "南湖",
    "西桥",
    "北苑",
    "金沙",
    "银河",
    "长林",
    "新河",
    "古柏",
    "永乐",
    "安和",
    "和顺",
    "春晓",
    "秋月",
    "龙泉",
]
# What a department is called behind the district's name; its everyday name; what it was called before.
DEPARTMENTS = (
    ("城市管理委员会", "城管委", ""),
    ("机关事务管理中心", "机关事务中心", "机关后勤服务中心"),
    ("发展和改革委员会", "发改委", ""),
    ("政务和数据局", "政数局", "政务服务管理局"),
    ("教育委员会", "教委", ""),
    ("应急管理局", "应急局", "安全生产监督管理局"),
    ("民政局", "民政局", ""),
    ("市场监督管理局", "市场监管局", ""),
    ("司法局", "司法局", ""),
    ("财政局", "财政局", ""),
    ("人力资源和社会保障局", "人力社保局", ""),
    ("卫生健康委员会", "卫健委", "卫生和计划生育委员会"),
    ("审计局", "审计局", ""),
    ("统计局", "统计局", ""),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One agency as the register has it. ``other`` is another name for it that titles use."""

    id: str
    name: str
    short: str
    kind: AgencyKind
    aliases: tuple[str, ...] = ()

    @property
    def other(self) -> str:
        """The last of its aliases: a former name where it has one."""
        return self.aliases[-1] if self.aliases else self.name

    @property
    def entry(self) -> dict[str, Any]:
        """Its entry in a register file."""
        named = {"id": self.id, "name": self.name, "short": self.short, "kind": self.kind}
        return {**named, "aliases": list(self.aliases)}


def government(portal: str, district: str) -> Unit:
    """The government of a district itself."""
    return Unit(f"{portal}-government", f"北京市{district}人民政府", district, "government", (f"北京市{district}",))


def departments(portal: str, district: str, count: int) -> list[Unit]:
    """The first ``count`` departments."""
    made = []
    for number, (suffix, short, former) in enumerate(DEPARTMENTS[:count]):
        aliases = (f"{district}{suffix}", *((f"北京市{district}{former}",) if former else ()))
        made.append(Unit(f"{portal}-d{number:02}", f"北京市{district}{suffix}", f"区{short}", "department", aliases))
    return made


def subdistricts(portal: str, district: str, names: list[str]) -> list[Unit]:
    """Subdistricts by their names, by the pattern of the real ones."""
    return [
        Unit(
            f"{portal}-s{number:02}",
            f"北京市{district}人民政府{name}街道办事处",
            f"{name}街道",
            "subdistrict",
            (f"{name}街道办事处",),
        )
        for number, name in enumerate(names)
    ]


def towns(portal: str, district: str, names: list[str]) -> list[Unit]:
    """Towns by their names, by the pattern of the real ones."""
    return [
        Unit(f"{portal}-t{number:02}", f"北京市{district}{name}镇人民政府", f"{name}镇", "town", (f"{name}镇人民政府",))
        for number, name in enumerate(names)
    ]


def registered(district: str) -> list[Unit]:
    """The agencies of a register that comes with the package."""
    return [Unit(one.id, one.name, one.short, one.kind, one.aliases) for one in load_districts()[district].agencies]

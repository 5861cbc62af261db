"""What a district published: its agencies, their reports with their days, who is truly missing and who truly late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from random import Random

YEAR = 2025
DUE = date(2026, 1, 31)
SHANGHAI = timezone(timedelta(hours=8))
_FIRST = "青绿红白金银玉云长新东永和安"
_SECOND = "山水石泉河桥林湖"
_TITLES = (
    "{unit}{year}年政府信息公开工作年度报告",
    "{district}{unit}{year}年政府信息公开工作年度报告",
    "{unit}{year}年度政府信息公开工作年度报告",
    "{district}人民政府{unit}办事处{year}年政府信息公开工作年度报告",
)
_OTHERS = (
    "关于做好{year}年政府信息公开工作年度报告编制工作的通知",
    "一图读懂{unit}{year}年政府信息公开工作年度报告",
)
BODY = (
    "<p>本年度报告依据《中华人民共和国政府信息公开条例》编制，统计期限自{year}年1月1日起至{year}年12月31日止。"
    "{unit}全年收到政府信息公开申请三件，均已按期答复；主动公开政府信息二十条。</p>"
    "<p>一、总体情况。按照要求做好主动公开、依申请公开、政府信息管理、平台建设和监督保障各项工作，逐件落实公开属性认定，"
    "维护查阅场所，开展培训，接受社会监督。二、主动公开政府信息情况。三、收到和处理政府信息公开申请情况。"
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况。五、存在的主要问题及改进情况。六、其他需要报告的事项。没有。</p>"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the district's list: what it is called, its day, and the number that its address is made of."""

    number: int
    title: str
    day: date
    agency: str | None = None

    @property
    def moment(self) -> datetime:
        """The minute of the publication."""
        return datetime(self.day.year, self.day.month, self.day.day, 9, 30, tzinfo=SHANGHAI)

    def body(self) -> str:
        """The article's text."""
        return BODY.format(year=YEAR, unit=self.title[:12])


@dataclass(frozen=True)
class District:
    """One district: the name of its portal, its agencies by id, its rows from the newest on, and what is true."""

    portal: str
    units: dict[str, str]
    rows: Sequence[Listed]
    missing: frozenset[str] = field(default=frozenset())
    late: frozenset[str] = field(default=frozenset())

    @property
    def name(self) -> str:
        """The district's name."""
        return f"{self.portal}区"

    @cached_property
    def standings(self) -> dict[str, str]:
        """The standing that each agency deserves."""
        return {
            agency: "missing" if agency in self.missing else "late" if agency in self.late else "on_time"
            for agency in self.units
        }


def make_district(portal: str, seed: int, agencies: int, *, missing: int = 1, late: int = 1) -> District:
    """A district with so many agencies, of which some published nothing for the year and some too late."""
    random = Random(seed)
    shorts = [f"{first}{second}街道" for first in _FIRST for second in _SECOND]
    units = {f"{portal}-{number}": short for number, short in enumerate(random.sample(shorts, agencies))}
    absent = set(random.sample(sorted(units), missing))
    behind = set(random.sample(sorted(set(units) - absent), late))
    rows: list[Listed] = []
    for agency, short in units.items():
        if agency in absent:
            continue
        day = date(2026, 2, random.randint(2, 4)) if agency in behind else date(2026, 1, random.randint(4, 28))
        title = random.choice(_TITLES).format(unit=short, year=YEAR, district=f"{portal}区")
        rows.append(Listed(len(rows) + 1, title, day, agency))
    for pattern in _OTHERS:
        # Of those that published: what is said of somebody's report is no proof that it is not there.
        title = pattern.format(unit=random.choice(sorted(units[agency] for agency in set(units) - absent)), year=YEAR)
        rows.append(Listed(len(rows) + 1, title, date(2026, 1, random.randint(4, 28))))
    rows.sort(key=lambda row: (row.day, row.number), reverse=True)
    return District(portal, units, rows, frozenset(absent), frozenset(behind))

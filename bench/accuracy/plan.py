"""A report before it is written: what stands in it, from a seed, whatever the paper it will be printed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from bench.accuracy.figures import sound_figures
from config.forms import SectionKind
from config.portals import AgencyKind
from report.form import Form, form_for

PLACES = ("北京市朝阳区", "朝阳区", "北京市东城区", "白云区", "宿迁市洪泽区", "湖口县", "义乌市", "上海市青浦区", "")
SUBDISTRICTS = ("左家庄", "麦子店", "东风路", "安镇", "夏阳", "金融街", "团结湖", "西四", "建国门")
TOWNS = ("西集", "大城子", "云山", "洪川", "四龙", "瀛海", "高岭")
DEPARTMENTS = ("发展和改革委员会", "民政局", "财政局", "市场监督管理局", "城市管理委员会", "卫生健康委员会", "教育局")
TITLES = (
    "{name}{year}年政府信息公开工作年度报告",
    "{name}{year}年度政府信息公开工作年度报告",
    "{year}年{name}政府信息公开工作年度报告",
    "{year}年度{name}政府信息公开工作年度报告",
)
TOPICS = {
    # What the text may speak of, and in how many reports of a hundred it does.
    "channels": 45, "shares": 30, "outcomes": 40, "carried": 50, "last_year": 30, "consultations": 35, "filings": 20,
    "reviews": 40, "classes": 60, "documents": 25, "both": 10, "other_bodies": 15, "announces": 60, "compared": 30,
    "proposals": 30, "hotline": 25, "channel_shares": 40, "applicants": 15, "visits": 30, "levels": 40, "contact": 30,
    "contents": 4, "notes": 15, "orders": 30,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agency:
    """Who reports: its name, its everyday name, what it calls itself, and of what kind it is."""

    name: str
    short: str
    myself: tuple[str, ...]
    kind: AgencyKind

    @property
    def names(self) -> tuple[str, ...]:
        """What is known of its names, as a register has them."""
        return (self.name, self.short)


@dataclass(frozen=True, slots=True)
class Said:
    """The numbers of the running text. ``applicants`` are natural persons, ``channels`` web, letter and visit,
    ``classes`` what was published."""

    received: int
    carried_in: int
    processed: int
    carried_out: int
    outcomes: dict[str, int]
    disputes: dict[str, int]
    applicants: int
    channels: tuple[int, int, int]
    classes: tuple[int, int, int]
    published: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """One report; ``cells`` holds what is printed (a cell that is not printed has no key), ``topics`` what is told.

    ``previous`` is what was carried out of the year before, by column; None: last year's report is not known.
    """

    seed: int
    form: Form
    year: int
    agency: Agency
    title: str
    period: tuple[date, date]
    text_year: int
    sections: tuple[SectionKind, ...]
    cells: dict[str, str]
    said: Said
    topics: frozenset[str]
    previous: dict[str, int] | None

    def random(self, what: str) -> Random:
        """Chance for one part of the report: always the same for the same seed, whatever else was changed."""
        return Random(f"{self.seed} {what}")  # noqa: S311 - chance, not secrets

    def number(self, key: str) -> int:
        """A cell that is a whole number; ValueError where it is none."""
        return int(self.cells[key])

    def with_cells(self, cells: Mapping[str, str]) -> Plan:
        """The plan with other content in some cells."""
        return replace(self, cells={**self.cells, **cells})


def sound_plan(seed: int, forms: Mapping[str, Form], year: int | None = None) -> Plan:
    """A report in which nothing is wrong; ``year`` instead of the one that the seed gives."""
    random = Random(f"{seed} plan")  # noqa: S311
    # Twice as many reports of the form in force as of the old one.
    drawn = random.choice((2019, 2020, 2021, 2022, 2023, 2024))
    form = form_for(drawn, forms.values())
    if form is None:
        raise ValueError(f"there is no form for {drawn}")
    year = drawn if year is None else year
    agency = _agency(random)
    figures = sound_figures(form, random, beijing=form.name == "2019" and random.random() < 0.5)
    known = random.random() < 0.5
    return Plan(
        seed=seed,
        form=form,
        year=year,
        agency=agency,
        title=random.choice(TITLES).format(name=agency.name, year=year),
        period=(date(year, 1, 1), date(year, 12, 31)),
        text_year=year,
        sections=tuple(section.kind for section in form.file.sections),
        cells=figures.cells,
        said=_said(figures.cells, form, random),
        topics=frozenset(topic for topic, often in TOPICS.items() if random.randrange(100) < often),
        previous=figures.carried_in if known else None,
    )


def share_of(part: int, whole: int) -> Decimal:
    """A percentage with two places, 0 where there is nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.01")) if whole else Decimal("0.00")


def _agency(random: Random) -> Agency:
    place = random.choice(PLACES)
    kind: AgencyKind = random.choices(("subdistrict", "town", "department", "government"), (40, 20, 30, 10))[0]
    if kind == "subdistrict":
        own = random.choice(SUBDISTRICTS)
        name = place + own + random.choice(("街道", "街道办事处"))
        return Agency(name, f"{own}街道", ("我街道", "本街道", "街道", f"{own}街道", name), kind)
    if kind == "town":
        own = random.choice(TOWNS)
        name = f"{place}{own}镇" + random.choice(("", "人民政府"))
        return Agency(name, f"{own}镇", ("我镇", "本镇", "镇政府", f"{own}镇人民政府"), kind)
    if kind == "department":
        own = random.choice(DEPARTMENTS)
        place = place or "朝阳区"
        tail = "局" if own.endswith("局") else "委"
        return Agency(place + own, place[-3:] + own, (f"我{tail}", f"本{tail}", "我单位", place + own), kind)
    place = place or "洪泽区"
    name = f"{place}人民政府"
    where = f"全{place[-1]}", f"我{place[-1]}"
    return Agency(name, name, (*where, name), kind)


def _said(cells: Mapping[str, str], form: Form, random: Random) -> Said:
    def total(*starts: str) -> int:
        rows = [row for row in form.file.table_three.outcomes if row.startswith(starts)]
        return sum(int(cells.get(f"requests.{row}.total", "0")) for row in rows)

    received = int(cells["requests.received.total"])
    web = random.randint(0, received)
    letter = random.randint(0, received - web)
    classes = (random.randint(1, 60), random.randint(1, 200), random.randint(1, 400))
    return Said(
        received=received,
        carried_in=int(cells["requests.carried_in.total"]),
        processed=int(cells["requests.processed_total.total"]),
        carried_out=int(cells["requests.carried_out.total"]),
        outcomes={
            "予以公开": total("granted"), "部分公开": total("partly_granted"), "不予公开": total("refused."),
            "无法提供": total("not_provided."), "不予处理": total("not_handled."), "其他处理": total("other"),
        },
        disputes={
            "review": int(cells["review.total"]),
            "litigation": int(cells["litigation_direct.total"]) + int(cells["litigation_after_review.total"]),
        },
        applicants=int(cells["requests.received.natural_person"]),
        channels=(web, letter, received - web - letter),
        classes=classes,
        published=sum(classes),
        share=share_of(classes[2], sum(classes)),
    )  # fmt: skip

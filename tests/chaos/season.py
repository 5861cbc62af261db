"""The season that is lived through: which agency publishes what and when, and how each of them stands at the end.

All of it comes from the seed. Days are counted from the day of the run: reports are due tomorrow, so that nobody is
overdue while things break; what the day after tomorrow shows is looked at when all is whole again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from random import Random
from typing import Literal

import yaml

from cli.demo.portals.sound_report import body_before_2019, sound_body
from cli.demo.site import Answer, Site
from ledger.states import Standing
from tests.portals.sites import COLUMN, HOME, ROBOTS, article, listing

OPERATORS = "operators@nianbao.example"
HOSTILE = "hostile"
Fate = Literal["sound", "long", "faulty", "corrected", "broken", "late", "never"]
FATES: tuple[Fate, ...] = ("sound", "long", "sound", "faulty", "corrected", "broken", "late", "never")
AT_THE_HOSTILE = 4
# Enough for a second of reading, so that whoever reads can be killed in the middle of it.
PARAGRAPHS_OF_A_LONG_ONE = 5000


@dataclass(frozen=True)
class Plan:
    """What one agency does. It publishes at ``share`` of the run (0 to 1); a corrected report is replaced later."""

    id: str
    name: str
    short: str
    fate: Fate
    share: float

    @property
    def standing(self) -> Standing:
        """How it stands when all is over."""
        if self.fate == "never":
            return Standing.MISSING
        return Standing.LATE if self.fate == "late" else Standing.ON_TIME


class Season:
    """The portals of a season, and what they show at a moment of it."""

    def __init__(self, seed: int, today: date, portals: int, agencies: int) -> None:
        self.seed = seed
        self.today = today
        self.year = today.year - 1
        self.due = today + timedelta(days=1)
        self.after = today + timedelta(days=2)
        random = Random(seed)
        self.plans = {
            f"district{number}": [
                _plan(random, number, place, FATES[(number + place) % len(FATES)]) for place in range(agencies)
            ]
            for number in range(portals)
        }
        # All of them have published when the season begins; whether that can be seen is the portal's whim.
        self.at_the_hostile = [
            replace(_plan(random, portals, place, "sound"), share=0.0) for place in range(AT_THE_HOSTILE)
        ]
        # Made once: the portals are asked for their pages all the time.
        self._articles: dict[tuple[str, bool], Answer] = {}
        # How much of the run is over, 0 to 1; above 1 it is the day after tomorrow.
        self.share = 0.0

    def agencies(self) -> list[Plan]:
        """Every agency of every portal."""
        return [plan for plans in self.plans.values() for plan in plans]

    def sites(self) -> dict[str, Site]:
        """The portals for the web server; what they show follows :attr:`share`."""
        return {portal: self._site(portal) for portal in self.plans}

    def pages_of_the_hostile(self) -> dict[str, Answer]:
        """What the hostile portal would show if it were an honest one."""
        return self._pages(HOSTILE)

    def _site(self, portal: str) -> Site:
        return Site(lambda _today: self._pages(portal))

    def write_office(self, home: Path, addresses: Mapping[str, str]) -> None:
        """The office's files: portals, agencies, due dates, recipients; of the portals that have an address."""
        write = _Writer(home / "config")
        everywhere = {portal: plans for portal, plans in self._everywhere().items() if portal in addresses}
        for portal, plans in everywhere.items():
            write.file("portals", portal, _portal_file(portal, addresses[portal]))
            write.file("agencies", portal, self._register(portal, plans))
        due = {"month": self.due.month, "day": self.due.day, "basis": "本次演练的期限", "statutory": True}
        kinds = ("government", "department", "subdistrict", "town")
        write.file("", "deadlines", {"deadlines": dict.fromkeys(kinds, due)})
        # Reports that were all made from one mould: that is not what is tried here.
        write.file("", "rules", {"rules": {"D14": {"enabled": False}}})
        office = {"pace": "at_once", "storm": 10_000}
        offices = [
            {"district": portal, "name": f"{portal}办公室", "recipients": [recipient(portal)], "delivery": office}
            for portal in everywhere
        ]
        write.file("", "offices", {"operators": [OPERATORS], "operators_delivery": office, "offices": offices})

    def _everywhere(self) -> dict[str, list[Plan]]:
        return {**self.plans, HOSTILE: self.at_the_hostile}

    def _register(self, portal: str, plans: list[Plan]) -> dict[str, object]:
        agencies = [{"id": plan.id, "name": plan.name, "short": plan.short, "kind": "subdistrict"} for plan in plans]
        return {"district": portal, "portal": portal, "watched": {"first": self.year}, "agencies": agencies}

    def expected(self, plan: Plan) -> set[str]:
        """The sha256 of what stands for an agency at the end: of its page, or of the attachment to that."""
        return set() if plan.fate == "never" else {sha256(self.page_of(plan)).hexdigest()}

    def page_of(self, plan: Plan) -> bytes:
        """What is read of an agency that has published: its page, or the attachment to that."""
        portal = next(portal for portal, plans in self.plans.items() if plan in plans)
        name = "pdf" if plan.fate == "broken" else "html"
        return self._pages(portal)[f"/gknb/{plan.id}.{name}"].content

    def _pages(self, portal: str) -> dict[str, Answer]:
        pages = {"/robots.txt": ROBOTS, "/": HOME}
        rows: list[tuple[str, str, str | None]] = []
        for plan in self._everywhere()[portal]:
            if plan.fate != "never" and self.share >= plan.share:
                published = self.after if plan.fate == "late" else self.today
                title = f"{plan.name}{self.year}年政府信息公开工作年度报告"
                rows.append((f"{plan.id}.html", title, str(published)))
                pages[f"/gknb/{plan.id}.html"] = self._article(plan, title, published)
                pages[f"/gknb/{plan.id}.pdf"] = Answer(f"%PDF-1.7 {plan.id}".encode(), "application/pdf")
        # Years of old reports stand below: a baseline, of which nobody is told.
        plan = self._everywhere()[portal][0]
        for year in (2017, 2018):
            title = f"{plan.name}{year}年政府信息公开工作年度报告"
            rows.append((f"{plan.id}-{year}.html", title, f"{year + 1}-01-10"))
            pages[f"/gknb/{plan.id}-{year}.html"] = _old_article(plan.name, title, year)
        pages[COLUMN] = listing(rows)
        return pages

    def _article(self, plan: Plan, title: str, published: date) -> Answer:
        planted = plan.fate == "faulty" or (plan.fate == "corrected" and self.share < (1 + plan.share) / 2)
        key = plan.id, planted
        if key not in self._articles:
            self._articles[key] = article(title, self._body(plan, title, planted), f"{published} 00:01")
        return self._articles[key]

    def _body(self, plan: Plan, title: str, planted: bool) -> str:
        if plan.fate == "broken":
            return f'<p>附件：<a href="{plan.id}.pdf">{escape(title)}</a></p>'
        body = sound_body(plan.name, self.year)
        if plan.fate == "long":
            more = "<p>各栏目按要求更新，内容完整，便于查阅。</p>" * PARAGRAPHS_OF_A_LONG_ONE
            body = body.replace("</p>", f"</p>{more}", 1)
        return _planted(body) if planted else body


def recipient(portal: str) -> str:
    """Who is written to about a portal's agencies."""
    return f"office@{portal}.example"


def _plan(random: Random, number: int, place: int, fate: Fate) -> Plan:
    where, which = "东西南北中上下前后左右内外"[place % 13], "山水林田"[place // 13 % 4]
    short = f"{'甲乙丙丁戊己庚辛'[number % 8]}{where}{which}街道"
    # The last tenth is left in peace, so that a correction is not the last thing that happens.
    share = 2.0 if fate == "late" else round(random.uniform(0.02, 0.6), 3)
    return Plan(f"d{number}-{place}", f"演练区{short}办事处", short, fate, share)


@lru_cache
def _old_article(agency: str, title: str, year: int) -> Answer:
    return article(title, body_before_2019(agency, year), f"{year + 1}-01-10 10:00")


def _planted(body: str) -> str:
    """The report with a table three in which the applicants of a row no longer add up to its total (T05)."""
    row = body.index("新收政府信息公开申请")
    end = body.index("</tr>", row)
    last = body.rindex(">3<", row, end)
    return f"{body[:last]}>4<{body[last + len('>3<') :]}"


def _portal_file(portal: str, address: str) -> dict[str, object]:
    return {
        "portal": portal,
        "name": f"{portal}门户网站",
        "district": portal,
        "start": f"{address}/",
        "family": "static-list",
        "observed": date(2019, 12, 1),
        "pace": {"delay_seconds": 0},
        "columns": [{"id": "gknb", "name": "政府信息公开年报", "address": COLUMN}],
    }


class _Writer:
    def __init__(self, config: Path) -> None:
        self._config = config

    def file(self, folder: str, name: str, content: object) -> None:
        path = self._config / folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

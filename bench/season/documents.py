"""Documents for a real run: every one another file, in the shares of a season, as a district's agencies publish them.

Of each district one web page, one PDF and one Word file are variants of published ones, the others are generated
(bench/accuracy). No two documents of a district are alike, so that no rule takes one for a copy of the other; every
fourth district has the same, and what makes another file of each is a mark after its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

from bench.accuracy.page import page
from bench.accuracy.paper import pdf, word
from bench.accuracy.plan import Agency, Plan, sound_plan
from bench.reading import known_forms
from bench.season.costs import MIX_WITHOUT_SCANS, Kind
from report.form import Form

CHECKOUT = Path(__file__).resolve().parents[2]
REAL_PAGE = CHECKOUT / "tests/documents/html/zuojiazhuang-2019.trs.html"
REAL_NAME = "北京市朝阳区左家庄街道"
REAL: dict[Kind, Path] = {
    "html": REAL_PAGE,
    "pdf": CHECKOUT / "tests/documents/real/hongze-2023.pdf",
    "word": CHECKOUT / "tests/documents/word/nanmofang-2019.docx",
}
SCANS = sorted((CHECKOUT / "tests/documents/scans").glob("*.pdf"))
MEDIA: dict[Kind, str] = {
    "html": "text/html",
    "pdf": "application/pdf",
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "scan": "application/pdf",
}
# So many agencies of a district publish in January; its government does in March.
PLACES, POOLS = 66, 4
YEAR, FORM = 2024, "2021"
_WRITE = {"html": page, "pdf": pdf, "word": word}


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: whose it is, of what kind, and its bytes."""

    district: int
    place: int
    kind: Kind
    data: bytes


def agency_name(place: int) -> str:
    """What an agency is called, in every district alike."""
    return f"第{place}街道"


def kind_of(place: int) -> Kind:
    """In what form the agency at a place of its district publishes: the shares of a season, mixed."""
    shares = [kind for kind, share in MIX_WITHOUT_SCANS.items() for _ in range(round(share * PLACES))]
    Random(1).shuffle(shares)  # noqa: S311 - chance, not secrets
    return shares[place % len(shares)]


def papers(many: int) -> Iterator[Paper]:
    """So many documents, district after district."""
    for number in range(many):
        district, place = divmod(number, PLACES)
        kind = kind_of(place)
        data = _written(district % POOLS)[place]
        yield Paper(district, place, kind, marked(data, kind, f"{district}-{place}"))


def scans(many: int) -> Iterator[Paper]:
    """So many scans, in districts of their own."""
    for number in range(many):
        data = SCANS[number % len(SCANS)].read_bytes()
        yield Paper(number // PLACES, number % PLACES, "scan", marked(data, "scan", f"scan-{number}"))


def marked(data: bytes, kind: Kind, mark: str) -> bytes:
    """The same document in other bytes."""
    if kind == "html":
        return data + f"<!-- {mark} -->".encode("ascii")
    if kind == "word":
        # The comment at the end of a ZIP, which has none: its length, and itself.
        comment = mark.encode("ascii")
        return data[:-2] + len(comment).to_bytes(2, "little") + comment
    return data + f"\n%{mark}\n".encode("ascii")


@cache
def _written(pool: int) -> list[bytes]:
    """The documents of one kind of district, by place."""
    forms = known_forms()
    written, real = [], set[Kind]()
    seeds = count(pool * 100_000)
    for place in range(PLACES):
        kind = kind_of(place)
        if kind not in real:
            real.add(kind)
            data = REAL[kind].read_bytes()
            if kind == "html":
                data = data.decode("gb18030").replace(REAL_NAME, agency_name(place)).encode("gb18030")
            written.append(data)
            continue
        written.append(_WRITE[kind](_plan(place, seeds, forms)))
    return written


def _plan(place: int, seeds: Iterator[int], forms: Mapping[str, Form]) -> Plan:
    drawn = (sound_plan(seed, forms, YEAR) for seed in seeds)
    plan = next(plan for plan in drawn if plan.form.name == FORM)
    name = agency_name(place)
    agency = Agency(f"{name}办事处", name, ("我街道", "本街道", name), "subdistrict")
    return replace(plan, agency=agency, title=plan.title.replace(plan.agency.name, agency.name))

"""What the cases are made of: the four reports, with or without dates, as pages and as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.portals.crawling.cases import FILE, LIST, TEXT, TITLES, article, articles, page
from tests.portals.crawling.serving import UNITS, Answer, Case, Page

ON = "on_time"
UNVERIFIABLE = "unverifiable"
PDF: Answer = (200, {"Content-Type": "application/pdf"}, FILE)
NOTICE = '<li><a href="tz.html">关于做好2025年度政府信息公开年度报告编制工作的通知</a><span>2026-01-05</span></li>'
# What may be seen or left open, and never held against anybody.
ON_OR_OPEN = "on_time|unverifiable"
MISSING_OR_OPEN = "missing|unverifiable"
LAST_MISSING = (ON, ON, ON, "missing")
HALF = (ON, ON, ON_OR_OPEN, ON_OR_OPEN)


def undated(n: int, title: str | None = None, more: str = "") -> str:
    """The page of a unit's report that names no day, or what ``more`` says of it."""
    said = TITLES[n] if title is None else title
    body = TEXT.format(title=said).replace("<p>发布日期：2026-01-20</p>", more)
    return f"<!doctype html><html><head><meta charset=utf-8><title>{said}</title></head><body>{body}</body></html>"


def all_undated() -> dict[str, Page]:
    """All four of them."""
    return {f"/gknb/t{n}.html": undated(n) for n in range(4)}


def former_rows() -> str:
    """Rows of the reports of the year before."""
    return "".join(
        f'<li><a href="o{n}.html">{unit}2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li>'
        for n, unit in enumerate(UNITS)
    )


def former(n: int) -> str:
    """The page of a unit's report of the year before."""
    return article(n).replace("2026-01-20", "2025-01-20").replace("2025年", "2024年")


def pdf(n: int) -> Answer:
    """A file, another one for each number."""
    return 200, {"Content-Type": "application/pdf"}, FILE + str(n).encode()


def site(inner: str, reports: Mapping[str, Page] | None = None, head: str = "<meta charset=utf-8>") -> dict[str, Page]:
    """A site of one list page and the reports."""
    return {LIST: page(inner, head)} | dict(articles() if reports is None else reports)


def case(note: str, pages: Mapping[str, Page], truth: str | Sequence[str] = (ON,) * 4, **facts: Any) -> Case:
    """A case whose family is found."""
    wanted = (truth,) * 4 if isinstance(truth, str) else tuple(truth)
    return Case(note, pages, wanted, **{"family": "auto", **facts})


def file_rows(inner: str) -> Mapping[str, Page]:
    """A list page of files: this year's of each unit, and last year's."""
    return {
        LIST: page(inner),
        **{f"/f/{n}.pdf": pdf(n) for n in range(4)},
        **{f"/f/o{n}.pdf": pdf(n + 10) for n in range(4)},
    }


def departments(*names: str) -> tuple[Mapping[str, Any], ...]:
    """Departments for a register."""
    return tuple({"name": name, "short": name, "kind": "department"} for name in names)


def formed(name: str, forms: Sequence[str], note: str, truth: Sequence[str] = (ON,) * 4) -> tuple[str, Case]:
    """A list whose titles are written as ``forms`` with {u} for the unit."""
    ts = [f.format(u=UNITS[n]) for n, f in enumerate(forms)]
    return name, case(
        note,
        site(
            "<ul>"
            + "".join(f'<li><a href="t{n}.html">{t}</a><span>2026-01-20</span></li>' for n, t in enumerate(ts))
            + "</ul>",
        ),
        truth,
    )

"""What looks late and is not: days of a move, of a revision, of a change, of others' words; and days beside each other."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Iterator

from tests.portals.crawling.cases import LIST, TITLES, each, page
from tests.portals.crawling.serving import UNITS, Case
from tests.portals.odd.making import ON, all_undated, case, pdf, site, undated

DISPUTED = "date_disputed"
LATE = "late"
AFTER = "发布日期：2026-02-03"
# What a row says beside its link, and what a careful person says of it.
_ROWS = (
    ("<span>2026-02-04</span><span>2026-01-20</span>", DISPUTED),
    ("<span>2026-01-20</span><span>2026-01-28</span>", ON),
    ("<span>2026-02-03</span><span>2026-02-03</span>", LATE),
    ("<span>2026-02-04 至 2026-12-31</span>", DISPUTED),
    ("<span>公示期至2026-02-04</span>", DISPUTED),
    ("<del>2026-02-04</del><ins>2026-01-20</ins>", ON),
    ('<span style="display:none">2026-02-04</span><span>2026-01-20</span>', ON),
    ("<span>2026年元月20日</span>", ON),
    ("<span>二○二六年元月十五日</span>", ON),
    ("<span>2026年2月3号</span>", LATE),
    ('<span title="发布时间：2026-01-20">2026-02-04</span>', DISPUTED),
    ('<span data-time="2026-01-20 09:00:00">02-04</span>', DISPUTED),
    ('<span title="2026-02-03 10:12:00">2026-02-03</span>', LATE),
    ('<span title="2026-02-09" data-id="20260101">2026-02-03</span>', LATE),
)
# What a page says of its day.
_PAGES = (
    ("<div>网友评论 张三 发表于 2026-02-05 10:00</div>", DISPUTED),
    ("<p>本页最后生成于 2026-02-05 03:00</p>", DISPUTED),
    ("<p>相关阅读</p><p>关于春运的公告 发布时间：2026-02-04</p>", DISPUTED),
    ("<p>重新发布时间：2026-02-04</p>", DISPUTED),
    ("<p>生成日期：2026-01-20</p><p>下一篇：某通知 发布日期：2026-02-04</p>", ON),
    (f"<p>{AFTER}</p>", LATE),
)
_VERSIONS = ("（修订版）", "（更正）", "（重新发布）", "【更正后】", "（第二版）", "（补充公开）")


def _feed(dates: str) -> str:
    entries = "".join(
        f'<entry><title>{title}</title><link href="/gknb/t{n}.html"/>{dates}</entry>' for n, title in enumerate(TITLES)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>政府信息公开年报</title>{entries}</feed>'


def _moved(years: tuple[int, ...]) -> dict[str, str]:
    titles = {
        f"t{year}{n}.html": (n, f"{unit}{year}年政府信息公开工作年度报告", year)
        for year in years
        for n, unit in enumerate(UNITS)
    }
    rows = "".join(
        f'<li><a href="{name}">{title}</a><span>2026-02-03</span></li>' for name, (_, title, _) in titles.items()
    )
    return {LIST: page(f"<ul>{rows}</ul>")} | {
        f"/gknb/{name}": undated(n, title, AFTER).replace("2025年1", f"{year}年1")
        for name, (n, title, year) in titles.items()
    }


def cases() -> Iterator[tuple[str, Case]]:
    """Every case by its name."""
    plain = each('<li><a href="t{n}.html">{title}</a></li>')
    for number, (said, truth) in enumerate(_ROWS):
        yield (
            f"lr{number:02}",
            case(
                f"a row says {said}",
                site(each(f'<li><a href="t{{n}}.html">{{title}}</a>{said}</li>'), all_undated()),
                truth,
            ),
        )
    for number, (said, truth) in enumerate(_PAGES):
        yield (
            f"lp{number:02}",
            case(
                f"a page says {said}",
                site(plain, {f"/gknb/t{n}.html": undated(n, None, said) for n in range(4)}),
                truth,
            ),
        )
    for number, mark in enumerate(_VERSIONS):
        pages = {f"/gknb/t{n}.html": undated(n, TITLES[n] + mark, AFTER) for n in range(4)}
        yield (
            f"lv{number}",
            case(
                f"a version after the first: {mark}",
                site(each(f'<li><a href="t{{n}}.html">{{title}}{mark}</a><span>2026-02-03</span></li>'), pages),
                DISPUTED,
            ),
        )
    yield (
        "lm0",
        case(
            "the site was moved: former years' reports have the same day",
            _moved((2025, 2024, 2023)),
            DISPUTED,
        ),
    )
    yield "lm1", case("all were late on one day, and nothing of former years", _moved((2025,)), LATE)
    for number, (dates, truth) in enumerate(
        (
            ("<updated>2026-02-04T00:00:00+08:00</updated>", DISPUTED),
            ("<updated>2026-01-20T00:00:00+08:00</updated>", ON),
            ("<updated>2026-02-04T00:00:00+08:00</updated><published>2026-01-20T00:00:00+08:00</published>", ON),
            ("<published>2026-02-03T00:00:00+08:00</published>", LATE),
        )
    ):
        answer = 200, {"Content-Type": "application/xml"}, _feed(dates).encode()
        yield f"lf{number}", case(f"Atom: {dates}", {LIST: answer} | all_undated(), truth)
    yield (
        "lt0",
        case(
            "the period behind the title",
            site(
                each('<li><a href="t{n}.html">{title}（2025.1.1-2025.12.31）</a><span>2026-01-20</span></li>'),
                all_undated(),
            ),
        ),
    )
    for number, name in enumerate(("data-original-title", "data-title", "aria-label")):
        rows = "".join(
            f'<li><a href="/f/{n}.pdf" {name}="{title}">{title[:3]}...</a><span>2026-01-20</span></li>'
            for n, title in enumerate(TITLES)
        )
        yield (
            f"lt{number + 1}",
            case(
                f"cut, the whole in {name}",
                {LIST: page(f"<ul>{rows}</ul>"), **{f"/f/{n}.pdf": pdf(n) for n in range(4)}},
            ),
        )

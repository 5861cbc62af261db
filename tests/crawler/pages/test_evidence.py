"""Dates in all the forms seen: labels, text, addresses, record ids; what cannot be a date is none."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from crawler.pages import evidence
from crawler.pages.evidence import evidence_in, evidence_in_list, parse_date
from crawler.pages.page import Page
from ledger.states import EvidenceSource
from tests.crawler.times import SHANGHAI, shanghai

NOW = shanghai(2026, 10, 3, 12)


def page(html: str, headers: dict[str, str] | None = None) -> Page:
    address = "https://example.cn/a.html"
    return Page(address, address, 200, html.encode(), headers or {"content-type": "text/html; charset=utf-8"})


def by_source(found: str, source: EvidenceSource, html: str = "") -> list[tuple[str, datetime, bool]]:
    return [
        (one.value, one.moment, one.precise)
        for one in evidence_in(page(html), found, None, NOW)
        if one.source is source
    ]


@pytest.mark.parametrize(
    ("written", "moment", "precise"),
    [
        ("2026-05-18 10:19", shanghai(2026, 5, 18, 10, 19), True),
        ("2026-09-04 10:00:00", shanghai(2026, 9, 4, 10), True),
        ("2026/08/31 09:30", shanghai(2026, 8, 31, 9, 30), True),
        ("2024-01-26 15:35:23", shanghai(2024, 1, 26, 15, 35) + timedelta(seconds=23), True),
        ("2019-8-7 8:56:14", shanghai(2019, 8, 7, 8, 56) + timedelta(seconds=14), True),
        ("2026.01.13", shanghai(2026, 1, 13), False),
        ("2022年01月18日", shanghai(2022, 1, 18), False),
        ("2022 年 1 月 18 日", shanghai(2022, 1, 18), False),
        ("2020-01-16T10:20:00", shanghai(2020, 1, 16, 10, 20), True),
    ],
)
def test_a_date_is_read_in_every_form_seen(written: str, moment: datetime, precise: bool) -> None:
    assert parse_date(written) == (moment, precise)


@pytest.mark.parametrize("written", ["", "202-01-16", "2020-13-40", "2023-02-30", "2019年", "昨天"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert parse_date(written) is None


# The addresses and their times are published ones.
@pytest.mark.parametrize(
    ("address", "record", "moment"),
    [
        (
            "http://www.bjchy.gov.cn/zfxxgk/gknb/5e2411a0ab75c16cfc17f94a.html",
            "5e2411a0ab75c16cfc17f94a",
            "2020-01-19 16:21",
        ),
        (
            "http://www.bjchy.gov.cn/zfxxgk/gknb/8a24fe837702e9df017703bceb9a01ff.html",
            "8a24fe837702e9df017703bceb9a01ff",
            "2021-01-15 09:50",
        ),
        ("http://x.cn/4028805a9ba62cae019bc0704cc111b0.html", "4028805a9ba62cae019bc0704cc111b0", "2026-01-15 14:55"),
        ("http://www.yuyang.gov.cn/elnnb/1355046492463177730.html", "1355046492463177730", "2021-01-29 14:53"),
        ("https://yangling.gov.cn/bmnb/1619593655548706818.html", "1619593655548706818", "2023-01-29 15:09"),
        ("http://www.xixianxinqu.gov.cn:9311/x/2015678676080836610.html", "2015678676080836610", "2026-01-26 14:50"),
    ],
)  # fmt: skip
def test_the_time_in_a_record_id(address: str, record: str, moment: str) -> None:
    ((value, found, precise),) = by_source(address, EvidenceSource.RECORD_ID)
    assert (value, precise) == (record, True)
    assert f"{found.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://www.bjdch.gov.cn/x/202601/t20260119_4446404.html", shanghai(2026, 1, 19)),
        ("http://www.yw.gov.cn/art/2023/1/11/art_1229134232_4052272.html", shanghai(2023, 1, 11)),
        ("http://www.jsxishan.gov.cn/doc/2026/01/23/4722822.shtml", shanghai(2026, 1, 23)),
        ("http://www.shqp.gov.cn/shqp/zwgk/gknb/zjd/20260119/1348924.html", shanghai(2026, 1, 19)),
    ],
)
def test_the_day_in_an_address(address: str, day: datetime) -> None:
    ((_, moment, precise),) = by_source(address, EvidenceSource.ADDRESS)
    assert (moment, precise) == (day, False)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.cn/x/00000000000000000000000000000001.html",
        "https://example.cn/x/ffffffffffffffffffffffffffffffff.html",
        "https://example.cn/x/t20991301_1.html",
        "https://example.cn/x/t20300101_1.html",
        "https://example.cn/x/0000000000000000001.html",
        "https://example.cn/x/412345678901234567890123.html",
    ],
)
def test_an_address_without_a_possible_time_is_no_witness(address: str) -> None:
    assert evidence_in_list(address, None, NOW) == []


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("日期：2018-03-15 10:35 来源：街道", "日期：2018-03-15 10:35"),
        ("发布时间: 2026/01/20 17:10", "发布时间: 2026/01/20 17:10"),
        ("发表日期：2026-01-26", "发表日期：2026-01-26"),
        ("发布日期：[2022年01月18日]", "发布日期：[2022年01月18日"),
    ],
)
def test_a_date_announced_on_the_page(shown: str, value: str) -> None:
    assert [one[0] for one in by_source("", EvidenceSource.VISIBLE_DATE, f"<p>{shown}</p>")] == [value]


def test_two_dates_on_a_page_are_two_witnesses_and_the_period_is_none() -> None:
    html = (
        "<p>生成日期：2024-01-26 发布日期：2024-01-29</p>"
        "<p>统计期限自2023年1月1日至12月31日。统计时间：2023年1月1日至12月31日。</p>"
    )
    assert [one[1] for one in by_source("", EvidenceSource.VISIBLE_DATE, html)] == [
        shanghai(2024, 1, 26),
        shanghai(2024, 1, 29),
    ]


def test_labels_in_any_case_and_the_header() -> None:
    html = '<META Content="2020-01-16 10:00" Name="PubDate">'
    found = evidence_in(page(html, {"last-modified": "Thu, 16 Jan 2020 02:00:00 GMT"}), "", "[2020-01-16]", NOW)
    moment = datetime(2020, 1, 16, 2, tzinfo=UTC)
    assert [(one.source, one.moment, one.precise) for one in found] == [
        (EvidenceSource.PAGE_LABEL, moment, True),
        (EvidenceSource.LIST_DATE, shanghai(2020, 1, 16), False),
        (EvidenceSource.LAST_MODIFIED, moment, True),
    ]


@pytest.mark.parametrize("written", ["2007-01-01 10:00", "2026-10-05", "1970-01-01", "0202-01-16"])
def test_a_date_before_the_regulation_or_after_tomorrow_is_no_witness(written: str) -> None:
    assert evidence_in(page(f'<meta name="PubDate" content="{written}">'), "", None, NOW) == []


def test_looking_only_near_labels_and_years_finds_every_announced_date() -> None:
    chance = random.Random(1)
    pieces = ("日期", "时间", "于", "发布", "公布", "：", " ", "2020-01-16", "2020年1月6日", "20", "2019/1/2 10:20")
    more = ("至", "起", "x", "1", "（", "[", "更新", "统计期限", "日", "时", "间")

    def found(matches: list[re.Match[str]]) -> list[tuple[tuple[int, int], str, str]]:
        return [(match.span(), match["label"], match["day"]) for match in matches]

    announced = 0
    for _ in range(3000):
        text = " ".join("".join(chance.choices(pieces + more, k=chance.randint(3, 25))).split())
        everywhere = found(list(evidence._VISIBLE.finditer(text)))
        assert found(list(evidence._announced(text))) == everywhere, text
        announced += len(everywhere)
    assert announced > 300

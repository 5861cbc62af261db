"""How long ago a list says that something was published: the latest day that it can mean, for a look's own time."""

from __future__ import annotations

from datetime import UTC, date

import pytest

from crawler.pages.ages import age_alone, latest_day
from crawler.pages.evidence import evidence_in_list
from ledger.states import EvidenceSource
from tests.crawler.times import shanghai

# As crawlers have it: in Shanghai it is the next day already.
NOW = shanghai(2026, 2, 5, 0, 30).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("刚刚", date(2026, 2, 5)),
        ("今天 00:10", date(2026, 2, 5)),
        ("昨天", date(2026, 2, 4)),
        ("[昨天 08:30]", date(2026, 2, 4)),
        ("前天", date(2026, 2, 3)),
        ("3天前", date(2026, 2, 2)),
        ("发布时间：３天前", date(2026, 2, 2)),
        ("3 天以前发布", date(2026, 2, 2)),
        ("十二天前", date(2026, 1, 24)),
        ("两周前", date(2026, 1, 22)),
        ("1个月前", date(2026, 1, 8)),
        ("半个月前", date(2026, 1, 22)),
        ("1小时前", date(2026, 2, 4)),
        ("5分钟前", date(2026, 2, 5)),
        ("1年前", date(2025, 2, 5)),
    ],
)
def test_an_age_means_a_latest_day(written: str, day: date) -> None:
    age = age_alone(written)
    assert age is not None
    assert latest_day(age, NOW) == day
    (witness,) = evidence_in_list("http://a.example/t.html", age, NOW)
    assert (witness.source, witness.moment.date()) == (EvidenceSource.LIST_AGE, day)


@pytest.mark.parametrize(
    "written", ["更新于3天前", "3天前更新", "提前3天", "2026-01-20", "前天安门", "", "有效期3天", "9" * 50 + "天前"]
)
def test_what_is_no_age_of_a_publication_is_none(written: str) -> None:
    assert age_alone(written) is None

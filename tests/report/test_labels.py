"""Labels found again in spite of numbering, punctuation and misprints; never a guess between two."""

from __future__ import annotations

import pytest

from config.forms import load_forms
from report.labels import bare, label_book

ROWS = load_forms()["2021"].table_three.rows
BOOK = label_book(tuple((label, row.key) for row in ROWS for label in (row.label, *row.variants)))


@pytest.mark.parametrize("row", ROWS, ids=[row.key for row in ROWS])
def test_every_label_of_the_form_is_its_own_row(row: object) -> None:
    assert BOOK.find(row.label) == row.key  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("（三）不予公开 8．属于行政查询事项", "refused.administrative_queries"),
        ("三、本年度办理结果（七）总计", "processed_total"),
        ("2.其他法律行政止公开", "refused.prohibited_by_law"),
        ("3.危及\"三安全一稳定\"", "refused.security_and_stability"),
        ("1.申请人无正当理由逾期不补正", "other.not_corrected_in_time"),
        ("5.要求行政机关确认或重新出具", "not_handled.reissue"),
        ("（六）其他处理情况", "other"),
        ("本年结转政府信息公开申请数量", None),
        ("属于行政", None),
        ("（三）不予公开", None),
        ("（四）无法提供", None),
        ("三、本年度办理结果", None),
        ("12", None),
        ("", None),
        ("公开" * 200, None),
    ],
)  # fmt: skip
def test_find(text: str, key: str | None) -> None:
    assert BOOK.find(text) == key


def test_bare_keeps_letters_only() -> None:
    assert bare("（一） 1．属于 “国家” 秘密；") == "属于国家秘密"

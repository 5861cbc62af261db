"""Numbers as Chinese documents write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.numerals import Numeral, arabic_number, chinese_number, read_numeral


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1204", 1204),
        ("1,204", 1204),
        ("１２", 12),
        ("-3", -3),
        ("18.6200", Decimal("18.6200")),
        ("1,2", None),
        ("①", None),
        ("²", None),
        ("12a", None),
        ("1" * 16, None),
    ],
)
def test_arabic_number(text: str, number: int | Decimal | None) -> None:
    assert arabic_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("三千五百二十一", 3521),
        ("一万二千", 12000),
        ("两亿三千万", 230_000_000),
        ("二〇二三", 2023),
        ("万", None),
        ("三四十", None),
        ("年", None),
    ],
)
def test_chinese_number(text: str, number: int | None) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "numeral"),
    [
        ("170余", Numeral(170, True)),
        ("近三百", Numeral(300, True)),
        ("两万多", Numeral(20000, True)),
        ("1.5万", Numeral(15000, False)),
        ("1.5万余", Numeral(15000, True)),
        ("1 204", Numeral(1204)),
        ("若干", None),
        ("", None),
    ],
)
def test_read_numeral(text: str, numeral: Numeral | None) -> None:
    assert read_numeral(text) == numeral


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_separators_change_nothing(number: int) -> None:
    assert arabic_number(f"{number:,}") == arabic_number(str(number)) == number

"""The telephone that a report gives for questions about it."""

from __future__ import annotations

import pytest

from report.text.contact import telephone_in
from tests.workers.rules.factory import sound, told


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("如有疑问，请与左家庄街道办事处联系。电话：010-64636785。", "010-64636785"),
        ("联系电话：010－64636785，邮编100020。", "010-64636785"),
        ("（地址：朝阳区左家庄东里；电话：64636785）", "64636785"),
        ("咨询热线64636785。", "64636785"),
        ("如需咨询请拨打12345。", None),
        ("请与申请人联系，手机13912345678。", None),  # a mobile may be a private person's
        ("全年接听热线2345678次，解答咨询22345678件。", None),
        ("统一社会信用代码11010519491231003X。", None),
        ("全年电话咨询8023456789件。", None),
    ],
)
def test_a_landline_is_the_offices(text: str, number: str | None) -> None:
    assert telephone_in(told(sound(), text, "other")) == number


def test_the_last_that_is_given_is_the_one_for_questions() -> None:
    text = "监督电话：64630001。对本报告有疑问的，联系电话：64630002。"
    assert telephone_in(told(sound(), text, "other")) == "64630002"

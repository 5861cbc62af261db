"""The statistical period in the wordings that reports use."""

from __future__ import annotations

from datetime import date

import pytest

from report.period import find_period, year_of_text, years_named


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("统计期限，自2019年1月1日起至12月31日止。", (date(2019, 1, 1), date(2019, 12, 31))),
        ("自2023年1月1日起至2023年12月31日止", (date(2023, 1, 1), date(2023, 12, 31))),
        ("数据统计期限为2021年1月1日至12月31日", (date(2021, 1, 1), date(2021, 12, 31))),
        ("2019 年 1 月 1 日—2019 年 12 月 31 日", (date(2019, 1, 1), date(2019, 12, 31))),
        ("自２０２０年１月１日起，至２０２０年１２月３１日止", (date(2020, 1, 1), date(2020, 12, 31))),
        ("二〇二四年1月1日至12月31日", (date(2024, 1, 1), date(2024, 12, 31))),
        ("自2021年1月1日起至12月30日止", (date(2021, 1, 1), date(2021, 12, 30))),
        (
            "试点自2018年3月1日至2018年5月1日。本报告数据统计期限为2019年1月1日至12月31日",
            (date(2019, 1, 1), date(2019, 12, 31)),
        ),
        ("报告中所列数据统计期限自2024年1月1日始至2024年12月31日止", (date(2024, 1, 1), date(2024, 12, 31))),
        ("数据统计期限为2022.1.1—2022.12.31", (date(2022, 1, 1), date(2022, 12, 31))),
        ("统计期限为2023年1月1日（含）至2023年12月31日（含）", (date(2023, 1, 1), date(2023, 12, 31))),
        ("统计期限为2023年1月1日0时至12月31日24时", (date(2023, 1, 1), date(2023, 12, 31))),
        ("数据统计期限为2022年元月1日至12月31日", (date(2022, 1, 1), date(2022, 12, 31))),
        ("本报告数据的统计期限为2022年1月至12月", (date(2022, 1, 1), date(2022, 12, 31))),
        ("统计期限为2022年1月至2022年11月底", (date(2022, 1, 1), date(2022, 11, 30))),
        ("2022年1月至3月开展专项检查", None),
        ("自2021年13月1日起至12月31日止", None),
        ("2021年", None),
    ],
)
def test_period(text: str, period: tuple[date, date] | None) -> None:
    assert find_period(text) == period


def test_year_of_text_is_the_one_named_most() -> None:
    assert year_of_text("2019年共收到申请3件。2019年举办培训。2018年底出台办法。") == 2019


def test_year_of_text_is_not_guessed_between_two() -> None:
    assert year_of_text("2019年收到3件，2018年收到2件。") is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023年收到3件，较2022年的2件有所增加。2022年收到2件。", 2023),
        ("2023年收到3件。2022年结转1件。2022年共2件，2022年办结2件。", 2023),
        ("2023年收到3件。2022年培训。2022年公开。2022年办理。", 2022),
        ("全年收到3件。2022年收到2件。", None),
        ("2022年收到3件。2022年公开3条。\n2023年，我街道将继续加强培训，力争2023年有提升。", 2022),
        ("2023年，我区将政务公开纳入考核。2022年收到3件。2022年公开3条。", 2023),
        ("本报告由六部分组成。\n2022年，我街道认真贯彻条例。全年收到3件。", 2022),
        ("2022年，我街道认真贯彻条例。2022年收到2件。", 2022),
        ("本年度与2022年相比增加2件，比2022年度多，较2022年减少。", None),
    ],
)
def test_another_year_than_the_titles_has_to_outweigh_it(text: str, year: int | None) -> None:
    assert year_of_text(text, 2023) == year
    named = years_named("左家庄街道2023年政府信息公开工作年度报告", None, text)
    assert (named["title"], named.get("text")) == (2023, year)

"""Sections found by their headings."""

from __future__ import annotations

from config.forms import load_forms
from report.sections import heading_book, split_sections

BOOK = heading_book(section for form in load_forms().values() for section in form.sections)


def found(*lines: str) -> list[tuple[int | None, str | None, str]]:
    _, sections = split_sections(((line, None) for line in lines), BOOK)
    return [(section.number, section.kind, section.text) for section in sections]


def test_the_row_of_table_three_that_begins_with_four_is_no_section() -> None:
    assert found("三、收到和处理政府信息公开申请情况", "四、结转下年度继续办理0件", "五、存在问题及改进情况") == [
        (3, "requests", "四、结转下年度继续办理0件"),
        (5, "problems", ""),
    ]


def test_headings_in_other_wordings() -> None:
    lines = ["一、概述", "二、行政机关主动公开政府信息的情况", "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"]
    assert [kind for _, kind, _ in found(*lines)] == ["overview", "proactive", "disputes"]


def test_text_that_follows_a_heading_in_the_same_paragraph_is_its_text() -> None:
    assert found("六、其他需要报告的事项：本年度未收取信息处理费。") == [(6, "other", "本年度未收取信息处理费。")]


def test_subheadings_are_text() -> None:
    lines = [
        "一、总体情况",
        "（一）主动公开政府信息情况",
        "公开10条。",
        "（二）收到和处理政府信息公开申请情况",
        "收到3件。",
    ]
    assert found(*lines) == [(1, "overview", "\n".join(lines[1:]))]


def test_a_section_of_another_name_counts_if_its_number_follows() -> None:
    lines = ["六、其他需要报告的事项", "无。", "七、附表", "一、这是一句话。", "九、不相连"]
    assert found(*lines) == [(6, "other", "无。"), (7, None, "一、这是一句话。\n九、不相连")]


def test_a_table_of_contents_is_not_taken_for_the_sections() -> None:
    names = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    assert found(*names, names[0], "甲。", names[1], "乙。", names[2], "丙。") == [
        (1, "overview", "甲。"),
        (2, "proactive", "乙。"),
        (3, "requests", "丙。"),
    ]


def test_what_stands_before_the_first_section_is_the_opening() -> None:
    opening, _ = split_sections([("本报告根据条例编制。", 1), ("一、总体情况", 1)], BOOK)
    assert opening == ["本报告根据条例编制。"]

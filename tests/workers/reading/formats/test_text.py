"""Texts that somebody else's conversion made of reports: tabs, bars, HTML tables, lost merges, page breaks."""

from __future__ import annotations

import pytest

from report.form import Form
from report.report import Report
from tests.documents.make_documents import LABELS_2021, table_three
from workers.reading.read import read_document

KEYS = ["natural_person", "business", "research", "social_organisation", "legal_service", "other", "total"]
GROUP = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
HEAD = [
    [
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        "",
        "",
        "申请人情况",
        "",
        "",
        "",
        "",
        "",
        "",
    ],
    ["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"],
]


def numbers(index: int) -> list[str]:
    return [str(100 + 10 * index + column) for column in range(7)]


def rows() -> list[list[str]]:
    return [["", "", label, *numbers(index)] for index, label in enumerate(LABELS_2021)]


def text_of(head: list[list[str]], body: list[list[str]], between: str = "\t") -> str:
    return "\n".join(between.join(cells) for cells in [*head, *body])


def read(forms: dict[str, Form], table: str) -> Report:
    before = "云山镇2023年政府信息公开工作年度报告\n\n一、总体情况\n\n无。\n\n三、收到和处理政府信息公开申请情况"
    text = f"{before}\n\n{table}\n\n五、存在问题及改进情况\n"
    return read_document(text.encode(), source="x", forms=forms)


def values(report: Report, row: str) -> list[object]:
    return [report.number(f"requests.{row}.{column}") for column in KEYS]


def assert_all_is_read(report: Report) -> None:
    assert report.media_type == "text/plain"
    assert report.may_be_cut
    names = dict.fromkeys(key.rsplit(".", 1)[0] for key in report.figures if key.startswith("requests."))
    assert [values(report, name.removeprefix("requests.")) for name in names] == [
        list(range(100 + 10 * index, 107 + 10 * index)) for index in range(25)
    ]


@pytest.mark.parametrize(
    "group_row",
    [["", "", "", "", *GROUP, ""], ["", "", "", "", *GROUP], GROUP],
    ids=["in place", "cut", "merges lost"],
)
def test_headings_with_and_without_the_merges_above(forms: dict[str, Form], group_row: list[str]) -> None:
    assert_all_is_read(read(forms, text_of([*HEAD, group_row], rows())))


def test_headings_whose_group_is_one_cell_wide(forms: dict[str, Form]) -> None:
    head = [["", "", "", "自然人", "法人或其他组织", "总计"], GROUP]
    assert_all_is_read(read(forms, text_of(head, rows())))


def test_rows_with_fewer_label_cells_are_read_by_their_order(forms: dict[str, Form]) -> None:
    body = [row if index % 2 else row[2:] for index, row in enumerate(rows())]
    assert_all_is_read(read(forms, text_of([*HEAD, ["", "", "", "", *GROUP, ""]], body)))


def test_a_table_between_bars(forms: dict[str, Form]) -> None:
    table = text_of([*HEAD, ["", "", "", "", *GROUP, ""]], rows(), "|")
    assert_all_is_read(read(forms, "\n".join(f"|{line}|" for line in table.splitlines())))


def test_a_table_as_html_within_text(forms: dict[str, Form]) -> None:
    cells = {label: numbers(index) for index, label in enumerate(LABELS_2021)}
    report = read(forms, table_three(cells, [("（六）其他处理", 3), ("（七）总计", 1)]))
    assert_all_is_read(report)
    assert [section.number for section in report.sections] == [1, 3, 5]


def test_a_table_broken_by_a_page_and_its_number(forms: dict[str, Form]) -> None:
    lines = text_of([*HEAD, ["", "", "", "", *GROUP, ""]], rows()).splitlines()
    assert_all_is_read(read(forms, "\n".join([*lines[:12], "", "- 3 -", "", *lines[12:]])))


def test_rows_whose_tabs_became_spaces(forms: dict[str, Form]) -> None:
    body = [[f"{row[2]} {' '.join(row[3:])}"] if index % 3 else row for index, row in enumerate(rows())]
    assert_all_is_read(read(forms, text_of([*HEAD, ["", "", "", "", *GROUP, ""]], body)))


def test_a_number_that_ran_into_its_neighbour_makes_the_row_unreadable(forms: dict[str, Form]) -> None:
    body = [["", "", row[2], row[3] + row[4], *row[5:]] if index == 4 else row for index, row in enumerate(rows())]
    report = read(forms, text_of([*HEAD, ["", "", "", "", *GROUP, ""]], body))
    assert values(report, "refused.state_secret") == [None] * 7
    assert values(report, "refused.prohibited_by_law") == list(range(150, 157))


def test_a_sentence_that_a_page_broke_is_whole_again(forms: dict[str, Form]) -> None:
    text = (
        "一、总体情况\n\n本年度共收到政府信息公开申请十二件，受理咨\n\n- 2 -\n\n询三人次。\n\n"
        "二、主动公开政府信息情况\n\n"
        "三、收到和处理政府信息公开申请情况\n"
    )
    report = read_document(text.encode(), source="x", forms=forms)
    assert report.sections[0].text == "本年度共收到政府信息公开申请十二件，受理咨询三人次。"

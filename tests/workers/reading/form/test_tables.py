"""The tables of the form as portals, Word and conversions print them: labels decide, and nothing is guessed."""

from __future__ import annotations

import re

import pytest

from report.figure import State
from report.form import Form
from report.report import Report
from tests.documents.make_documents import HEAD_FOUR, LABELS_2021, TRS_PAGE, html_table, table_three
from workers.reading.read import read_document

OTHER = [("（六）其他处理", 3), ("（七）总计", 1)]
KEYS = ["natural_person", "business", "research", "social_organisation", "legal_service", "other", "total"]


def seven(start: int) -> list[str]:
    return [str(start + index) for index in range(7)]


def values() -> dict[str, list[str]]:
    """Each cell another number, so that no two can be taken for each other."""
    return {label: seven(100 + 10 * index) for index, label in enumerate(LABELS_2021)}


def page(*tables: str, year: int = 2023) -> bytes:
    title = f"云山镇{year}年政府信息公开工作年度报告"
    body = "<p>一、总体情况</p><p>无。</p><p>三、收到和处理政府信息公开申请情况</p>"
    body += "".join(tables) + "<p>五、存在问题及改进情况</p>"
    return TRS_PAGE.format(title=title, published="2024-01-20", agency="云山镇", body=body).encode("gb18030")


def read(forms: dict[str, Form], *tables: str) -> Report:
    return read_document(page(*tables), source="x", forms=forms)


def row(report: Report, key: str) -> list[int | str]:
    """The seven figures of a row of table three: the number, or the state where there is none."""
    figures = [report.figures[f"requests.{key}.{column}"] for column in KEYS]
    return [int(figure.value) if figure.value is not None else figure.state.value for figure in figures]


def test_every_row_of_the_form_is_found_by_its_label(forms: dict[str, Form]) -> None:
    report = read(forms, table_three(values(), OTHER))
    assert report.form == "2021"
    assert row(report, "received") == list(range(100, 107))
    assert row(report, "refused.state_secret") == list(range(140, 147))
    assert row(report, "other.other") == list(range(320, 327))
    assert row(report, "carried_out") == list(range(340, 347))
    assert report.gaps == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.属于国家秘密", "属于国家秘密"),
        ("1.属于国家秘密", "1．属于国家秘密"),
        ("1.属于国家秘密", "１、 属于 国家秘密"),
        ("1.属于国家秘密", "1.属于国家秘蜜"),
        ("1.属于国家秘密", "（三）不予公开 1.属于国家秘密"),
        ("1.属于国家秘密", "属<br>于<br>国<br>家<br>秘<br>密"),
        ("1.属于国家秘密", "(1)属于国家秘密；"),
    ],
)
def test_labels_with_variants_and_misprints(forms: dict[str, Form], old: str, new: str) -> None:
    report = read(forms, table_three(values(), OTHER).replace(old, new))
    assert row(report, "refused.state_secret") == list(range(140, 147))


def test_a_label_that_could_be_two_is_none(forms: dict[str, Form]) -> None:
    report = read(forms, table_three(values(), OTHER).replace("一、本年新收", "一、本年结转"))
    assert row(report, "received") == ["absent"] * 7
    assert row(report, "carried_in") == list(range(110, 117))


def test_columns_in_another_order_are_read_by_their_headings(forms: dict[str, Form]) -> None:
    table = table_three(values(), OTHER)
    table = table.replace("商业企业", "#").replace("科研机构", "商业企业").replace("#", "科研机构")
    report = read(forms, table)
    assert row(report, "received") == [100, 102, 101, 103, 104, 105, 106]


def test_a_misprinted_heading_between_its_neighbours_is_taken(forms: dict[str, Form]) -> None:
    report = read(forms, table_three(values(), OTHER).replace("科研机构", "研究单位"))
    assert row(report, "received") == list(range(100, 107))


def test_a_column_that_is_not_printed_is_absent_and_the_others_are_read(forms: dict[str, Form]) -> None:
    table = re.sub(r'<td><p style="text-align:center">科研机构</p></td>', "", table_three(values(), OTHER))
    table = table.replace("colspan=5", "colspan=4").replace("colspan=7", "colspan=6")
    table = re.sub(r'<td><p style="text-align:center">\d\d2</p></td>', "", table)
    report = read(forms, table)
    assert row(report, "received") == [100, 101, "absent", 103, 104, 105, 106]


def test_without_headings_no_number_is_given_a_column(forms: dict[str, Form]) -> None:
    table = table_three(values(), OTHER)
    table = re.sub(r"自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他(?=</p>)|总计(?=</p>)", "", table)
    report = read(forms, table)
    assert row(report, "received") == ["unreadable"] * 7
    assert ("cells_missing", "表三“一、本年新收政府信息公开申请数量”") in {
        (gap.why.value, gap.what) for gap in report.gaps
    }


def test_a_row_that_lacks_a_cell_is_unreadable_and_the_next_is_not(forms: dict[str, Form]) -> None:
    table = table_three(values(), OTHER).replace('<td><p style="text-align:center">223</p></td>', "")
    report = read(forms, table)
    assert [key for key in report.figures if report.figures[key].state is State.UNREADABLE] == [
        f"requests.not_provided.not_held.{column}" for column in KEYS
    ]


def test_a_wrong_rowspan_moves_no_number(forms: dict[str, Form]) -> None:
    table = table_three(values(), OTHER)
    for wrong in ("rowspan=20", "rowspan=24"):
        report = read(forms, table.replace("rowspan=22", wrong))
        assert row(report, "processed_total") == list(range(330, 337))
        assert row(report, "carried_out") == list(range(340, 347))


def test_a_number_merged_over_two_columns_belongs_to_neither(forms: dict[str, Form]) -> None:
    cell = '<td><p style="text-align:center">{}</p></td>'
    table = table_three(values(), OTHER)
    table = table.replace(cell.format(101) + cell.format(102), "<td colspan=2>9</td>")
    assert row(read(forms, table), "received") == [100, "unreadable", "unreadable", 103, 104, 105, 106]


def test_a_number_merged_over_two_rows_belongs_to_neither(forms: dict[str, Form]) -> None:
    cell = '<td><p style="text-align:center">{}</p></td>'
    table = table_three(values(), OTHER).replace(cell.format(101), "<td rowspan=2>9</td>")
    table = table.replace(cell.format(111), "")
    report = read(forms, table)
    assert row(report, "received")[1] == "unreadable"
    assert row(report, "carried_in")[1] == "unreadable"
    assert row(report, "received")[2] == 102


def test_headings_whose_merges_are_missing_are_put_under_their_group(forms: dict[str, Form]) -> None:
    table = table_three(values(), OTHER)
    for label in ("自然人", "总计"):
        table = table.replace(f'<td rowspan=2><p style="text-align:center">{label}', f"<td><p>{label}")
    assert row(read(forms, table), "received") == list(range(100, 107))


def test_headings_of_which_two_stand_in_one_place_give_no_number(forms: dict[str, Form]) -> None:
    table = table_three(values(), OTHER)
    for label in ("自然人", "总计"):
        table = table.replace(f'<td rowspan=2><p style="text-align:center">{label}', f"<td><p>{label}")
    assert row(read(forms, table.replace("法人或其他组织", "单位")), "received") == ["unreadable"] * 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("１２", 12),
        ("1,204", 1204),
        ("3件", 3),
        ("&nbsp;", "blank"),
        ("/", "slash"),
        ("—", "dash"),
        ("－", "dash"),
        ("无", "text"),
        ("①", "text"),
        ("1 2", "unreadable"),
    ],
)
def test_states_of_a_cell(forms: dict[str, Form], text: str, expected: int | str) -> None:
    table = table_three(values(), OTHER).replace(">100<", f">{text}<")
    assert row(read(forms, table), "received")[0] == expected


def test_a_row_printed_twice_with_other_numbers_is_not_certain(forms: dict[str, Form]) -> None:
    table = table_three(values(), OTHER)
    twice = table_three({label: seven(500) for label in LABELS_2021}, OTHER)
    report = read(forms, table, twice)
    assert report.number("requests.received.natural_person") is None
    assert any(gap.why.value == "uncertain" for gap in report.gaps)


def test_table_four_with_its_leaves_above_blank_cells(forms: dict[str, Form]) -> None:
    head = [HEAD_FOUR[0], [(text, 1, across) for text, _, across in HEAD_FOUR[1]], [("", 1, 1)] * 5 + HEAD_FOUR[2]]
    four = html_table([*head, [(str(number), 1, 1) for number in range(1, 16)]]).replace("&lt;br&gt;", "<br>")
    report = read(forms, table_three(values(), OTHER), four)
    groups = ("review", "litigation_direct", "litigation_after_review")
    keys = [f"{group}.{leaf}" for group in groups for leaf in ("upheld", "corrected", "other", "pending", "total")]
    assert [report.number(key) for key in keys] == list(range(1, 16))


def test_table_four_with_a_cell_too_few_is_unreadable(forms: dict[str, Form]) -> None:
    four = html_table([*HEAD_FOUR, [("0", 1, 1)] * 14]).replace("&lt;br&gt;", "<br>")
    report = read(forms, table_three(values(), OTHER), four)
    assert {report.figures[f"review.{leaf}"].state for leaf in ("upheld", "total")} == {State.UNREADABLE}

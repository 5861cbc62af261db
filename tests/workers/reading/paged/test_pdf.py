"""PDF: tables ruled in different ways, broken by pages, turned pages, text without tables, files that refuse."""

from __future__ import annotations

from functools import cache

import pytest

from config.forms import load_forms
from report.form import Form, make_form
from report.report import Report
from tests.documents.make_documents import GROUPS_THREE, HEAD_FOUR, HEAD_THREE, LABELS_2021
from tests.documents.make_pdf import Pdf, Spans, Style
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.read import read_document

WIDTHS_THREE = [24, 50, 120, 34, 36, 36, 36, 36, 36, 36]


def report_of(forms: dict[str, Form], pdf: Pdf) -> Report:
    return read_document(pdf.data(), source="x.pdf", forms=forms)


@cache
def as_written(rotated: bool) -> Report:
    """What is read of the sound document, once in a process: a second of a core."""
    return report_of({name: make_form(file) for name, file in load_forms().items()}, write(Pdf(rotated=rotated)))


def numbers_three() -> list[list[int]]:
    """What stands in the rows of table three: in each cell another number.

    What was received and carried over agrees with nothing; else the sums are right, as every cell on which an error
    rests is looked at in its picture, and to recognise all of them takes two seconds of a core.
    """
    rows = [[100 + 10 * index + column for column in range(7)] for index in range(len(LABELS_2021))]
    results = slice(2, LABELS_2021.index("（七）总计"))
    for row in rows[results]:
        row[-1] = sum(row[:-1])
    rows[results.stop] = [sum(column) for column in zip(*rows[results], strict=True)]
    return rows


def body_three() -> Spans:
    """The rows of table three, merged as in the form."""
    rows: Spans = []
    labels = iter(enumerate(LABELS_2021))
    written = numbers_three()

    def numbers(index: int) -> list[tuple[str, int, int]]:
        return [(str(number), 1, 1) for number in written[index]]

    for _ in range(2):
        index, label = next(labels)
        rows.append([(label, 1, 3), *numbers(index)])
    groups = [*GROUPS_THREE, ("（六）其他处理", 3), ("（七）总计", 1)]
    for group, count in groups:
        for number in range(count):
            index, label = next(labels)
            first = [("三、本年度办理结果", sum(n for _, n in groups), 1)] if group == "（一）予以公开" else []
            if count == 1:
                rows.append([*first, (label, 1, 2), *numbers(index)])
            else:
                rows.append([*([(group, count, 1)] if number == 0 else []), (label, 1, 1), *numbers(index)])
    index, label = next(labels)
    rows.append([(label, 1, 3), *numbers(index)])
    return rows


def write(pdf: Pdf, *, split: bool = False) -> Pdf:
    pdf.text(190, 60, "云山镇人民政府", 16)
    pdf.text(140, 80, "2023年政府信息公开工作年度报告", 16)
    pdf.y = 90
    pdf.paragraph("本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。")
    pdf.paragraph("一、总体情况")
    pdf.paragraph("2023年，云山镇人民政府共收到政府信息公开申请12件，" + "认真办理，逐件答复，" * 9 + "均已办结。")
    pdf.paragraph("二、主动公开政府信息情况")
    pdf.table(
        [
            [("第二十条第（一）项", 1, 4)],
            [("信息内容", 1, 1), ("本年制发件数", 1, 1), ("本年废止件数", 1, 1), ("现行有效件数", 1, 1)],
            [("规章", 1, 1), ("1", 1, 1), ("2", 1, 1), ("3", 1, 1)],
            [("行政规范性文件", 1, 1), ("4", 1, 1), ("5", 1, 1), ("6", 1, 1)],
            [("第二十条第（八）项", 1, 4)],
            [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 1, 3)],
            [("行政事业性收费", 1, 1), ("7730.28", 1, 3)],
        ],
        [120, 100, 100, 100],
    )
    pdf.new_page()
    pdf.paragraph("三、收到和处理政府信息公开申请情况")
    head = [[(text.replace("<br>", ""), down, across) for text, down, across in row] for row in HEAD_THREE]
    rows = body_three()
    if split:
        # A page ends after the row 2 of （四）; what goes on beside it goes on without its label.
        first, rest = rows[:14], rows[14:]
        first[2][0] = (first[2][0][0], 12, 1)
        first[-2][0] = ("（四）无法提供", 2, 1)
        rest[0] = [("", 9, 1), ("", 1, 1), *rest[0]]
        pdf.table([*head, *first], WIDTHS_THREE, open_below=True)
        pdf.new_page()
        pdf.table(rest, WIDTHS_THREE)
    else:
        pdf.table([*head, *rows], WIDTHS_THREE)
    pdf.new_page()
    pdf.paragraph("四、政府信息公开行政复议、行政诉讼情况")
    four = [[(text.replace("<br>", ""), down, across) for text, down, across in row] for row in HEAD_FOUR]
    pdf.table([*four, [(str(number), 1, 1) for number in range(1, 16)]], [29] * 15, height=30)
    pdf.paragraph("五、存在的主要问题及改进情况")
    pdf.paragraph("公开不够及时。")
    pdf.paragraph("六、其他需要报告的事项")
    pdf.paragraph("无。")
    return pdf


def assert_all_is_read(report: Report) -> None:
    assert report.gaps == ()
    assert report.number("proactive.normative_documents.in_force") == 6
    assert str(report.number("proactive.fees.amount")) == "7730.28"
    names = ["natural_person", "business", "research", "social_organisation", "legal_service", "other", "total"]
    rows = dict.fromkeys(key.rsplit(".", 1)[0] for key in report.figures if key.startswith("requests."))
    read = [[report.number(f"{row}.{name}") for name in names] for row in rows]
    assert read == numbers_three()
    groups = ("review", "litigation_direct", "litigation_after_review")
    leaves = ("upheld", "corrected", "other", "pending", "total")
    assert [report.number(f"{group}.{leaf}") for group in groups for leaf in leaves] == list(range(1, 16))


@pytest.mark.parametrize("style", ["strokes", "boxes", "thin"])
@pytest.mark.parametrize("rotated", [False, True], ids=["upright", "turned"])
def test_every_way_to_rule_a_table(forms: dict[str, Form], style: Style, rotated: bool) -> None:
    report = report_of(forms, write(Pdf(style, rotated)))
    assert_all_is_read(report)
    assert (report.title, report.agency, report.year) == (
        "云山镇人民政府2023年政府信息公开工作年度报告",
        "云山镇人民政府",
        2023,
    )
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]


def test_a_table_broken_by_a_page_without_a_border_there(forms: dict[str, Form]) -> None:
    assert_all_is_read(report_of(forms, write(Pdf(), split=True)))


def test_lines_are_joined_and_page_numbers_left_out() -> None:
    report = as_written(rotated=False)
    overview = report.section("overview")
    assert overview is not None
    assert overview.text == (
        "2023年，云山镇人民政府共收到政府信息公开申请12件，" + "认真办理，逐件答复，" * 9 + "均已办结。"
    )
    assert "- 1 -" not in "".join(report.texts())


def test_a_pdf_without_text_is_said_to_have_none(forms: dict[str, Form]) -> None:
    with pytest.raises(ReadError) as caught:
        report_of(forms, Pdf())
    assert caught.value.kind is ReadErrorKind.NO_TEXT


def test_a_drawing_of_thousands_of_lines_takes_no_time(forms: dict[str, Form]) -> None:
    pdf = write(Pdf())
    pdf.new_page()
    pdf.pages[-1] += [f"{index % 500} {index % 700} m {index % 500 + 30} {index % 700} l S" for index in range(20_000)]
    assert_all_is_read(report_of(forms, pdf))

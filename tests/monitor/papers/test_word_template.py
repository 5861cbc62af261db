"""An office's own Word file is filled in, however Word cut its placeholders into pieces."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from monitor.papers.word_template import TemplateError, fill_in


def filled(document: Any, values: dict[str, str], items: list[dict[str, str]]) -> tuple[Any, list[str]]:
    written = io.BytesIO()
    document.save(written)
    book, unknown = fill_in(written.getvalue(), values, items)
    return Document(io.BytesIO(book)), unknown


def test_a_placeholder_in_pieces_is_filled_in_with_the_type_in_which_it_stands() -> None:
    document = Document()
    paragraph = document.add_paragraph("致")
    for piece in ("{", "{机", "关}", "}：请于"):
        paragraph.add_run(piece).bold = True
    paragraph.add_run("{{整改期限}}前").italic = True
    document.sections[0].footer.paragraphs[0].text = "{{ 主管部门 }}"
    found, unknown = filled(document, {"机关": "东街街道", "整改期限": "2026年3月1日", "主管部门": "区政务局"}, [])
    assert found.paragraphs[0].text == "致东街街道：请于2026年3月1日前"
    assert [run.bold for run in found.paragraphs[0].runs if "东街街道" in run.text] == [True]
    assert [run.italic for run in found.paragraphs[0].runs if "2026" in run.text] == [True]
    assert found.sections[0].footer.paragraphs[0].text == "区政务局"
    assert unknown == []


def test_a_row_of_items_is_repeated_and_what_is_empty_goes() -> None:
    document = Document()
    document.add_paragraph("所核报告：{{原文}}")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "序号", "问题"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{序号}}", "{{问题}}（{{机关}}）"
    items = [{"序号": str(number), "问题": f"问题{number}"} for number in (1, 2)]
    found, _ = filled(document, {"原文": "", "机关": "东街街道"}, items)
    assert [[cell.text for cell in row.cells] for row in found.tables[0].rows] == [
        ["序号", "问题"],
        ["1", "问题1（东街街道）"],
        ["2", "问题2（东街街道）"],
    ]
    assert not [one.text for one in found.paragraphs if "所核报告" in one.text]


def test_what_is_filled_in_is_text_and_nothing_else() -> None:
    document = Document()
    document.add_paragraph("{{机关}}")
    hostile = "</w:t><script>\x00\x1b[31m\u202e{{机关}}{{主管部门}}" + "长" * 10_000
    found, _ = filled(document, {"机关": hostile, "主管部门": "不应出现"}, [])
    text = found.paragraphs[0].text
    assert text.startswith("</w:t><script>[31m{ {机关}}") and "不应出现" not in text and len(text) < 4000


def test_what_nobody_knows_stays_and_is_named() -> None:
    document = Document()
    document.add_paragraph("{{机关}}{{书记}}")
    found, unknown = filled(document, {"机关": "东街街道"}, [])
    assert (found.paragraphs[0].text, unknown) == ("东街街道{{书记}}", ["书记"])


@pytest.mark.parametrize("file", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_a_template_that_is_none_is_one_sentence(file: bytes) -> None:
    with pytest.raises(TemplateError, match="请用 Word 或 WPS 另存为 docx"):
        fill_in(file, {}, [])

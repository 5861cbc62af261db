"""Word documents: merged cells, content controls, the numbers that Word writes itself."""

from __future__ import annotations

import io

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from report.form import Form
from workers.reading.read import read_document

NUMBERING = (
    f"<w:abstractNum {nsdecls('w')} w:abstractNumId='77'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
    "<w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
    "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%2.'/></w:lvl></w:abstractNum>"
)
HEADINGS = ["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况"]


def test_headings_that_word_numbers_itself_have_their_numbers(forms: dict[str, Form]) -> None:
    document = Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERING))
    numbering.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='77'><w:abstractNumId w:val='77'/></w:num>"))
    document.add_paragraph("云山镇2023年政府信息公开工作年度报告")
    for heading in HEADINGS:
        number(document.add_paragraph(heading), 0)
        number(document.add_paragraph("甲事项。"), 1)
        number(document.add_paragraph("乙事项。"), 1)
    packed = io.BytesIO()
    document.save(packed)
    report = read_document(packed.getvalue(), source="x", forms=forms)
    assert [(section.number, section.heading) for section in report.sections] == [
        (1, "一、总体情况"),
        (2, "二、主动公开政府信息情况"),
        (3, "三、收到和处理政府信息公开申请情况"),
    ]
    assert report.sections[1].text == "1.甲事项。\n2.乙事项。"


def number(paragraph: object, level: int) -> None:
    element = paragraph._p  # type: ignore[attr-defined]
    properties = element.get_or_add_pPr()
    properties.append(parse_xml(f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{level}'/><w:numId w:val='77'/></w:numPr>"))
    assert element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None


def test_a_table_inside_a_content_control_is_read(forms: dict[str, Form]) -> None:
    document = Document()
    document.add_paragraph("云山镇2023年政府信息公开工作年度报告")
    for text in ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"):
        document.add_paragraph(text)
    table = document.add_table(3, 4)
    texts = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "1", "2", "3"],
        ["行政规范性文件", "4", "5", "6"],
    ]
    for row, cells in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("六、其他需要报告的事项")
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    table._tbl.addprevious(control)
    inside = control.find(qn("w:sdtContent"))
    assert inside is not None
    inside.append(table._tbl)
    packed = io.BytesIO()
    document.save(packed)
    report = read_document(packed.getvalue(), source="x", forms=forms)
    assert report.form == "2021"
    assert report.number("proactive.normative_documents.in_force") == 6

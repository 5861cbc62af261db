"""Makes the shipped templates of 整改通知单 and 通报: ``python -m monitor.papers.make_template``.

Type and margins follow GB/T 9704 (党政机关公文格式); the fonts are those that offices have.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from config.yaml_file import PACKAGED
from monitor.papers import season_circular
from monitor.papers.rectification_notice import TEMPLATE

LINE = 1.62
TITLE, HEAD, BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
WIDTHS = (12, 74, 36, 34)
COLUMNS = (("序号", "{{序号}}"), ("存在的问题", "{{问题}}"), ("似应为", "{{似应为}}"), ("依据", "{{依据}}"))
CIRCULAR_COLUMNS = (("序号", "{{序号}}"), ("单位", "{{单位}}"), ("公布情况", "{{公布}}"), ("报告质量", "{{质量}}"))
CIRCULAR_WIDTHS = (12, 58, 50, 36)
ANSWER_WIDTHS = (12, 60, 50, 34)
ANSWERS = (
    ("序号", "{{序号}}"),
    ("存在的问题", "{{问题}}"),
    ("整改情况（更正内容，或数据无误的说明和依据）", ""),
    ("更正后的链接", ""),
)


def main() -> None:
    """Writes the templates where the data files are."""
    make_template().save(str(PACKAGED / TEMPLATE))
    make_circular().save(str(PACKAGED / season_circular.TEMPLATE))


def make_circular() -> Any:
    """The template of the 通报."""
    document = _empty("通报")
    _write(document.sections[0].header.paragraphs[0], "{{草稿}}", HEAD, 14)
    _write(document.sections[0].footer.paragraphs[0], "{{签发}}", BODY, 9)
    document.sections[0].header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _line(document, "{{主管部门}}", TITLE, 22, centred=True)
    _line(document, "关于{{区}}{{年度}}年度政府信息公开工作年度报告", TITLE, 20, centred=True)
    _line(document, "公布和质量情况的通报", TITLE, 20, centred=True, after=10)
    for heading, name in (("一、公布情况", "公布情况"), ("二、报告质量", "质量情况"), ("三、整改情况", "整改情况")):
        _line(document, heading, HEAD, 16, indented=True, with_next=True)
        _line(document, f"{{{{{name}}}}}", BODY, 16, indented=True)
    _line(document, "四、有关单位的情况", HEAD, 16, indented=True, with_next=True, after=6)
    _table(document, CIRCULAR_COLUMNS, CIRCULAR_WIDTHS)
    _line(document, "五、未作评判的", HEAD, 16, indented=True, with_next=True, before=8)
    _line(document, "{{未作评判}}", BODY, 16, indented=True)
    _line(document, "{{主管部门}}（盖章）", BODY, 16, right=True, with_next=True, before=16)
    _line(document, "　　　　年　　月　　日", BODY, 16, right=True)
    return document


def _empty(title: str) -> Any:
    """A page of an official document without anything on it."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    _set_font(document.styles["Normal"].element.get_or_add_rPr(), BODY)
    document.core_properties.author = "nianbao"
    document.core_properties.title = title
    document.core_properties.created = document.core_properties.modified = datetime(2026, 11, 29, tzinfo=UTC)
    return document


def make_template() -> Any:
    """The template of the 整改通知单, as a document of python-docx."""
    document = _empty("整改通知单")
    _line(document, "政府信息公开工作年度报告整改通知单", TITLE, 22, centred=True, after=6)
    _line(document, "〔　　　　〕第　　号", BODY, 14, centred=True, after=8)
    _line(document, "{{机关}}：", BODY, 16)
    _line(document, "{{事由}}", BODY, 16, indented=True)
    _table(document, COLUMNS, WIDTHS)
    _line(document, "{{要求}}", BODY, 16, indented=True, with_next=True, before=8)
    _line(document, "所核报告：{{原文}}", BODY, 9, before=2)
    _line(document, "联系人：　　　　　　　联系电话：　　　　　　　", BODY, 16, indented=True, with_next=True, before=8)
    _line(document, "{{主管部门}}（盖章）", BODY, 16, right=True, with_next=True, before=12)
    signed = _line(document, "　　　　年　　月　　日", BODY, 16, right=True)
    signed.add_run().add_break(WD_BREAK.PAGE)
    _line(document, "整改情况反馈表", TITLE, 20, centred=True, after=6)
    _line(document, "{{主管部门}}：", BODY, 16)
    _line(document, "关于我单位{{年度}}年政府信息公开工作年度报告，现将整改情况反馈如下：", BODY, 16, indented=True)
    _table(document, ANSWERS, ANSWER_WIDTHS)
    _line(document, "请于{{整改期限}}前反馈。", BODY, 14, before=6)
    _line(document, "{{机关}}（盖章）", BODY, 16, right=True, before=20)
    _line(document, "负责人签字：　　　　　　　　", BODY, 16, right=True)
    _line(document, "　　　　年　　月　　日", BODY, 16, right=True)
    return document


def _line(
    document: Any,
    text: str,
    font: str,
    size: float,
    *,
    centred: bool = False,
    right: bool = False,
    indented: bool = False,
    with_next: bool = False,
    before: float = 0,
    after: float = 0,
) -> Any:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), Pt(size * LINE)
    if centred:
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif right:
        form.alignment, form.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(size * 2)
    form.keep_with_next = with_next
    if indented:
        form.first_line_indent = Pt(size * 2)
    _write(paragraph, text, font, size)
    return paragraph


def _table(document: Any, columns: tuple[tuple[str, str], ...], widths: tuple[int, ...]) -> None:
    table = document.add_table(rows=2, cols=len(columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, ((heading, placeholder), width) in enumerate(zip(columns, widths, strict=True)):
        for row, (text, font) in enumerate(((heading, HEAD), (placeholder, BODY))):
            cell = table.cell(row, number)
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            _write(paragraph, text, font, 10.5)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in table.rows:  # no row is cut by the end of a page
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)


def _write(paragraph: Any, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _set_font(run._r.get_or_add_rPr(), font)


def _set_font(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(name), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)


if __name__ == "__main__":
    main()

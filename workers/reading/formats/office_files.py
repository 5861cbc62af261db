"""Files that an office program opens and that we have no reader of our own for: through LibreOffice, where it is."""

from __future__ import annotations

from dataclasses import replace

from report.labels import LabelBook
from workers.reading.content import Content, Grid
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.libre_office import as_docx, as_web_page
from workers.reading.formats.web_page import read_web_page
from workers.reading.formats.word import read_word

_WITHOUT = "（装有 LibreOffice 的机器能读；这里没有，或它也打不开。）"


def read_text_document(data: bytes) -> Content:
    """The content of a text document (flat Word XML). Raises ReadError (kind_not_read) without LibreOffice."""
    converted = as_docx(data)
    if converted is None:
        raise ReadError(
            ReadErrorKind.KIND_NOT_READ, f"这种文字处理文件直接读不了；请另存为 docx 或 PDF 后再试{_WITHOUT}"
        )
    return read_word(converted)


def read_spreadsheet(data: bytes, headings: LabelBook) -> Content:
    """The content of a spreadsheet. Raises ReadError (kind_not_read) without LibreOffice."""
    page = as_web_page(data)
    if page is None:
        raise ReadError(ReadErrorKind.KIND_NOT_READ, f"这是电子表格；请提供年报的 Word、PDF 或网页版本{_WITHOUT}")
    content = read_web_page(page, headings)
    # A workbook is a draft or a copy: how far its cells reach was seldom kept, and what is missing may be elsewhere.
    blocks = tuple(replace(block, from_text=True) if isinstance(block, Grid) else block for block in content.blocks)
    return replace(content, blocks=blocks, may_be_cut=True)

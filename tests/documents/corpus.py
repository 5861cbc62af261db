"""The corpus: documents of our own making, one for each trouble, with the source that each was made from.

A case says where its document lies, what it was made from, how, and which program made it. ``make_corpus`` makes them;
the tests compare what is read with the source.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from tests.documents import as_docx, as_html
from tests.documents.as_docx import Style
from tests.documents.as_text import html_tables_in_text, markdown, tabs
from tests.documents.make_ofd import Ofd
from tests.documents.make_pdf import Pdf
from tests.documents.report_source import Source, drawn, of_expected, with_printed
from tests.documents.word_troubles import (
    content_controls,
    heading_without_number,
    layout_table,
    rows_that_begin_later,
    text_boxes,
    tracked_changes,
)

Make = Callable[[Source], bytes]
_DATED = (2024, 1, 10, 0, 0, 0)
_NUMBERS_APART = "table{letter-spacing:4px}"


@dataclass(frozen=True)
class Case:
    """One document. ``make`` gives its bytes, or those that ``program`` turns into it.

    ``may_be_unread``: keys (or beginnings of keys) that need not be read, as no reader could be sure of them.
    """

    path: str
    source: Source
    make: Make
    program: str = ""
    may_be_unread: tuple[str, ...] = ()


def web(
    write: as_html.Write = as_html.plain_table, *, charset: str = "utf-8", named: str = "", style: str = as_html.STYLE
) -> Make:
    """Makes a web page; ``named`` is the charset that its head names where that is another."""

    def make(source: Source) -> bytes:
        return as_html.page(source, as_html.body(source, write), named or charset, style).encode(charset)

    return make


def split(head_again: bool) -> Make:
    """Makes a web page whose table three is two tables."""

    def make(source: Source) -> bytes:
        content = as_html.body(source, three=as_html.split_three(source, head_again=head_again))
        return as_html.page(source, content).encode()

    return make


def tables_in_tables(source: Source) -> bytes:
    """A web page whose layout is a table, and every table of figures stands in a cell of another."""
    content = as_html.body(source, lambda rows: f"<table><tr><td>{as_html.plain_table(rows)}</td></tr></table>")
    menu = "<td><ul><li>机构职能</li><li>政府信息公开年报</li></ul></td>"
    return as_html.page(source, f"<table width='980'><tr>{menu}<td>{content}</td></tr></table>").encode()


def repeated_head(source: Source) -> bytes:
    """A web page whose headings of table three are a <thead>, which a browser repeats on every printed page."""
    rows = [*source.head_three(), *source.body_three()]
    three = as_html.table(rows, lambda text: text, head=3)
    return as_html.page(source, as_html.body(source, three=three)).encode()


def word(style: Style = as_docx.PLAIN, *, landscape: bool = False) -> Make:
    """Makes a Word document."""
    return lambda source: as_docx.docx(as_docx.blocks(source, style), landscape=landscape)


def drawn_pages(pages: Callable[[], Pdf], source: Source) -> bytes:
    """Pages drawn by our own hand, as PDF or OFD."""
    made = pages()
    made.paragraph(source.title, 16)
    made.paragraph(source.opening())
    widths = [24.0, 50, 120, *[34] * 7]
    for number, (heading, texts) in enumerate(source.sections()):
        if number == 2:
            made.new_page()
        made.paragraph(heading)
        for text in texts:
            made.paragraph(text)
        if number == 1:
            rows = source.table_two_as_one()
            wide = max(sum(across for _, _, across in row) for row in rows)
            made.table(rows, [420 / wide] * wide)
        elif number == 2:
            made.table([*source.head_three(), *source.body_three()], widths)
            made.new_page()
        elif number == 3:
            made.table(source.table_four(), [29] * 15, height=30)
    return made.data()


def zipped(name: str, make: Make) -> Make:
    """Puts a document into a ZIP, beside a picture."""

    def pack(source: Source) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("封面.bin", _DATED), b"\x00\x01\x02picture")
            archive.writestr(zipfile.ZipInfo(name, _DATED), make(source), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    return pack


def _full_width(number: int | Decimal) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in str(number))


def _thousands(number: int | Decimal) -> str:
    return f"{number:,}"


def _marked(source: Source, texts: Mapping[str, str]) -> Source:
    """The source with strokes and blanks in the cells of some columns."""
    keys = source.keys()
    changes = {
        key: text
        for key in keys
        for column, text in texts.items()
        if key.startswith("requests.") and key.endswith(f".{column}") and source.values[key] == 0
    }
    return with_printed(source, changes)


YUNSHAN = drawn("云山镇人民政府", 2024, seed=1, most=40)
QINGHE = drawn("清河区发展和改革局", 2023, seed=2, most=9)
LARGE = replace(drawn("清河区住房和城乡建设局", 2022, seed=3, most=4000), write=_thousands)
OLD_FORM = drawn("清河区教育局", 2020, "2019", seed=4, most=40)
WRONG_FORM = drawn("清河区民政局", 2022, "2019", seed=5, most=40)
ONE_OTHER = drawn("白石街道办事处", 2021, seed=6, most=40, alternatives=["requests.other"])
FULL_WIDTH = replace(drawn("清河区水务局", 2024, seed=7, most=40), write=_full_width, year_in_title="二〇二四")
MARKED = _marked(
    drawn("清河区财政局", 2023, seed=8), {"research": "/", "legal_service": "-", "other": "", "business": "—"}
)
MISPRINTS = replace(
    drawn("清河区审计局", 2024, seed=9, most=40),
    labels={
        "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
        "社会公益组织": "社会公益 组织",
        "3.补正后申请内容仍不明确": "3.补正后申请内容仍不明确的",
        "1.信访举报投诉类申请": "1.信访举报投诉类",
        "（七）总计": "（七）合计",
    },
)
REORDERED = replace(
    drawn("清河区统计局", 2023, seed=10, most=40),
    order=("total", "natural_person", "business", "social_organisation", "research", "legal_service", "other"),
)
LEFT_OUT = replace(
    drawn("清河区司法局", 2023, seed=11, most=40),
    left_out=frozenset({"proactive.compulsory_measures", "requests.refused.enforcement_files", "requests.carried_in"}),
)
REAL, REAL_BEIJING = of_expected("hongze-2023"), of_expected("000_94c0c8a1a4856154")

_ANY = ("requests.", "proactive.", "review.", "litigation_")
_NO_VERTICALS = Style(borders=("top", "bottom", "insideH"))
_NO_TOP = Style(borders=("left", "bottom", "right", "insideH", "insideV"))
_NARROW = Style(half_points=28, widths=(500, 700, 1500, *[520] * 7))

CASES = [
    Case("html/plain.html", YUNSHAN, web()),
    Case("html/gb18030-named-gb2312.html", QINGHE, web(charset="gb18030", named="gb2312")),
    Case("html/pasted-from-word.html", LARGE, web(as_html.pasted_from_word)),
    Case("html/paragraphs-in-cells.html", FULL_WIDTH, web(as_html.paragraphs_in_cells)),
    Case("html/line-breaks-in-cells.html", YUNSHAN, web(as_html.line_breaks_in_labels)),
    Case("html/tables-in-tables.html", YUNSHAN, tables_in_tables),
    Case("html/table-broken-heading-repeated.html", YUNSHAN, split(True)),
    Case("html/table-broken.html", QINGHE, split(False)),
    Case("html/strokes-and-blanks.html", MARKED, web()),
    Case("html/misprints.html", MISPRINTS, web()),
    Case("html/columns-in-another-order.html", REORDERED, web()),
    Case("html/rows-left-out.html", LEFT_OUT, web()),
    Case("html/one-row-other.html", ONE_OTHER, web()),
    Case("html/form-2019.html", OLD_FORM, web(as_html.pasted_from_word)),
    Case("html/form-2019-in-2022.html", WRONG_FORM, web()),
    Case("html/beijing-rows.html", REAL_BEIJING, web(as_html.paragraphs_in_cells)),
    Case("html/saved-by-libreoffice.html", YUNSHAN, word(), "soffice html"),
    Case("word/plain.docx", YUNSHAN, word()),
    Case("word/real-figures.docx", REAL, word()),
    Case("word/form-2019-beijing.docx", REAL_BEIJING, word()),
    Case("word/strokes-and-blanks.docx", MARKED, word()),
    Case("word/rows-left-out.docx", LEFT_OUT, word()),
    Case("word/text-boxes.docx", QINGHE, text_boxes),
    Case("word/layout-table.docx", YUNSHAN, layout_table),
    Case("word/tracked-changes.docx", YUNSHAN, tracked_changes),
    Case("word/content-controls.docx", QINGHE, content_controls),
    Case("word/heading-without-number.docx", YUNSHAN, heading_without_number),
    Case("word/rows-that-begin-later.docx", YUNSHAN, rows_that_begin_later),
    Case("word/saved-by-libreoffice.docx", LARGE, web(), "soffice docx"),
    Case("doc/plain.doc", YUNSHAN, word(), "soffice doc"),
    Case("doc/form-2019.doc", OLD_FORM, word(), "soffice doc"),
    Case("doc/layout-table.doc", LARGE, layout_table, "soffice doc"),
    Case("doc/strokes-and-blanks.wps", MARKED, word(), "soffice doc"),
    Case("doc/tracked-changes.doc", YUNSHAN, tracked_changes, "soffice doc"),
    Case("rtf/plain.rtf", YUNSHAN, word(), "soffice rtf"),
    Case("rtf/layout-table.rtf", MARKED, layout_table, "soffice rtf"),
    Case("rtf/form-2019-beijing.rtf", REAL_BEIJING, word(), "soffice rtf"),
    Case("ofd/plain.ofd", YUNSHAN, partial(drawn_pages, Ofd)),
    Case("ofd/form-2019.ofd", OLD_FORM, partial(drawn_pages, Ofd)),
    Case("zip/one-report.zip", QINGHE, zipped("年报.docx", word())),
    Case("pdf/libreoffice.pdf", YUNSHAN, word(), "soffice pdf"),
    Case("pdf/libreoffice-heading-repeated.pdf", REAL, word(Style(repeat=3, half_points=20)), "soffice pdf"),
    Case("pdf/libreoffice-landscape.pdf", LARGE, word(landscape=True), "soffice pdf"),
    Case("pdf/libreoffice-upright-headings.pdf", YUNSHAN, word(Style(upright=True)), "soffice pdf"),
    Case("pdf/libreoffice-no-vertical-lines.pdf", QINGHE, word(_NO_VERTICALS), "soffice pdf", _ANY),
    Case("pdf/libreoffice-no-top-border.pdf", YUNSHAN, word(_NO_TOP), "soffice pdf"),
    Case("pdf/libreoffice-narrow-cells.pdf", LARGE, word(_NARROW), "soffice pdf", _ANY),
    Case("pdf/libreoffice-form-2019.pdf", OLD_FORM, word(), "soffice pdf"),
    Case("pdf/libreoffice-from-doc.pdf", MARKED, word(), "soffice doc pdf"),
    Case("pdf/browser.pdf", QINGHE, web(), "chromium"),
    Case("pdf/browser-heading-repeated.pdf", YUNSHAN, repeated_head, "chromium"),
    Case("pdf/browser-numbers-apart.pdf", YUNSHAN, web(style=as_html.STYLE + _NUMBERS_APART), "chromium", _ANY),
    Case("pdf/weasyprint.pdf", YUNSHAN, web(), "weasyprint"),
    Case("pdf/weasyprint-rows-left-out.pdf", LEFT_OUT, web(), "weasyprint"),
    Case("pdf/weasyprint-beijing.pdf", REAL_BEIJING, web(), "weasyprint"),
    Case("pdf/drawn-thin-boxes.pdf", ONE_OTHER, partial(drawn_pages, partial(Pdf, style="thin"))),
    Case("text/markdown.md", YUNSHAN, markdown),
    Case("text/tabs.txt", LARGE, tabs),
    Case("text/html-tables.txt", ONE_OTHER, html_tables_in_text),
]

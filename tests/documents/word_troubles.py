"""Word documents with what makes them hard to read: text boxes, layout tables, tracked changes, content controls."""

from __future__ import annotations

from dataclasses import replace

from docx.oxml.ns import nsdecls

from tests.documents.as_docx import Style, blocks, docx, paragraph, run, table
from tests.documents.report_source import Source

_W = nsdecls("w")
_ALL = (
    f'{_W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def text_boxes(source: Source) -> bytes:
    """Title and the tables two and four stand in text boxes, each written twice as Word does (Choice and Fallback)."""
    made = blocks(source)
    return docx([_in_box(block) if "<w:tbl " in block or number == 0 else block for number, block in enumerate(made)])


def _in_box(block: str) -> str:
    inside = f"<w:txbxContent>{block}<w:p/></w:txbxContent>"
    return (
        f'<w:p {_ALL}><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        '<wp:extent cx="5400000" cy="5400000"/><wp:docPr id="1" name="box"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f"<wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def layout_table(source: Source) -> bytes:
    """The whole report stands in the one cell of a table, its tables in a table of their own each."""
    inside = "".join(blocks(source, Style(half_points=14)))
    around = (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="9400" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="9400"/>'
        "</w:tblGrid>"
        f'<w:tr><w:tc><w:tcPr><w:tcW w:w="9400" w:type="dxa"/></w:tcPr>{inside}<w:p/></w:tc></w:tr></w:tbl>'
    )
    return docx([around])


def tracked_changes(source: Source) -> bytes:
    """Every number of table three stands there as inserted, beside another one that was deleted, and a hidden one."""
    stamp = 'w:id="9" w:author="a" w:date="2024-01-09T00:00:00Z"'

    def changed(text: str) -> str:
        if not text[:1].isdigit() or "." in text:
            return run(text)
        return (
            f"<w:del {stamp}><w:r><w:delText>77</w:delText></w:r></w:del><w:ins {stamp}>{run(text)}</w:ins>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>88</w:t></w:r>"
        )

    style = Style(cell=changed)
    plain = blocks(source)
    made = blocks(source, style)
    third = [number for number, block in enumerate(made) if "<w:tbl " in block][1]
    # The size of a run comes first in its properties, where there are none yet.
    fixed = made[third].replace(
        '<w:rPr><w:sz w:val="16"/></w:rPr><w:rPr><w:vanish/></w:rPr>', "<w:rPr><w:vanish/></w:rPr>"
    )
    return docx([*plain[:third], fixed, *plain[third + 1 :]])


def content_controls(source: Source) -> bytes:
    """Paragraphs and tables stand in content controls, and table three's rows in one more."""
    made = []
    for block in blocks(source):
        inner = block
        if "<w:tbl " in block:
            start, stop = block.index("<w:tr>"), block.rindex("</w:tbl>")
            rows = f"<w:sdt><w:sdtContent>{block[start:stop]}</w:sdtContent></w:sdt>"
            inner = block[:start] + rows + block[stop:]
        made.append(f"<w:sdt {_W}><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>")
    return docx(made)


def heading_without_number(source: Source) -> bytes:
    """The heading of the last section has no number, all others have theirs."""
    made = blocks(source)
    last = source.sections()[-1][0]
    return docx(
        [paragraph(last.split("、", 1)[1]) if last in block and "<w:tbl" not in block else block for block in made]
    )


def rows_that_begin_later(source: Source) -> bytes:
    """The data rows of table three leave out the first positions (gridBefore) instead of merging them."""
    style = Style()
    head, body = source.head_three(), source.body_three()
    rows = []
    for row in body:
        numbers = row[-7:]
        rows.append([(row[-8][0], 1, 3), *numbers])
    three = table([*head, *rows], replace(style, widths=(600, 900, 2500, *[700] * 7)))
    start = three.index("<w:tr>", three.index("一、本年新收") - 900)
    late = three[:start] + three[start:].replace(
        '<w:tr><w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/><w:gridSpan w:val="3"/></w:tcPr>',
        '<w:tr><w:trPr><w:gridBefore w:val="1"/><w:wBefore w:w="600" w:type="dxa"/></w:trPr>'
        '<w:tc><w:tcPr><w:tcW w:w="3400" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr>',
    )
    made = blocks(source, style)
    third = [number for number, block in enumerate(made) if "<w:tbl " in block][1]
    return docx([*made[:third], late, *made[third + 1 :]])

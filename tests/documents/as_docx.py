"""A source as a Word document: the markup that Word itself writes, put into a document of python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.documents.report_source import Source, Spans

_W = nsdecls("w")
_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
_DATED = (2024, 1, 10, 0, 0, 0)


def run(text: str) -> str:
    """The markup of one run."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


@dataclass(frozen=True)
class Style:
    """How tables are set: borders that are drawn, headings that repeat or stand upright, the size of the letters.

    ``cell`` writes the runs of a cell's one paragraph. ``whole_rows``: no row goes on over a page.
    """

    borders: tuple[str, ...] = _BORDERS
    repeat: int = 0
    upright: bool = False
    half_points: int = 16
    cell: Callable[[str], str] = run
    widths: tuple[int, ...] = ()
    whole_rows: bool = False


PLAIN = Style()


def paragraph(text: str, half_points: int = 24, indent: int = 480) -> str:
    """The markup of a paragraph."""
    return (
        f'<w:p><w:pPr><w:ind w:firstLine="{indent}"/></w:pPr>'
        f'<w:r><w:rPr><w:sz w:val="{half_points}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def table(rows: Spans, style: Style, width: int = 9000) -> str:
    """The markup of a table: gridSpan across, vMerge down."""
    positions = max(sum(across for _, _, across in row) for row in rows)
    widths = style.widths if len(style.widths) == positions else (width // positions,) * positions
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in style.borders)
    lines = [
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
        + "</w:tblGrid>"
    ]
    open_below: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        cells, column, left = [], 0, list(row)
        while left or column in open_below:
            if column in open_below:
                down, across = open_below.pop(column)
                cells.append(_cell("", across, sum(widths[column : column + across]), style, merge="<w:vMerge/>"))
                if down > 1:
                    open_below[column] = (down - 1, across)
                    # Seen again in the next row, not in this one.
                    column += across
                    continue
                column += across
                continue
            text, down, across = left.pop(0)
            merge = '<w:vMerge w:val="restart"/>' if down > 1 else ""
            turned = style.upright and positions == 10 and number in (1, 2) and across == 1
            cells.append(_cell(text, across, sum(widths[column : column + across]), style, merge=merge, turned=turned))
            if down > 1:
                open_below[column] = (down - 1, across)
            column += across
        whole = "<w:cantSplit/>" if style.whole_rows else ""
        repeated = "<w:tblHeader/>" if number < style.repeat else ""
        head = f"<w:trPr>{whole}{repeated}</w:trPr>" if whole or repeated else ""
        if style.upright and positions == 10 and number in (1, 2):
            head = '<w:trPr><w:trHeight w:val="1500" w:hRule="exact"/></w:trPr>'
        lines.append(f"<w:tr>{head}{''.join(cells)}</w:tr>")
    return "".join([*lines, "</w:tbl>"])


def _cell(text: str, across: int, width: int, style: Style, merge: str = "", turned: bool = False) -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    direction = '<w:textDirection w:val="tbRlV"/>' if turned else ""
    runs = style.cell(text).replace("<w:r>", f'<w:r><w:rPr><w:sz w:val="{style.half_points}"/></w:rPr>') if text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{direction}</w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{runs}</w:p></w:tc>'
    )


def blocks(source: Source, style: Style = PLAIN, space: int = 0) -> list[str]:
    """The document's markup, one element a string; ``space`` (twentieths of a point) before table three."""
    tables = {
        1: [table(source.table_two_as_one(), style)],
        2: [*_space(space), table([*source.head_three(), *source.body_three()], style)],
        3: [table(source.table_four(), style)],
    }
    made = [paragraph(source.title, 36, 0), paragraph(source.opening())]
    for number, (heading, texts) in enumerate(source.sections()):
        made += [paragraph(heading), *map(paragraph, texts), *tables.get(number, [])]
    return made


def _space(space: int) -> list[str]:
    return [f'<w:p><w:pPr><w:spacing w:before="{space}" w:after="0"/></w:pPr></w:p>'] if space else []


def docx(markup: list[str], *, landscape: bool = False) -> bytes:
    """The file: the same bytes every time."""
    document: Any = Document()
    document.core_properties.created = document.core_properties.modified = datetime(2024, 1, 10)  # noqa: DTZ001
    if landscape:
        section = document.sections[0]
        section.page_width, section.page_height = section.page_height, section.page_width
    last = document.element.body[-1]
    for each in markup:
        element = each if "xmlns:w=" in each else each.replace("<w:p>", f"<w:p {_W}>", 1)
        last.addprevious(parse_xml(element))
    made = io.BytesIO()
    document.save(made)
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(zipfile.ZipInfo(member.filename, _DATED), source.read(member), zipfile.ZIP_DEFLATED)
    return packed.getvalue()

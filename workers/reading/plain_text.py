"""Text and Markdown: somebody else's conversion of a report, with its tables as cells between tabs or bars."""

from __future__ import annotations

import re

from report.figure import Place
from workers.reading.content import Block, Cell, Content, Grid, Paragraph, grid_of
from workers.reading.decoding import decode
from workers.reading.running_text import goes_on

_RULE = re.compile(r"[\s|:\t]*-{2,}[\s|:\t-]*")
_MARKS = re.compile(r"\*\*|__|^#{1,6}\s+|^>\s+")
_BAR_ROW = re.compile(r"^\s*\|.*\|\s*$")


def read_plain_text(data: bytes) -> Content:
    """The paragraphs and tables of a text; a sentence that a page break cut in two is one paragraph again.

    Raises ReadError where the bytes are no text.
    """
    blocks: list[Block] = []
    rows: list[list[str]] = []
    tables = 0
    lines = decode(data).splitlines()
    for line in [*lines, ""]:
        cells = _cells(line)
        if cells is not None:
            if not _RULE.fullmatch(line):
                rows.append(cells)
            continue
        if rows:
            blocks.append(_grid(rows, tables))
            tables += 1
            rows = []
        text = _MARKS.sub("", line.strip())
        if not text or _RULE.fullmatch(text):
            continue
        last = blocks[-1] if blocks else None
        if isinstance(last, Paragraph) and goes_on(last.text, text):
            blocks[-1] = Paragraph(last.text + text)
        else:
            blocks.append(Paragraph(text))
    return Content(tuple(blocks), may_be_cut=True)


def _cells(line: str) -> list[str] | None:
    """The cells of a line that is a row of a table; None for a line of text."""
    if "\t" in line.strip("\r\n ").lstrip("\u3000") and (line.strip() or line.count("\t") > 1):
        return [_MARKS.sub("", cell.strip()) for cell in line.rstrip("\r\n").split("\t")]
    if _BAR_ROW.match(line):
        return [_MARKS.sub("", cell.strip()) for cell in line.strip()[1:-1].split("|")]
    return None


def _grid(rows: list[list[str]], table: int) -> Grid:
    cells = [
        [
            Cell(text, number, column, place=Place(table=table, row=number, column=column))
            for column, text in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    return grid_of(cells, from_text=True)

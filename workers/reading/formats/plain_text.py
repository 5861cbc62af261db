"""Text and Markdown: somebody else's conversion of a report, with its tables as cells between tabs or bars."""

from __future__ import annotations

import re

from report.figure import Place
from report.numerals import fold_width
from report.titles import judge_title
from workers.reading.content import PLAIN, Block, Cell, Content, Grid, Paragraph, grid_of
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.decoding import decode
from workers.reading.formats.web_page import tables_of
from workers.reading.running_text import goes_on, is_page_number

_RULE = re.compile(r"[\s|:\t]*-{2,}[\s|:\t-]*")
_MARKS = re.compile(r"\*\*|__|^#{1,6}\s+|^>\s+")
_HTML_TABLE = re.compile(r"<table\b.*?</table\s*>", re.IGNORECASE | re.DOTALL)
_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,6})?"
_NUMBERS = re.compile(rf"{_NUMBER}(?: +{_NUMBER})+")
# A row whose tabs were lost: a label and at least four numbers, and nothing after them.
_SPACED_ROW = re.compile(rf"([^ ].*?[\u4e00-\u9fff）)”\"]) +({_NUMBER}(?: +{_NUMBER}){{3,}}) *")
_LONGEST_ROW = 1000
_LONGEST_TITLE = 60
_MOST_CELLS = 200_000


def read_plain_text(data: bytes) -> Content:
    """The paragraphs and tables of a text; a sentence that a page break cut in two is one paragraph again.

    Raises ReadError where the bytes are no text (broken), or a table is beyond all size (too_large).
    """
    reading = _Reading()
    text = decode(data)
    start = 0
    # Some conversions keep their tables as HTML.
    for match in _HTML_TABLE.finditer(text):
        reading.take(text[start : match.start()])
        grids = tables_of(match[0], reading.tables)
        reading.blocks += grids
        reading.tables += len(grids)
        start = match.end()
    reading.take(text[start:])
    return Content(tuple(reading.blocks), may_be_cut=True)


class _Reading:
    """The blocks found so far, line by line."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.tables = 0
        self.cells = 0

    def take(self, text: str) -> None:
        """Reads the next stretch of lines."""
        rows: list[list[str]] = []
        for line in [*text.splitlines(), ""]:
            is_rule = len(line) < _LONGEST_ROW and _RULE.fullmatch(line) is not None
            cells = None if is_rule else _cells(line)
            if cells is not None:
                self.cells += len(cells)
                if self.cells > _MOST_CELLS:
                    raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
                rows.append(cells)
                continue
            if is_rule and rows:
                continue
            if rows:
                self.blocks.append(_grid(rows, self.tables))
                self.tables += 1
                rows = []
            if not is_rule:
                self._take_line(_MARKS.sub("", line.strip()))

    def _take_line(self, text: str) -> None:
        if not text or is_page_number(text):
            return
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Paragraph) and goes_on(last.text, text) and not _is_title(last.text):
            self.blocks[-1] = Paragraph(last.text + text)
        else:
            self.blocks.append(Paragraph(text))


def _is_title(text: str) -> bool:
    """Whether a line is the report's title, which ends without a full stop and goes on nowhere."""
    return len(text) <= _LONGEST_TITLE and judge_title(text).is_report


def _cells(line: str) -> list[str] | None:
    """The cells of a line that is a row of a table; None for a line of text."""
    if "\t" in line.strip("\r\n ").lstrip("\u3000") and (line.strip() or line.count("\t") > 1):
        return _parted(line.rstrip("\r\n").split("\t"))
    if len(line) > _LONGEST_ROW:
        return None
    bare = line.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == "|":
        return _parted(bare[1:-1].split("|"))
    spaced = _SPACED_ROW.fullmatch(fold_width(bare))
    return [spaced[1], *spaced[2].split()] if spaced else None


def _parted(cells: list[str]) -> list[str]:
    """The cells without marks; a cell in which several numbers stand is as many cells."""
    parted: list[str] = []
    for cell in cells:
        text = _MARKS.sub("", cell.strip())
        parted += text.split() if len(text) < _LONGEST_ROW and _NUMBERS.fullmatch(text) else [text]
    return parted


def _grid(rows: list[list[str]], table: int) -> Grid:
    cells = [
        [
            Cell(text, number, column, place=Place(table=table, row=number, column=column), confirmed_by=PLAIN)
            for column, text in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    return grid_of(cells, from_text=True)

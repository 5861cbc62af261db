"""Lines of text that are paragraphs, or rows of a table: cells between tabs, bars, or columns of spaces."""

from __future__ import annotations

import re
from typing import Protocol

from report.figure import Place
from report.numerals import fold_width
from report.titles import judge_title
from workers.reading.content import PLAIN, Block, Cell, Grid, Paragraph, Piece, grid_of
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.text_marks import without_marks
from workers.reading.running_text import goes_on, is_page_number

_RULE = re.compile(r"[\s|:\t+]*-{2,}[\s|:\t+-]*")
_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,6})?"
_NUMBERS = re.compile(rf"{_NUMBER}(?: +{_NUMBER})+")
# A row whose tabs were lost: a label and at least four numbers, and nothing after them.
_SPACED_ROW = re.compile(rf"([^ ].*?[\u4e00-\u9fff）)”\"]) +({_NUMBER}(?: +{_NUMBER}){{3,}}) *")
_BAR = re.compile(r"(?<!\\)\|")
_COLUMNS = re.compile(r"[ \u3000]{2,}|\t+")
_LONGEST_ROW = 1000
_LONGEST_TITLE = 60
_MOST_CELLS = 200_000


class Counts(Protocol):
    """How many tables and cells the document had so far."""

    tables: int
    cells: int


def text_blocks(text: str, counts: Counts, *, by_columns: bool = True) -> list[Block]:
    """The paragraphs and tables of a stretch of lines; ``by_columns``: two spaces and more part cells.

    Raises ReadError (too_large) where a table is beyond all size.
    """
    blocks: list[Block] = []
    rows: list[list[str]] = []
    lines = [*text.splitlines(), ""]
    for number, line in enumerate(lines):
        is_rule = _is_rule(line)
        in_table = bool(rows) or (number + 1 < len(lines) and "|" in lines[number + 1] and _is_rule(lines[number + 1]))
        cells = None if is_rule else _cells(line, in_table, by_columns)
        if cells is not None:
            counts.cells += len(cells)
            if counts.cells > _MOST_CELLS:
                raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
            rows.append(cells)
            continue
        if is_rule and rows:
            continue
        if rows:
            blocks.append(_grid(rows, counts.tables))
            counts.tables += 1
            rows = []
        if not is_rule:
            _take_line(without_marks(line.strip())[0], blocks)
    return blocks


def _is_rule(line: str) -> bool:
    return len(line) < _LONGEST_ROW and _RULE.fullmatch(line) is not None


def _take_line(text: str, blocks: list[Block]) -> None:
    if not text or is_page_number(text):
        return
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph) and goes_on(last.text, text) and not _is_title(last.text):
        blocks[-1] = Paragraph(last.text + text)
    else:
        blocks.append(Paragraph(text))


def _is_title(text: str) -> bool:
    """Whether a line is the report's title, which ends without a full stop and goes on nowhere."""
    return len(text) <= _LONGEST_TITLE and judge_title(text).is_report


def _cells(line: str, in_table: bool, by_columns: bool) -> list[str] | None:
    """The cells of a line that is a row of a table; None for a line of text."""
    if "\t" in line.strip("\r\n ").lstrip("\u3000") and (line.strip() or line.count("\t") > 1):
        return _parted(line.rstrip("\r\n").split("\t"))
    if len(line) > _LONGEST_ROW:
        return None
    bare = line.strip()
    if len(bare) > 1 and bare[0] == "|" and bare[-1] == "|":
        return _parted(_BAR.split(bare[1:-1]))
    if in_table and _BAR.search(bare):
        return _parted(_BAR.split(line.removeprefix("|").rstrip("\r\n")))
    spaced = _SPACED_ROW.fullmatch(fold_width(bare))
    if spaced and not by_columns:
        return [spaced[1], *spaced[2].split()]
    if by_columns and len(parts := _COLUMNS.split(bare)) > 1:
        return parts
    return [spaced[1], *spaced[2].split()] if spaced else None


def _parted(cells: list[str]) -> list[str]:
    """The cells; one in which several numbers stand is as many cells."""
    parted: list[str] = []
    for cell in cells:
        text = cell.strip()
        parted += text.split() if len(text) < _LONGEST_ROW and _NUMBERS.fullmatch(text) else [text]
    return parted


def _grid(rows: list[list[str]], table: int) -> Grid:
    cells = []
    for number, row in enumerate(rows):
        made = []
        for column, written in enumerate(row):
            text, pieces = without_marks(written.strip())
            made.append(_cell(text, pieces, Place(table=table, row=number, column=column)))
        cells.append(made)
    return grid_of(cells, from_text=True)


def _cell(text: str, pieces: tuple[Piece, ...], place: Place) -> Cell:
    row, column = place.row or 0, place.column or 0
    return Cell(text, row, column, place=place, pieces=pieces, confirmed_by=PLAIN)

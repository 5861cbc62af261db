"""What a spreadsheet program may be given: text that stays text, whatever a title on a portal says.

One guard for CSV and one for workbooks. A workbook needs no mark before the text, because its cells say that they
are text; CSV knows no types.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as WrittenCell
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.worksheet import Worksheet

# The full-width signs too: a spreadsheet set to an East Asian language takes them for the others.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_000  # a workbook holds 32,767 in one cell
LONGEST_NAME = 31
A4 = 9  # as the format numbers it
LINE_POINTS = 15.0
HIGHEST_ROW = 405.0  # a row holds 409 points
DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class Strong(str):
    """A cell in bold on grey, as headings are: for sheets with several tables."""


class Wide(str):
    """The only text of its row, over all printed columns."""


Cell = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, and its width in characters of Latin text (a Chinese one takes two)."""

    words: str
    width: float = 14


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; ``rows`` may be a generator. Moments are written as they are given, without a zone.

    ``title`` and ``subtitle`` stand above the headings, over the columns that are printed: the first ``printed`` ones,
    all where it is None. Every sheet is set up for A4 as wide as its printed columns, headings on every page; on
    ``one_page`` it is upright and fits whole. Without ``headed`` it has neither headings nor filter: its rows are
    several tables.
    """

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    subtitle: str = ""
    printed: int | None = None
    one_page: bool = False
    headed: bool = True


def no_formula(value: str) -> str:
    """A CSV cell that no spreadsheet program takes for a formula: with a ``'`` before what looks like one."""
    kept = printable(value)
    # A tab or line end at the front is dropped when the file is opened, and what comes then counts.
    return "'" + kept if value.startswith(STARTS_A_FORMULA) or kept.lstrip().startswith(STARTS_A_FORMULA) else kept


def printable(value: str) -> str:
    """Text without control, direction and private characters, of a length that a cell can hold."""
    kept = "".join(
        character
        for character in value
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    return kept if len(kept) <= LONGEST_CELL else kept[: LONGEST_CELL - 1] + "…"


def workbook(sheets: Iterable[Sheet], made: datetime) -> bytes:
    """An xlsx file: bold headings that stay in sight, a filter on every column, dates as dates, no formula anywhere.

    ``made`` is when it says it was made. Rows are written as they come, so that a long sheet needs no memory.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "nianbao"
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    for sheet in sheets:
        _write_sheet(book.create_sheet(printable(sheet.name).translate(_NOT_IN_A_NAME)[:LONGEST_NAME]), sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write_sheet(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    last = get_column_letter(len(sheet.headings))
    above = [words for words in (sheet.title, sheet.subtitle) if words]
    head_row = len(above) + 1
    if sheet.headed:
        page.freeze_panes = f"A{head_row + 1}"
    for number, heading in enumerate(sheet.headings, 1):
        page.column_dimensions[get_column_letter(number)].width = heading.width
    _set_up_for_print(page, sheet, head_row)
    for number, words in enumerate(above, 1):
        _write_above(page, words, number, sheet)
    bold, grey = Font(bold=True), PatternFill("solid", start_color="FFE8ECF1")
    wrapped = Alignment(wrap_text=True, vertical="top")
    if sheet.headed:
        head = [_cell(page, heading.words) for heading in sheet.headings]
        for cell in head:
            cell.font, cell.fill, cell.alignment = bold, grey, wrapped
        tallest = max(_lines(heading.words, heading.width) for heading in sheet.headings)
        if tallest > 1:
            page.row_dimensions[head_row].height = tallest * LINE_POINTS
        page.append(head)
    widths = [heading.width for heading in sheet.headings]
    before = head_row if sheet.headed else head_row - 1
    count = before
    printed = sheet.printed or len(widths)
    for count, row in enumerate(sheet.rows, before + 1):
        written = [
            _aligned(page, value, wrapped) if sheet.title else _value(page, value, width, wrapped)
            for value, width in zip(row, widths, strict=True)
        ]
        if row and isinstance(row[0], Wide):
            page.merged_cells.add(f"A{count}:{get_column_letter(printed)}{count}")
            lines = _lines(row[0], sum(widths[:printed]))
        else:
            lines = max((_lines(value, width) for value, width in zip(row, widths, strict=True)), default=1)
        if lines > 1:  # not every program makes room by itself
            page.row_dimensions[count].height = min(lines * LINE_POINTS, HIGHEST_ROW)
        for value, cell in zip(row, written, strict=True):
            if isinstance(value, Strong):
                cell.font, cell.fill = bold, grey
        page.append(written)
    if sheet.headed:
        page.auto_filter.ref = f"A{head_row}:{last}{count}"
    if sheet.printed is not None:
        page.print_area = f"A1:{get_column_letter(sheet.printed)}{count}"


def _lines(value: Cell, width: float) -> int:
    """How many lines a text takes in a column of so many characters; a Chinese one takes the room of two."""
    if not isinstance(value, str) or (len(value) * 2 <= width and "\n" not in value):
        return 1
    room = max(1.0, width - 1)
    return sum(max(1, math.ceil(sum(2 if one > "\u2e7f" else 1 for one in line) / room)) for line in value.split("\n"))


def _write_above(page: Worksheet, words: str, row: int, sheet: Sheet) -> None:
    """The title (row 1) or subtitle (row 2), in the middle of the printed columns."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    cell = _cell(page, words)
    cell.font = Font(bold=row == 1, size=16 if row == 1 else 11)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    page.row_dimensions[row].height = 32 if row == 1 else 20
    page.merged_cells.add(f"A{row}:{get_column_letter(sheet.printed or len(sheet.headings))}{row}")
    page.append([cell])


def _set_up_for_print(page: Worksheet, sheet: Sheet, head_row: int) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "portrait" if sheet.one_page else "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, int(sheet.one_page)
    page.print_options.gridLines = page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.6, 0.85, 0.4
    footer: Any = page.oddFooter
    footer.center.text = "第 &P 页　共 &N 页"
    if sheet.headed:
        page.print_title_rows = f"1:{head_row}"


def _value(page: Worksheet, value: Cell, width: float, wrapped: Alignment) -> Any:
    """A value as it is where that is harmless and short (most are, and it is several times as fast), else a cell."""
    if not isinstance(value, (str, date)):
        return value
    if type(value) is str and len(value) * 2 <= width and value.isprintable() and value[:1].isalnum():
        return value
    return _aligned(page, value, wrapped)


def _aligned(page: Worksheet, value: Cell, wrapped: Alignment) -> WrittenCell:
    """A cell of its own: what is handed on is aligned throughout."""
    from openpyxl.cell import WriteOnlyCell

    number: Any = value
    cell = _cell(page, value) if isinstance(value, (str, date)) else WriteOnlyCell(page, number)
    cell.alignment = wrapped
    return cell


def _cell(page: Worksheet, value: str | date) -> WrittenCell:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, datetime):
        cell = WriteOnlyCell(page, value.replace(tzinfo=None))
        cell.number_format = MOMENT
    elif isinstance(value, date):
        cell = WriteOnlyCell(page, datetime.combine(value, time()))
        cell.number_format = DAY
    else:
        kept = printable(value)
        cell = WriteOnlyCell(page, kept)
        cell.data_type = "s"  # it stays text, also where it begins like a formula or an error
        # Somebody who edits the cell and leaves it makes no formula of it either.
        cell.quotePrefix = kept.lstrip().startswith(STARTS_A_FORMULA)
    return cell

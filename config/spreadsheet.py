"""What a spreadsheet program may be given: text that stays text, whatever a title on a portal says.

One guard for CSV and one for workbooks. A workbook needs no mark before the text, because its cells say that they
are text; CSV knows no types.
"""

from __future__ import annotations

import io
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
DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

Cell = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, and its width in characters of Latin text (a Chinese one takes two)."""

    words: str
    width: float = 14


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; ``rows`` may be a generator. Moments are written as they are given, without a zone."""

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Cell]]


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
    page.freeze_panes = "A2"
    for number, heading in enumerate(sheet.headings, 1):
        page.column_dimensions[get_column_letter(number)].width = heading.width
    bold, grey = Font(bold=True), PatternFill("solid", start_color="FFE8ECF1")
    wrapped = Alignment(wrap_text=True, vertical="top")
    head = [_cell(page, heading.words) for heading in sheet.headings]
    for cell in head:
        cell.font, cell.fill, cell.alignment = bold, grey, wrapped
    page.append(head)
    widths = [heading.width for heading in sheet.headings]
    count = 1
    for count, row in enumerate(sheet.rows, 2):  # noqa: B007 - the last number is the length
        page.append([_value(page, value, width, wrapped) for value, width in zip(row, widths, strict=True)])
    page.auto_filter.ref = f"A1:{last}{count}"


def _value(page: Worksheet, value: Cell, width: float, wrapped: Alignment) -> Any:
    """A value as it is where that is harmless and short (most are, and it is several times as fast), else a cell."""
    if not isinstance(value, (str, date)):
        return value
    if isinstance(value, str) and len(value) * 2 <= width and value.isprintable() and value[:1].isalnum():
        return value
    cell = _cell(page, value)
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

"""The rows of a table as text, from CSV or from a workbook (xlsx): what an office saves its register as."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
# What is raised where a workbook is torn: XML that is none (lxml's error is a SyntaxError), numbers and dates that are
# none, references that lead nowhere, unpacking that fails.
_TORN = (
    *(zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, TypeError, ValueError, AttributeError),
    *(ArithmeticError, OSError, EOFError, RuntimeError),
)
_WORKBOOK = b"PK\x03\x04"


class NotATable(ValueError):
    """The content is no table; ``line`` is where that was seen, ``str()`` one sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        super().__init__(sentence)


def rows_of(content: bytes, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Every row of a CSV file (UTF-8 or GB18030) or of a workbook's first sheet, with its number from 1.

    ``sheet`` is the name of another one of the workbook: no row where there is none such, and none in a CSV file.
    Raises NotATable where the content is neither.
    """
    if content.startswith(_WORKBOOK):
        return _of_workbook(content, sheet)
    return _of_csv(content) if sheet is None else iter(())


def _of_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    if "\0" in text:
        raise NotATable(1, "不是 CSV 文件，也不是 xlsx；请在表格软件中另存为其中一种")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise NotATable(reader.line_num, f"不是有效的 CSV（{error}）；请检查引号") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable(1, "不是 UTF-8 或 GB18030 编码的 CSV 文件；请在表格软件中另存为 CSV 或 xlsx")


def _of_workbook(content: bytes, name: str | None) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise NotATable(1, "解开后过大，不像机关名册；请核对文件")
        # A formula's cell gives what it last came to.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        if name is not None and name not in book.sheetnames:
            return
        sheet = book.worksheets[0] if name is None else book[name]
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
            if number > MOST_ROWS:
                raise NotATable(number, f"超过 {MOST_ROWS} 行，不像机关名册；请核对文件")
            row = [_text(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            yield number, row
    except NotATable:
        raise
    except (InvalidFileException, *_TORN) as error:
        raise NotATable(1, "不是有效的 xlsx 工作簿；请在表格软件中重新另存") from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()

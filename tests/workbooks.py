"""Opens spreadsheets as a person's program does; openpyxl is loaded by the first test that opens one.

Every process of a run collects every test file: what one of them loads at its top is loaded in all processes.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook


def load_workbook(file: Path | BytesIO) -> Workbook:
    """The workbook in a file."""
    import openpyxl

    return openpyxl.load_workbook(file)

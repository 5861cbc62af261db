"""RTF: which signs are text and which only steer."""

from __future__ import annotations

from workers.reading.content import Paragraph
from workers.reading.formats.rtf import read_rtf


def test_an_unknown_sign_is_no_text() -> None:
    """Found by fuzzing: a piece of another file brought ``\\3\\3`` into the markup of a cell, and 0 became 330."""
    row = rb"\trowd\cellx1000\cellx2000\intbl\3\3 0\cell\intbl \{1\}\\2\_3\-4\~5\:\|6\cell\row"
    (grid,) = read_rtf(rb"{\rtf1 " + row + rb"\pard\par}").grids()
    assert [cell.text for cell in grid.own_cells(0)] == ["0", "{1}\\2-34\u00a056"]


def test_escaped_signs_in_running_text() -> None:
    (paragraph,) = read_rtf(rb"{\rtf1 a\{b\}\\c\par}").blocks
    assert paragraph == Paragraph("a{b}\\c")

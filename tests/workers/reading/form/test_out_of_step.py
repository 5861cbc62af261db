"""PDF whose digits do not stand where their numbers say: no number is made of them.

Found by fuzzing: where a font's widths are wrong, the "0" of one cell lay upon the "37" of the next and "307" was read.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from report.figure import State
from report.form import Form
from report.report import Report, Unread
from tests.documents.make_pdf import Pdf
from tests.marks import some_long
from tests.workers.reading.conftest import DOCUMENTS
from tests.workers.reading.paged.test_pdf import as_written, report_of, write
from workers.reading.read import read_document

REAL = (DOCUMENTS / "real/hongze-2023.pdf").read_bytes()
LEFT_CELL, RIGHT_CELL = "requests.received.natural_person", "requests.received.business"


def values(report: Report) -> dict[str, int | Decimal | None]:
    return {key: figure.value for key, figure in report.figures.items()}


def code(text: str) -> str:
    return text.encode("utf-16-be").hex()


@pytest.mark.parametrize("width", some_long(1000, 1500, 3000))
def test_widths_that_are_wrong_make_no_wrong_number(forms: dict[str, Form], width: int) -> None:
    pdf = write(Pdf())
    sound = values(as_written(rotated=False))
    data = pdf.data().replace(b"/W [1 95 500]", b"/W [1 95 %d]" % width)
    read = read_document(data, source="x.pdf", forms=forms).figures
    assert {key: figure.value for key, figure in read.items() if figure.state is State.NUMBER}.items() <= sound.items()
    if width > 1000:
        assert read[LEFT_CELL].state is read[RIGHT_CELL].state is State.UNREADABLE


def test_a_number_too_long_for_its_cell_is_unread_and_so_is_its_neighbour(forms: dict[str, Form]) -> None:
    pdf = write(Pdf())
    sound = values(as_written(rotated=False))
    page = pdf.pages[1]
    pdf.pages[1] = [line.replace(f"<{code('100')}>", f"<{code('100200300')}>") for line in page]
    assert pdf.pages[1] != page
    read = report_of(forms, pdf).figures
    wrong = {key for key, figure in read.items() if figure.value != sound[key]}
    assert wrong == {LEFT_CELL, RIGHT_CELL}
    assert {read[key].state for key in wrong} == {State.UNREADABLE}


@pytest.mark.parametrize("aside", some_long(0.8, -3.0, 2.0, 12.0))
def test_a_number_over_another_is_unread(forms: dict[str, Form], aside: float) -> None:
    pdf = write(Pdf())
    sound = values(as_written(rotated=False))
    line = next(line for line in pdf.pages[1] if f"<{code('100')}>" in line)
    x, y = (float(value) for value in line.split("BT ")[1].split(" Td")[0].split())
    pdf.pages[1].append(f"BT {x + aside:.2f} {y:.2f} Td /F1 9 Tf <{code('7')}> Tj ET")
    read = report_of(forms, pdf).figures
    assert (read[LEFT_CELL].state, read[LEFT_CELL].value) == (State.UNREADABLE, None)
    assert all(figure.value == sound[key] for key, figure in read.items() if key != LEFT_CELL)


@pytest.mark.parametrize("through", some_long(4.5, 2.0, 7.0))
def test_a_number_that_a_line_cuts_into_two_cells_is_unread(forms: dict[str, Form], through: float) -> None:
    pdf = write(Pdf())
    sound = values(as_written(rotated=False))
    line = next(line for line in pdf.pages[1] if f"<{code('100')}>" in line)
    x, y = (float(value) for value in line.split("BT ")[1].split(" Td")[0].split())
    pdf.pages[1].append(f"{x + through:.2f} {y - 7:.2f} m {x + through:.2f} {y + 13:.2f} l S")
    read = report_of(forms, pdf).figures
    assert read[LEFT_CELL].value in (None, 100)
    assert all(figure.value == sound[key] for key, figure in read.items() if figure.state is State.NUMBER)


def test_no_number_of_a_file_that_was_repaired_is_certain(forms: dict[str, Form]) -> None:
    sound = read_document(REAL, source="x.pdf", forms=forms)
    broken = read_document(REAL.replace(b"startxref", b"startxxxx"), source="x.pdf", forms=forms)
    assert values(broken) == values(sound)
    assert not any(figure.certain for figure in broken.figures.values())
    assert [(gap.why, gap.what) for gap in broken.gaps] == [(Unread.UNCERTAIN, "PDF 文件已损坏，数字是修复后读出的")]
    assert broken.may_be_cut

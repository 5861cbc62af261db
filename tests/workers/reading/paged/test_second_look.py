"""The second look at digits whose sum does not agree: confirmed by their ink, or in doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.figure import Figure, State
from report.form import Form
from tests.documents.make_pdf import Pdf
from tests.workers.reading.conftest import DOCUMENTS
from workers.reading.paged import second_opinion
from workers.reading.paged.pdf import read_pdf_again
from workers.reading.paged.second_look import pages_in_doubt
from workers.reading.read import read_document

from .test_pdf import as_written, write

REAL = (DOCUMENTS / "real/hongze-2023.pdf").read_bytes()


@pytest.mark.parametrize("rotated", [False, True], ids=["upright", "turned"])
def test_figures_that_stand_where_they_were_read_leave_no_doubt(rotated: bool) -> None:
    pdf = write(Pdf(rotated=rotated))
    report = as_written(rotated=rotated)
    assert len([figure for figure in report.figures.values() if figure.state is State.NUMBER]) > 180
    assert pages_in_doubt(pdf.data(), report.figures.values()) == set()


def test_a_digit_less_or_a_box_beside_the_digits_is_a_doubt(forms: dict[str, Form]) -> None:
    report = read_document(REAL, source="x", forms=forms)
    figure = report.figures["review.upheld"]
    assert (figure.text, figure.place.page) == ("10", 4)
    assert figure.place.bbox is not None
    left, top, right, bottom = figure.place.bbox
    short = replace(figure, text="1", value=1)
    aside = replace(figure, place=replace(figure.place, bbox=(left, top, (left + right) / 2, bottom)))
    assert pages_in_doubt(REAL, [figure]) == set()
    assert pages_in_doubt(REAL, [short]) == {4}
    assert pages_in_doubt(REAL, [aside]) == {4}


def test_only_a_page_in_doubt_is_read_again(forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def read_again(data: bytes, skeleton: object, pages: set[int] | None = None) -> object:
        asked.append(pages)
        return read_pdf_again(data, None, pages)

    monkeypatch.setattr(second_opinion, "read_pdf_again", read_again)
    first = read_document(REAL, source="x", forms=forms)
    assert asked == []

    def all_in_doubt(data: bytes, figures: list[Figure]) -> set[int]:
        return {figure.place.page for figure in figures if figure.place.page}

    monkeypatch.setattr(second_opinion, "pages_in_doubt", all_in_doubt)
    second = read_document(REAL, source="x", forms=forms)
    assert asked == [{4}]
    assert second.figures == first.figures

"""The second witness of a PDF: what another engine reads in the cells on which an error would rest."""

from __future__ import annotations

import pdf_oxide
import pytest

from report.figure import Confirmation
from report.findings.finding import Outcome
from report.form import Form
from report.report import Report, Unread
from tests.documents.make_pdf import Pdf
from tests.workers.reading.conftest import DOCUMENTS
from tests.workers.rules.factory import check
from workers.reading.read import read_document

from .test_pdf import report_of, write

REAL = (DOCUMENTS / "real/hongze-2023.pdf").read_bytes()
ROW, TOTAL = "表三“一、本年新收政府信息公开申请数量”行", "requests.received.total"
BY_SECOND_ENGINE = (Confirmation.SECOND_ENGINE,)


def accused(report: Report, row: str = ROW) -> bool:
    return any(finding.message.startswith(row) for finding in check(report).results["T05"].findings)


def with_a_digit_of_no_width(pdf: Pdf, behind: str) -> Pdf:
    """The same pages to look at; behind one number stands a 9 that is scaled to nothing."""
    code, nine = (text.encode("utf-16-be").hex() for text in (behind, "9"))
    for page in pdf.pages:
        for index, line in enumerate(page):
            if f"<{code}>" in line:
                page[index] += f" 0 Tz {line.replace(code, nine)} 100 Tz"
    return pdf


def test_the_errors_of_the_real_report_are_confirmed(forms: dict[str, Form]) -> None:
    results = check(read_document(REAL, source="x", forms=forms)).results
    errors = [*results["T08"].findings, *results["D07"].findings]
    assert len(errors) == 3
    assert {finding.confirmed_by for finding in errors} == {BY_SECOND_ENGINE}


@pytest.mark.parametrize("rotated", [False, True], ids=["upright", "turned"])
def test_a_figure_that_both_engines_read_is_confirmed(forms: dict[str, Form], rotated: bool) -> None:
    report = report_of(forms, write(Pdf(rotated=rotated)))
    assert report.figures[TOTAL].confirmed_by == BY_SECOND_ENGINE
    assert accused(report)


def test_a_figure_whose_second_look_disagrees_accuses_nobody(forms: dict[str, Form]) -> None:
    report = report_of(forms, with_a_digit_of_no_width(write(Pdf()), behind="106"))
    figure = report.figures[TOTAL]
    assert (figure.value, figure.certain, figure.confirmed_by) == (106, False, ())
    assert not accused(report)
    assert accused(report, "表三“二、上年结转政府信息公开申请数量”行")
    assert [(gap.why, gap.cells) for gap in report.gaps] == [(Unread.UNCERTAIN, (TOTAL,))]
    assert check(report).results["X01"].outcome is Outcome.FAIL


@pytest.mark.xfail(strict=True, reason="both engines believe the ToUnicode map; only the picture of the cell can tell")
def test_digits_that_the_text_layer_maps_to_others_accuse_nobody(forms: dict[str, Form]) -> None:
    report = report_of(forms, write(Pdf(taken_for={"6": "8"})))
    assert report.figures[TOTAL].value == 108
    assert not accused(report)


class Refusing:
    """An engine that cannot open a file."""

    @staticmethod
    def from_bytes(data: bytes) -> None:
        raise RuntimeError("Invalid PDF")


def test_a_file_that_the_second_engine_cannot_read_accuses_nobody(
    forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_oxide, "PdfDocument", Refusing)
    report = read_document(REAL, source="x", forms=forms)
    results = check(report).results
    assert report.figures["review.upheld"].value == 10
    assert [results[code].outcome for code in ("T08", "D07")] == [Outcome.NOT_ASSESSABLE] * 2
    assert results["X01"].outcome is Outcome.FAIL


def test_a_report_that_accuses_nobody_is_not_looked_at_again(
    forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_oxide, "PdfDocument", None)
    report = read_document((DOCUMENTS / "pdf/libreoffice.pdf").read_bytes(), source="x", forms=forms)
    assert report.gaps == ()
    assert not any(figure.confirmed_by for figure in report.figures.values())

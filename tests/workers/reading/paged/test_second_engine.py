"""The second witness of a PDF: what another engine reads in the cells on which an error would rest."""

from __future__ import annotations

import pdf_oxide
import pytest

from config.severity import Severity
from report.figure import Confirmation
from report.findings.finding import Outcome
from report.form import Form
from report.report import Report, Unread
from tests.documents.as_pdf import pdf_of
from tests.documents.make_pdf import Pdf
from tests.documents.pdf_faces import Embedded
from tests.documents.report_source import drawn
from tests.workers.reading.conftest import DOCUMENTS
from tests.workers.rules.factory import check
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.read import read_document
from workers.reading.scans.recognition import scans_left_to_others

from .test_pdf import as_written, report_of, write

SOUND = drawn("青山区人民政府", 2023, seed=1)
REAL = (DOCUMENTS / "real/hongze-2023.pdf").read_bytes()
ROW, TOTAL = "表三“一、本年新收政府信息公开申请数量”行", "requests.received.total"
BOTH = (Confirmation.PICTURE, Confirmation.SECOND_ENGINE)


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
    assert {finding.confirmed_by for finding in errors} == {BOTH}


@pytest.mark.parametrize("rotated", [False, True], ids=["upright", "turned"])
def test_a_figure_that_both_engines_read_is_confirmed(rotated: bool) -> None:
    report = as_written(rotated=rotated)
    assert report.figures[TOTAL].confirmed_by == BOTH
    assert accused(report)


def test_a_figure_whose_second_look_disagrees_accuses_nobody(forms: dict[str, Form]) -> None:
    report = report_of(forms, with_a_digit_of_no_width(write(Pdf()), behind="106"))
    figure = report.figures[TOTAL]
    assert (figure.value, figure.certain, figure.confirmed_by) == (106, False, ())
    assert not accused(report)
    assert accused(report, "表三“二、上年结转政府信息公开申请数量”行")
    assert [(gap.why, gap.cells) for gap in report.gaps] == [(Unread.DISAGREEING, (TOTAL,))]
    assert check(report).results["X01"].outcome is Outcome.FAIL


def test_digits_that_the_text_layer_maps_to_others_are_read_as_they_are_printed(forms: dict[str, Form]) -> None:
    told = {"0": "6", "1": "7", "3": "2"}
    report = report_of(forms, pdf_of(SOUND, face=Embedded(told)))
    assert (report.year, report.form) == (2023, "2021")
    read = {key: figure.value for key, figure in report.figures.items() if figure.value is not None}
    assert len(read) > 190 and read.items() <= dict(SOUND.values).items()
    assert [finding.rule for finding in check(report).findings if finding.severity is Severity.ERROR] == []
    assert check(report).results["X01"].outcome is Outcome.FAIL
    assert Unread.DISAGREEING in {gap.why for gap in report.gaps}


def test_without_recognition_the_second_engine_alone_confirms(
    forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.reading.paged.cell_pictures.recognition_is_possible", lambda: False)
    report = report_of(forms, write(Pdf()))
    assert report.figures[TOTAL].confirmed_by == (Confirmation.SECOND_ENGINE,)
    assert accused(report)


def test_a_report_whose_pictures_have_to_be_seen_is_left_to_those_who_recognise(forms: dict[str, Form]) -> None:
    with scans_left_to_others(), pytest.raises(ReadError) as left:
        report_of(forms, write(Pdf()))
    assert left.value.kind is ReadErrorKind.SCAN
    with scans_left_to_others():
        assert report_of(forms, pdf_of(SOUND)).year == 2023


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


def test_of_a_report_that_accuses_nobody_only_what_last_year_may_contradict_is_looked_at_again(
    forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.reading.scans.one_cell.pictures_say", None)
    report = read_document((DOCUMENTS / "pdf/libreoffice.pdf").read_bytes(), source="x", forms=forms)
    assert report.gaps == ()
    confirmed = {key for key, figure in report.figures.items() if figure.confirmed_by}
    assert confirmed == {key for key in report.figures if key.startswith("requests.carried_in.")}

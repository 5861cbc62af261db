"""A document that breaks off: what its last row lacks is no blank, half a number no number, and nothing is missing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from report.figure import NOWHERE, Place, State
from report.report import Report
from tests.documents.as_docx import blocks, docx
from tests.documents.as_pdf import Setting, pdf_of
from tests.documents.report_source import drawn
from tests.workers.rules.factory import changed, check, forms, sound, told
from tests.workers.rules.web_page import web_page
from workers.reading.content import Cell, Content, Grid, Paragraph, grid_of
from workers.reading.form.cut_off import with_last_row_in_doubt
from workers.reading.formats.web_page import breaks_off
from workers.reading.read import read_document

FORM = "2021"
CELL = re.compile(rb'colspan="1">[0-9]?(?=[0-9<])')


def printed() -> Report:
    """A sound report with numbers of two digits, of which half may be lost."""
    totals = ("requests.received", "requests.processed_total", "requests.granted")
    numbers = {f"{row}.{column}": 30 for row in totals for column in ("natural_person", "total")}
    none = (
        "requests.received.business", "requests.carried_in.natural_person", "requests.carried_in.total",
        "requests.not_provided.not_held.natural_person", "requests.not_provided.not_held.business",
        "requests.not_provided.not_held.total", "requests.processed_total.business",
        "requests.carried_out.natural_person", "requests.carried_out.total",
    )  # fmt: skip
    report = told(sound(FORM), sound(FORM).sections[0].text.replace("4件，上年结转1件", "30件"))
    return changed(report, numbers | dict.fromkeys(none, 0))


def accused(data: bytes) -> list[tuple[str, str]]:
    report = read_document(data, source="report", forms=forms())
    return [
        (finding.rule, finding.message)
        for finding in check(report).findings
        if finding.severity.value in ("error", "warning")
    ]


WHOLE = web_page(printed(), forms()[FORM])
CUTS = [match.end() for match in CELL.finditer(WHOLE)]


def test_the_whole_page_is_sound() -> None:
    assert accused(WHOLE) == []


@pytest.mark.parametrize("cut", [*CUTS[::31], *CUTS[5:9], *CUTS[-12:]])
def test_a_page_cut_in_a_cell_accuses_nobody(cut: int) -> None:
    assert accused(WHOLE[:cut]) == []


@pytest.mark.parametrize("cut", range(len(WHOLE) // 3, len(WHOLE) - 20, 2803))
def test_a_page_cut_anywhere_accuses_nobody(cut: int) -> None:
    assert accused(WHOLE[:cut]) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("<html><body><p>a</p></body></html>", False),
        ("<html><body><p>a</p></body>", False),
        ("<html><body><p>a</p>", True),
        ("<HTML><BODY><table><tr><td>1", True),
        ("<p>a</p>", False),
        ("<table><tr><td>1</td></tr></table><p>a</p>", False),
        ("<table><tr><td>1</td></tr></table><table><tr><td>1", True),
        ("<p>a</p><p cla", True),
    ],
)
def test_the_end_of_a_page_is_known(text: str, broken: bool) -> None:
    assert breaks_off(text) is broken


def test_pages_of_a_pdf_that_are_not_there_leave_no_blank_and_no_wrong_sum() -> None:
    source = drawn("青山区人民政府", 2023, FORM, seed=1, most=400)
    pdf = pdf_of(source, Setting(size=10.5, space=130))
    pages = list(pdf.pages)
    whole = {rule for rule, _ in accused(pdf.data())}
    for count in range(1, len(pages)):
        pdf.pages = pages[:count]
        rules = {rule for rule, _ in accused(pdf.data())}
        # Only that parts of the report and whole tables are not in the file.
        assert rules - whole <= {"D05", "D06", "T01"}


def test_a_word_document_that_ends_in_a_row_leaves_no_blank() -> None:
    source = drawn("青山区人民政府", 2023, FORM, seed=1, most=400)
    blank = dict.fromkeys((key for key in list(source.keys()) if key.startswith("requests.partly_granted.")), "")
    markup = blocks(replace(source, printed=blank))
    at = next(number for number, part in enumerate(markup) if "法律服务机构" in part)
    rows = markup[at].split("</w:tr>")
    last = next(number for number, row in enumerate(rows) if "部分公开" in row)
    cut = [*markup[:at], "</w:tr>".join(rows[: last + 1]) + "</w:tr></w:tbl>"]
    assert {rule for rule, _ in accused(docx(markup))} >= {"T02"}
    assert "T02" not in {rule for rule, _ in accused(docx(cut))}


def test_the_last_row_of_a_scan_or_of_any_document_is_in_doubt_where_nothing_follows() -> None:
    places = [Place(page=1, bbox=(float(column), float(row), 1.0, 1.0)) for row in range(2) for column in range(2)]
    cells = [[Cell("7", row, column, place=places[2 * row + column]) for column in range(2)] for row in range(2)]
    figures = dict(list(sound(FORM).figures.items())[:4])
    figures = {key: replace(figure, place=place) for (key, figure), place in zip(figures.items(), places, strict=True)}
    grid: Grid = grid_of(cells)
    doubted, gap = with_last_row_in_doubt(figures, Content((grid,), breaks_off=True))
    assert [figure.certain for figure in doubted.values()] == [True, True, False, False]
    assert gap is not None and set(gap.cells) == set(list(figures)[2:])
    # A copy that ends there lost no half of a number; a blank cell of its last row may have been filled.
    last = list(figures)[-1]
    blank = figures | {last: replace(figures[last], state=State.BLANK, value=None)}
    doubted, gap = with_last_row_in_doubt(blank, Content((grid,), may_be_cut=True))
    assert [key for key, figure in doubted.items() if not figure.certain] == [last]
    assert with_last_row_in_doubt(figures, Content((grid,), may_be_cut=True)) == (figures, None)
    behind = Content((grid, Paragraph("五、存在的主要问题")), breaks_off=True)
    assert with_last_row_in_doubt(figures, behind) == (figures, None)
    # What stands nowhere is not in a row that stands nowhere either.
    nowhere = {key: replace(figure, place=NOWHERE) for key, figure in figures.items()}
    placeless = grid_of([[Cell("7", 0, column) for column in range(2)]])
    assert with_last_row_in_doubt(nowhere, Content((placeless,), breaks_off=True)) == (nowhere, None)
    absent = {key: replace(figure, state=State.ABSENT, value=None) for key, figure in figures.items()}
    assert with_last_row_in_doubt(absent, Content((grid,), breaks_off=True)) == (absent, None)

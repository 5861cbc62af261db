"""Real documents against what a person read in them, cell by cell; their Word and web variants against the same."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from report.figure import Figure, State
from report.form import Form
from workers.reading.read import read_document

from .conftest import DOCUMENTS

SEED_0, SEED_2 = "000_94c0c8a1a4856154", "002_07fb4919d9928ff3"
CASES = [
    (f"seeds/{SEED_0}.txt", SEED_0, True),
    (f"seeds/{SEED_2}.txt", SEED_2, True),
    ("real/hongze-2023.pdf", "hongze-2023", False),
    ("html/zuojiazhuang-2019.body.html", SEED_0, False),
    ("word/nanmofang-2019.docx", SEED_2, True),
]


@pytest.mark.parametrize(("path", "expected", "may_be_cut"), CASES, ids=[case[0] for case in CASES])
def test_every_figure_agency_year_form_and_title(
    forms: dict[str, Form], path: str, expected: str, may_be_cut: bool
) -> None:
    truth = json.loads((DOCUMENTS / "expected" / f"{expected}.json").read_text(encoding="utf-8"))
    report = read_document((DOCUMENTS / path).read_bytes(), source=path, forms=forms)
    wrong = {
        key: (report.figures.get(key), wanted)
        for key, wanted in truth["figures"].items()
        if not _is_fair(report.figures.get(key), wanted)
    }
    assert wrong == {}
    assert set(report.figures) == set(truth["figures"])
    assert (report.agency, report.year, report.form, report.title) == (
        truth["agency"],
        truth["year"],
        truth["form"],
        truth["title"],
    )
    assert report.may_be_cut is may_be_cut


def _is_fair(figure: Figure | None, wanted: Any) -> bool:
    """A plain value is a number with that value; an object names the states, one or several, that are fair."""
    if figure is None:
        return False
    if not isinstance(wanted, dict):
        return figure.state is State.NUMBER and figure.value == Decimal(wanted) and figure.certain
    states = wanted["state"] if isinstance(wanted["state"], list) else [wanted["state"]]
    return figure.state in states and (figure.state is not State.NUMBER or figure.value == wanted["value"])


def test_what_the_copy_lacks_is_named_as_a_gap(forms: dict[str, Form]) -> None:
    report = read_document((DOCUMENTS / f"seeds/{SEED_2}.txt").read_bytes(), source="x", forms=forms)
    named = {(gap.why.value, gap.what) for gap in report.gaps}
    assert ("row_missing", "表三“（七）总计”") in named
    assert ("row_missing", "表三“四、结转下年度继续办理”") in named
    assert ("table_missing", "表四") in named
    assert ("section_missing", "政府信息公开行政复议、行政诉讼情况") in named
    assert ("cells_missing", "表三“（五）不予处理 2.重复申请”") in named


def test_section_numbers_jump_as_in_the_document(forms: dict[str, Form]) -> None:
    report = read_document((DOCUMENTS / "word/nanmofang-2019.docx").read_bytes(), source="x", forms=forms)
    assert [section.number for section in report.sections] == [1, 2, 3, 5, 6]


def test_a_figure_of_a_pdf_knows_its_page_and_place(forms: dict[str, Form]) -> None:
    report = read_document((DOCUMENTS / "real/hongze-2023.pdf").read_bytes(), source="x", forms=forms)
    place = report.figures["requests.received.natural_person"].place
    assert place.page == 3
    assert place.bbox is not None
    left, top, right, bottom = place.bbox
    assert (round(left), round(right)) == (310, 342)
    assert 440 < top < bottom < 520


def test_a_figure_of_a_page_knows_its_table_row_and_column(forms: dict[str, Form]) -> None:
    report = read_document((DOCUMENTS / "html/zuojiazhuang-2019.body.html").read_bytes(), source="x", forms=forms)
    place = report.figures["requests.received.natural_person"].place
    assert (place.table, place.row, place.column) == (1, 3, 3)


def test_broken_lines_of_a_pdf_are_whole_sentences_again(forms: dict[str, Form]) -> None:
    report = read_document((DOCUMENTS / "real/hongze-2023.pdf").read_bytes(), source="x", forms=forms)
    overview = report.section("overview")
    problems = report.section("problems")
    assert overview is not None and problems is not None
    assert "严格执行“分级审核、先审后发”程序" in overview.text
    assert "2023年全区受理政府信息公开申请21件，均在法定期限答复。" in overview.text
    assert "实行政府信息公开工作人员跟班学习制度" in problems.text
    assert not any(mark in "".join(report.texts()) for mark in ("- 1 -", "- 4 -", "7730.28", "本年制发件数"))

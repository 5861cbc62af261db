"""Rows and columns that no form has: known as such, and no ground for saying that something is wrong or missing."""

from __future__ import annotations

from config.forms import load_forms
from config.rules import load_rules
from config.severity import Severity
from report.figure import State
from report.findings.finding import Check, Outcome
from report.form import Form, make_form
from report.report import LabelOf, Report, UnknownLabel
from tests.workers.next_form import NEW_COLUMN, RENAMED, next_form, page_on
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

FORMS = {name: make_form(file) for name, file in load_forms().items()}
AGENCY = "云山区文化和旅游局"


def read(page: bytes, forms: dict[str, Form] = FORMS) -> tuple[Report, Check]:
    report = read_document(page, source="page", forms=forms)
    return report, check_report(report, forms, Context(), load_rules())


def errors(check: Check) -> list[str]:
    return [finding.message for finding in check.findings if finding.severity is Severity.ERROR]


def test_renamed_rows_and_a_new_column_accuse_nobody() -> None:
    report, check = read(page_on(next_form(), AGENCY, 2025))
    assert set(report.unknown_labels) == {
        UnknownLabel(3, LabelOf.COLUMN, NEW_COLUMN),
        *(UnknownLabel(3, LabelOf.ROW, label) for label in RENAMED.values()),
    }
    assert report.figures["requests.refused.internal_affairs.total"].state is State.UNREADABLE
    # What both forms have is read all the same.
    assert report.figures["requests.received.total"].value == 7
    assert errors(check) == []
    assert [check.results[code].outcome for code in ("T01", "T05", "T06")] == [Outcome.NOT_ASSESSABLE] * 3
    assert {finding.rule for finding in check.findings} == {"X01"}


def test_a_new_column_of_table_two() -> None:
    cell = '<td rowspan="1" colspan="1"><p>{}</p></td>'
    page = page_on(load_forms()["2021"], AGENCY, 2025).decode()
    page = page.replace(cell.format("本年废止件数"), cell.format("本年废止件数") + cell.format("本年修订数目"))
    for label in ("规章", "行政规范性文件"):
        page = page.replace(cell.format(label) + cell.format("0") * 3, cell.format(label) + cell.format("0") * 4)
    report, check = read(page.encode())
    assert report.unknown_labels == (UnknownLabel(2, LabelOf.COLUMN, "本年修订数目"),)
    assert report.figures["proactive.regulations.in_force"].value == 0
    assert errors(check) == []


def test_a_new_column_of_table_four_that_is_part_of_its_total() -> None:
    form = load_forms()["2021"]
    four = form.table_four
    new = four.columns[3].model_copy(update={"key": "new", "label": "撤回申请终止"})
    changed = four.model_copy(update={"columns": (*four.columns[:4], new, *four.columns[4:])})
    page = page_on(form.model_copy(update={"table_four": changed}), AGENCY, 2025)
    text = page.decode()
    start = text.rindex("<tr>")
    row = text[start:].replace("<p>0</p>", "<p>2</p>", 6).replace("<p>2</p>", "<p>0</p>", 4)
    report, check = read((text[:start] + row).encode())
    assert report.unknown_labels == (UnknownLabel(4, LabelOf.COLUMN, "撤回申请终止"),)
    assert report.figures["review.total"].value == 2
    assert errors(check) == []
    assert check.results["T08"].outcome is Outcome.NOT_ASSESSABLE


def test_a_wrong_sum_in_a_table_without_such_labels_is_found() -> None:
    """What is not known of one table excuses nothing in the others."""
    page = page_on(next_form(), AGENCY, 2025).decode()
    start = page.rindex("<tr>")
    report, check = read((page[:start] + page[start:].replace("<p>0</p>", "<p>1</p>", 1)).encode())
    assert report.unknown_labels
    assert check.results["T08"].outcome is Outcome.FAIL


def test_a_label_of_another_form_or_of_the_agencys_own_sums_is_none() -> None:
    page = page_on(load_forms()["2021"], AGENCY, 2025).decode()
    report, _ = read(page.replace("1.信访举报投诉类申请", "不予处理小计").encode())
    assert report.unknown_labels == ()
    report, check = read(page_on(load_forms()["2019"], AGENCY, 2025))
    assert report.unknown_labels == ()
    assert check.results["D07"].outcome is Outcome.FAIL


def test_once_the_form_is_known_everything_is_read() -> None:
    form = next_form()
    known = form.model_copy(update={"form": "2025", "years": form.years.model_copy(update={"first": 2025})})
    forms = FORMS | {"2025": make_form(known)}
    report, check = read(page_on(form, AGENCY, 2025), forms)
    assert (report.form, report.unknown_labels) == ("2025", ())
    assert check.results["T05"].outcome is Outcome.PASS
    assert errors(check) == []

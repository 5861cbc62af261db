"""T05 to T08: what holds, what breaks, what cannot be told; and what would make the sums agree."""

from __future__ import annotations

import pytest

from report.figure import State
from report.findings.finding import Outcome
from tests.workers.rules.factory import changed, doubtful, only_finding, result, sound

SUMS = ("T05", "T06", "T07", "T08")


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("code", SUMS)
def test_a_sound_report_passes(code: str, form: str) -> None:
    assert result(code, sound(form)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("code", "cell"),
    [
        ("T05", "requests.granted.research"),
        ("T06", "requests.other.total"),
        ("T07", "requests.carried_out.total"),
        ("T08", "litigation_direct.pending"),
    ],
)
@pytest.mark.parametrize("state", [State.BLANK, State.SLASH, State.ABSENT, State.UNREADABLE])
def test_a_sum_with_a_cell_that_is_no_number_is_never_a_pass(code: str, cell: str, state: State) -> None:
    judged = result(code, changed(sound("2019"), {cell: state}))
    assert judged.outcome is Outcome.NOT_ASSESSABLE
    assert judged.reason is not None and "没有确定的数字" in judged.reason


def test_a_sum_with_a_number_that_is_not_certain_is_never_a_pass() -> None:
    assert result("T08", doubtful(sound(), "review.total")).outcome is Outcome.NOT_ASSESSABLE


def test_a_broken_sum_counts_before_one_that_cannot_be_told() -> None:
    report = changed(sound(), {"review.total": 0, "litigation_direct.total": State.BLANK})
    assert result("T08", report).outcome is Outcome.FAIL


def test_t05_names_the_row_both_sums_and_the_difference() -> None:
    finding = only_finding("T05", changed(sound(), {"requests.granted.total": 5}))
    assert finding.message == (
        "表三“（一）予以公开”行：自然人2＋商业企业0＋科研机构0＋社会公益组织0＋法律服务机构0＋其他0＝2，总计栏填报5，相差3"
    )
    assert (finding.cells, finding.expected, finding.found) == (("requests.granted.total",), 2, 5)
    assert finding.severity.value == "error"


def test_t06_names_the_outcomes_that_are_not_zero() -> None:
    finding = only_finding("T06", changed(sound(), {"requests.processed_total.business": 3}))
    assert finding.message == (
        "表三“商业企业”列：（四）无法提供 1.本机关不掌握相关政府信息1（其余各项为0）＝1，“（七）总计”行填报3，相差2"
    )
    assert finding.message_en == ("Table three, column 商业企业: the parts add up to 1, the total says 3 (off by 2).")


def test_t07_is_the_equation_printed_in_the_form() -> None:
    finding = only_finding("T07", changed(sound(), {"requests.carried_in.natural_person": 0}))
    assert finding.message == (
        "表三“自然人”列：一、本年新收政府信息公开申请数量3＋二、上年结转政府信息公开申请数量0＝3，"
        "（七）总计3＋四、结转下年度继续办理1＝4，两边相差1"
    )
    assert finding.cells[0] == "requests.received.natural_person"
    assert (finding.expected, finding.found) == (3, 4)


def test_t08_speaks_as_the_contract_does() -> None:
    report = changed(sound(), {"review.upheld": 10, "review.corrected": 1, "review.pending": 0, "review.total": 0})
    finding = only_finding("T08", report)
    assert "行政复议：结果维持10＋结果纠正1＋其他结果0＋尚未审结0＝11，总计栏填报0" in finding.message
    assert (finding.cells, finding.expected, finding.found) == (("review.total",), 11, 0)
    assert finding.suggestion is not None and finding.suggestion.cells == {"review.total": 11}
    assert finding.suggestion.why == "the only single change that makes every sum agree"


def test_two_totals_that_are_zero_are_two_findings_each_with_its_own_suggestion() -> None:
    report = changed(sound(), {"review.total": 0, "litigation_after_review.upheld": 5})
    review, litigation = result("T08", report).findings
    assert review.suggestion is not None and review.suggestion.cells == {"review.total": 3}
    assert litigation.suggestion is not None and litigation.suggestion.cells is None
    assert litigation.suggestion.alternatives == (
        {"litigation_after_review.total": 5},
        {"litigation_after_review.upheld": 0},
    )


def test_alternatives_begin_with_what_was_likelier_forgotten() -> None:
    suggestion = only_finding("T08", changed(sound(), {"review.upheld": 0})).suggestion
    assert suggestion is not None and suggestion.alternatives == (
        {"review.upheld": 2},
        {"review.corrected": 2},
        {"review.other": 2},
        {"review.total": 1},
        {"review.pending": 3},
    )


@pytest.mark.parametrize("code", ["T05", "T06"])
def test_one_wrong_cell_breaks_row_and_column_and_both_say_which_it_is(code: str) -> None:
    report = changed(sound("2019"), {"requests.not_provided.not_held.natural_person": 0})
    finding = only_finding(code, report)
    assert finding.suggestion is not None
    assert finding.suggestion.cells == {"requests.not_provided.not_held.natural_person": 1}


def test_two_wrong_cells_in_different_rows_and_columns_are_found_together() -> None:
    wrong = {"requests.not_provided.not_held.natural_person": 0, "requests.received.business": 4}
    for finding in result("T05", changed(sound(), wrong)).findings:
        assert finding.suggestion is not None
        assert finding.suggestion.cells == {
            "requests.not_provided.not_held.natural_person": 1,
            "requests.received.business": 1,
        }


def test_where_more_than_two_cells_would_have_to_change_nothing_is_suggested() -> None:
    report = changed(
        sound(),
        {
            "requests.granted.natural_person": 9,
            "requests.refused.state_secret.business": 8,
            "requests.not_handled.petition.research": 7,
        },
    )
    assert {finding.suggestion for finding in result("T05", report).findings} == {None}


def test_no_suggestion_makes_a_figure_negative() -> None:
    report = changed(sound(), {"litigation_direct.upheld": 2, "litigation_direct.pending": 1})
    (finding,) = result("T08", report).findings
    assert finding.suggestion is not None and finding.suggestion.cells == {"litigation_direct.total": 3}


def test_what_could_not_be_checked_is_said_with_the_suggestion() -> None:
    report = changed(
        sound(), {"requests.not_provided.not_held.natural_person": 0, "requests.carried_out.research": State.BLANK}
    )
    suggestion = only_finding("T05", report).suggestion
    assert suggestion is not None and "every sum that could be checked" in suggestion.why

"""Y01 to Y04: against last year's report, if it is last year's and the same agency's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.figure import State
from report.findings.finding import Outcome
from tests.workers.rules.factory import changed, check, doubtful, last_year, only_finding, result, sound, told
from workers.rules.context import Context

Y_RULES = ("Y01", "Y02", "Y04")
LAST = last_year(sound())


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        (Context(), "没有上一年度的报告可供对照"),
        (Context(previous_unread=True), "上一年度的报告未能读出，无法对照"),
        (Context(previous=sound()), "所给的上一年度报告是2023年度的，应为2022年度"),
        (
            Context(previous=replace(LAST, agency="南磨房地区办事处")),
            "所给的上一年度报告是“南磨房地区办事处”的，不是“左家庄街道”的",
        ),
        (Context(previous=replace(LAST, agency=None)), "没有认出机关，不能确定所给的上一年度报告属于同一机关"),
        (Context(previous=replace(LAST, year=None)), "没有读到年度，不能确定所给的是否为上一年度的报告"),
    ],
)
def test_what_is_not_last_years_is_no_measure(context: Context, reason: str) -> None:
    results = check(sound(), context).results
    for code in Y_RULES:
        assert (results[code].outcome, results[code].reason) == (Outcome.NOT_ASSESSABLE, reason), code


def test_what_the_ledger_calls_last_years_is_taken_for_it() -> None:
    renamed = replace(LAST, agency="机关后勤服务中心", year=None)
    assert result("Y01", sound(), Context(previous=renamed, previous_assigned=True)).outcome is Outcome.PASS


def test_another_name_of_the_same_agency_will_do() -> None:
    previous = replace(LAST, agency="北京市朝阳区人民政府左家庄街道办事处")
    assert result("Y01", sound(), Context(previous=previous)).outcome is Outcome.PASS


def test_y01_compares_column_by_column() -> None:
    report = changed(sound(), {"requests.carried_in.business": 2, "requests.carried_in.total": 3})
    first, second = result("Y01", report, Context(previous=LAST)).findings
    assert first.message == (
        "表三“二、上年结转政府信息公开申请数量”行“商业企业”列填报2，上一年度报告同列“四、结转下年度继续办理”为0，相差2"
    )
    assert (first.cells, first.expected, first.found) == (("requests.carried_in.business",), 0, 2)
    assert (second.cells, first.severity.value) == (("requests.carried_in.total",), "error")


def test_y01_never_takes_a_blank_for_zero() -> None:
    blank = changed(LAST, {"requests.carried_out.research": State.BLANK})
    assert result("Y01", sound(), Context(previous=blank)).outcome is Outcome.NOT_ASSESSABLE
    report = changed(sound(), {"requests.carried_in.research": State.SLASH})
    assert result("Y01", report, Context(previous=LAST)).outcome is Outcome.NOT_ASSESSABLE
    unsure = doubtful(LAST, "requests.carried_out.total")
    assert result("Y01", sound(), Context(previous=unsure)).outcome is Outcome.NOT_ASSESSABLE


def test_y01_takes_no_witness_that_contradicts_itself() -> None:
    wrong = changed(LAST, {"requests.carried_out.natural_person": 5})
    judged = result("Y01", sound(), Context(previous=wrong))
    assert judged.outcome is Outcome.NOT_ASSESSABLE and "自身不平衡" in (judged.reason or "")


def test_only_y01_is_comparable_across_the_forms() -> None:
    report, previous = sound("2021", 2021), sound("2019", 2020)
    results = check(report, Context(previous=previous)).results
    assert results["Y01"].outcome is Outcome.PASS
    for code in ("Y02", "Y04"):
        assert results[code].reason == "上一年度的报告使用另一版表式，这一项不可比"
    assert results["Y03"].outcome is Outcome.NOT_APPLICABLE
    broken = changed(report, {"requests.carried_in.total": 9})
    assert only_finding("Y01", broken, Context(previous=previous)).expected == 1


def test_y02_rolls_what_is_in_force_forward() -> None:
    row = "proactive.normative_documents"
    previous = changed(LAST, {f"{row}.in_force": 597})
    report = changed(sound(), {f"{row}.issued": 50, f"{row}.repealed": 227, f"{row}.in_force": 420})
    assert result("Y02", report, Context(previous=previous)).outcome is Outcome.PASS
    finding = only_finding("Y02", changed(report, {f"{row}.in_force": 425}), Context(previous=previous))
    assert finding.message == (
        "表二“行政规范性文件”行“现行有效件数”列填报425，上一年度现行有效件数597＋本年制发件数50－本年废止件数227＝420，相差5"
    )
    assert (finding.expected, finding.found, finding.severity.value) == (420, 425, "warning")
    assert result("Y02", sound("2019"), Context(previous=LAST)).outcome is Outcome.NOT_APPLICABLE


def test_y03_rolls_the_items_forward() -> None:
    previous = changed(sound("2019"), {"proactive.penalties.previous_items": 12, "proactive.penalties.change": -3})
    report = changed(sound("2019", 2020), {"proactive.penalties.previous_items": 12})
    finding = only_finding("Y03", report, Context(previous=previous))
    assert finding.message.endswith("填报12，上一年度上一年项目数量12＋上一年度本年增/减-3＝9，相差3")
    right = changed(report, {"proactive.penalties.previous_items": 9})
    assert result("Y03", right, Context(previous=previous)).outcome is Outcome.PASS
    rest = changed(previous, {"proactive.penalties.change": State.BLANK})
    assert result("Y03", right, Context(previous=rest)).outcome is Outcome.NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("before", "now", "jumps"),
    [(40, 600, True), (40, 200, False), (600, 40, True), (0, 400, True), (400, 0, True), (1, 29, False), (0, 0, False)],
)
def test_y04_is_for_a_person_where_a_big_number_jumps(before: int, now: int, jumps: bool) -> None:
    key = "proactive.penalties.decisions"
    report, previous = changed(sound(), {key: now}), changed(LAST, {key: before})
    judged = result("Y04", report, Context(previous=previous))
    assert judged.outcome is (Outcome.FAIL if jumps else Outcome.PASS)
    assert all(finding.severity.value == "human" and finding.cells == (key,) for finding in judged.findings)


def test_y04_takes_a_jump_that_the_text_compares_for_explained() -> None:
    key = "proactive.penalties.decisions"
    report = changed(told(sound(), "因开展专项整治，行政处罚决定较上年大幅增加。"), {key: 600})
    assert result("Y04", report, Context(previous=changed(LAST, {key: 40}))).outcome is Outcome.PASS

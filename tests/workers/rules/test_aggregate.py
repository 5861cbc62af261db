"""A01: a government's figures against those of its agencies."""

from __future__ import annotations

from dataclasses import replace

from report.figure import State
from report.findings.finding import Outcome
from tests.workers.rules.cases import government
from tests.workers.rules.factory import changed, only_finding, result, sound
from workers.rules.context import Context

RECEIVED = "requests.received.total"
ZUOJIAZHUANG, NANMOFANG = sound(), replace(sound(), agency="南磨房地区")
AGENCIES = {"左家庄街道": ZUOJIAZHUANG, "南磨房地区": NANMOFANG}


def test_all_agencies_add_up_to_the_government() -> None:
    double = {key: 2 * value for key in ZUOJIAZHUANG.figures if (value := ZUOJIAZHUANG.number(key))}
    both = changed(government(), double)
    assert result("A01", both, Context(agencies=AGENCIES, agencies_complete=True)).outcome is Outcome.PASS
    finding = only_finding("A01", changed(both, {RECEIVED: 9}), Context(agencies=AGENCIES, agencies_complete=True))
    assert finding.message == "表三“一、本年新收政府信息公开申请数量”行“总计”列填报9，2个所属机关之和为8，相差1"
    assert (finding.expected, finding.found, finding.severity.value) == (8, 9, "human")


def test_the_agencies_that_explain_the_difference_are_named() -> None:
    agencies = {
        name: changed(sound(), {RECEIVED: number, "requests.received.natural_person": number - 1})
        for name, number in (("甲街道", 4), ("乙街道", 7), ("丙街道", 20))
    }
    cells = {key: 3 * value for key in sound().figures if (value := sound().number(key))}
    whole = changed(government(), {**cells, RECEIVED: 31})
    assert result("A01", whole, Context(agencies=agencies, agencies_complete=True)).outcome is Outcome.PASS
    for total, words in (
        (24, "恰为“乙街道”的数，疑未计入"),
        (20, "恰为“甲街道”与“乙街道”的数，疑未计入"),
        (51, "恰为“丙街道”的数，疑计入两次"),
        (28, "相差3"),
    ):
        finding = only_finding(
            "A01", changed(whole, {RECEIVED: total}), Context(agencies=agencies, agencies_complete=True)
        )
        assert finding.message.endswith(words)


def test_a_total_that_its_own_row_contradicts_is_not_added_up() -> None:
    agencies = {**AGENCIES, "八里庄街道": changed(sound(), {RECEIVED: 9})}
    cells = {key: 3 * value for key in sound().figures if (value := sound().number(key))}
    report = changed(government(), {**cells, RECEIVED: 17})
    assert result("A01", report, Context(agencies=agencies, agencies_complete=True)).outcome is Outcome.PASS


def test_without_all_of_them_it_is_at_least_each_one() -> None:
    assert result("A01", government(), Context(agencies=AGENCIES)).outcome is Outcome.PASS
    agencies = {**AGENCIES, "八里庄街道": changed(sound(), {RECEIVED: 11, "requests.received.natural_person": 10})}
    finding = only_finding("A01", government(), Context(agencies=agencies))
    assert finding.message.endswith("填报4，少于所属机关“八里庄街道”一家的11")
    assert finding.cells == (RECEIVED,)


def test_a_figure_that_one_agency_left_blank_is_not_added_up() -> None:
    agencies = {**AGENCIES, "八里庄街道": changed(sound(), {RECEIVED: State.BLANK})}
    cells = {key: 3 * value for key in sound().figures if (value := sound().number(key))}
    report = changed(government(), {**cells, RECEIVED: 8})
    assert result("A01", report, Context(agencies=agencies, agencies_complete=True)).outcome is Outcome.PASS


def test_many_figures_that_differ_are_one_thing_to_look_at() -> None:
    finding = only_finding("A01", government(), Context(agencies=AGENCIES, agencies_complete=True))
    assert finding.message.startswith("有8项数字与所属机关的不符，疑未汇总所属机关，例如：表二“行政事业性收费”行")
    assert len(finding.cells) == 8


def test_it_is_for_governments_whose_agencies_are_known() -> None:
    assert result("A01", sound(), Context(agencies=AGENCIES)).outcome is Outcome.NOT_APPLICABLE
    assert result("A01", government()).outcome is Outcome.NOT_ASSESSABLE
    blank = changed(government(), {RECEIVED: State.BLANK})
    assert result("A01", blank, Context(agencies=AGENCIES)).outcome is Outcome.NOT_ASSESSABLE

"""T04 and T09: amounts in the unit of the form, and table two plausible within itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from report.figure import State
from report.findings.finding import Outcome
from report.report import Report
from tests.workers.rules.factory import changed, last_year, only_finding, result, sound, told
from workers.rules.context import Context

FEE = "proactive.fees.amount"
DISTRICT = Context(agency_kind="government")


def _written(report: Report, text: str) -> Report:
    """The report with the fee's cell as written, unit included."""
    figure = replace(report.figures[FEE], text=text)
    return replace(report, figures={**report.figures, FEE: figure})


def test_t04_knows_an_amount_that_is_written_in_yuan() -> None:
    report = _written(changed(sound(), {FEE: 2500}), "2500元")
    finding = only_finding("T04", report)
    assert finding.message == "表二“行政事业性收费”行“本年收费金额（单位：万元）”列填报“2500元”，单位应为万元"
    assert (finding.expected, finding.found, finding.severity.value) == (Decimal("0.25"), 2500, "warning")
    assert result("T04", _written(report, "2500万元")).outcome is Outcome.PASS


def test_t04_knows_an_amount_in_yuan_by_the_text() -> None:
    report = changed(told(sound(), "全年行政事业性收费金额251,000.50元。"), {FEE: Decimal("251000.50")})
    finding = only_finding("T04", report, DISTRICT)
    assert "正文写“251000.50元”，疑以元为单位填报，应为25.10005" in finding.message
    other = changed(told(sound(), "全年行政事业性收费金额251000.50万元。"), {FEE: Decimal("251000.50")})
    assert result("T04", other, DISTRICT).outcome is Outcome.PASS


def test_t04_knows_an_amount_in_yuan_by_last_years() -> None:
    previous = changed(last_year(sound()), {FEE: Decimal("25.3")})
    report = changed(sound(), {FEE: 251000})
    finding = only_finding("T04", report, Context(previous=previous, agency_kind="department"))
    assert "约为上一年度25.3万元的1万倍" in finding.message
    assert result("T04", report, Context(agency_kind="department")).outcome is Outcome.PASS


def test_t04_knows_what_no_street_charges() -> None:
    assert only_finding("T04", changed(sound(), {FEE: 251000})).found == 251000
    assert result("T04", changed(sound(), {FEE: Decimal("59237.2449")}), DISTRICT).outcome is Outcome.PASS


def test_t04_wants_a_number() -> None:
    assert "填报“无”，不是数字" in only_finding("T04", changed(sound(), {FEE: "无"})).message
    for state in (State.BLANK, State.SLASH, State.UNREADABLE, State.ABSENT):
        assert result("T04", changed(sound(), {FEE: state})).outcome is Outcome.NOT_ASSESSABLE


def test_t04_does_not_hold_a_unit_against_anybody_that_the_form_does_not_print() -> None:
    key = "proactive.procurement.amount"
    assert result("T04", changed(sound("2019"), {key: 8040})).outcome is Outcome.PASS
    assert result("T04", changed(sound("2019"), {key: 251000})).outcome is Outcome.NOT_ASSESSABLE


def test_t09_wants_in_force_what_was_issued_and_not_repealed() -> None:
    row = "proactive.normative_documents"
    finding = only_finding("T09", changed(sound(), {f"{row}.issued": 5, f"{row}.repealed": 1, f"{row}.in_force": 3}))
    assert finding.message == "表二“行政规范性文件”行：本年制发5件、废止1件，现行有效件数不应少于4，填报3"
    assert (finding.expected, finding.found, finding.severity.value) == (4, 3, "warning")
    made_and_repealed = changed(sound(), {f"{row}.issued": 5, f"{row}.repealed": 3, f"{row}.in_force": 2})
    assert result("T09", made_and_repealed).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"proactive.normative_documents.published": 4}, "本年新公开数量4大于对外公开总数量0，相差4"),
        ({"proactive.licensing.change": -2}, "上一年项目数量0，本年增/减-2，减少的多于原有的"),
        ({"proactive.procurement.items": 0}, "采购总金额填报1.5000，采购项目数量却为0"),
    ],
)
def test_t09_knows_what_cannot_be_in_the_form_of_2019(cells: dict[str, int], words: str) -> None:
    assert words in only_finding("T09", changed(sound("2019"), cells)).message


def test_t09_lets_no_street_make_regulations() -> None:
    row = "proactive.regulations"
    report = changed(sound(), {f"{row}.issued": 1, f"{row}.in_force": 1})
    assert "街道、乡镇不能制定规章" in only_finding("T09", report).message
    assert result("T09", report, Context(agency_kind="department")).outcome is Outcome.PASS


def test_t09_is_not_assessable_where_a_number_is_missing() -> None:
    for form, key in (("2021", "regulations.in_force"), ("2019", "procurement.items"), ("2019", "fees.change")):
        judged = result("T09", changed(sound(form), {f"proactive.{key}": State.BLANK}))
        assert judged.outcome is Outcome.NOT_ASSESSABLE

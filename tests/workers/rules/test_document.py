"""D02, D04, D05, D07: year, period, sections and form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from report.findings.finding import Outcome
from report.report import Gap, Unread
from tests.workers.rules.factory import one_row_for_other, only_finding, result, sound
from workers.rules.context import Context

CODES = ("D02", "D04", "D05", "D07")


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("code", CODES)
def test_a_sound_report_passes(code: str, form: str) -> None:
    assert result(code, sound(form)).outcome is Outcome.PASS


@pytest.mark.parametrize("code", CODES)
def test_what_was_not_read_is_not_judged(code: str) -> None:
    report = replace(sound(), title=None, year=None, period=None, form=None, years={}, sections=(), figures={})
    judged = result(code, report)
    assert judged.outcome is Outcome.NOT_ASSESSABLE and judged.reason


def test_d02_names_every_place_and_its_year() -> None:
    finding = only_finding("D02", replace(sound(), years={"title": 2023, "period": 2022, "text": 2023}))
    assert finding.message == "年度前后不一致：标题为2023年，统计期限为2022年，正文为2023年"
    assert (finding.expected, finding.found, finding.severity.value) == (2023, 2022, "error")


def test_d02_takes_the_folder_for_right() -> None:
    finding = only_finding("D02", sound(), Context(expected_year=2024))
    assert (finding.expected, finding.found) == (2024, 2023)


def test_d02_needs_two_places() -> None:
    assert result("D02", replace(sound(), years={"text": 2023})).outcome is Outcome.NOT_ASSESSABLE


def test_d04_wants_the_whole_year() -> None:
    finding = only_finding("D04", replace(sound(), period=(date(2023, 1, 1), date(2023, 12, 30))))
    assert finding.message == "统计期限写为2023年1月1日至2023年12月30日，应为1月1日至12月31日"
    assert finding.severity.value == "warning"


def test_d04_wants_one_year() -> None:
    assert result("D04", replace(sound(), period=(date(2022, 1, 1), date(2023, 12, 31)))).outcome is Outcome.FAIL


def test_d05_names_the_sections_that_are_missing() -> None:
    report = replace(sound(), sections=tuple(one for one in sound().sections if one.kind != "disputes"))
    finding = only_finding("D05", report)
    assert finding.message == "缺少“政府信息公开行政复议、行政诉讼情况”1个部分，年度报告应有六个部分"
    assert (finding.expected, finding.found) == (6, 5)


def test_d05_is_not_assessable_where_the_copy_may_be_cut() -> None:
    report = replace(sound(), sections=sound().sections[:3], may_be_cut=True)
    assert result("D05", report).outcome is Outcome.NOT_ASSESSABLE
    report = replace(sound(), sections=sound().sections[:3], gaps=(Gap(Unread.NO_TEXT, "第3页"),))
    assert result("D05", report).outcome is Outcome.NOT_ASSESSABLE


def test_d05_wants_them_in_order() -> None:
    one, two, *rest = sound().sections
    assert "次序" in only_finding("D05", replace(sound(), sections=(two, one, *rest))).message


def test_d07_names_the_form_of_the_year() -> None:
    finding = only_finding("D07", replace(sound("2019"), year=2022))
    assert (finding.expected, finding.found) == ("2021", "2019")
    assert "国办公开办函〔2021〕30号" in finding.message and "国办公开办函〔2019〕60号" in finding.message


def test_d07_says_so_where_the_structure_is_older_than_any_form() -> None:
    finding = only_finding("D07", replace(sound(), form="pre-2019", figures={}))
    assert finding.found == "pre-2019"


def test_d07_does_not_apply_before_the_first_form() -> None:
    report = replace(sound(), form="pre-2019", year=2017, figures={})
    assert result("D07", report).outcome is Outcome.NOT_APPLICABLE


def test_d07_says_so_where_a_row_of_another_form_is_printed() -> None:
    finding = only_finding("D07", one_row_for_other(sound()))
    assert "“（六）其他处理”" in finding.message and "分为3行填报" in finding.message
    assert len(finding.cells) == 7
    assert (finding.expected, finding.found) == (3, 1)


def test_rows_for_a_table_of_another_form_are_not_applicable() -> None:
    report = replace(sound(), form="pre-2019", figures={})
    assert {result(code, report).outcome for code in ("T01", "T05", "T08", "N01")} == {Outcome.NOT_APPLICABLE}

"""The errors that were seen in published reports, E1 to E24, and their neighbours that are none.

Each is a web page that goes through the reader, or one of the documents themselves. E14, E15, E23 and E24 are of pages
and dates, not of content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from config.severity import Severity
from report.figure import State
from report.findings.finding import Check, Outcome
from report.report import Report
from tests.workers.rules.cases import LONG
from tests.workers.rules.factory import changed, check, forms, last_year, sound, told
from tests.workers.rules.web_page import web_page
from workers.reading.read import read_document
from workers.rules.context import Context

DOCUMENTS = Path(__file__).resolve().parents[2] / "documents"


def read(report: Report) -> Report:
    """The report as it is read from its page."""
    return read_document(web_page(report, forms()[report.form or ""]), source="page.html", forms=forms())


def judged(report: Report, context: Context | None = None) -> Check:
    """What the rules say of the page of a report."""
    return check(read(report), context)


@cache
def document(name: str) -> Check:
    """What the rules say of one of the documents."""
    return check(read_document((DOCUMENTS / name).read_bytes(), source=name, forms=forms()))


def above_human(result: Check) -> list[tuple[str, str]]:
    """Rule and message of every finding that is held against somebody."""
    return [(one.rule, one.message) for one in result.findings if one.severity is not Severity.HUMAN]


def named(agency: str, title: str, opening: str) -> Report:
    """A sound report of another agency, with another opening."""
    return replace(sound(), agency=agency, title=title, opening=opening)


def test_a_page_is_read_as_it_was_printed() -> None:
    for form in ("2019", "2021"):
        report = read(sound(form))
        assert {key: figure.value for key, figure in report.figures.items()} == {
            key: figure.value for key, figure in sound(form).figures.items()
        }
        assert above_human(check(report, Context(previous=last_year(sound(form))))) == []


def test_e01_a_row_whose_total_is_not_its_sum() -> None:
    found = [
        finding for finding in document("seeds/000_94c0c8a1a4856154.txt").findings if finding.rule in ("T05", "T06")
    ]
    assert [finding.cells for finding in found] == [
        ("requests.not_provided.not_held.total",),
        ("requests.processed_total.natural_person",),
    ]


def test_e02_e03_blank_cells() -> None:
    assert document("seeds/000_94c0c8a1a4856154.txt").results["T02"].findings[0].cells[0] == "review.upheld"
    assert document("seeds/002_07fb4919d9928ff3.txt").results["T02"].findings[0].cells == (
        "proactive.procurement.items",
    )


def test_e04_what_the_copy_lacks_is_nobodys_error() -> None:
    result = document("seeds/002_07fb4919d9928ff3.txt")
    assert {finding.rule for finding in result.findings if finding.severity is Severity.ERROR} == set()
    for code in ("T01", "T05", "T06", "T07", "T08", "D05"):
        assert result.results[code].outcome is Outcome.NOT_ASSESSABLE, code


def test_e05_without_a_title_the_year_is_taken_from_the_text() -> None:
    result = judged(replace(sound(), title=None))
    assert result.results["D01"].outcome is Outcome.NOT_ASSESSABLE
    assert above_human(result) == []


@pytest.mark.parametrize("year", [2021, 2023])
def test_e06_e07_the_form_of_2019_for_later_years(year: int) -> None:
    report = told(sound("2019", year), sound("2021", year).sections[0].text)
    cited = report.opening + "本报告按照国办公开办函〔2019〕60号的格式编制。"
    result = judged(replace(report, opening=cited))
    assert [rule for rule, _ in above_human(result)] == ["D07", "D15"]
    assert result.findings[0].expected == "2021"


def test_e08_the_structure_from_before_2019() -> None:
    old = (DOCUMENTS / "html" / "yunshan-2018.trs.html").read_text(encoding="gb2312", errors="replace")
    report = read_document(old.replace("2018年", "2021年").encode("gb18030"), source="old.html", forms=forms())
    result = check(report)
    assert {"D07", "D08"} <= {rule for rule, _ in above_human(result)}
    assert "收费及减免情况" in result.results["D08"].findings[0].message


def test_e09_another_bodys_name_left_in() -> None:
    opening = (
        "根据《中华人民共和国政府信息公开条例》，现公布建水县民族宗教事务局2023年度政府信息公开工作年度报告。"
        "统计期限自2023年1月1日起至12月31日止。"
    )
    result = judged(named("面甸镇", "建水县面甸镇2023年政府信息公开工作年度报告", opening))
    assert [(one.rule, one.found) for one in result.findings if one.severity is Severity.ERROR] == [
        ("D03", "建水县民族宗教事务局")
    ]


def test_e10_last_years_name_left_in_and_a_part_too_few() -> None:
    opening = (
        "根据条例要求，特编制《田黄镇2022年政府信息公开工作年度报告》。全文由总体情况、主动公开政府信息情况、"
        "收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况六部分组成。"
        "统计期限自2023年1月1日起至12月31日止。"
    )
    result = judged(named("田黄镇", "田黄镇2023年政府信息公开工作年度报告", opening))
    assert {rule for rule, _ in above_human(result)} == {"D06", "D13"}
    assert result.results["D13"].findings[0].found == "2022年政府信息公开工作年度报告"
    assert (result.results["D06"].findings[0].expected, result.results["D06"].findings[0].found) == (6, 5)


def test_e11_a_period_that_ends_a_day_early() -> None:
    opening = sound().opening.replace("12月31日", "12月30日")
    assert [rule for rule, _ in above_human(judged(replace(sound(), opening=opening)))] == ["D04"]


def test_e12_a_day_before_the_periods_end_and_the_forms_own_brackets() -> None:
    text = sound().sections[0].text + (
        "\n本报告于2023年1月15日之前在政府网站公布。"
        "\n（包括主动公开、依申请公开、政府信息管理、平台建设、监督保障等方面的情况）"
    )
    found = judged(told(sound(), text)).findings
    assert {finding.rule for finding in found} == {"D13"}
    assert "早于2023年度统计期限结束之日" in found[0].message and "填写说明" in found[1].message


def test_e13_requests_that_were_addressed_to_another_body() -> None:
    text = (
        sound().sections[0].text
        + "\n来源：1\n受理公民、法人和其他组织向市政府及市政府办公室提出的政府信息公开申请5件。"
    )
    result = judged(told(sound(), text))
    assert {rule for rule, _ in above_human(result)} == {"D03", "D13"}
    assert result.results["D03"].findings[0].found == "市政府"


def test_e16_a_report_in_the_folder_of_another_year() -> None:
    result = judged(sound(), Context(expected_year=2022))
    assert "D02" in {rule for rule, _ in above_human(result)}


def test_e17_parts_that_do_not_add_up() -> None:
    text = sound().sections[0].text + "\n全年接到咨询类申请95件，其中分别为网络申请24件、信函申请66件、当面申请3件。"
    (finding,) = judged(told(sound(), text)).results["N04"].findings
    assert (finding.expected, finding.found) == (95, 93)


def test_e18_parts_that_may_count_what_was_carried_in_are_no_error() -> None:
    text = (
        sound().sections[0].text.replace("申请4件，上年结转1件", "申请4件，其中予以公开2件，无法提供2件，正在办理1件")
    )
    assert above_human(judged(told(sound(), text))) == []


def test_e19_empty_tables() -> None:
    report = changed(sound("2019"), dict.fromkeys(sound("2019").figures, State.BLANK))
    result = judged(report)
    assert {rule for rule, _ in above_human(result)} == {"T02"}
    assert result.results["T05"].outcome is result.results["T06"].outcome is Outcome.NOT_ASSESSABLE


@pytest.mark.parametrize("number", ["三", "四"])
def test_e20_fewer_parts_promised_than_there_are(number: str) -> None:
    report = replace(sound(), opening=sound().opening.replace("六个部分", f"{number}个部分"))
    assert [rule for rule, _ in above_human(judged(report))] == ["D06"]


def test_e21_an_unfinished_sentence_and_text_of_the_old_form() -> None:
    text = sound().sections[0].text + (
        "\n制发规范性文件0件，废止0件，现行有效的规范性文件。\n行政事业性收费0项，本年度无增减。"
    )
    result = judged(told(sound(), text))
    assert [rule for rule, _ in above_human(result)] == ["D13", "D13"]


def test_e22_last_years_report_once_more_with_a_period_that_runs_backwards() -> None:
    text = f"{sound().sections[0].text}\n{LONG}"
    previous = told(last_year(sound()), text)
    opening = sound().opening.replace("2023年1月1日起至12月31日", "2023年1月1日起至2022年12月31日")
    report = replace(told(sound(), text.replace("2022年", "2023年")), opening=opening)
    result = judged(report, Context(previous=read(previous)))
    assert {"D04", "D14"} <= {rule for rule, _ in above_human(result)}
    assert "2023年1月1日至2022年12月31日" in result.results["D04"].findings[0].message


def _neighbours() -> Iterator[tuple[str, Report]]:
    text = sound().sections[0].text
    with_carried_in = text.replace("申请4件，上年结转1件", "申请5件（含上年结转1件）")
    yield "received with carried in", told(sound(), with_carried_in)
    filings = text + "\n全区政府信息公开行政复议备案57件，作为复议机关受理行政复议案件134件。"
    yield "filings", told(sound(), filings)
    yield (
        "zeros",
        told(
            changed(sound(), {key: 0 for key in sound().figures if not key.endswith("amount")}),
            text.replace("共收到政府信息公开申请4件，上年结转1件", "未收到政府信息公开申请"),
        ),
    )
    others = text + (
        "\n按照区政务服务局《关于做好2023年政府信息公开年报编制和公布有关工作的函》要求，配合区政府办公室向市政府报送信息。"
        "\n协助办理公民向市政府办公室提出的政府信息公开申请2件。2022年收到政府信息公开申请9件。"
    )
    yield "others on purpose", told(sound(), others)
    yield (
        "last year's report on purpose",
        told(sound(), text + "\n2023年1月12日公布左家庄街道2022年政府信息公开工作年度报告。"),
    )
    migrated = told(sound("2019", 2016), text.replace("2023", "2016"))
    yield "old and migrated", replace(migrated, title="左家庄街道2016年政府信息公开年报")


@pytest.mark.parametrize("report", [report for _, report in _neighbours()], ids=[name for name, _ in _neighbours()])
def test_a_neighbour_that_is_no_error_raises_nothing_against_anybody(report: Report) -> None:
    result = judged(report)
    assert above_human(result) == []
    assert result.results["X01"].outcome is Outcome.PASS

"""D14: the same text or table as last year or elsewhere, and what reports may share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.as_json import finding_json
from report.comparing.similarity import LONGEST, letters_that_count, longest_passage, share_found
from report.findings.finding import Outcome
from tests.workers.rules.cases import LONG
from tests.workers.rules.factory import changed, last_year, only_finding, result, sound, told
from workers.rules.context import Context

LAST = last_year(sound())
ELSEWHERE = "".join(
    f"第{number}场{name}活动在社区文化广场举行，居民代表就{name}提出意见{number}条，{name}办公室逐条答复并张榜公布。"
    for number, name in enumerate(
        ("邻里协商", "老旧小区改造", "无障碍设施", "停车治理", "幼儿托育", "绿化提升", "环境整治"), 3
    )
)


def test_last_years_text_with_new_numbers_is_last_years_text() -> None:
    report = told(sound(), LONG.replace("低保救助信息", "低保救助信息30条2023年"))
    finding = only_finding("D14", report, Context(previous=told(LAST, LONG)))
    assert finding.message.startswith("第一部分有") and "与本机关上一年度的报告相同，例如“" in finding.message
    assert finding.expected == "本机关上一年度的报告" and str(finding.found) in LONG
    assert finding.severity.value == "warning"


def test_another_agencys_text_with_ones_own_name_is_its_text() -> None:
    other = told(replace(sound(), agency="南磨房地区", sha256="2" * 64), f"南磨房地区{LONG}")
    report = told(sound(), f"左家庄街道{LONG}")
    finding = only_finding("D14", report, Context(others={"南磨房地区": other, "八里庄街道": sound()}))
    assert "与“南磨房地区”同年度的报告相同" in finding.message
    assert "100%" in finding.message
    assert finding.rate == finding_json(finding, None, None)["rate"] == 1.0


def test_section_five_is_compared_too() -> None:
    report, previous = told(sound(), ELSEWHERE, "problems"), told(LAST, ELSEWHERE, "problems")
    assert only_finding("D14", report, Context(previous=previous)).message.startswith("第五部分有")


@pytest.mark.parametrize(
    ("text", "before"),
    [
        (LONG, ELSEWHERE),
        (LONG[: len(LONG) // 3] + ELSEWHERE, LONG),
        ("全年主动公开政府信息190条。", "全年主动公开政府信息190条。"),
        (
            "本报告所列数据的统计期限，自2023年1月1日起至12月31日止。" * 12,
            "本报告所列数据的统计期限，自2022年1月1日起至12月31日止。" * 12,
        ),
        ("根据《中华人民共和国政府信息公开条例》，" * 30, "根据《中华人民共和国政府信息公开条例》，" * 30),
    ],
    ids=["other text", "a third", "short", "period", "citations"],
)
def test_what_reports_may_share_is_no_case(text: str, before: str) -> None:
    assert result("D14", told(sound(), text), Context(previous=told(LAST, before))).outcome is Outcome.PASS


def test_tables_of_zeros_and_small_numbers_are_no_case_and_big_ones_are() -> None:
    twin = replace(sound(), sha256="2" * 64)
    assert result("D14", sound(), Context(others={"南磨房地区": twin})).outcome is Outcome.PASS
    cells = {
        f"requests.{row}.{column}": value
        for row, value in (("received", 30), ("granted", 20), ("processed_total", 30))
        for column in ("natural_person", "business", "research", "total")
    }
    finding = only_finding("D14", changed(sound(), cells), Context(others={"南磨房地区": changed(twin, cells)}))
    assert "个非零数字与“南磨房地区”同年度的报告完全相同" in finding.message
    assert set(cells) <= set(finding.cells)
    other = changed(twin, {**cells, "requests.granted.total": 21})
    assert result("D14", changed(sound(), cells), Context(others={"南磨房地区": other})).outcome is Outcome.PASS


def test_without_anything_to_compare_with_it_is_not_assessable() -> None:
    assert result("D14", sound()).outcome is Outcome.NOT_ASSESSABLE
    wrong = Context(previous=replace(LAST, agency="南磨房地区"))
    assert result("D14", sound(), wrong).outcome is Outcome.NOT_ASSESSABLE


@pytest.mark.timeout(120)
def test_a_text_without_end_is_compared_in_no_time() -> None:
    text, other = "".join(chr(0x4E00 + number % 9000) for number in range(400_000)), "啊" * 400_000
    assert letters_that_count(text) <= LONGEST
    assert share_found(text, other) == 0 and longest_passage(text, other) == ""

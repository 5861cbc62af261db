"""D06 and D08 to D13: what the sections say, and what should not stand there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.figure import State
from report.findings.finding import Outcome
from report.report import Gap, Report, Unread
from tests.workers.rules.cases import government
from tests.workers.rules.factory import changed, only_finding, result, sound, told
from workers.rules.context import Context

PARTS = (
    "总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、"
    "政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况"
)


@pytest.mark.parametrize(
    "opening",
    [
        "本报告由六部分组成。",
        "全文共分6个部分：" + PARTS + "、其他需要报告的事项。",
        "本报告包括" + PARTS + "和其他需要报告的事项等六个部分内容。",
        "年度报告由概述、主动公开情况等六大部分组成。",
    ],
)
def test_d06_counts_the_parts_that_are_announced(opening: str) -> None:
    assert result("D06", replace(sound(), opening=opening)).outcome is Outcome.PASS


def test_d06_counts_the_parts_that_are_listed() -> None:
    finding = only_finding("D06", replace(sound(), opening=f"本报告由{PARTS}六部分组成。"))
    assert finding.message == "正文称有6个部分，随后列出的却是5个"
    assert (finding.expected, finding.found, finding.severity.value) == (6, 5, "warning")


def test_d06_counts_the_parts_that_are_there() -> None:
    finding = only_finding("D06", replace(sound(), opening="本报告由三个部分组成。"))
    assert finding.message == "正文称有3个部分，报告实有6个"


@pytest.mark.parametrize(
    "opening",
    ["工作从三个方面展开。", "根据条例编制本报告。", "全文约六百字，由办公室编制。"],
)
def test_d06_does_not_apply_where_no_parts_are_announced(opening: str) -> None:
    assert result("D06", replace(sound(), opening=opening)).outcome is Outcome.NOT_APPLICABLE


def test_d06_does_not_count_a_list_with_something_else_in_it() -> None:
    opening = "本报告由概述、主动公开情况、依申请公开情况、复议情况、收费情况、附表六个部分组成。"
    assert result("D06", replace(sound(), opening=opening)).outcome is Outcome.PASS


def test_d06_is_not_assessable_in_a_copy_that_may_be_cut() -> None:
    assert (
        result("D06", replace(sound(), sections=sound().sections[:4], may_be_cut=True)).outcome
        is Outcome.NOT_ASSESSABLE
    )


def _headed(heading: str, report: Report | None = None) -> Report:
    report = report or sound()
    return replace(report, sections=(*report.sections[:3], replace(report.sections[3], kind=None, heading=heading)))


@pytest.mark.parametrize(
    "heading", ["四、政府信息公开的收费及减免情况", "三、依申请公开政府信息的情况", "附：政府信息公开情况统计表"]
)
def test_d08_knows_the_old_headings(heading: str) -> None:
    finding = only_finding("D08", _headed(heading))
    assert heading.split("、")[-1].removeprefix("附：") in finding.message and finding.severity.value == "warning"


@pytest.mark.parametrize("heading", ["一、概述", "七、附件", "四、因政府信息公开被申请复议情况"])
def test_d08_leaves_other_headings_alone(heading: str) -> None:
    assert result("D08", _headed(heading)).outcome is Outcome.PASS


def test_d08_and_all_others_leave_old_reports_alone() -> None:
    old = replace(
        _headed("四、政府信息公开的收费及减免情况"), year=2016, form="pre-2019", title="某镇2016年年报", figures={}
    )
    for code in ("D01", "D06", "D08", "D09", "D10", "D11", "D12", "D13", "D14"):
        assert result(code, old).findings == (), code


def test_d09_names_the_topics_of_which_there_is_no_word() -> None:
    finding = only_finding("D09", told(sound(), "全年主动公开政府信息190条。收到信息公开申请4件。"))
    assert finding.message == "第一部分没有写到“政府信息管理”“平台建设”“监督保障”，格式要求写明五个方面的情况"
    assert finding.severity.value == "warning"


def test_d09_knows_a_topic_by_any_of_its_words() -> None:
    text = "通过公众号发布政府信息30条，办理依申请公开2件，落实三审三校，组织学习。"
    assert result("D09", told(sound(), text)).outcome is Outcome.PASS


def test_d09_and_d11_do_not_judge_a_section_without_text() -> None:
    assert result("D09", told(sound(), "")).outcome is Outcome.NOT_ASSESSABLE
    assert result("D11", told(sound(), "", "problems")).outcome is Outcome.NOT_ASSESSABLE
    cut = replace(told(sound(), "收到申请4件。"), gaps=(Gap(Unread.NO_TEXT, "第2页"),))
    assert result("D09", cut).outcome is Outcome.NOT_ASSESSABLE


def test_d09_does_not_ask_of_2019_what_was_said_in_2021() -> None:
    assert result("D09", told(sound("2019"), "收到申请4件。")).outcome is Outcome.NOT_APPLICABLE


def test_d10_is_for_governments_only() -> None:
    assert result("D10", sound()).outcome is Outcome.NOT_APPLICABLE
    assert result("D10", replace(sound(), agency="南磨房地区")).outcome is Outcome.NOT_APPLICABLE
    assert result("D10", replace(sound(), agency="东湖物流区")).outcome is Outcome.NOT_ASSESSABLE
    assert result("D10", sound(), Context(agency_kind="government")).outcome is Outcome.FAIL
    assert result("D10", government("开展绩效考评和满意度测评，未发生问责情形。")).outcome is Outcome.PASS


def test_d10_names_what_is_missing() -> None:
    finding = only_finding("D10", government("对各单位工作考核一次。"))
    assert finding.message == "政府的年度报告没有写到“社会评议”“责任追究”的结果情况"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("无。", "“存在的主要问题”“改进情况”"),
        ("下一步将加强培训，拓宽渠道。", "“存在的主要问题”"),
        ("公开的形式单一，人手紧张。", "“改进情况”"),
    ],
)
def test_d11_wants_problems_and_improvements(text: str, words: str) -> None:
    finding = only_finding("D11", told(sound(), text, "problems"))
    assert finding.message == f"第五部分写“{text.rstrip('。')}”，没有写明{words}"
    assert finding.severity.value == "error"


@pytest.mark.parametrize(
    "text",
    [
        "一是公开渠道有待拓宽。下一步，我街道将加强学习。",
        "工作人员业务不熟练，今后定期举办培训。",
        "与群众期盼尚有差距，已整改到位。",
        "政策解读数量偏少。计划增加图解。",
    ],
)
def test_d11_knows_problems_and_improvements_in_other_words(text: str) -> None:
    assert result("D11", told(sound(), text, "problems")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "text",
    [
        "2023年有1件收取信息处理费380元。",
        "全市实际收取信息处理费共计400元。",
        "未收取任何费用。",
        "本年度暂未开展信息处理费收取工作。",
        "依申请公开政府信息处理费0元。",
    ],
)
def test_d12_knows_a_statement_on_fees(text: str) -> None:
    assert result("D12", told(sound(), text, "other")).outcome is Outcome.PASS


def test_d12_takes_a_statement_that_stands_elsewhere() -> None:
    report = told(told(sound(), "无其他需要报告的事项。", "other"), "全年未收取信息处理费。", "problems")
    assert result("D12", report).outcome is Outcome.PASS


def test_d12_says_where_text_and_table_contradict_each_other() -> None:
    unpaid = {"requests.other.fee_not_paid.total": 2}
    finding = only_finding("D12", changed(told(sound(), "未发出收费通知。", "other"), unpaid))
    assert finding.message.startswith("正文写“未发出收费通知”，而表三“（六）其他处理 2.") and finding.message.endswith(
        "填报2"
    )
    assert finding.cells == ("requests.other.fee_not_paid.total",)
    assert result("D12", changed(told(sound(), "本年度未收取信息处理费。", "other"), unpaid)).outcome is Outcome.PASS
    blank = changed(told(sound(), "未发出收费通知。", "other"), dict.fromkeys(unpaid, State.BLANK))
    assert result("D12", blank).outcome is Outcome.PASS


def test_d12_is_of_no_year_before_the_fee() -> None:
    assert result("D12", told(sound("2019"), "无。", "other")).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("XX街道全年公开信息30条。", "XX街道全年公开"),
        ("收到申请××件。", "××件"),
        ("截至2023年__月，公开信息30条。", "__月"),
        ("根据国办〔〕号文件开展工作。", "根据国办〔〕号文件开"),
        ("【请填写单位名称】全年公开信息30条。", "【请填写单位名称】"),
        ("（此处填写主动公开情况）公开信息30条。", "（此处填写主动公开情况）"),
        ("（包括主动公开、依申请公开、政府信息管理、平台建设、监督保障等方面情况）", None),
        ("（本机关认为需要报告的其他事项）", None),
        ("行政事业性收费0项，本年度无增减。", "行政事业性收费0项，本年度无增减"),
        ("制发规范性文件0件，废止0件，现行有效的规范性文件。", "规范性文件0件，废止0件，现行有效的规范性文件"),
        ("来源：1 打印", "来源：1"),
        ("本报告于2023年1月15日之前在政府网站公布。", "本报告于2023年1月15日之前在政府网站公布"),
    ],
)
def test_d13_quotes_what_is_left_over(text: str, quote: str | None) -> None:
    finding = only_finding("D13", told(sound(), text))
    assert finding.found == (quote or text) and finding.severity.value == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "张××不服答复，申请行政复议。李XX诉我街道一案已审结。",
        "收到申请人（自然人）的申请（含上年结转1件）。",
        "联系电话138XXXX1234。展板3×5米。",
        "按时公布了《2022年政府信息公开工作年度报告》，并于2023年1月12日公布。",
        "编制左家庄街道2022年政府信息公开工作年度报告，按时公布。",
        "行政事业性收费0万元。制发规范性文件2件，现行有效的规范性文件8件。",
        "【解读】栏目发布30条。来源：北京日报。",
        "根据国办公开办函〔2021〕30号文件，公开信息（包括机构职能、财政预算）30条。",
        "开展法治宣传（请专家授课3次，请申请人补充材料2件）。",
        "办理各类公开事项（包括主动公开、依申请公开）30件。",
        "清理并公布现行有效的规范性文件。",
    ],
)
def test_d13_leaves_what_belongs_there(text: str) -> None:
    judged = result("D13", told(sound(), text))
    assert judged.outcome is Outcome.PASS, [finding.message for finding in judged.findings]


def test_d13_finds_another_years_name_in_the_opening() -> None:
    opening = "现公布《田黄镇2022年政府信息公开工作年度报告》。"
    finding = only_finding("D13", replace(sound(), agency="田黄镇", opening=opening))
    assert finding.message == "正文“2022年政府信息公开工作年度报告”写的是其他年度，本报告为2023年度"
    assert finding.expected == 2023
    on_purpose = "根据《关于做好2022年政府信息公开工作年度报告编制工作的通知》，编制本报告。"
    assert result("D13", replace(sound(), opening=on_purpose)).outcome is Outcome.PASS


def test_d13_asks_of_2019_what_its_form_has() -> None:
    assert result("D13", told(sound("2019"), "行政事业性收费0项，本年度无增减。")).outcome is Outcome.PASS

"""D01 and D03: whose report this is, by title and text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.agency_names import is_government, is_street_or_town, may_be_government, same_agency
from report.findings.finding import Outcome
from tests.workers.rules.factory import only_finding, result, sound, told
from workers.rules.context import Context


@pytest.mark.parametrize(
    "title",
    [
        "北京市朝阳区左家庄街道2023年政府信息公开工作年度报告",
        "北京市大兴区人民政府办公室\n2023年政府信息公开工作年度报告",
        "2023年上海市青浦区夏阳街道办事处政府信息公开工作年度报告",
        "东街街道2023年度政府信息公开工作年度报告",
        "上海市黄浦区人民政府2023年政府信息公开工作年度报告（超链版）.pdf",
        "朝阳区民政局政府信息公开工作年度报告（2023年度）",
        "市人民政府办公室２０２３年政府信息公开工作年度报告",
        "左家庄街道2023年政府信息公开工作年度报告_政府信息公开年报_某区人民政府",
        "首页/年报/左家庄街道2023年政府信息公开工作年度报告/正文",
    ],
)
def test_d01_knows_the_titles_of_real_reports(title: str) -> None:
    assert result("D01", replace(sound(), title=title)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "title",
    [
        "某区水务局2024年政府信息公开工作年度报告>附件",
        "某区水务局2024年政府信息公开年报 > 下载",
        "某局2024年度信息公开年报_政府信息公开工作年度报告_某区人民政府",
    ],
)
def test_d01_accuses_nobody_where_the_title_stands_among_the_way_and_columns(title: str) -> None:
    assert result("D01", replace(sound(), title=title)).outcome is Outcome.NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("驼峰路街道办事处政府信息公开工作年度报告", "没有写明年度"),
        ("2023年政府信息公开工作年度报告", "没有写明机关名称"),
        ("三河市泃阳西大街街道办事处2023年政府信息公开年度报告", "没有使用规范用语“政府信息公开工作年度报告”"),
        ("连岛街道2023年度政府信息公开工作报告", "没有使用规范用语"),
        ("舒兰市市场监督管理局2023年政务信息公开年度报告", "没有使用规范用语"),
        ("北京市通州区西集镇人民政府2023年政府信息公开工作年度报告工作年度报", "之后还有“工作年度报”"),
    ],
)
def test_d01_says_what_a_title_lacks(title: str, words: str) -> None:
    finding = only_finding("D01", replace(sound(), title=title))
    assert words in finding.message and title in finding.message
    assert finding.severity.value == "warning"


def test_d01_takes_the_agency_from_the_line_beside_the_title() -> None:
    report = replace(sound(), title="2023年政府信息公开工作年度报告", opening=f"左家庄街道\n{sound().opening}")
    assert result("D01", report).outcome is Outcome.PASS


def test_d01_does_not_judge_what_has_no_title_and_what_is_older_than_the_form() -> None:
    assert result("D01", replace(sound(), title=None)).outcome is Outcome.NOT_ASSESSABLE
    old = replace(sound(), title="某局2016年政务信息公开年报", year=2016)
    assert result("D01", old).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("左家庄街道", "北京市朝阳区人民政府左家庄街道办事处", True),
        ("区城市管理委", "北京市东城区城市管理委员会", True),
        ("南磨房乡", "南磨房地区办事处", True),
        ("白云区云山镇", "广州市云山镇人民政府", True),
        ("市场监管局", "天门市市场监督管理局", True),
        ("区发改委", "蓬江区发展和改革局", True),
        ("洪泽区人民政府", "淮安市洪泽区人民政府办公室", True),
        ("洪泽区人民政府", "洪泽区民政局", False),
        ("建水县面甸镇", "建水县民族宗教事务局", False),
        ("左家庄街道", "南磨房街道", False),
        ("东城区", "西城区人民政府", False),
    ],
)
def test_names_are_of_another_agency_only_where_no_shortening_helps(one: str, other: str, same: bool) -> None:
    assert same_agency(one, other) is same
    assert same_agency(other, one) is same


def test_kinds_of_agencies_are_known_by_their_names() -> None:
    names = ("洪泽区人民政府", "2022上海市", "东湖物流区", "左家庄街道", "南磨房地区", "区民政局", "县政府办公室")
    assert [name for name in names if is_government(name)] == ["洪泽区人民政府"]
    assert [name for name in names if may_be_government(name)] == ["洪泽区人民政府", "2022上海市", "东湖物流区"]
    assert (
        is_street_or_town("南磨房地区办事处")
        and is_street_or_town("瀛海镇人民政府")
        and not is_street_or_town("县政府")
    )


@pytest.mark.parametrize(
    ("agency", "text", "name"),
    [
        ("迎宾路街道", "受理公民、法人和其他组织向市政府及市政府办公室提出的政府信息公开申请5件。", "市政府"),
        ("面甸镇", "2023年，临安镇收到政府信息公开申请3件。", "临安镇"),
        ("面甸镇", "本报告由建水县民族宗教事务局根据《条例》编制。", "建水县民族宗教事务局"),
    ],
)
def test_d03_finds_another_body_in_the_place_of_this_one(agency: str, text: str, name: str) -> None:
    finding = only_finding("D03", told(replace(sound(), agency=agency, opening=""), text))
    assert (finding.found, finding.expected, finding.severity.value) == (name, agency, "error")
    assert "疑为其他机关报告的残留" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "在区政府的领导下，我街道向市政府报送信息30条，区政务服务局到街道指导。",
        "按照密云区政务服务局《关于做好2023年政府信息公开年报编制和公布有关工作的函》要求编制本报告。",
        "本报告由左家庄街道办事处综合办公室编制。",
        "本报告由党政综合办公室根据《条例》编制。",
        "收到市政府转办的向市政府提出的申请5件。",
        "协助办理公民向市政府办公室提出的政府信息公开申请2件。",
        "收到公民向我街道提出的政府信息公开申请3件。",
        "收到公民向左家庄街道办事处提出的政府信息公开申请3件。",
        "指导南磨房街道编制2022年政府信息公开工作年度报告。",
        "按照市政府办公室2023年政府信息公开工作年度报告编制要求，编制本报告。",
        "根据《条例》和区政务服务管理局2023年政府信息公开工作年度报告的要求编制本报告。",
        "原八里庄街道收到政府信息公开申请1件，合并后由我街道办理。",
        "依托朝阳区政府门户网站公开信息，同区民政局联合开展培训。",
    ],
)
def test_d03_lets_a_report_speak_of_others_on_purpose(text: str) -> None:
    assert result("D03", told(sound(), text)).outcome is Outcome.PASS
    assert result("D03", replace(sound(), opening=text)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("agency", "opening"),
    [
        ("机关事务管理中心", "现公布机关后勤服务中心2023年政府信息公开工作年度报告。"),
        ("区城市管理局", "本报告由区市场监督管理局编制。"),
    ],
)
def test_d03_leaves_names_that_resemble_each_other_to_a_person(agency: str, opening: str) -> None:
    judged = result("D03", replace(sound(), agency=agency, opening=opening))
    assert judged.outcome is Outcome.NOT_ASSESSABLE and "名称相近" in (judged.reason or "")


def test_d03_lets_a_government_be_served_by_its_office_and_speak_for_all() -> None:
    opening = "本报告由区政务服务管理局根据《条例》编制。区政府现公布洪泽区人民政府2023年政府信息公开工作年度报告。"
    text = "全区共收到申请21件，其中区民政局收到政府信息公开申请3件。"
    report = told(replace(sound(), agency="洪泽区人民政府", opening=opening), text)
    assert result("D03", report).outcome is Outcome.PASS


def test_d03_knows_the_report_of_a_neighbour_by_the_register() -> None:
    context = Context(agency_names=("左家庄街道",), other_names=("南磨房地区办事处", "南磨房地区"))
    finding = only_finding("D03", replace(sound(), agency="北京市朝阳区南磨房地区办事处", opening=""), context)
    assert finding.message == "这里应是“左家庄街道”的报告，报告写的机关却是“北京市朝阳区南磨房地区办事处”"


def test_d03_takes_a_name_that_nobody_knows_for_a_change_of_name() -> None:
    context = Context(agency_names=("机关事务管理中心",), other_names=("南磨房地区办事处",))
    report = replace(sound(), agency="机关后勤服务中心", opening="")
    judged = result("D03", report, context)
    assert judged.outcome is Outcome.NOT_ASSESSABLE and "可能是更名或别称" in (judged.reason or "")

"""N01, N04, N05: a sentence is a witness only where it is beyond doubt what it speaks of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from report.figure import State
from report.findings.finding import Outcome
from report.report import Report
from report.text.said import ACCEPTED, RECEIVED, Statement
from report.text.statements import said_in
from tests.workers.rules.factory import changed, check, only_finding, result, sound, told
from workers.rules.context import Context


def received_statements(report: Report, names: tuple[str, ...], government: bool | None = None) -> list[Statement]:
    return said_in(report, names, government).of(RECEIVED, ACCEPTED)


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_a_sound_report_passes(form: str) -> None:
    assert result("N01", sound(form)).outcome is Outcome.PASS


def test_received_and_carried_in_together_are_right_too() -> None:
    assert result("N01", told(sound(), "2023年共办理在途事项，收到政府信息公开申请5件。")).outcome is Outcome.PASS


def test_another_number_is_quoted_with_both_sides() -> None:
    finding = only_finding("N01", told(sound(), "2023年，我街道共收到政府信息公开申请7件。"))
    assert finding.message == (
        "正文写“我街道共收到政府信息公开申请7件”，表三“一、本年新收政府信息公开申请数量”总计为4，"
        "加上“二、上年结转政府信息公开申请数量”1为5，与正文的7不一致"
    )
    assert (finding.expected, finding.found, finding.severity.value) == (4, 7, "warning")


def test_without_a_witness_it_is_not_assessable() -> None:
    judged = result("N01", told(sound(), "我街道高度重视政府信息公开工作。"))
    assert (judged.outcome, judged.reason) == (Outcome.NOT_ASSESSABLE, "正文没有给出收到申请的数量")


@pytest.mark.parametrize("cell", ["requests.received.total", "requests.carried_in.total"])
def test_without_a_number_in_the_table_it_is_not_assessable(cell: str) -> None:
    report = changed(told(sound(), "2023年收到政府信息公开申请9件。"), {cell: State.BLANK})
    assert result("N01", report).outcome is Outcome.NOT_ASSESSABLE


def test_where_one_of_several_numbers_agrees_a_person_has_to_see_of_what_the_others_are() -> None:
    report = told(sound(), "全年收到政府信息公开申请4件。年末又统计，收到政府信息公开申请9件。")
    judged = result("N01", report)
    assert (judged.outcome, judged.findings) == (Outcome.NOT_ASSESSABLE, ())
    assert judged.reason is not None and "收到政府信息公开申请9件" in judged.reason


def test_accepted_counts_only_where_received_is_not_said() -> None:
    assert result("N01", told(sound(), "2023年收到信息公开申请4件。受理信息公开申请3件。")).outcome is Outcome.PASS
    assert only_finding("N01", told(sound(), "2023年受理信息公开申请3件。")).found == 3
    assert only_finding("N01", told(sound(), "2023年收到信息公开申请9件。受理信息公开申请4件。")).found == 9


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023年，我街道共收到政府信息公开申请12件，办结12件。", 12),
        ("本年度未收到政府信息公开申请。", 0),
        ("2023年我街道无依申请公开事项。", 0),
        ("2023年共受理政府信息公开申请三十二件。", 32),
        ("（二）依申请公开。全年新收依申请公开申请5宗，其中网络申请3宗。", 5),
        ("2023年度，左家庄街道办事处收到公民、法人和其他组织提出的政府信息公开申请共计1,204件。", 1204),
        ("全年共收到１２件政府信息公开申请，均按时答复。", 12),
        ("依申请公开方面，全年共收到申请3件。", 3),
        ("北京市朝阳区左家庄街道2023年共收到信息公开申请4条。", 4),
        ("2023年1月1日至12月31日，我单位收到政府信息公开申请7份，比2022年增加2份。", 7),
        ("按照区政府要求，2023年我街道共收到政府信息公开申请3件。", 3),
        ("一是加强培训；二是认真办理依申请公开，2023年收到政府信\n息公开申请 5 件。", 5),
        ("街道未收到任何公民、法人和其他组织提出的公开政府信息的申请；街道未收取费用。", 0),
        ("2023年度我街道未收到任何形式的依申请公开政府信息。", 0),
        ("2023年，我办共收到政府信息依申请公开91件，且均在法定期限内答复。", 91),
        ("新收到依申请公开政府信息42件，答复39件，结转下年度继续办理3件。", 42),
        ("全年新收政府信息公开申请数量0件，上年结转政府信息公开申请数量0件。", 0),
        ("2.依申请公开\n左家庄街道2023年收到信息公开申请30件，按时答复率100%。", 30),
        ("2.依申请公开办理情况\n左家庄街道 2023 年度共收到政府信息公开申请 12 件，均已办结。", 12),
    ],
)
def test_a_sentence_about_all_requests_is_a_witness(text: str, value: int) -> None:
    assert [one.value for one in received_statements(told(sound(), text), ())] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "2022年收到政府信息公开申请3件。",
        "去年收到政府信息公开申请3件。",
        "自2008年以来累计收到政府信息公开申请300件。",
        "近三年共收到政府信息公开申请30件。",
        "上半年收到政府信息公开申请3件。",
        "8月份收到政府信息公开申请1件。",
        "其中网络收到政府信息公开申请3件。",
        "通过网络平台收到政府信息公开申请2件。",
        "收到网络申请5件、信函申请3件。",
        "通过信函方式，2023年收到政府信息公开申请2件。",
        "区政府办公室牵头负责，2023年收到政府信息公开申请9件。",
        "收到政府信息公开咨询12人次。",
        "收到政府信息公开行政复议申请1件。",
        "未收到因政府信息公开申请提起的行政复议。",
        "接受咨询3次，未收到行政复议申请。",
        "收到上年结转政府信息公开申请2件。",
        "依申请公开。收到转办申请3件。",
        "受理公民、法人和其他组织向市政府及市政府办公室提出的政府信息公开申请5件。",
        "2023年，全区各职能部门、镇街共收到政府信息依申请公开1499件。",
        "2023年度有1件依申请公开信息。",
        "全区收到政府信息公开申请399件。",
        "区民政局收到政府信息公开申请3件。",
        "区政府办公室2023年共收到政府信息公开申请9件。",
        "2023年区政府各部门收到政府信息公开申请30件。",
        "收到政府信息公开申请20余件。",
        "收到政府信息公开申请约30件。",
        "较上年收到政府信息公开申请增加3件。",
        "全年收到群众申请救助3件。",
        "2023年收到信访事项12件。",
    ],
)
def test_a_sentence_about_something_else_is_no_witness(text: str) -> None:
    report = told(sound(), text)
    assert received_statements(report, ()) == []
    assert result("N01", report).outcome is Outcome.NOT_ASSESSABLE


def test_the_whole_place_is_the_scope_of_its_government_only() -> None:
    report = told(sound(), "2023年全区受理政府信息公开申请21件，均在法定期限答复。")
    assert received_statements(report, ()) == []
    (statement,) = received_statements(replace(report, agency="洪泽区人民政府"), ())
    assert statement.value == 21
    assert result("N01", report, Context(agency_kind="government")).outcome is Outcome.FAIL


def test_a_town_government_may_be_called_by_its_kind() -> None:
    report = told(sound(), "2023年，镇政府共收到政府信息公开申请4件。")
    assert received_statements(report, ()) == []
    assert received_statements(report, ("白云区云山镇人民政府",))[0].value == 4


def test_an_agency_may_be_called_by_any_of_its_names() -> None:
    report = told(sound(), "南磨房地区2023年收到政府信息公开申请4件。")
    assert received_statements(report, ()) == []
    assert received_statements(report, ("南磨房地区办事处",))[0].value == 4


@pytest.mark.parametrize(
    "text",
    [
        "共主动公开政府信息190条。在主动公开信息中，机构职能类信息10条；医疗救助类信息60条；业务动态类信息120条。",
        "共收到申请12件，其中网络申请5件、信函申请7件。",
        "共收到申请十二件，其中网络申请五件、信函申请7件。",
        "共收到申请12件，其中自然人申请5件、企业申请7件。",
        "我委收到政府信息公开申请44件（其中：网上申请42件，现场申请0件，邮寄2件），上年度结转0件，办结39件。",
        "共公开信息300余条。网站公开信息20条，其中政策文件3条、办事指南17条；宣传栏公开救助等信息100余条。",
        "共收到申请1046件。其中，通过网站提交862件，占比82.4%；通过信函提交171件，占比16.3%；当面提交13件，占比1.3%。",
    ],
)
def test_parts_that_add_up_hold(text: str) -> None:
    assert result("N04", told(sound(), text)).outcome is Outcome.PASS


@pytest.mark.parametrize("tail", ["比2022年增加8件", "较上年减少1件", "较2022年的6件有所增加"])
def test_what_is_compared_with_is_no_part(tail: str) -> None:
    text = "全年共收到申请12件，其中网络申请7件、信函申请8件"
    assert only_finding("N04", told(sound(), f"{text}，{tail}。")).found == 15
    assert result("N04", told(sound(), f"{text.replace('8件', '5件')}，{tail}。")).outcome is Outcome.PASS


def test_parts_of_one_measure_that_are_more_than_their_total_are_wrong() -> None:
    finding = only_finding("N04", told(sound(), "全年共收到申请12件，其中网络申请7件、信函申请8件。"))
    assert finding.message == "正文写“全年共收到申请12件，其中网络申请7件、信函申请8件”，7＋8＝15，与总数12相差3"
    assert (finding.expected, finding.found) == (12, 15)


def test_what_is_published_is_listed_by_what_it_is_about() -> None:
    text = "全年公开信息126条，其中部门工作信息78条，建议提案35条，政策文件8条，公共企事业单位事项10条。"
    assert only_finding("N04", told(sound(), text)).found == 131


def test_persons_and_organisations_are_all_applicants() -> None:
    text = "共收到申请21件，其中自然人申请18件，法人或其他组织申请2件。"
    assert only_finding("N04", told(sound(), text)).found == 20
    text = "共收到申请21件，其中自然人申请18件，企业申请2件。"
    assert result("N04", told(sound(), text)).outcome is Outcome.NOT_APPLICABLE


def test_parts_that_are_said_to_be_all_and_are_less_are_wrong() -> None:
    text = "共收到申请95件，其中分别为网络申请24件、信函申请66件、当面申请3件。"
    assert only_finding("N04", told(sound(), text)).found == 93


@pytest.mark.parametrize(
    "text",
    [
        "共收到申请12件，其中网络申请5件、信函申请3件。",
        "共收到申请21件，其中自然人申请20件，网络申请15件。",
        "共收到申请12件，其中网络申请5件。",
        "收到申请12件，办结10件，其中网络申请7件、信函申请6件。",
        "共公开信息190余条，其中业务动态类信息150条、机构职能类信息60条。",
        "共公开信息12条，其中视频类信息9条、图解类信息8次。",
        "共公开信息473条（1282件），其中政策文件400条，机构职能600条，人事任免300条。",
        "加强学习培训，规范办理流程。",
    ],
)
def test_parts_that_need_not_be_all_or_of_one_measure_are_no_case(text: str) -> None:
    assert result("N04", told(sound(), text)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "text",
    [
        "共公开信息100条，其中网站公开80条，微信公众号公开60条，公示栏公开9条。",
        "共公开信息126条，其中重点领域信息78条，财政信息50条，政策文件8条。",
    ],
)
def test_parts_that_may_share_a_piece_and_are_more_than_their_total_are_for_a_person(text: str) -> None:
    judged = result("N04", told(sound(), text))
    assert judged.outcome is Outcome.NOT_ASSESSABLE and "可能有重复" in (judged.reason or "")


@pytest.mark.parametrize(
    "text",
    [
        "共公开信息190条。其中业务动态类信息171条，占总体的比例为90.00%。",
        "共收到申请3件，其中网络申请2件，占66.66%。",
        "共公开信息三百四十一条，其中业务动态类信息一百七十条，占49.85%。",
        "共收到申请3件，其中网络申请2件，占66.7%。",
        "予以公开2件，占50%。",
    ],
)
def test_a_right_percentage_holds(text: str) -> None:
    assert result("N05", told(sound(), text)).outcome is Outcome.PASS


def test_a_wrong_percentage_is_named_with_the_right_one() -> None:
    finding = only_finding("N05", told(sound(), "共收到申请21件，其中网络申请7件，占比35.3%。"))
    assert finding.message == "正文写“其中网络申请7件，占比35.3%”，7÷21＝33.3%，与所写的35.3%不符"


def test_a_percentage_of_something_unsaid_is_not_assessable() -> None:
    assert result("N05", told(sound(), "图解信息17条，占比35%。")).outcome is Outcome.NOT_ASSESSABLE
    text = "共公开信息100条，其中网站信息50条，占网站信息历年总量的20%。"
    assert result("N05", told(sound(), text)).outcome is Outcome.NOT_ASSESSABLE


def test_a_percentage_of_an_outcome_is_that_of_the_table() -> None:
    text = "2023年，我街道共收到政府信息公开申请4件。予以公开2件，占{}%。"
    assert result("N05", told(sound(), text.format(50))).outcome is Outcome.PASS
    assert only_finding("N05", told(sound(), text.format(33.9))).expected == Decimal("50.0")
    assert result("N05", told(sound(), "予以公开1件，占33.9%。")).outcome is Outcome.NOT_ASSESSABLE


def test_a_text_without_percentages_is_no_case() -> None:
    assert result("N05", told(sound(), "电子化率达100%。")).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "text",
    [
        "收到" + "共计" * 2000 + "。",
        "收到政府信息公开申请" * 400,
        "字" * 300_000 + "12件，占5%",
        "共收到申请" + "9" * 6000 + "件，其中网络申请" + "9" * 6000 + "件、信函申请3件，占" + "9" * 6000 + "%。",
        "其中" * 2000 + "3件" * 500,
    ],
    ids=["adverbs", "verbs", "no full stop", "long numbers", "parts"],
)
@pytest.mark.timeout(120)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    results = check(told(sound(), text)).results
    assert results["X01"].outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("主动公开信息100条。其中：机构职能类40条，政策文件类50条，工作动态类20条。", 110),
        ("累计公开政府信息100条，包括财政预决算40条、行政执法50条、其他20条。", 110),
        ("共公开政府信息100条（机构职能40条、人事信息50条、规划计划20条）。", 110),
        # The same piece may stand in several places, but not more often in one than there are pieces.
        ("公开信息100条，其中网站公开120条，微信公众号公开60条。", 120),
        ("发布政务信息100篇，其中工作动态70篇、通知公告20篇、政策解读20篇。", 110),
    ],
)
def test_parts_behind_their_total_however_they_are_set_off(text: str, found: int) -> None:
    assert only_finding("N04", told(sound(), text)).found == found


@pytest.mark.parametrize(
    "text",
    [
        "收到申请12件，其中予以公开4件，不予公开3件，共办理答复13件。",
        "收到依申请公开信息13件，其中同意公开4件、不予公开3件、办结14件。",
        "接待咨询40人次，其中电话咨询30人次，现场咨询50人次。",
    ],
)
def test_what_was_asked_may_be_handled_more_often_than_it_was_received(text: str) -> None:
    assert result("N04", told(sound(), text)).outcome is Outcome.NOT_APPLICABLE


def test_a_share_of_the_total_beside_it_needs_no_word_for_all() -> None:
    for text in ("公开信息200条，其中政策文件50条，占{}%。", "公开信息200条，政策文件50条，占总数的{}%。"):
        assert result("N05", told(sound(), text.format(25))).outcome is Outcome.PASS
        assert only_finding("N05", told(sound(), text.format(35))).expected == 25
    # It is right for another number of the text: a person has to see which is meant.
    text = "共有信息500条。公开信息200条，其中政策文件50条，占10%。"
    assert result("N05", told(sound(), text)).outcome is Outcome.NOT_ASSESSABLE

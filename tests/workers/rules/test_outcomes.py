"""N02, N03 and N06: what the text and the office's list say against the tables; another scope is no witness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.listed_documents import CountedDocuments
from report.figure import State
from report.findings.finding import Outcome
from report.report import Report
from report.text.said import Statement
from report.text.statements import said_in
from tests.workers.rules.factory import changed, check, only_finding, result, sound, told
from workers.rules.context import Context

DISPUTES = ("review", "litigation", "disputes")


def outcome_statements(report: Report, names: tuple[str, ...]) -> list[Statement]:
    said = said_in(report, names).statements
    return [one for one in said if one.figure.startswith("requests.") and one.figure.split(".")[1] not in NOT_OUTCOMES]


def dispute_statements(report: Report, names: tuple[str, ...]) -> list[Statement]:
    return said_in(report, names).of(*DISPUTES)


NOT_OUTCOMES = ("received", "accepted")
START = "2023年，我街道共收到政府信息公开申请4件，上年结转1件。"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("收到政府信息公开申请4件，其中予以公开2件、不予公开1件。", [("granted", 2), ("refused", 1)]),
        ("共收到信息公开申请4件，其中：予以公开2件；无法提供2件。", [("granted", 2), ("not_provided", 2)]),
        (START + "办结4件，结转下年度继续办理1件。", [("carried_in", 1), ("processed_total", 4), ("carried_out", 1)]),
        (START + "其中，2件予以公开，2件无法提供。", [("carried_in", 1), ("granted", 2), ("not_provided", 2)]),
        (
            START + "办理结果为：予以公开两件，部分公开一件。",
            [("carried_in", 1), ("granted", 2), ("partly_granted", 1)],
        ),
        (
            "2023年我街道依申请公开办理情况如下：收到申请4件，不予处理１件，其他处理0件。",
            [("not_handled", 1), ("other", 0)],
        ),
        ("全年办结政府信息公开申请1,204件，1件结转至下年度办理。", [("processed_total", 1204), ("carried_out", 1)]),
        ("（二）依申请公开。2023年共办理依申请公开政府信息4件，予以公开2件。", [("handled", 4), ("granted", 2)]),
    ],
)
def test_a_clause_on_all_requests_is_a_witness(text: str, said: list[tuple[str, int]]) -> None:
    assert [
        (one.figure.removeprefix("requests."), one.value) for one in outcome_statements(told(sound(), text), ())
    ] == said


@pytest.mark.parametrize(
    "text",
    [
        "2022年收到政府信息公开申请4件，其中予以公开3件。",
        "区民政局收到政府信息公开申请4件，其中予以公开3件。",
        "全区收到政府信息公开申请40件，予以公开30件，办结40件。",
        "收到政府信息公开申请4件，其中网络申请3件，予以公开3件。",
        "收到政府信息公开申请4件，自然人申请3件，予以公开3件。",
        "收到行政复议案件9件，办结9件，结转下年度2件。",
        "承办热线工单120件，办结118件，结转下年度2件。",
        "办理人大代表建议和政协提案8件，均已办结8件。",
        "主动公开政府信息30条，予以公开30件。",
        "收到政府信息公开申请4件，较上年增加3件，予以公开比上年多2件。",
        "收到政府信息公开申请4件，涉及拆迁的3件，予以公开3件。",
        "全年受理信访事项12件，办结12件。",
        "协助市政府办公室办理政府信息公开申请2件，予以公开2件。",
        "按照规定对予以公开的信息3件进行了解读。",
        "上半年收到政府信息公开申请2件，予以公开2件。",
    ],
)
def test_a_clause_of_another_scope_is_no_witness(text: str) -> None:
    report = told(sound(), text)
    assert outcome_statements(report, ()) == []
    assert result("N02", report).outcome is Outcome.NOT_APPLICABLE


def test_n02_quotes_the_clause_and_both_numbers() -> None:
    finding = only_finding("N02", told(sound(), START + "其中予以公开3件，结转下年度1件。"))
    assert finding.message == "正文写“其中予以公开3件”，表三“（一）予以公开”总计为2，相差1"
    assert (finding.cells, finding.expected, finding.found) == (("requests.granted.total",), 2, 3)
    assert finding.severity.value == "warning"


def test_n02_adds_up_the_rows_of_a_group() -> None:
    finding = only_finding("N02", told(sound(), START + "其中无法提供5件。"))
    assert finding.message == "正文写“其中无法提供5件”，表三“（四）无法提供”3项的总计之和为2，相差3"
    assert len(finding.cells) == 3
    assert result("N02", told(sound(), START + "其中无法提供2件。")).outcome is Outcome.PASS


def test_n02_takes_one_row_for_other_as_it_stands() -> None:
    report = told(sound("2019"), "2019年，我街道共收到政府信息公开申请4件，其他处理1件。")
    assert only_finding("N02", report).cells == ("requests.other.total",)


def test_n02_lets_the_text_count_the_newly_received_only() -> None:
    report = told(sound(), "2023年，我街道共收到政府信息公开申请4件，其中予以公开1件。")
    judged = result("N02", report)
    assert judged.outcome is Outcome.NOT_ASSESSABLE and "上年结转" in (judged.reason or "")
    assert result("N02", told(sound(), START + "已办结3件。")).outcome is Outcome.NOT_ASSESSABLE
    assert only_finding("N02", told(sound(), START + "已办结5件。")).found == 5


@pytest.mark.parametrize(
    ("text", "cell"),
    [("上年结转2件", "requests.carried_in.total"), ("结转下年度继续办理3件", "requests.carried_out.total")],
)
def test_n02_takes_what_is_carried_over_by_its_word(text: str, cell: str) -> None:
    finding = only_finding("N02", told(sound(), f"2023年，我街道共收到政府信息公开申请4件，{text}。"))
    assert finding.cells == (cell,)


def test_n02_asks_a_person_where_only_one_of_several_clauses_agrees() -> None:
    report = told(sound(), START + "其中予以公开2件。另统计，2023年我街道共收到政府信息公开申请4件，予以公开9件。")
    judged = result("N02", report)
    assert (judged.outcome, judged.findings) == (Outcome.NOT_ASSESSABLE, ())


def test_n02_is_not_assessable_where_the_table_has_no_number() -> None:
    report = changed(told(sound(), START + "其中予以公开3件。"), {"requests.granted.total": State.BLANK})
    assert result("N02", report).outcome is Outcome.NOT_ASSESSABLE


def test_n02_knows_the_whole_place_of_a_government() -> None:
    report = replace(told(sound(), "2023年全区共收到政府信息公开申请4件，予以公开3件。"), agency="洪泽区人民政府")
    assert only_finding("N02", report).found == 3
    assert result("N02", told(sound(), "2023年全区共收到政府信息公开申请4件，予以公开3件。")).findings == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023年，因政府信息公开被申请行政复议3件，被提起行政诉讼0件。", [("review", 3), ("litigation", 0)]),
        ("政府信息公开行政复议案件三件。", [("review", 3)]),
        ("没有因政府信息公开被申请行政复议或者提起行政诉讼。", [("review", 0), ("litigation", 0)]),
        ("2023年未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", [("review", 0), ("litigation", 0)]),
        ("政府信息公开行政复议、行政诉讼案件均为0件。", [("review", 0), ("litigation", 0)]),
        ("无政府信息公开行政诉讼案件。", [("litigation", 0)]),
    ],
)
def test_a_sentence_on_disputes_over_disclosure_is_a_witness(text: str, said: list[tuple[str, int]]) -> None:
    report = told(told(sound(), text), "", "disputes")
    assert [(one.figure, one.value) for one in dispute_statements(report, ())] == said


@pytest.mark.parametrize(
    "text",
    [
        "2023年全区收到行政复议案件134件。",
        "政府信息公开类行政复议备案57件。",
        "作为复议机关，受理政府信息公开行政复议案件12件。",
        "审理政府信息公开行政诉讼案件8件。",
        "2022年因政府信息公开被申请行政复议5件。",
        "未因政府信息公开被行政复议机关纠错。",
        "政府信息公开行政诉讼案件应诉6件。",
        "告知申请人依法申请行政复议或提起行政诉讼的权利，未收到意见，信息公开。",
        "以来共发生政府信息公开行政复议30余件。",
        "行政复议9件。",
    ],
)
def test_filings_and_what_a_body_hears_itself_are_no_witness(text: str) -> None:
    report = told(told(sound(), text), "", "disputes")
    assert dispute_statements(report, ()) == []
    assert result("N03", report).outcome is Outcome.NOT_APPLICABLE


def test_n03_is_for_a_person_and_names_both_numbers() -> None:
    finding = only_finding("N03", told(sound(), "因政府信息公开被申请行政复议5件。", "disputes"))
    assert finding.message == "正文写“因政府信息公开被申请行政复议5件”，表四“行政复议”的总计为3，相差2"
    assert (finding.severity.value, finding.expected, finding.found) == ("human", 3, 5)


def test_n03_lets_pending_reviews_and_kinds_of_lawsuits_be_counted_apart() -> None:
    text = "因政府信息公开被申请行政复议2件，被提起行政诉讼1件。"
    report = changed(
        told(sound(), text, "disputes"),
        {
            "litigation_direct.upheld": 1,
            "litigation_direct.total": 1,
            "litigation_after_review.upheld": 4,
            "litigation_after_review.total": 4,
        },
    )
    assert result("N03", report).outcome is Outcome.PASS


def test_n03_is_not_assessable_where_table_four_is_blank() -> None:
    report = changed(told(sound(), "政府信息公开的行政复议申请0件。", "disputes"), {"review.total": State.BLANK})
    assert result("N03", report).outcome is Outcome.NOT_ASSESSABLE


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请4件，" + "其中" * 2000 + "予以公开3件。",
        "收到政府信息公开申请4件，" + "予以公开" * 1500 + "件。",
        "没有" * 3000 + "行政复议" * 500,
        "行政复议" + "共" * 4000 + "3件，信息公开。",
        "本报告由" + "街道" * 2000 + "编制。",
        "收到向" + "政府" * 2000 + "提出的申请5件。",
        "（" * 3000 + "包括主动公开" * 300,
        "报告" + "共" * 4000 + "部分",
    ],
    ids=["leads", "labels", "none", "counts", "compiled", "addressed", "brackets", "parts"],
)
@pytest.mark.timeout(120)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    report = replace(told(sound(), text), opening=text)
    assert check(report, Context()).results["X01"].outcome is Outcome.PASS


DOCUMENTS = "proactive.normative_documents"


def test_table_two_is_held_against_the_list_of_documents_where_the_office_has_given_one() -> None:
    report = changed(sound(), {f"{DOCUMENTS}.issued": 3, f"{DOCUMENTS}.repealed": 0, f"{DOCUMENTS}.in_force": 9})
    listed = Context(listed=CountedDocuments(issued=3, repealed=0, in_force=None))
    assert result("N06", report, listed).outcome is Outcome.PASS
    finding = only_finding("N06", report, Context(listed=CountedDocuments(issued=2, repealed=0, in_force=9)))
    assert finding.cells == (f"{DOCUMENTS}.issued",) and (finding.expected, finding.found) == (2, 3)
    assert finding.message.endswith("为3，司法行政部门的规范性文件清单为2件，相差1")
    blank = changed(report, {f"{DOCUMENTS}.issued": State.BLANK})
    assert result("N06", blank, listed).outcome is Outcome.NOT_ASSESSABLE
    # A government's table counts its whole area, a list the documents of single agencies.
    government = replace(listed, agency_kind="government", listed=CountedDocuments(2, 0, 9))
    assert result("N06", report, government).outcome is Outcome.NOT_APPLICABLE

"""D15 to D18: what is cited, personal data that is never repeated, an office's wishes, and the contact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.wanted import Wanted
from report.findings.finding import Outcome
from report.report import Report
from tests.workers.rules.factory import check, only_finding, result, sound, told
from workers.rules.context import Context

# No person's: the example of GB 11643, and a number that passes the check of bank cards.
IDENTITY, ACCOUNT = "11010519491231002X", "6222600260001072444"


def opened(text: str, year: int = 2023) -> Report:
    return replace(sound("2021" if year > 2020 else "2019", year), opening=text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("根据《政府信息公开条例》和国办公开办函〔2021〕30号编制。", 2023),
        ("依据《中华人民共和国政府信息公开条例》（国务院令第711号）编制。", 2023),
        ("按照《政府信息公开工作年度报告格式》（国办公开办函[2021]30号）编制。", 2022),
        ("按照《年度报告格式（试行）》（国办公开办函〔2019〕60号）编制。", 2020),
        ("按照国办公开办函〔2021〕30号（代替国办公开办函〔2019〕60号）编制。", 2023),
        ("根据《北京市政府信息公开规定》和《条例》编制。", 2023),
        ("组织学习《中华人民共和国信息公开条例》。", 2023),
        ("落实《关于政府信息公开平台建设的通知》（国办公开办函〔2019〕61号）。", 2023),
    ],
)
def test_a_right_or_another_citation_is_no_case(text: str, year: int) -> None:
    assert result("D15", opened(text, year)).findings == ()


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("根据《中华人民共和国信息公开条例》编制。", 2023, "中华人民共和国政府信息公开条例"),
        ("根据《中华人民共和国政府信息公开条例》（国务院令第492号）编制。", 2023, "711"),
        ("按照年度报告有关事项的通知（国办公开办函〔2019〕60号）编制。", 2022, "国办公开办函〔2021〕30号"),
        ("按照年度报告格式（国办公开办函〔2021〕31号）编制。", 2022, "国办公开办函〔2021〕30号"),
    ],
)
def test_a_wrong_citation_is_named_with_the_right_one(text: str, year: int, expected: str) -> None:
    assert only_finding("D15", opened(text, year)).expected == expected


@pytest.mark.parametrize(
    "text",
    [
        f"申请人李某的身份证号为{IDENTITY}。",
        "村民王某某手机13912345678，已答复。",
        f"申请人张某，开户行某某银行，账号{ACCOUNT}。",
    ],
)
def test_personal_data_is_found_and_shown_nowhere(text: str) -> None:
    finding = only_finding("D16", told(sound(), text))
    digits = [number for number in (IDENTITY, "13912345678", ACCOUNT) if number in text]
    assert "*" in finding.message and "*" in str(finding.found)
    assert not any(number in f"{finding}" for number in digits)


@pytest.mark.parametrize(
    "text",
    [
        "如有疑问，请与街道办事处联系（电话：13912345678）。",
        "统一社会信用代码11010519491231003X，索引号110105194912310033。",
        "联系电话：010-64636785，邮编100020。",
        "阅读量13912345678901次。",
    ],
)
def test_an_offices_own_numbers_are_no_personal_data(text: str) -> None:
    assert result("D16", told(sound(), text)).outcome is Outcome.PASS


def test_a_number_of_which_nobody_knows_whose_it_is_accuses_nobody() -> None:
    judged = result("D16", told(sound(), "值班手机13912345678。"))
    assert judged.outcome is Outcome.NOT_ASSESSABLE
    assert "13912345678" not in (judged.reason or "")


@pytest.mark.parametrize("number", [IDENTITY, "13912345678"])
def test_what_any_rule_quotes_has_personal_data_masked(number: str) -> None:
    judged = check(told(sound(), f"存在的问题：{number}李某。", "problems"))
    (quoting,) = judged.results["D11"].findings
    assert f"{number[:3]}***" in quoting.message and f"{number[:3]}***" in str(quoting.found)
    judged = check(told(sound(), f"2023年我街道收到申请人李某{number}提出的政府信息公开申请7件。"))
    assert any(f"{number[:3]}***" in sentence.text for sentence in judged.sentences)
    assert f"{number[:3]}***" in str(judged.results["N01"].reason)
    assert number not in f"{judged}"


def test_what_an_office_wants_of_section_one() -> None:
    wanted = Wanted(numbers={"政策解读": ("解读",), "培训": ("培训",)}, longest=100)
    text = "发布政策解读两篇。没有开展培训。"
    assert result("D17", told(sound(), text), Context(wanted=wanted)).outcome is Outcome.PASS
    assert result("D17", told(sound(), text)).outcome is Outcome.NOT_APPLICABLE
    finding = only_finding("D17", told(sound(), "加强政策解读。没有开展培训。"), Context(wanted=wanted))
    assert (finding.found, finding.severity.value) == ("政策解读", "human")
    finding = only_finding("D17", told(sound(), text + "字" * 100), Context(wanted=wanted))
    assert (finding.expected, finding.found) == (100, 116)


def test_the_contact_may_stand_in_the_next_sentence() -> None:
    text = "如有疑问，请与左家庄街道办事处联系。电话：64636785。"
    assert result("D18", told(sound(), text, "other")).outcome is Outcome.PASS
    assert result("D18", told(sound(), "无。", "other"), Context()).outcome is Outcome.NOT_APPLICABLE

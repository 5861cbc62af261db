"""The grammar of config/sentences.yaml: each example is read, and a file with a fault is refused with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.sentences import SentencePattern, read_sentences, sentences_file
from config.yaml_file import PACKAGED, ConfigurationError
from report.text.said import Doubt, NoWitness, Said, Topic
from report.text.statements import said_in
from tests.workers.rules.factory import sound

EXAMPLES = [
    (pattern, sentence, value) for pattern in sentences_file().patterns for sentence, value in pattern.examples.items()
]


def said(text: str, kind: str = "overview", agency: str = "东湖县自然资源局", year: int = 2023) -> Said:
    """What one text says, standing alone in a section."""
    report = replace(sound(), agency=agency, year=year, opening="")
    sections = tuple(replace(one, text=text if one.kind == kind else "") for one in report.sections)
    return said_in(replace(report, sections=sections))


@pytest.mark.parametrize(("pattern", "sentence", "value"), EXAMPLES, ids=[sentence for _, sentence, _ in EXAMPLES])
def test_each_example_is_read(pattern: SentencePattern, sentence: str, value: float) -> None:
    kind = "disputes" if pattern.within == "disputes" else "overview"
    assert value in [float(one.value) for one in said(sentence, kind).statements]


@pytest.mark.parametrize(
    ("agency", "subject"),
    [
        ("东湖县自然资源局", "东湖县自然资源局"),
        ("东湖县自然资源局", "县自然资源局"),
        ("东湖县自然资源局", "自然资源局"),
        ("东湖高新区管理委员会", "高新区管委会"),
        ("东湖区公共资源交易中心", "区公共资源交易中心"),
        ("东湖区人民政府办公室", "区政府办公室"),
        ("东湖区人民政府办公室", "区政府办"),
        ("东湖县卫生健康委员会", "县卫生健康委"),
        ("东湖县发展和改革委员会", "县发改委"),
        ("东湖市财政局", "市局"),
        ("东湖市公安局东湖分局", "分局"),
        ("东湖区国有资产监督管理局", "区政府国资局"),
        ("白云区云山镇", "云山镇人民政府"),
        ("左家庄街道办事处", "北京市朝阳区左家庄街道"),
        ("东湖区财政局", "我局"),
        ("东湖区财政局", "本单位"),
    ],
)
def test_an_agency_knows_itself_by_what_people_call_it(agency: str, subject: str) -> None:
    (one,) = said(f"2023年，{subject}共收到政府信息公开申请5件。", agency=agency).statements
    assert (one.figure, one.value) == ("requests.received", 5)


@pytest.mark.parametrize(
    ("agency", "subject"),
    [
        ("东湖县自然资源局", "市自然资源局"),
        ("东湖县自然资源局", "西湖县自然资源局"),
        ("东湖县财政局", "市局"),
        ("东湖县财政局", "县政府办公室"),
        ("东湖区民政局", "区财政局"),
        ("东湖区财政局", "全区"),
        ("东湖区财政局", "各街道"),
        ("东湖区财政局", "区政府"),
        ("东湖区人民政府", "区政府"),
        ("东湖区人民政府", "区本级"),
    ],
)
def test_another_body_is_another_scope(agency: str, subject: str) -> None:
    assert said(f"2023年，{subject}共收到政府信息公开申请5件。", agency=agency).statements == ()


def test_a_clause_with_a_word_that_nobody_knows_says_so() -> None:
    (unclear,) = said("2023年，我局玄妙地收到政府信息公开申请5件。").unclear
    assert (unclear.topic, unclear.why, unclear.unknown) == (
        Topic.RECEIVED,
        NoWitness.NOT_UNDERSTOOD,
        ("玄妙地",),
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2022年收到政府信息公开申请5件。", NoWitness.OTHER_PERIOD),
        ("2023年，我局收到政府信息公开申请约5件。", NoWitness.ABOUT),
        ("2023年，我局通过网络收到政府信息公开申请5件。", NoWitness.CHANNEL),
        ("2023年，我局收到涉及征地、拆迁领域的政府信息公开申请12件。", NoWitness.SUBJECT_MATTER),
        ("2023年，各部门收到政府信息公开申请5件。", NoWitness.OTHER_BODY),
        ("共受理申请，其中我局收到政府信息公开申请5件。", NoWitness.PART),
    ],
)
def test_another_scope_has_its_name(text: str, why: NoWitness) -> None:
    found = said(text)
    assert ([one.why for one in found.unclear], found.statements) == ([why], ())


def test_granted_or_partly_granted_is_the_sum_of_both() -> None:
    found = said("2023年，我局共收到政府信息公开申请300件，其中予以公开和部分公开258件。")
    assert found.statements[-1].figure == "requests.granted+requests.partly_granted"


def test_both_kinds_of_disputes_together_are_not_taken_for_lawsuits() -> None:
    (one,) = said("因政府信息公开被申请行政复议和提起行政诉讼共5件。", "disputes").statements
    assert (one.figure, one.value) == ("disputes", 5)


# As real reports of 2019 to 2025 have it, rephrased, names replaced: what is said of the tables, and nothing else.
REAL: list[tuple[str, list[tuple[str, int]]]] = [
    ("全年没有发生因政府信息公开申请行政复议和提起行政诉讼的情况。", [("litigation", 0), ("review", 0)]),
    ("全年新收政府信息公开申请数量0件，上年结转政府信息公开申请数量0件。", [("carried_in", 0), ("received", 0)]),
    (
        "2023年，我局共收到信息公开申请7件，上年度结转1件；予以公开3件，无法提供4件，结转下年继续办理1件。",
        [("carried_in", 1), ("carried_out", 1), ("granted", 3), ("not_provided", 4), ("received", 7)],
    ),
    ("今年共收到依申请公开政府信息情况1件，属网上申请，已按期回复申请人。", [("received", 1)]),
    ("本年度，共受理政府信息公开申请2件，都在法定期限内予以答复。", [("accepted", 2)]),
    ("2023年，我局全年未收到行政许可申请；全年未接到信息公开申请。", [("received", 0)]),
    ("截止2023年12月31日，我局主动公开的信息15条，未收到申请公开政府信息要求。", [("received", 0)]),
    ("2023年我局没有接到群众主动要求公开政府信息的申请。", [("received", 0)]),
    ("2023年受理依申请公开0件，因政府信息公开引起的行政复议0件、行政诉讼0件。",
     [("accepted", 0), ("litigation", 0), ("review", 0)]),
    ("我局共发文96件，其中主动公开文件0件，不公开文件96件，依申请公开0件。", []),
    ("主动公开规章13件（含新制定5件，修改4件，废止4件），行政规范性文件42件。", []),
    ("全年公开各类信息165条。其中，行政规范性文件0条，行政许可类信息10条，行政处罚类信息0条。", []),
    ("制定发布规范性文件4件，清理废止文件0件，现行有效文件20件。", [("normative_documents.issued", 4)]),
    ("收到248条网民留言，办结留言230条，公开答复4条。", []),
    ("公开区政府常务会等会议信息30条，规范性文件20条，建议提案办理725条。", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right"), REAL, ids=[text[:20] for text, _ in REAL])
def test_wordings_of_real_reports(text: str, right: list[tuple[str, int]]) -> None:
    found = {
        (one.figure.removeprefix("requests.").removeprefix("proactive."), one.value)
        for one in said(text).statements
        if one.doubt is not Doubt.IN_GENERAL
    }
    assert sorted(found) == right


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("head none accept object", "head none akzept object", "不认识"),
        ("  lead: [情况,", "  lead: [情况, 情况,", "出现两次"),
        ("  tail: (and|adverb|", "  tail: ((and)*|adverb|", "重复之内又有重复"),
        ("head none accept object", "head none (accept object", "括号"),
        ("head none accept object", "head accept object", "一个 number"),
    ],
)
def test_a_fault_names_file_line_and_remedy(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    text = (PACKAGED / "sentences.yaml").read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "sentences.yaml"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=fault) as caught:
        read_sentences(path)
    assert caught.value.where.startswith(f"{path}:")

"""D03 over whom reports speak of: their own names, whom they report to, who received requests; another's left over.

The truth was written by hand before the code: ``pass``, ``open`` (a person has to look), or the other body's name.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.agency_names import of_another_place
from report.findings.finding import Outcome
from tests.workers.rules.factory import result, sound, told

B = "政府信息公开工作年度报告"
W = "清源县水务局"
S = "清源县城关街道办事处"
G = "清源县人民政府"
OFFICE = "清源县人民政府办公室"
T = "清源县共和镇人民政府"
F = "清源县公安局城北分局"
K = "清源经济开发区管理委员会"
TAX = "国家税务总局清源县税务局"
CULTURE = "清源县文化和旅游局（清源县文物局）"
# The agency, whether the text is the opening, the text, the truth.
CASES: tuple[tuple[str, int, str, str], ...] = (
    # openings that report to somebody
    (W, 1, f"清源县人民政府办公室：\n现将我局2024年{B}报告如下：", "pass"),
    (W, 1, f"县政府办公室：\n根据要求，现将清源县水务局2024年{B}如下。", "pass"),
    (W, 1, f"按照要求，向清源县人民政府办公室报告我局2024年{B}。", "pass"),
    (W, 1, f"按照《条例》要求，向县政府办报送2024年{B}。", "pass"),
    (W, 1, f"根据县政府办公室要求，现将2024年度{B}报告如下。", "pass"),
    (W, 1, f"现将清源县水务局2024年{B}报告如下。", "pass"),
    (W, 1, f"现将县水务局2024年{B}公布如下。", "pass"),
    (W, 1, f"现将我局2024年{B}向县人民政府报告如下。", "pass"),
    (W, 1, f"按照清源县人民政府办公室的统一部署，编制清源县水务局2024年{B}。", "pass"),
    (W, 1, f"根据清源县人民政府办公室部署编制2024年{B}。", "pass"),
    (W, 1, f"根据清源县政务公开办2024年{B}编制要求，结合我局实际，编制本报告。", "pass"),
    (W, 1, f"依据县政务服务局2024年{B}填报系统的要求编制。", "pass"),
    (W, 1, f"清源县水务局2024年{B}", "pass"),
    (W, 1, "本报告系清源县水务局根据《条例》编制。", "pass"),
    (W, 1, "本报告由清源县水务局办公室牵头编制。", "pass"),
    (W, 1, "本报告由局办公室编制。", "pass"),
    (W, 1, "本报告由清源县水务局综合股编制，经县政府办公室审核后公布。", "pass"),
    (W, 1, "本报告由清源县水务局编制，报清源县人民政府办公室备案。", "pass"),
    (W, 1, f"经清源县人民政府办公室审定，现公布清源县水务局2024年{B}。", "pass"),
    (W, 1, f"受清源县人民政府委托，清源县水务局编制2024年{B}。", "pass"),
    (W, 1, f"对照清源县人民政府2024年{B}的体例，编制本报告。", "pass"),
    (W, 1, f"清源县人民政府2024年{B}已于3月公布，我局据此编制本报告。", "pass"),
    (W, 1, f"现将《清源县水务局2024年{B}》予以公布，接受社会监督。", "pass"),
    (OFFICE, 1, f"本报告由清源县人民政府办公室编制。现公布县政府办公室2024年{B}。", "pass"),
    (OFFICE, 1, f"现公布清源县人民政府2024年{B}。", "open"),
    (G, 1, "本报告由清源县人民政府办公室编制。", "pass"),
    (G, 1, "本报告由清源县政务服务和数据管理局根据全县各镇、各部门报送的数据编制。", "pass"),
    (G, 1, f"现公布清源县2024年{B}。", "pass"),
    (S, 1, f"现公布城关街道2024年{B}。", "pass"),
    (S, 1, f"根据清源县人民政府要求，城关街道办现公布2024年{B}。", "pass"),
    (T, 1, f"现公布共和镇2024年{B}。", "pass"),
    (F, 1, f"现公布城北分局2024年{B}。", "pass"),
    (F, 1, f"现公布清源县公安局2024年{B}。", "open"),
    (K, 1, f"现公布清源经开区2024年{B}。", "pass"),
    (K, 1, f"现公布开发区管委会2024年{B}。", "pass"),
    (CULTURE, 1, f"现公布清源县文化和旅游局2024年{B}。", "pass"),
    (CULTURE, 1, f"现公布清源县文物局2024年{B}。", "pass"),
    ("清源县数据局", 1, f"原清源县大数据中心更名为清源县数据局，现公布2024年{B}。", "pass"),
    (TAX, 1, f"现公布清源县税务局2024年{B}。", "pass"),
    (TAX, 1, f"根据国家税务总局2024年{B}编制要求，编制本报告。", "pass"),
    (TAX, 1, f"国家税务总局清源县税务局现公布2024年{B}。", "pass"),
    ("中共清源县委宣传部", 1, f"现公布县委宣传部2024年{B}。", "pass"),
    ("清源县信访局", 1, f"现公布清源县信访办公室2024年{B}。", "open"),
    ("清源县第一中学", 1, f"根据县教育局要求，现公布清源一中2024年{B}。", "pass"),
    ("清源县人民医院", 1, f"根据清源县卫生健康局2024年{B}工作要求，编制清源县人民医院2024年{B}。", "pass"),
    # left-overs
    (W, 1, f"现公布清源县财政局2024年{B}。", "清源县财政局"),
    (W, 1, "本报告由清源县教育局根据《条例》编制。", "清源县教育局"),
    (S, 1, f"现公布东湖街道2024年{B}。", "东湖街道"),
    (T, 1, f"现公布大垅乡人民政府2024年{B}。", "大垅乡人民政府"),
    (W, 1, f"特编制清源县交通运输局2024年{B}。", "清源县交通运输局"),
    # places
    (W, 1, f"现公布东岭市水务局2024年{B}。", "open"),
    (W, 1, f"现公布清河县水务局2024年{B}。", "清河县水务局"),
    (S, 1, f"现公布白云县城关街道办事处2024年{B}。", "白云县城关街道办事处"),
    # received
    (W, 0, "2024年，清源县水务局收到政府信息公开申请3件。", "pass"),
    (W, 0, "2024年，县水务局共收到政府信息公开申请3件。", "pass"),
    (W, 0, "2024年，清源县财政局收到政府信息公开申请3件。", "open"),
    (W, 0, "全年县财政局共受理政府信息公开申请3件，均已办结。", "open"),
    (W, 0, "2024年，县政府办公室收到政府信息公开申请3件。", "open"),
    (W, 0, "收到县政府办公室转办的政府信息公开申请3件。", "pass"),
    (W, 0, "收到清源县财政局移送的政府信息公开申请1件。", "pass"),
    (W, 0, "县政府办公室收到申请后转我局办理1件。", "pass"),
    (W, 0, "受理公民向县政府提出的由我局承办的政府信息公开申请5件。", "pass"),
    (W, 0, "以县政府名义答复公民向县政府提出的政府信息公开申请5件。", "pass"),
    (W, 0, "代县政府办理向县政府提出的政府信息公开申请2件。", "pass"),
    (W, 0, "收到公民向县水务局提出的政府信息公开申请5件。", "pass"),
    (W, 0, "收到公民、法人向局机关及下属单位提出的政府信息公开申请5件。", "pass"),
    (W, 0, "收到公民向财政局提出的政府信息公开申请5件。", "财政局"),
    (OFFICE, 0, "收到公民向县政府提出的政府信息公开申请5件。", "pass"),
    (OFFICE, 0, "收到公民向清源县人民政府提出的政府信息公开申请5件。", "pass"),
    (OFFICE, 0, "收到向县政府及县政府办公室提出的政府信息公开申请5件。", "pass"),
    (G, 0, "全县共收到政府信息公开申请50件，其中县财政局收到政府信息公开申请3件。", "pass"),
    (G, 0, "收到公民向县政府提出的政府信息公开申请5件。", "pass"),
    (S, 0, "2024年，城关街道收到政府信息公开申请3件。", "pass"),
    (S, 0, "2024年，城关街道办收到政府信息公开申请3件。", "pass"),
    (S, 0, "2024年，东湖街道收到政府信息公开申请3件。", "东湖街道"),
    (S, 0, "2024年，县政府收到政府信息公开申请3件。", "open"),
    (S, 0, "2024年，县司法局收到对我街道的行政复议申请3件。", "pass"),
    (F, 0, "2024年，城北分局收到政府信息公开申请3件。", "pass"),
    (F, 0, "2024年，县公安局收到政府信息公开申请3件。", "open"),
    (F, 0, "2024年，分局收到政府信息公开申请3件。", "pass"),
    (K, 0, "2024年，开发区收到政府信息公开申请3件。", "pass"),
    (K, 0, "2024年，管委会收到政府信息公开申请3件。", "pass"),
    (W, 0, "2024年，我局收到来自县财政局职工的政府信息公开申请1件。", "pass"),
    (W, 0, "2024年，局属各单位收到政府信息公开申请0件。", "pass"),
    (W, 0, "2024年，县水利服务中心收到政府信息公开申请0件。", "open"),
    (W, 0, "2024年，收到政府信息公开申请3件，其中向县水务局提出2件，向县河长办提出1件。", "pass"),
)


@pytest.mark.parametrize(("agency", "opening", "text", "truth"), CASES)
def test_d03_tells_another_body_from_whom_a_report_speaks_of(agency: str, opening: int, text: str, truth: str) -> None:
    report = replace(sound("2021", 2024), agency=agency, title=f"{agency}2024年{B}", opening="")
    judged = result("D03", replace(report, opening=text) if opening else told(report, text))
    said = {Outcome.PASS: "pass", Outcome.NOT_ASSESSABLE: "open"}.get(judged.outcome)
    assert (said or ",".join(str(finding.found) for finding in judged.findings)) == truth


@pytest.mark.parametrize(
    ("name", "own", "elsewhere"),
    [
        ("清河县水务局", "清源县水务局", True),
        ("东岭市清河县水务局", "东岭市清源县水务局", True),
        ("清源县水务局", "东岭市清源县水务局", False),
        ("东岭市水务局", "清源县水务局", False),
        ("县水务局", "清源县水务局", False),
        ("杭州市西湖区财政局", "西湖区财政局", False),
        ("广州市云山镇人民政府", "白云区云山镇", False),
        ("清源经济开发区管理委员会", "清源县人民政府", False),
        ("城区分局", "清源县公安局城区分局", False),
        ("市场监督管理局", "清源县市场监督管理局", False),
    ],
)
def test_another_place_is_one_of_the_same_level_and_another_name(name: str, own: str, elsewhere: bool) -> None:
    assert of_another_place(name, [own]) is elsewhere

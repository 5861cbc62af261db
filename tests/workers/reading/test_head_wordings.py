"""Agency, year and period of whole documents in every wording that was seen of title and period."""

from __future__ import annotations

from datetime import date

import pytest

from config.forms import load_forms
from report.form import make_form
from report.report import Report
from workers.reading.hints import Hints
from workers.reading.read import read_document

FORMS = {name: make_form(file) for name, file in load_forms().items()}
# Words of time and number stand inside names, and 政府 is shared with the standard wording.
AGENCIES = (
    "清源县自然资源局",
    "东岭市新华区共和镇人民政府",
    "青原区总布街道办事处",
    "云溪高新技术产业开发区管理委员会",
)
WHOLE = (date(2024, 1, 1), date(2024, 12, 31))
PERIOD = "本报告所列数据的统计期限自2024年1月1日起至2024年12月31日止。"

TITLES = (
    "{a}2024年政府信息公开工作年度报告",
    "2024年{a}政府信息公开工作年度报告",
    "2024年度{a}政府信息公开工作年度报告",
    "2024{a}2024年度政府信息公开工作年度报告",
    "{a}关于2024年政府信息公开工作的年度报告",
    "{a}关于2024年度政府信息公开工作年度报告",
    "2024年政府信息公开工作年度报告——{a}",
    "2024年政府信息公开工作年度报告（{a}）",
    "2024年政府信息公开工作年度报告\n（{a}）",
    "2024年政府信息公开工作年度报告\n{a}",
    "{a}\n2024年政府信息公开工作年度报告",
    "清政发〔2025〕2号\n{a}\n2024年政府信息公开工作年度报告",
    "清政发〔2025〕2号\n{a}2024年政府信息公开工作年度报告",
    "{a}2024年政府信息工作年度报告",
    "{a}2024年度政务公开工作年度报告",
    "附件：{a}2024年政府信息公开工作年度报告",
    "附件\n{a}2024年政府信息公开工作年度报告",
    "{a}2024年政府信息公开工作年度报告（2025.01.13）",
    "{a}2024年政府信息公开工作年度报告 2025-01-23",
    "{a}政府信息公开工作年度报告（2024年度）",
    "{a}二〇二四年政府信息公开工作年度报告",
)
PERIODS = (
    "统计期限自2024年1月1日起至2024年12月31日止。",
    "统计期限自2024年1月1日始至2024年12月31日止。",
    "统计期限为2024.1.1—2024.12.31。",
    "统计期限为2024年1月至12月。",
    "统计期限为2024年元月1日至12月31日。",
    "统计期限为2024年1月1日（含）至2024年12月31日（含）。",
    "统计期限为2024年1月1日0时至2024年12月31日24时。",
    "所列数据的统计期限从2024年1月1日至12月31日。",
    "数据统计时间为2024年1月1日—2024年12月31日。",
)


HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def read(title: str, period: str = PERIOD) -> Report:
    head = "".join(f"<p align='center'>{line}</p>" for line in title.split("\n"))
    body = f"<p>{period}</p>" + "".join(f"<h2>{heading}</h2><p>见下。</p>" for heading in HEADINGS)
    page = f"<html><meta charset='utf-8'><body>{head}{body}</body></html>"
    return read_document(page.encode(), source="report.html", forms=FORMS, hints=Hints())


@pytest.mark.parametrize("title", TITLES)
def test_agency_and_year_of_a_title(title: str) -> None:
    for agency in AGENCIES:
        report = read(title.format(a=agency))
        assert (report.agency, report.year, report.period) == (agency, 2024, WHOLE)


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("清源县共和镇人民政府信息公开工作年度报告", "清源县共和镇人民政府"),
        ("清源县教育局（清源县体育局）2024年政府信息公开工作年度报告", "清源县教育局（清源县体育局）"),
        ("2024清源县大垅乡政府信息公开工作年度报告", "清源县大垅乡"),
    ],
)
def test_names_that_share_their_end_or_have_a_second_one(title: str, agency: str) -> None:
    report = read(title)
    assert (report.agency, report.year) == (agency, 2024)


@pytest.mark.parametrize("period", PERIODS)
def test_period(period: str) -> None:
    report = read("清源县自然资源局2024年政府信息公开工作年度报告", period)
    assert (report.period, report.year) == (WHOLE, 2024)

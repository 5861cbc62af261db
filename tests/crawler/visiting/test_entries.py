"""From a title and its place to agency and year, without guessing."""

from __future__ import annotations

import pytest

from config.agencies import AgencyEntry, DistrictFile, Watched, load_districts
from config.portals import PortalColumn
from crawler.visiting.entries import judge_entry, year_of_place
from crawler.visiting.register import Register

COLUMN = PortalColumn(id="gknb", name="政府信息公开年报", address="/gknb/")
CHAOYANG = Register(load_districts()["朝阳区"])
GOVERNMENT = Register(
    DistrictFile(
        district="朝阳区",
        portal="chaoyang",
        watched=Watched(first=2025),
        agencies=(
            AgencyEntry(
                id="government",
                name="北京市朝阳区人民政府",
                short="朝阳区",
                kind="government",
                aliases=("北京市朝阳区",),
            ),
            AgencyEntry(id="wangjing", name="北京市朝阳区人民政府望京街道办事处", short="望京街道", kind="subdistrict"),
        ),
    )
)


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        ("北京市朝阳区左家庄街道2019年政府信息公开工作年度报告", "chaoyang-zuojiazhuang", 2019),
        ("2014年北京市朝阳区东湖街道办事处筹备处政府信息公开工作年度报告", "chaoyang-donghu", 2014),
        ("北京市朝阳区人民政府南磨房地区办事处2025年政府信息公开工作年度报告", "chaoyang-nanmofang", 2025),
        ("南磨房乡人民政府2025年度政府信息公开工作年度报告", "chaoyang-nanmofang", 2025),
        ("朝阳区常营回族乡2025年政府信息公开工作年度报告", "chaoyang-changying", 2025),
        ("2025年 望京街道 政府信息公开工作年度报告（图片版）", "chaoyang-wangjing", 2025),
        ("北京市朝阳区人民政府首都机场街道办事处二〇二五年政府信息公开工作年度报告", "chaoyang-shoudujichang", 2025),
    ],
)  # fmt: skip
def test_agency_and_year_of_a_title(title: str, agency: str, year: int) -> None:
    judged = judge_entry(title, "http://example.cn/a.html", COLUMN, CHAOYANG)
    assert (judged.is_report, judged.agency, judged.year, judged.reason) == (True, agency, year, "")


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("北京市朝阳区望京街道社区服务中心2025年政府信息公开工作年度报告", "望京街道社区服务中心"),
        ("北京市朝阳区机关后勤服务中心2020年政府信息公开工作年度报告", "机关后勤服务中心"),
        ("北京市海淀区八里庄街道2025年政府信息公开工作年度报告", "海淀区八里庄街道"),
        ("北京市朝阳区统计局2025年政府信息公开工作年度报告", "统计局"),
    ],
)
def test_a_name_that_only_contains_an_agency_is_assigned_to_nobody(title: str, named: str) -> None:
    judged = judge_entry(title, "http://example.cn/a.html", COLUMN, CHAOYANG)
    assert (judged.is_report, judged.agency) == (True, None)
    assert named in judged.reason
    assert "不在机关名录中" in judged.reason


def test_a_district_is_its_government_and_not_everything_in_it() -> None:
    def agency(title: str) -> str | None:
        return judge_entry(title, "http://example.cn/a.html", COLUMN, GOVERNMENT).agency

    assert agency("2017年北京市朝阳区政府信息公开工作年度报告") == "government"
    assert agency("北京市朝阳区人民政府2025年政府信息公开工作年度报告") == "government"
    assert agency("北京市朝阳区望京街道2025年政府信息公开工作年度报告") == "wangjing"
    assert agency("北京市朝阳区人民政府办公室2025年政府信息公开工作年度报告") is None
    assert agency("北京市朝阳区大屯街道2025年政府信息公开工作年度报告") is None


@pytest.mark.parametrize(
    "title",
    [
        "《左家庄街道2019年政府信息公开工作年度报告》解读",
        "一图读懂：望京街道2025年政府信息公开工作年度报告",
        "关于做好2025年政府信息公开工作年度报告编制和发布工作的通知",
        "政府信息公开工作年度报告制度",
        "朝阳区召开2025年政府信息公开工作年度报告部署会",
        "春节期间值班安排",
    ],
)
def test_what_is_no_report_is_dropped_with_a_reason(title: str) -> None:
    judged = judge_entry(title, "http://example.cn/a.html", COLUMN, CHAOYANG)
    assert not judged.is_report
    assert judged.reason


@pytest.mark.parametrize(
    "title", ["2025年左家年报", "左家年度报告（2025年）", "左家莊街道2025年政府信息公開工作年度報告"]
)
def test_a_name_that_people_shorten_or_write_otherwise_needs_the_page(title: str) -> None:
    judged = judge_entry(title, "http://example.cn/a.html", COLUMN, CHAOYANG)
    assert (judged.is_report, judged.needs_page) == (True, True)


@pytest.mark.parametrize(
    "title",
    [
        "北京市朝阳区左家庄街道2025年政府信…",
        "北京市朝阳区左家庄街道2025年政府…",
        "北京市朝阳区左家庄街道2025年政...",
        "北京市朝阳区左家庄街道2025年…",
        "北京市朝阳区左家庄街道…",
        "2025年左家庄街道…",
        "2025年…",
        "北京市朝阳区人民政府左家庄…",
        "2025年度左家…",
        "左家庄街道二O二五年…",
    ],
)
def test_a_title_that_the_list_cuts_short_needs_the_page(title: str) -> None:
    judged = judge_entry(title, "http://example.cn/a.html", COLUMN, CHAOYANG)
    assert (judged.is_report, judged.needs_page) == (True, True)


@pytest.mark.parametrize("title", ["左家庄街道召开垃圾分类推进…", "左家庄街道社区服务中心…", "无名街道…"])
def test_a_cut_title_that_says_something_else_is_dropped(title: str) -> None:
    assert not judge_entry(title, "http://example.cn/a.html", COLUMN, CHAOYANG).is_report


@pytest.mark.parametrize(
    ("address", "year"),
    [
        ("https://www.bjdch.gov.cn/zfxxgkzl/zfxxgknb/2025nb/dcqjd2025/202601/t20260119_4446404.html", 2025),
        ("https://www.bjmy.gov.cn/zwgk/zfxxgk/zfxxgknb/gknb2017/201802/t20180223_195744.html", 2017),
        ("http://gsgz.gov.cn/gzzfxxgk/zfxxgknb/2023n/bmnb2023/202401/t20240126_1178155.html", 2023),
        ("https://www.shqp.gov.cn/gknb/zjd/20260119/1348924.html", None),
        ("http://www.huichang.gov.cn/hc1554/202101/157a95c3.shtml", None),
        ("http://www.yw.gov.cn/art/2023/1/11/art_1229134232_4052272.html", None),
    ],
)
def test_the_year_of_a_folder_is_no_month_and_no_day(address: str, year: int | None) -> None:
    assert year_of_place(address, COLUMN) == year


def test_a_title_without_a_year_takes_its_columns() -> None:
    column = COLUMN.model_copy(update={"years": (2025,)})
    judged = judge_entry("望京街道政府信息公开工作年度报告", "http://example.cn/a.html", column, CHAOYANG)
    assert judged.year == 2025
    unknown = judge_entry("望京街道政府信息公开工作年度报告", "http://example.cn/a.html", COLUMN, CHAOYANG)
    assert (unknown.year, unknown.reason) == (None, "看不出是哪一年度的报告")


def test_an_agency_of_another_kind_is_not_of_this_column() -> None:
    column = COLUMN.model_copy(update={"kinds": ("department",)})
    title = "北京市朝阳区望京街道2025年政府信息公开工作年度报告"
    assert judge_entry(title, "http://example.cn/a.html", column, CHAOYANG).agency is None

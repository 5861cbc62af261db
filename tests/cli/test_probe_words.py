"""What ``nianbao portals probe`` says of each portal of the season: what was found, what was dropped, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cli.shown.probe_words import lines
from config.portals import load_portals
from config.settings import load_settings
from config.wording import load_wording
from crawler.rounds.round import make_order, run_spider
from crawler.survey.probe import ProbeSpider
from tests.portals.season.plan import YEAR
from tests.portals.season.world import FIRST, Season, season

pytestmark = pytest.mark.timeout(1800)

SAYS = {
    "shunyi": "不允许抓取。没有取到任何条目。\nrobots.txt 不允许抓取",
    "pinggu": "版面有变。没有取到任何条目。\n打开的是出错页面（“Error”）",
    "refused": "无法访问。没有取到任何条目。\n连接被拒绝",
    "dead": "无法访问。没有取到任何条目。\n域名无法解析",
    "server-error": "无法访问。没有取到任何条目。\n门户服务器出错（状态码 500）",
    "bad-gateway": "无法访问。没有取到任何条目。\n门户服务器出错（状态码 502）",
    "firewall": "访问被拦截。没有取到任何条目。\n防火墙以拦截或脚本验证页面作答（状态码 200），未取得内容",
    "captcha": "访问被拦截。没有取到任何条目。\n门户要求验证（页面上写着“访问验证”），未取得内容",
    "challenge": "访问被拦截。没有取到任何条目。\n防火墙以拦截或脚本验证页面作答（状态码 200），未取得内容",
    "challenge-412": "访问被拦截。没有取到任何条目。\n防火墙以拦截或脚本验证页面作答（状态码 412），未取得内容",
    "forbidden": "访问被拦截。没有取到任何条目。\n门户拒绝访问（状态码 403）",
    "home-page": "版面有变。没有取到任何条目。\n打开的是网站首页，不是所要的页面",
    "home-redirect": "版面有变。没有取到任何条目。\n打开的是网站首页，不是所要的页面",
    "english-error": "版面有变。没有取到任何条目。\n打开的是出错页面（“Error”）",
    "empty-shell": "版面有变。没有取到任何条目。\n页面只有空壳，没有文字",
}
# Told only in passing elsewhere, and slow.
LEFT_OUT = ("slow", "paused")
CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Season, dict[str, list[str]]]]:
    home = tmp_path_factory.mktemp("probes")
    more = {"allow_private_addresses": True, "fetch_timeout_seconds": 20.0}
    settings = load_settings(home=home).model_copy(update=more)
    with season(home) as made:
        names = [one.portal for one in made.districts if one.portal not in LEFT_OUT]
        probes, trouble = run_spider(ProbeSpider, make_order(settings, names, FIRST))
        assert len(probes) == len(names), trouble
        files, wording = load_portals(home), load_wording(home)
        yield made, {probe.portal: list(lines(probe, files[probe.portal].name, wording)) for probe in probes}
    assert not (home / "ledger.sqlite3").exists()


def test_every_line_is_chinese_and_a_line(probed: tuple[Season, dict[str, list[str]]]) -> None:
    for said in probed[1].values():
        for line in said:
            assert CHINESE.search(line) and "\n" not in line and "Traceback" not in line and "None" not in line, line


def test_a_probe_says_how_many_reports_of_which_year_would_be_taken(
    probed: tuple[Season, dict[str, list[str]]],
) -> None:
    made, said = probed
    for one in made.districts:
        if one.state != "healthy":
            continue
        taken = [line for line in said[one.portal] if line.startswith("  取  ")]
        assert (one.portal, len(taken)) == (one.portal, len(one.articles))
        assert f"会取 {len(one.articles)} 篇年度报告（" in said[one.portal][0]
    assert "2025年度 49 篇、2024年度 5 篇" in said["chaoyang"][0]
    assert "其中 1 篇认不出机关，请核对机关名录。" in said["fangshan"][0]
    assert any("…  → 列表上的标题不完整，打开文章后再认" in line for line in said["chaoyang"])
    assert any("无名街道办事处" in line and "不在机关名录中" in line for line in said["fangshan"])


def test_a_probe_says_of_everything_that_would_be_dropped_why(probed: tuple[Season, dict[str, list[str]]]) -> None:
    made, said = probed
    for one in made.districts:
        if one.state != "healthy":
            continue
        dropped = [line for line in said[one.portal] if line.startswith("  弃  ")]
        # An attachment beside the report is dropped when its article is opened, which a probe does not do.
        assert (one.portal, len(dropped)) == (one.portal, sum(not path.endswith(".pdf") for path in one.dropped))
        assert all("  因为：标题" in line for line in dropped)
    whole = "\n".join(said["chaoyang"])
    for words in (
        "标题含“解读”，不是年度报告本身",
        "标题含“通知”，不是年度报告本身",
        "标题含“部署会”，不是年度报告本身",
    ):
        assert words in whole
    assert f"关于做好{YEAR}年政府信息公开工作年度报告编制和发布工作的通知" in whole


def test_a_probe_says_what_is_the_trouble(probed: tuple[Season, dict[str, list[str]]]) -> None:
    for portal, expected in SAYS.items():
        head, sentence = expected.split("\n")
        said = probed[1][portal]
        assert said[0].endswith(f"：{head}"), said[0]
        assert f"  {sentence}" in said, said
    # One town's folder leads to the home page: which, and that the others were read.
    said = probed[1]["mentougou"]
    assert any("打开的是网站首页，不是所要的页面（http" in line and "/mtg11J209/）" in line for line in said)
    assert "版面有变。会取 34 篇年度报告" in said[0]

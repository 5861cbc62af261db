"""A survey of a page that nobody has described: every family is known for what it is, and the way to it is found."""

# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from cli.demo.server import PortalServer
from cli.demo.site import Answer
from cli.new_portal import district_of, draft_portal, wrong_encoding
from config.portals import Pace, load_portals
from config.settings import Settings, load_settings
from crawler.fetching.private_addresses import REFUSED
from crawler.pages.canonical import resolve
from crawler.pages.page import Page
from crawler.rounds.round import run_spider
from crawler.survey.survey import Survey, SurveyOrder, SurveySpider, addresses_of, provisional_portal
from tests.crawler.times import shanghai
from tests.portals.families import FamilyPortal, family_portals, folder, json_list
from tests.portals.season.world import season
from tests.portals.sites import COLUMN, FRAME, QINGSHAN, listing, one_article, page, report, site, troubled

NOW = shanghai(2026, 11, 22, 9)
DAY = date(2026, 11, 22)


def survey(settings: Settings, *addresses: str) -> Survey:
    """A survey at full speed."""
    portals = tuple(provisional_portal(address, Pace(delay_seconds=0), DAY) for address in addresses)
    found, trouble = run_spider(SurveySpider, SurveyOrder(settings, portals, {}, NOW, addresses))
    assert found, trouble
    result: Survey = found[0]
    return result


def surveyed(settings: Settings, pages: Mapping[str, Answer], path: str) -> tuple[Survey, str]:
    """The survey of one page of a site, and where the site was."""
    with PortalServer({"new": site(pages)}, DAY) as server:
        address = server.addresses["new"]
        return survey(settings, address + path), address


FAMILIES = family_portals()


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "feed"])
def test_every_family_is_known_from_its_own_list_page(sqlite_settings: Settings, name: str) -> None:
    given: FamilyPortal = FAMILIES[name]
    (column,) = given.columns
    path = str(column["address"]).replace("{page}", "1").replace("{unit}", "J210")
    found, _ = surveyed(sqlite_settings, given.pages, path)
    (one,) = found.columns
    assert one.family == given.family
    # Of unit codes only those are known to which something leads; a person adds the others.
    assert one.reports == (2 if name == "unit-codes" else 3)
    assert one.complete
    if name != "json-list":
        assert one.column.address == str(column["address"])
    if name == "columns":
        assert one.column.kinds == ("subdistrict", "town")
    draft = draft_portal(found, "yunshan", DAY)
    assert (draft.family, draft.paused, draft.district) == (
        given.family,
        True,
        "云山区",
    )


def test_districts_built_like_real_ones_are_known_with_every_report(sqlite_settings: Settings) -> None:
    families = {
        "chaoyang": "trs",
        "haidian": "column-of-columns",
        "dongcheng": "year-folders",
        "fengtai": "numbered-columns",
        "changping": "numbered-columns",
    }
    found = {}
    with season(sqlite_settings.home, troubles=False) as made:
        files = load_portals(sqlite_settings.home)
        for name in families:
            address = resolve(files[name].start, files[name].columns[0].address) or ""
            (one,) = survey(sqlite_settings, address).columns
            found[name] = one.family, one.reports
        planned = {name: len(made.district(name).articles) for name in families}
    assert found == {name: (family, planned[name]) for name, family in families.items()}


def test_feeds_and_sitemaps_are_known(sqlite_settings: Settings) -> None:
    pages = FAMILIES["feed"].pages
    rss, _ = surveyed(sqlite_settings, pages, "/rss.xml")
    sitemap, _ = surveyed(sqlite_settings, pages, "/sitemap.xml")
    assert [(one.family, one.entries, one.reports) for one in rss.columns] == [("feed", 2, 1)]
    assert [(one.family, one.entries, one.reports) for one in sitemap.columns] == [("feed", 3, 3)]


def test_from_the_home_page_the_columns_are_found_by_their_names(sqlite_settings: Settings) -> None:
    home = folder(("/zwgk/", "政府信息公开"), ("/news/", "要闻"), title="云山区人民政府")
    open_page = folder(
        ("/gknb/qzf/", "区政府年报"), ("/gknb/jd/", "街道年报"), ("/zwgk/zn/", "政府信息公开指南"), title="信息公开"
    )
    pages = {
        "/": home,
        "/zwgk/": open_page,
        "/gknb/qzf/": listing([("a.html", "云山区2019年政府信息公开工作年度报告", "2020-03-10")]),
        "/gknb/jd/": listing([("a1.html", QINGSHAN, "2020-01-16")], '<script>createPageHTML(1, 0, "index", "html")</script>'),
    }  # fmt: skip
    found, _ = surveyed(sqlite_settings, pages, "/")
    columns = [
        (one.column.id, one.column.name, one.column.address, one.column.kinds, one.family) for one in found.columns
    ]
    assert columns == [
        ("qzf", "区政府年报", "/gknb/qzf/", (), "static-list"),
        ("jd", "街道年报", "/gknb/jd/", ("subdistrict", "town"), "trs"),
    ]
    draft = draft_portal(found, "yunshan", DAY)
    assert (draft.family, [one.family for one in draft.columns]) == ("static-list", [None, "trs"])
    assert found.columns[1].signs[0] == "翻页脚本 createPageHTML"


def test_a_list_that_a_script_fills_is_found_behind_its_endpoint(sqlite_settings: Settings) -> None:
    script = Answer(
        b'function load(n){$.get("/api/list?col=nb&page="+n,function(d){add("<a href=\'" + "/article.html?infoid=" + '
        b'row.infoid + "\'>")})}',
        "application/javascript",
    )
    shown = page(
        FRAME.format(
            head='<meta name="ColumnName" content="政府信息公开年报"><script src="/js/jquery.js"></script>'
            '<script src="/js/list.js"></script>',
            body="<h1>政府信息公开年报</h1><ul id='list'></ul><p>本栏目公开各单位政府信息公开工作年度报告。</p>",
        )
    )
    found, _ = surveyed(sqlite_settings, {**json_list().pages, "/gknb/": shown, "/js/list.js": script}, "/gknb/")
    (one,) = found.columns
    assert (one.family, one.entries, one.reports, one.column.name) == ("json-list", 4, 3, "政府信息公开年报")
    assert one.column.address == "/api/list?col=nb&page={page}"
    assert one.json_rows is not None
    assert one.json_rows.model_dump(exclude_defaults=True) == {
        "rows": "data.list",
        "title": "biaoti",
        "link": "/article.html?infoid={infoid}",
        "date": "fbsj",
        "pages": "data.totalPage",
    }
    assert one.doubts == ()


def test_a_page_made_to_confuse_is_read_as_what_it_is(sqlite_settings: Settings) -> None:
    script = "<script>" + 'x="/api/{unit}/list?' + "a=" * 3000 + '"+' * 200 + "</script>"
    links = (
        ("/gknb/{unit}/", "政府信息公开年报"),
        ("http://[::1", "年报"),
        ("/gknb/", "年报"),
        ("javascript:void(0)", "街道年报"),
    )
    found, _ = surveyed(sqlite_settings, {"/x/": folder(*links, title="{page}{unit}", more=script)}, "/x/")
    assert [one.reports for one in found.columns] == [0]
    assert draft_portal(found, "yunshan", DAY).columns[0].address == "/x/"


def test_a_year_folder_is_a_column_for_one_year(sqlite_settings: Settings) -> None:
    found, _ = surveyed(
        sqlite_settings, {"/gknb/2019nb/": listing([("a.html", QINGSHAN, "2020-01-16")])}, "/gknb/2019nb/"
    )
    assert found.columns[0].column.years == (2019,)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("captcha", "访问验证"),
        ("robots", "robots.txt 不允许抓取"),
        ("server-error", "状态码 500"),
        ("home-redirect", "网站首页"),
    ],
)
def test_what_cannot_be_read_is_said(sqlite_settings: Settings, name: str, says: str) -> None:
    with PortalServer({name: troubled()[name]}, DAY) as server:
        found = survey(sqlite_settings, server.addresses[name] + COLUMN)
    assert says in found.trouble
    assert found.columns == ()


def test_a_list_without_reports_is_proposed_with_none(sqlite_settings: Settings) -> None:
    found, _ = surveyed(sqlite_settings, {"/news/": listing([("a.html", "云山区召开会议", "2020-01-16")])}, "/news/")
    assert [(one.family, one.entries, one.reports) for one in found.columns] == [("static-list", 1, 0)]


def test_an_endless_site_is_left_after_a_limit(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("a.html", QINGSHAN, "2020-01-16")]
    pages = {
        "/gknb/": listing(rows, '<script>createPageHTML(500, 0, "index", "html")</script>'),
        **{f"/gknb/index_{n}.html": listing([(f"n{n}.html", "会议", "2020-01-01")]) for n in range(1, 500)},
    }
    with PortalServer({"new": site(pages)}, DAY) as server:
        found = survey(sqlite_settings, server.addresses["new"] + "/gknb/")
        asked = server.count()
    assert asked < 70
    assert not found.columns[0].complete
    assert any("试读最多取 60 页" in doubt for doubt in found.columns[0].doubts)


def test_a_private_address_is_refused(home: object) -> None:
    with PortalServer({"new": one_article(report())}, DAY) as server:
        found = survey(load_settings(), server.addresses["new"] + COLUMN)
        assert server.count() == 0
    assert found.trouble == "地址 127.0.0.1 属于内部网络，" + REFUSED


def test_the_other_scheme_is_tried_where_the_first_does_not_answer(sqlite_settings: Settings) -> None:
    with PortalServer({"new": one_article(report())}, DAY) as server:
        host = server.addresses["new"].removeprefix("http://")
        found = survey(sqlite_settings, *addresses_of(f"{host}{COLUMN}"))
    assert found.page is not None
    assert found.page.asked == f"http://{host}{COLUMN}"
    assert found.columns[0].reports == 1


def test_what_a_person_wrote_becomes_addresses() -> None:
    assert addresses_of(" www.a.gov.cn/x/ ") == ("https://www.a.gov.cn/x/", "http://www.a.gov.cn/x/")
    assert addresses_of("http://www.a.gov.cn/x/")[0] == "http://www.a.gov.cn/x/"
    for wrong in ("", "年报", "https://www.a.gov.cn/{unit}/", "ftp://a.gov.cn/", "file:///etc/passwd", "http://"):
        with pytest.raises(ValueError):
            addresses_of(wrong)


def test_an_encoding_that_reads_badly_is_named() -> None:
    body = "<html><head><meta charset='utf-8'></head><body>政府信息公开年报</body></html>"
    assert wrong_encoding(Page("a", "a", 200, body.encode("gb18030"), {})) == "gb18030"
    assert wrong_encoding(Page("a", "a", 200, body.encode(), {"content-type": "text/html; charset=gb2312"})) == "utf-8"
    assert wrong_encoding(Page("a", "a", 200, body.encode(), {})) is None


@pytest.mark.parametrize(
    ("site_name", "district"),
    [
        ("北京市朝阳区人民政府", "朝阳区"),
        ("北京市朝阳区人民政府网站", "朝阳区"),
        ("洪泽区政府", "洪泽区"),
        ("国务院", None),
    ],
)
def test_the_district_is_taken_from_the_name_of_the_site(site_name: str, district: str | None) -> None:
    home = Page("a", "a", 200, f'<meta name="SiteName" content="{site_name}">'.encode(), {"content-type": "text/html"})
    assert district_of(Survey(page=home)) == district

"""Every family on a local portal built like the real ones: one round finds every report, and nothing that is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from cli.demo.server import PortalServer
from cli.demo.site import Answer
from config.portals import load_portals
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler.families import family_of
from crawler.rounds.loop import tick
from ledger.database import Ledger, open_ledger
from ledger.models import Article, Look, PortalRow, Version
from ledger.states import ArticleOutcome, PortalState, VersionRole
from tests.crawler.times import shanghai
from tests.portals.families import (
    BOTH,
    FamilyPortal,
    family_portals,
    folder,
    json_list,
    unit_codes,
    unit_pages,
    write_family_office,
)
from tests.portals.sites import HOME, LUSHUI, QINGSHAN, listing, report, site

NOW = shanghai(2020, 2, 3, 9)
DISTRICTS = {
    "东城区", "西城区", "朝阳区", "海淀区", "丰台区", "石景山区", "门头沟区", "房山区",
    "通州区", "顺义区", "大兴区", "昌平区", "平谷区", "怀柔区", "密云区", "延庆区",
}  # fmt: skip


@pytest.fixture
def ledger(sqlite_settings: Settings) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_settings)
    yield opened
    opened.close()


def found(ledger: Ledger, portal: str) -> set[tuple[str, int | None]]:
    with ledger.read() as session:
        rows = session.execute(
            select(Article.agency, Article.year).where(
                Article.portal == portal, Article.outcome == ArticleOutcome.REPORT
            )
        ).all()
    return {(str(agency).removeprefix(f"{portal}-"), year) for agency, year in rows}


def test_one_round_over_every_family_finds_every_report_and_nothing_else(
    sqlite_settings: Settings, ledger: Ledger
) -> None:
    portals = family_portals()
    with PortalServer({name: one.site for name, one in portals.items()}, date(2020, 2, 3)) as server:
        write_family_office(sqlite_settings.home, server.addresses, portals)
        tick(sqlite_settings, ledger, NOW)
    with ledger.read() as session:
        states = {row.portal: (row.state, row.sentence) for row in session.execute(select(PortalRow)).scalars()}
        others = session.execute(
            select(Article.portal, Article.title, Article.outcome, Article.reason).where(
                Article.outcome.not_in([ArticleOutcome.REPORT, ArticleOutcome.NOT_A_REPORT])
            )
        ).all()
        complete = session.execute(select(Look.complete)).scalars().all()
    assert {name: state for name, (state, _) in states.items()} == dict.fromkeys(portals, PortalState.HEALTHY), states
    assert [tuple(row) for row in others] == []
    assert {name: found(ledger, name) for name in portals} == {name: set(one.reports) for name, one in portals.items()}
    assert all(complete)


def test_a_report_in_a_frame_is_the_articles_own_text(sqlite_settings: Settings, ledger: Ledger) -> None:
    portals = {"framed": family_portals()["framed"]}
    with PortalServer({"framed": portals["framed"].site}, date(2020, 2, 3)) as server:
        write_family_office(sqlite_settings.home, server.addresses, portals)
        tick(sqlite_settings, ledger, NOW)
        tick(sqlite_settings, ledger, shanghai(2020, 2, 5, 9))
    with ledger.read() as session:
        rows = session.execute(
            select(Version.address, Version.role)
            .join(Article, Article.id == Version.article_id)
            .order_by(Version.address)
        ).all()
    paths = [(address.removeprefix(server.addresses["framed"]), role) for address, role in rows]
    body = VersionRole.BODY
    assert paths == [("/files/c.pdf", VersionRole.ATTACHMENT), ("/gknb/a.html", body), ("/gknb/b.html", body)]


def test_a_unit_whose_folder_is_gone_leaves_the_others_to_be_read_and_shows_no_absence(
    sqlite_settings: Settings, ledger: Ledger
) -> None:
    whole = unit_codes()
    kept = {path: answer for path, answer in whole.pages.items() if not path.startswith("/mtg11J210")}
    portals = {"codes": replace(whole, pages=kept, otherwise=HOME)}
    with PortalServer({"codes": portals["codes"].site}, date(2020, 2, 3)) as server:
        write_family_office(sqlite_settings.home, server.addresses, portals)
        tick(sqlite_settings, ledger, NOW)
    with ledger.read() as session:
        look = session.execute(select(Look)).scalar_one()
    assert found(ledger, "codes") == {("lushui", 2019)}
    assert (look.found, look.complete) == (PortalState.LAYOUT_CHANGED, False)
    assert "打开的是网站首页" in look.sentence


def test_next_years_report_in_the_place_of_the_last_is_an_article_of_its_own(
    sqlite_settings: Settings, ledger: Ledger
) -> None:
    portal = unit_pages()
    next_year = dict(portal.pages) | {"/ls/nb.html": report(LUSHUI.replace("2019", "2018"), "绿水街道办事处")}
    with PortalServer({"pages": site(next_year)}, date(2020, 2, 3)) as server:
        write_family_office(sqlite_settings.home, server.addresses, {"pages": portal})
        tick(sqlite_settings, ledger, shanghai(2019, 2, 3, 9))
        assert ("lushui", 2018) in found(ledger, "pages")
        server.replace("pages", portal.site)
        tick(sqlite_settings, ledger, NOW)
        server.forget()
        tick(sqlite_settings, ledger, shanghai(2020, 2, 3, 16))
        assert [one.path for one in server.asked if one.path.startswith("/ls")] == []
    assert found(ledger, "pages") >= {("lushui", 2018), ("lushui", 2019)}
    with ledger.read() as session:
        rows = session.execute(
            select(Article.first_seen_at, Article.gone_times)
            .where(Article.address.contains("/ls/nb.html"))
            .order_by(Article.year)
        ).all()
    assert [tuple(row) for row in rows] == [(shanghai(2019, 2, 3, 9), 0), (NOW, 0)]


def test_the_one_page_of_a_unit_is_asked_for_conditionally(sqlite_settings: Settings, ledger: Ledger) -> None:
    portal = unit_pages()
    with PortalServer({"pages": portal.site}, date(2020, 2, 3)) as server:
        write_family_office(sqlite_settings.home, server.addresses, {"pages": portal})
        tick(sqlite_settings, ledger, NOW)
        for day in (4, 5):
            server.forget()
            tick(sqlite_settings, ledger, shanghai(2020, 2, day, 9))
            asked = [(one.conditional, one.status) for one in server.asked if one.path == "/ls/nb.html"]
            assert asked == [(True, 304)]
        server.replace("pages", site(dict(portal.pages) | {"/ls/nb.html": report(LUSHUI, "绿水街道")}))
        server.forget()
        tick(sqlite_settings, ledger, shanghai(2020, 2, 6, 9))
        assert [(one.conditional, one.status) for one in server.asked if one.path == "/ls/nb.html"] == [(True, 200)]
    with ledger.read() as session:
        versions = session.scalars(
            select(Version.id).join(Article).where(Article.address.endswith("/ls/nb.html#2019"))
        ).all()
    assert len(versions) == 2


def test_columns_that_begin_at_one_directory_take_each_others_reports(
    sqlite_settings: Settings, ledger: Ledger
) -> None:
    """大兴, 怀柔: columns by kind over one directory; here the folder of a year holds everybody's reports."""
    pages = {
        "/gknb/": folder(("./2019n/", "2019年")),
        "/gknb/2019n/": listing([("1.html", QINGSHAN, "2020-01-16"), ("2.html", LUSHUI[:14] + "…", "2020-01-17")]),
        "/gknb/2019n/1.html": report(),
        "/gknb/2019n/2.html": report(LUSHUI, "绿水街道办事处"),
    }
    columns = tuple({"address": "/gknb/", "kinds": [kind]} for kind in ("department", "subdistrict"))
    portals = {"shared": FamilyPortal(pages, "year-folders", columns, BOTH)}
    with PortalServer({"shared": portals["shared"].site}, date(2020, 2, 3)) as server:
        write_family_office(sqlite_settings.home, server.addresses, portals)
        tick(sqlite_settings, ledger, NOW)
        asked = [one.path for one in server.asked]
    assert found(ledger, "shared") == {("qingshan", 2019), ("lushui", 2019)}
    assert len(asked) == len(set(asked)) == 5


def test_every_district_of_beijing_has_a_file_that_is_switched_off_and_has_its_family() -> None:
    beijing = {portal.district: portal for portal in load_portals().values() if portal.district in DISTRICTS}
    assert set(beijing) == DISTRICTS
    for portal in beijing.values():
        assert portal.paused
        assert portal.observed == date(2026, 10, 2)
        assert family_of(portal, portal.columns[0]).lists(portal.columns[0])
    assert (
        len(family_of(beijing["门头沟区"], beijing["门头沟区"].columns[0]).lists(beijing["门头沟区"].columns[0])) == 9
    )


def test_a_json_list_without_its_map_is_said() -> None:
    portal = load_portals()["chaoyang"].model_copy(update={"family": "json-list"})
    with pytest.raises(ConfigurationError, match="没有写明 json_rows"):
        family_of(portal, portal.columns[0])


def test_a_json_list_that_says_what_no_text_can_hold_is_read_all_the_same(settings: Settings) -> None:
    portal, first = json_list(), "/api/list?col=nb&page=1"
    said = portal.pages[first].content.decode().replace("青山街道", r"青\u0000山街道\ud83d")
    pages = dict(portal.pages) | {first: Answer(said.encode(), "application/json")}
    ledger = open_ledger(settings)
    with PortalServer({"pages": site(pages)}, date(2020, 2, 3)) as server:
        write_family_office(settings.home, server.addresses, {"pages": replace(portal, pages=pages)})
        tick(settings, ledger, NOW)
    with ledger.read() as session:
        (title,) = session.scalars(select(Article.title).where(Article.address.contains("infoid=q")))
    assert "青\ufffd山街道\ufffd" in title
    assert ("lushui", 2019) in found(ledger, "pages")
    ledger.close()

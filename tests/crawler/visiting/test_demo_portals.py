"""The demo's portals over their seasons: what is found, since when it is there, and that looking again adds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from cli.demo.portals import CHAOYANG, HONGZE, SHIFAN
from cli.demo.server import PortalServer, write_demo_home
from config.settings import Settings
from crawler.rounds.loop import tick
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.models import (
    Article,
    Document,
    DroppedLink,
    Evidence,
    Fetch,
    Look,
    PageState,
    PortalRow,
    Version,
    Work,
)
from ledger.states import ArticleOutcome, EvidenceSource, PortalState, VersionRole
from tests.crawler.times import shanghai

FACTS = (Article, Document, Version, Evidence, DroppedLink, Work)


@pytest.fixture
def server(settings: Settings) -> Iterator[PortalServer]:
    with PortalServer() as running:
        write_demo_home(settings.home, running.addresses)
        yield running


def live(settings: Settings, ledger: Ledger, server: PortalServer, *days: date) -> None:
    for day in days:
        server.today = day
        tick(settings, ledger, shanghai(day.year, day.month, day.day, 9))


def counts(ledger: Ledger) -> dict[str, int]:
    with ledger.read() as session:
        return {
            model.__name__: session.execute(select(func.count()).select_from(model)).scalar_one() for model in FACTS
        }


def the_article(ledger: Ledger, agency: str) -> Article:
    with ledger.read() as session:
        return session.execute(
            select(Article).where(Article.agency == agency, Article.baseline.is_(False))
        ).scalar_one()


def witnesses(ledger: Ledger, article: Article) -> dict[EvidenceSource, tuple[str, datetime, bool]]:
    with ledger.read() as session:
        rows = session.execute(select(Evidence).where(Evidence.article_id == article.id)).scalars()
        return {row.source: (row.value, row.moment, row.precise) for row in rows}


def test_the_first_round_keeps_old_years_as_a_baseline_and_reads_none_of_them(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2020, 1, 1))
    with ledger.read() as session:
        old = session.execute(select(Article).where(Article.portal == CHAOYANG)).scalars().all()
        assert len(old) == 12
        assert all(one.baseline and one.outcome is ArticleOutcome.REPORT for one in old)
        assert {one.year for one in old} == {2016, 2017, 2018}
        look = session.execute(select(Look).where(Look.portal == CHAOYANG)).scalar_one()
    assert (look.rows, look.dropped, look.complete, look.found) == (12, 0, True, PortalState.HEALTHY)
    assert counts(ledger)["Version"] == counts(ledger)["Work"] == 0
    assert [one.path for one in server.asked if one.portal == CHAOYANG] == [
        "/robots.txt",
        "/zfxxgk/gknb/index.html",
        "/zfxxgk/gknb/index_1.html",
    ]


def test_a_report_in_the_page_is_kept_with_every_witness(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2020, 1, 1), date(2020, 1, 16))
    article = the_article(ledger, "chaoyang-zuojiazhuang")
    assert (article.outcome, article.year) == (ArticleOutcome.REPORT, 2019)
    assert article.title == "北京市朝阳区左家庄街道2019年政府信息公开工作年度报告"
    record = article.address.rpartition("/")[2].removesuffix(".html")
    published = shanghai(2020, 1, 16, 8, 20).astimezone(UTC)
    assert witnesses(ledger, article) == {
        EvidenceSource.FIRST_SEEN: ("2020-01-16T09:00:00+08:00", shanghai(2020, 1, 16, 9).astimezone(UTC), True),
        EvidenceSource.RECORD_ID: (record, published, True),
        EvidenceSource.PAGE_LABEL: ("2020-01-16 08:20", published, True),
        EvidenceSource.VISIBLE_DATE: ("日期：2020-01-16 08:20", published, True),
        EvidenceSource.LIST_DATE: ("2020-01-16", shanghai(2020, 1, 16).astimezone(UTC), False),
    }
    with ledger.read() as session:
        version = session.execute(select(Version).where(Version.article_id == article.id)).scalar_one()
        fetch = session.get_one(Fetch, version.fetch_id)
        work = session.execute(select(Work).where(Work.version_id == version.id)).scalar_one()
    assert (version.role, version.address) == (VersionRole.BODY, article.address)
    assert (fetch.address, fetch.status, fetch.sha256) == (article.address, 200, version.sha256)
    assert fetch.fetched_at == work.created_at == shanghai(2020, 1, 16, 9)
    stored = open_archive(settings).get(version.sha256)
    assert "左家庄街道" in stored.decode("gb18030")
    assert version.content_sha256 != version.sha256


def test_a_word_attachment_is_kept_and_the_explanation_is_dropped_with_its_reason(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2020, 1, 1), date(2020, 1, 19))
    article = the_article(ledger, "chaoyang-nanmofang")
    with ledger.read() as session:
        version = session.execute(select(Version).where(Version.article_id == article.id)).scalar_one()
        document = session.get_one(Document, version.sha256)
        dropped = session.execute(select(DroppedLink)).scalar_one()
        look = session.execute(
            select(Look).where(Look.portal == CHAOYANG, Look.begun_at == shanghai(2020, 1, 19, 9))
        ).scalar_one()
    assert version.role is VersionRole.ATTACHMENT
    assert version.address.endswith("/files/nanmofang-2019.docx")
    assert version.sha256 == version.content_sha256
    assert document.media_type.endswith("wordprocessingml.document")
    assert dropped.title == "《左家庄街道2019年政府信息公开工作年度报告》解读"
    assert dropped.reason == "标题含“解读”，不是年度报告本身"
    assert (look.rows, look.dropped) == (15, 1)


def test_a_pdf_attachment_has_the_day_in_its_address_and_when_it_was_modified(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2024, 3, 19), date(2024, 3, 20))
    article = the_article(ledger, "hongze-government")
    seen = witnesses(ledger, article)
    assert seen[EvidenceSource.ADDRESS] == ("t20240320_512907", shanghai(2024, 3, 20).astimezone(UTC), False)
    assert seen[EvidenceSource.LAST_MODIFIED] == (
        "Wed, 20 Mar 2024 00:36:00 GMT",
        datetime(2024, 3, 20, 0, 36, tzinfo=UTC),
        True,
    )
    with ledger.read() as session:
        version = session.execute(select(Version).where(Version.article_id == article.id)).scalar_one()
    assert open_archive(settings).get(version.sha256).startswith(b"%PDF-")


def test_a_late_report_is_found_on_its_day_and_nothing_is_found_of_the_one_that_never_comes(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2020, 1, 1), date(2020, 2, 11))
    with ledger.read() as session:
        before = session.execute(select(Article.agency).where(Article.year == 2019)).scalars().all()
    assert sorted(str(agency) for agency in before) == ["chaoyang-nanmofang", "chaoyang-zuojiazhuang"]
    live(settings, ledger, server, date(2020, 2, 12), date(2020, 3, 31))
    assert the_article(ledger, "chaoyang-shili").first_seen_at == shanghai(2020, 2, 12, 9)
    with ledger.read() as session:
        found = session.execute(select(Article.agency).where(Article.year == 2019)).scalars().all()
    assert "chaoyang-yangban" not in found


def test_a_blocked_portal_is_blocked_since_the_first_round_and_nothing_is_recorded_of_it(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2020, 2, 3), date(2020, 2, 4))
    with ledger.read() as session:
        row = session.get_one(PortalRow, SHIFAN)
        looks = session.execute(select(Look.found, Look.complete).where(Look.portal == SHIFAN)).all()
        articles = session.execute(select(Article).where(Article.portal == SHIFAN)).all()
    assert (row.state, row.since, row.failures) == (PortalState.BLOCKED, shanghai(2020, 2, 3, 9), 2)
    assert "脚本验证" in row.sentence
    assert [tuple(look) for look in looks] == [(PortalState.BLOCKED, False)] * 2
    assert articles == []


def test_a_second_round_asks_conditionally_and_writes_no_fact(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2024, 3, 20))
    before = counts(ledger)
    server.forget()
    live(settings, ledger, server, date(2024, 3, 21))
    assert counts(ledger) == before
    for portal in (CHAOYANG, HONGZE):
        asked = [one for one in server.asked if one.portal == portal and one.path != "/robots.txt"]
        assert asked
        assert all(one.conditional and one.status == 304 for one in asked)
    with ledger.read() as session:
        looks = session.execute(
            select(Look.rows, Look.complete, Look.found).where(Look.portal == HONGZE).order_by(Look.id)
        ).all()
    assert [tuple(look) for look in looks] == [(7, True, PortalState.HEALTHY)] * 2


def test_a_report_is_looked_at_daily_for_a_week_then_weekly(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    days = [date(2020, 1, day) for day in range(16, 32)]
    asked = []
    for day in days:
        server.forget()
        live(settings, ledger, server, day)
        name = the_article(ledger, "chaoyang-zuojiazhuang").address.rpartition("/")[2]
        asked += [day.day for one in server.asked if one.path.endswith(name)]
    assert asked == [16, 17, 18, 19, 20, 21, 22, 29]


def test_a_list_page_whose_bytes_are_lost_is_fetched_whole_again(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    live(settings, ledger, server, date(2024, 3, 20))
    address = f"{server.addresses[HONGZE]}/zfxxgk/zfxxgknb/index.html"
    with ledger.read() as session:
        sha256 = session.get_one(PageState, address).sha256
    next((settings.home / "archive").rglob(str(sha256))).unlink()
    live(settings, ledger, server, date(2024, 3, 21))
    with ledger.read() as session:
        rows = session.execute(select(Look.rows).where(Look.portal == HONGZE)).scalars().all()
    assert rows == [7, 7]

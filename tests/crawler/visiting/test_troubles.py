"""Every trouble ends as its own typed outcome in the ledger, and the round goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from cli.demo.server import PortalServer
from config.settings import Settings
from crawler.rounds.loop import tick
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.models import Article, Document, Evidence, Fetch, Look, PortalRow, Round, Version, Work
from ledger.states import ArticleOutcome, PortalState, RoundState, VersionRole
from tests.crawler.times import shanghai
from tests.portals.sites import one_article, report, troubled, write_office

NOW = shanghai(2020, 2, 3, 9)
HEALTHY = PortalState.HEALTHY


@dataclass(frozen=True)
class Expected:
    """How a portal is found, whether its look is complete, and its articles' outcomes with words of the reason."""

    found: PortalState
    says: str
    complete: bool = True
    article: ArticleOutcome | None = None
    reason: str = ""


EXPECTED = {
    "sound": Expected(HEALTHY, "都已读完", article=ArticleOutcome.REPORT),
    "no-rows": Expected(PortalState.LAYOUT_CHANGED, "没有条目，也认不出是列表页"),
    "empty-list": Expected(HEALTHY, "都已读完"),
    "script-list": Expected(PortalState.LAYOUT_CHANGED, "认不出是列表页"),
    "script-pager": Expected(
        PortalState.LAYOUT_CHANGED, "共 3 页，只找到 1 页", complete=False, article=ArticleOutcome.REPORT
    ),
    "link-404": Expected(HEALTHY, "", article=ArticleOutcome.NOT_FOUND, reason="状态码 404"),
    "pdf-none": Expected(HEALTHY, "", article=ArticleOutcome.REPORT),
    "pdf-is-page": Expected(HEALTHY, "", article=ArticleOutcome.NO_DOCUMENT, reason="附件不是PDF文件，打开的是网页"),
    "empty-file": Expected(HEALTHY, "", article=ArticleOutcome.NO_DOCUMENT, reason="附件是空文件"),
    "no-document": Expected(HEALTHY, "", article=ArticleOutcome.NO_DOCUMENT, reason="也没有附件"),
    "unknown-agency": Expected(HEALTHY, "", article=ArticleOutcome.UNASSIGNED, reason="红石街道”不在机关名录中"),
    "shell": Expected(HEALTHY, "", article=ArticleOutcome.REPORT),
    "shell-loop": Expected(PortalState.LAYOUT_CHANGED, "只在互相跳转", complete=False),
    "robots": Expected(PortalState.NOT_PERMITTED, "robots.txt 不允许", complete=False),
    "server-error": Expected(PortalState.UNREACHABLE, "服务器出错（状态码 500）", complete=False),
    "captcha": Expected(PortalState.BLOCKED, "要求验证", complete=False),
    "challenge": Expected(PortalState.BLOCKED, "脚本验证", complete=False),
    "home-page": Expected(PortalState.LAYOUT_CHANGED, "打开的是网站首页", complete=False),
    "home-redirect": Expected(PortalState.LAYOUT_CHANGED, "打开的是网站首页", complete=False),
    "article-captcha": Expected(
        PortalState.BLOCKED, "要求验证", article=ArticleOutcome.FETCH_FAILED, reason="要求验证"
    ),
    "article-home": Expected(HEALTHY, "", article=ArticleOutcome.NOT_FOUND, reason="网站首页"),
    "english-error": Expected(PortalState.LAYOUT_CHANGED, "出错页面", complete=False),
}


@pytest.fixture
def server() -> Iterator[PortalServer]:
    sites = {name: site for name, site in troubled().items() if name in EXPECTED}
    with PortalServer(sites, date(2020, 2, 3)) as running:
        yield running


def test_every_trouble_has_its_own_outcome_and_the_round_goes_on(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    write_office(settings.home, server.addresses)
    results = {result.portal: result for result in tick(settings, ledger, NOW)}
    assert set(results) >= set(EXPECTED)
    with ledger.read() as session:
        for name, expected in EXPECTED.items():
            row = session.get_one(PortalRow, name)
            assert (name, row.state) == (name, expected.found), row.sentence
            assert expected.says in row.sentence, name
            assert (row.claimed_by, row.last_round_at) == (None, NOW), name
            assert row.failures == (expected.found is not HEALTHY), name
            look = session.execute(select(Look).where(Look.portal == name)).scalar_one()
            assert (name, look.complete, look.begun_at) == (name, expected.complete, NOW)
            rounds = session.execute(select(Round.state).where(Round.portal == name)).scalars().all()
            assert rounds == [RoundState.DONE], name
            articles = session.execute(select(Article).where(Article.portal == name)).scalars().all()
            assert (name, [one.outcome for one in articles]) == (name, [expected.article] if expected.article else [])
            for article in articles:
                assert expected.reason in article.reason, name
                assert article.year == 2019
                assert (article.agency is None) == (name == "unknown-agency"), name


def test_only_what_can_be_read_is_handed_to_the_workers(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    write_office(settings.home, server.addresses)
    tick(settings, ledger, NOW)
    with ledger.read() as session:
        rows = session.execute(
            select(Article.portal, Version.role, Document.media_type)
            .join(Version, Version.article_id == Article.id)
            .join(Document, Document.sha256 == Version.sha256)
            .join(Work, Work.version_id == Version.id)
            .order_by(Article.portal)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("pdf-none", VersionRole.ATTACHMENT, "application/pdf"),
        ("script-pager", VersionRole.BODY, "text/html"),
        ("shell", VersionRole.BODY, "text/html"),
        ("sound", VersionRole.BODY, "text/html"),
        ("unknown-agency", VersionRole.BODY, "text/html"),
    ]


def test_the_last_word_of_a_portal_that_failed_is_kept(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    write_office(settings.home, server.addresses)
    tick(settings, ledger, NOW)
    with ledger.read() as session:
        fetch = session.execute(select(Fetch).where(Fetch.portal == "captcha")).scalar_one()
    assert (fetch.status, fetch.found, fetch.fetched_at) == (200, PortalState.BLOCKED, NOW)
    assert fetch.sha256 is not None
    assert "验证码" in open_archive(settings).get(fetch.sha256).decode()
    assert fetch.request_headers["user-agent"].startswith("nianbao/")
    assert settings.contact in fetch.request_headers["user-agent"]


def test_a_redirect_shell_is_followed_and_the_article_keeps_the_address_of_its_list(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    write_office(settings.home, server.addresses)
    tick(settings, ledger, NOW)
    with ledger.read() as session:
        article = session.execute(select(Article).where(Article.portal == "shell")).scalar_one()
        sources = session.execute(select(Evidence.source).where(Evidence.article_id == article.id)).scalars().all()
    assert article.address == f"{server.addresses['shell']}/gknb/a1.html"
    assert "page_label" in sources


def test_what_failed_is_tried_again_and_counts_once_it_is_there(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    write_office(settings.home, server.addresses)
    tick(settings, ledger, NOW)
    server.replace("link-404", one_article(report()))
    tick(settings, ledger, shanghai(2020, 2, 4, 9))
    with ledger.read() as session:
        article = session.execute(select(Article).where(Article.portal == "link-404")).scalar_one()
        work = (
            session.execute(
                select(Work.created_at)
                .join(Version, Version.id == Work.version_id)
                .where(Version.article_id == article.id)
            )
            .scalars()
            .all()
        )
    assert (article.outcome, article.reason) == (ArticleOutcome.REPORT, "")
    assert (article.first_seen_at, work) == (NOW, [shanghai(2020, 2, 4, 9)])

"""What changes at a portal: new versions, articles taken down and back, lists that shrink, a register that learns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import yaml
from sqlalchemy import select

from cli.demo.server import PortalServer
from cli.demo.site import Answer
from config.settings import Settings
from crawler.rounds.loop import tick
from ledger.database import Ledger
from ledger.models import Article, Fetch, Look, PortalRow, Version, Work
from ledger.states import ArticleOutcome, PortalState
from tests.crawler.times import shanghai
from tests.portals.sites import (
    COLUMN,
    FRAME,
    LUSHUI,
    QINGSHAN,
    article,
    attached,
    listing,
    one_article,
    page,
    report,
    site,
    write_office,
)

FIRST = shanghai(2020, 1, 20, 9)
DAY = timedelta(days=1)
BOTH = [("a1.html", QINGSHAN, "2020-01-16"), ("a2.html", LUSHUI, "2020-01-17")]
TWO = {
    COLUMN: listing(BOTH),
    "/gknb/a1.html": report(),
    "/gknb/a2.html": report(LUSHUI, "绿水街道办事处"),
}


@pytest.fixture
def server(settings: Settings) -> Iterator[PortalServer]:
    with PortalServer({"yunshan": site(TWO)}, date(2020, 1, 20)) as running:
        write_office(settings.home, running.addresses)
        yield running


def versions(ledger: Ledger) -> list[tuple[str | None, bool]]:
    """Agency of every version in order, and whether it has work."""
    with ledger.read() as session:
        rows = session.execute(
            select(Article.agency, Work.id)
            .join(Version, Version.article_id == Article.id)
            .outerjoin(Work, Work.version_id == Version.id)
            .order_by(Version.id)
        )
        return [(agency, work is not None) for agency, work in rows]


@pytest.mark.both_databases
def test_a_corrected_report_is_a_new_version_and_a_counter_is_none(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    body = '<div>浏览次数：{}</div><div id="zoom">{}</div>'
    text = report().content.decode().partition("<div>")[2]
    for day, (hits, changed) in enumerate([("7", text), ("8", text), ("9", text.replace("85条", "86条"))]):
        server.replace("yunshan", one_article(article(QINGSHAN, body.format(hits, changed))))
        tick(settings, ledger, FIRST + day * DAY)
    assert versions(ledger) == [("yunshan-qingshan", True)] * 2
    with ledger.read() as session:
        pages = select(Fetch.fetched_at).where(Fetch.address.endswith("a1.html")).order_by(Fetch.id)
        kept = session.execute(pages).scalars().all()
    assert kept == [FIRST, FIRST + 2 * DAY]


def test_a_replaced_attachment_at_the_same_address_is_a_new_version(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    for day, content in enumerate([b"%PDF-1 one", b"%PDF-1 one", b"%PDF-1 two"]):
        pdf = Answer(content, "application/pdf")
        server.replace("yunshan", one_article(attached("r.pdf"), {"/gknb/r.pdf": pdf}))
        tick(settings, ledger, FIRST + day * DAY)
    assert versions(ledger) == [("yunshan-qingshan", True)] * 2


def test_an_article_is_withdrawn_after_three_looks_over_two_days_and_back_when_it_is_back(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    tick(settings, ledger, FIRST)
    server.replace("yunshan", site({**TWO, COLUMN: listing(BOTH[:1])}))
    told = []
    for day in range(1, 5):
        tick(settings, ledger, FIRST + day * DAY)
        with ledger.read() as session:
            row = session.execute(select(Article).where(Article.agency == "yunshan-lushui")).scalar_one()
            told.append((row.gone_times, row.gone_since, row.withdrawn_at))
    gone = FIRST + DAY
    assert told == [
        (1, gone, None),
        (2, gone, None),
        (3, gone, FIRST + 3 * DAY),
        (4, gone, FIRST + 3 * DAY),
    ]
    server.replace("yunshan", site(TWO))
    tick(settings, ledger, FIRST + 5 * DAY)
    with ledger.read() as session:
        row = session.execute(select(Article).where(Article.agency == "yunshan-lushui")).scalar_one()
    assert (row.gone_times, row.gone_since, row.withdrawn_at) == (0, None, None)
    assert row.last_seen_at == FIRST + 5 * DAY


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (listing([]), "以前有 2 条，现在一条也没有"),
        (listing([(href, title, None) for href, title, _ in BOTH]), "以前有日期，现在都没有"),
        (
            listing([("n1.html", "春节值班安排", "2020-01-20"), ("n2.html", "召开座谈会", "2020-01-21")]),
            "没有一条能认出",
        ),
        (page(FRAME.format(head="<title>新栏目</title>", body="<p>敬请期待</p>")), "现在一条也没有"),
    ],
)
def test_a_list_that_lost_what_it_had_is_a_changed_layout_and_nothing_is_gone(
    settings: Settings, ledger: Ledger, server: PortalServer, changed: Answer, says: str
) -> None:
    tick(settings, ledger, FIRST)
    server.replace("yunshan", site({**TWO, COLUMN: changed}))
    tick(settings, ledger, FIRST + DAY)
    with ledger.read() as session:
        row = session.get_one(PortalRow, "yunshan")
        look = session.execute(select(Look).where(Look.begun_at == FIRST + DAY)).scalar_one()
        gone = session.execute(select(Article.gone_times)).scalars().all()
    assert (row.state, row.since) == (PortalState.LAYOUT_CHANGED, FIRST + DAY)
    assert says in row.sentence
    assert look.found is PortalState.LAYOUT_CHANGED
    assert gone == [0, 0]


def test_a_layout_is_accepted_by_observing_it_anew(settings: Settings, ledger: Ledger, server: PortalServer) -> None:
    tick(settings, ledger, FIRST)
    server.replace("yunshan", site({COLUMN: listing([], "<p>暂无内容</p>")}))
    tick(settings, ledger, FIRST + DAY)
    path = settings.home / "config" / "portals" / "yunshan.yaml"
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**file, "observed": date(2020, 1, 21)}, allow_unicode=True), encoding="utf-8")
    tick(settings, ledger, FIRST + 2 * DAY)
    with ledger.read() as session:
        assert session.get_one(PortalRow, "yunshan").state is PortalState.HEALTHY


def test_an_unassigned_report_is_assigned_when_the_register_learns_its_name(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    title = "云山区红石街道2019年政府信息公开工作年度报告"
    pages = {COLUMN: listing([("a1.html", title, "2020-01-16")]), "/gknb/a1.html": report(title, "红石街道")}
    server.replace("yunshan", site(pages))
    tick(settings, ledger, FIRST)
    path = settings.home / "config" / "agencies" / "yunshan.yaml"
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    file["agencies"].append(
        {"id": "hongshi", "name": "云山区红石街道办事处", "short": "云山区红石街道", "kind": "subdistrict"}
    )
    path.write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
    with ledger.read() as session:
        before = session.execute(select(Article)).scalar_one()
    assert (before.outcome, before.agency, before.year) == (ArticleOutcome.UNASSIGNED, None, 2019)
    tick(settings, ledger, FIRST + DAY)
    with ledger.read() as session:
        after = session.execute(select(Article)).scalar_one()
    assert (after.outcome, after.agency) == (ArticleOutcome.REPORT, "hongshi")


def test_a_known_report_that_cannot_be_fetched_today_stays_one(
    settings: Settings, ledger: Ledger, server: PortalServer
) -> None:
    tick(settings, ledger, FIRST)
    server.replace("yunshan", site({COLUMN: listing(BOTH)}))
    tick(settings, ledger, FIRST + DAY)
    with ledger.read() as session:
        outcomes = session.execute(select(Article.outcome)).scalars().all()
    assert outcomes == [ArticleOutcome.REPORT] * 2

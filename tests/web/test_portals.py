"""门户 and 运行: looks with their accounts, a look that is asked for and taken, a word on a column, the quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from cli.demo.server import PortalServer
from cli.demo.site import Answer, Site
from config.settings import Settings
from crawler.rounds.loop import tick as crawl
from ledger.archive import open_archive
from ledger.crawling.portal_decisions import Ordered, order_look
from ledger.crawling.portals import LOOKS_APART, claim, due_portals, looks_ordered, release
from ledger.database import Ledger
from ledger.models import ColumnConfirmation, ListPage, Look, PortalRow, Record, Work
from ledger.people.record import Who
from ledger.states import DeskRole, PortalState, RecordKind, Standing, WorkState
from monitor.machinery.examined import heartbeat
from monitor.machinery.report import machinery_report
from monitor.standings.judge import update_standings
from tests.crawler.times import shanghai
from tests.monitor.factory import PORTAL, World, at
from tests.portals.sites import COLUMN, LUSHUI, QINGSHAN, listing, report, site, write_office
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.prepared import TODAY, served, session_for
from tests.web.reading import page_of, words
from web.desk import Desk
from web.guard import SESSION_COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MORNING = shanghai(2020, 2, 3, 9)
HOSTILE = "\u202e<script>alert(1)</script>\x07"
SOMEBODY = Who("王敏", "wangmin")


def long_list() -> Site:
    """A list of three pages, of which the first has what is known."""
    first = [("a1.html", QINGSHAN, "2020-01-16"), ("n1.html", "第1次会议", "2020-01-15")]
    pages: dict[str, Answer] = {COLUMN: listing(first, '<a href="index_2.html">2</a><a href="index_3.html">3</a>')}
    for number in (2, 3):
        pages[f"/gknb/index_{number}.html"] = listing([(f"n{number}.html", f"第{number}次会议", "2020-01-10")])
    return site({**pages, "/gknb/a1.html": report(), "/gknb/a2.html": report(LUSHUI, "绿水街道办事处")})


@pytest.fixture
def watched(settings: Settings, ledger: Ledger) -> Iterator[PortalServer]:
    """A portal with a list of three pages, after a whole look in the morning and a short one at noon."""
    with PortalServer({"long": long_list()}, date(2020, 2, 3)) as server:
        write_office(settings.home, server.addresses)
        for hours in (0, 6):
            now = MORNING + timedelta(hours=hours)
            with ledger.write() as session:
                session.execute(update(PortalRow).values(next_due_at=now))
            (result,) = crawl(settings, ledger, now)
            assert result.found is PortalState.HEALTHY, result.sentence
        yield server


@pytest.mark.browser
def test_a_look_that_is_asked_for_is_taken_by_a_crawler_and_stands_on_the_page(
    browser: Browser, watched: PortalServer, settings: Settings, ledger: Ledger
) -> None:
    moment = [MORNING + timedelta(hours=7)]
    with ledger.write() as session:
        session.execute(update(PortalRow).values(next_due_at=moment[0] + timedelta(hours=5)))
    assert crawl(settings, ledger, moment[0]) == []
    token = session_for(ledger, "boss", DeskRole.OPERATOR, moment[0])
    with served(settings, ledger, lambda: moment[0]) as address:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/portals")
        page.click("a[href='/portals/long']")
        assert page.locator("tbody tr").count() == 2 and "不完整" in page.inner_text("tbody tr:first-child")
        page.fill("#look-why", "对方说已经改好")
        page.click("button:has-text('现在重新查看')")
        assert "已要求重新查看" in page.inner_text("main")
        page.click("button:has-text('现在重新查看')")  # pressed twice: one order
        watched.forget()
        (result,) = crawl(settings, ledger, moment[0])
        assert result.found is PortalState.HEALTHY
        lists = [one.path for one in watched.asked if "index" in one.path]
        assert lists == ["/gknb/index.html", "/gknb/index_2.html", "/gknb/index_3.html"]
        moment[0] += timedelta(minutes=1)
        page.reload()
        assert "已要求重新查看" not in page.inner_text("main") and page.locator("tbody tr").count() == 3
        first = page.inner_text("tbody tr:first-child")
        assert "✓ 完整" in first and "读到了最后一页" in first
        # Once more within some minutes: the site is left in peace.
        page.click("button:has-text('现在重新查看')")
        assert "两次查看至少相隔10分钟" in page.inner_text("main")
        assert crawl(settings, ledger, moment[0]) == []
        # What was read, and the page as it was.
        page.goto(f"{address}/portals/long")
        page.click("tbody tr:first-child a")
        said = page.inner_text("main")
        assert "第3页" in said and "读到了最后一页" in said and "2019年度1份" in said
        page.locator("summary", has_text="当时的页面").first.click()
        frame = page.frame_locator("iframe").first
        assert QINGSHAN in frame.locator("body").inner_text()
        context.close()
    with ledger.read() as session:
        (record,) = session.scalars(select(Record).where(Record.kind == RecordKind.LOOK_ORDERED))
    assert (record.account, record.subject, record.why) == ("boss", "long", "对方说已经改好")


@pytest.mark.both_databases
def test_a_look_asked_for_while_a_round_goes_on_is_not_lost(world: World) -> None:
    ledger, now = world.ledger, at("2024-04-10 09:00")
    with ledger.write() as session:
        session.execute(update(PortalRow).values(next_due_at=now, last_round_at=now - timedelta(hours=3)))
        assert claim(session, PORTAL, "c", now, now + timedelta(minutes=5), even_if_not_due=False)
    with ledger.write() as session:
        assert order_look(session, PORTAL, SOMEBODY, now + timedelta(minutes=1)) is Ordered.ORDERED
        assert order_look(session, PORTAL, SOMEBODY, now + timedelta(minutes=1)) is Ordered.WAITS_ALREADY
    with ledger.write() as session:
        release(session, PORTAL, "c", now + timedelta(hours=6), now)
        session.execute(update(PortalRow).values(last_round_at=now + timedelta(minutes=2)))
    with ledger.write() as session:
        assert due_portals(session, now + timedelta(minutes=3)) == []  # the site was just looked at
        later = now + timedelta(minutes=3) + LOOKS_APART
        assert due_portals(session, later) == [PORTAL] and looks_ordered(session, [PORTAL]) == {PORTAL}
        assert claim(session, PORTAL, "d", later, later + timedelta(minutes=5), even_if_not_due=False)
        release(session, PORTAL, "d", later, None)  # the service stopped: the person waits on
        assert looks_ordered(session, [PORTAL]) == {PORTAL}
        assert claim(session, PORTAL, "d", later, later + timedelta(minutes=5), even_if_not_due=False)
        release(session, PORTAL, "d", later + timedelta(hours=6), later)
        assert looks_ordered(session, [PORTAL]) == set()
        assert due_portals(session, later + timedelta(hours=1)) == []


def standing_of(world: World, desk: Desk, agency: str, now: datetime) -> Standing:
    from ledger.models import StandingRow

    update_standings(world.ledger, desk.register, now)
    with world.ledger.read() as session:
        return session.get_one(StandingRow, (agency, 2023)).standing


def test_a_word_on_a_column_is_kept_once_and_settles_what_could_not_be_told(
    reports: None, world: World, desk: Desk, clock: Any, enter: Enter
) -> None:
    for day in ("2024-04-08", "2024-04-09"):  # nobody's report of the year is there
        world.look(day, reports={2022: ["neighbour"]})
    assert standing_of(world, desk, "yunshan-dongjie", TODAY) is Standing.UNVERIFIABLE
    operator, officer = enter("operator", DeskRole.OPERATOR, ["云山区"]), enter("officer", DeskRole.OFFICER, ["云山区"])
    shown = page_of(officer, f"/portals/{PORTAL}")
    assert "为什么有机关未能核实" in words(shown) and "东街街道" in words(shown) and not shown.xpath("//main//form")
    form = {"column": "streets", "year": "2023", "why": "打开核对过，确实没有"}
    where = f"/portals/{PORTAL}/confirm"
    assert send(officer, "/add", where, **form).status_code == 403
    assert send(operator, f"/portals/{PORTAL}", where, **(form | {"why": " "})).status_code == 400
    assert send(operator, f"/portals/{PORTAL}", where, **(form | {"column": "nowhere"})).status_code == 409
    for _ in range(2):
        assert send(operator, f"/portals/{PORTAL}", where, **form).status_code == 303
    with world.ledger.read() as session:
        said = session.scalars(select(ColumnConfirmation)).one()
        record = session.scalars(select(Record).where(Record.kind == RecordKind.COLUMN_CONFIRMED)).one()
    assert (said.column, said.year, said.why) == ("streets", 2023, "打开核对过，确实没有")
    assert (record.account, record.district, record.year) == ("operator", "云山区", 2023)
    assert "已由人工确认（operator的姓名" in words(page_of(operator, f"/portals/{PORTAL}"))
    assert standing_of(world, desk, "yunshan-dongjie", TODAY + timedelta(minutes=1)) is Standing.MISSING


def test_a_portal_is_paused_and_resumed_with_a_reason(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    operator, where = enter("operator", DeskRole.OPERATOR), f"/portals/{PORTAL}"
    assert send(operator, where, f"{where}/pause", why="").status_code == 400
    for _ in range(2):
        assert send(operator, "/people", f"{where}/pause", why="对方维护").status_code == 303
    assert "已暂停" in words(page_of(operator, where)) and "对方维护" in words(page_of(operator, where))
    assert send(operator, "/people", f"{where}/look").status_code == 409
    for _ in range(2):
        assert send(operator, "/people", f"{where}/resume", why="").status_code == 303
    with world.ledger.read() as session:
        kinds = [one.kind for one in session.scalars(select(Record).order_by(Record.id))]
        assert session.get_one(PortalRow, PORTAL).paused_reason is None
    assert kinds[-2:] == [RecordKind.PORTAL_PAUSED, RecordKind.PORTAL_RESUMED]
    assert send(operator, "/people", "/portals/daxing/resume").status_code == 409


def test_what_is_in_quarantine_is_read_again_by_a_recorded_decision(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    with world.ledger.write() as session:
        values = {"state": WorkState.QUARANTINED, "attempts": 3, "sentence": HOSTILE, "finished_at": TODAY}
        work = Work(version_id=1, reader="1", portal=PORTAL, created_at=TODAY, next_attempt_at=TODAY, **values)
        session.add(work)
        session.flush()
        number = work.id
    operator = enter("operator", DeskRole.OPERATOR, ["云山区"])
    elsewhere = enter("elsewhere", DeskRole.OPERATOR, ["海淀区"])
    text = operator.get("/machinery").text
    assert "&lt;script&gt;alert(1)" in text and "<script>alert" not in text and "\u202e" not in text
    assert f'value="{number}"' in text and f'value="{number}"' not in elsewhere.get("/machinery").text
    again = {"work": str(number), "why": "程序更新了"}
    send(elsewhere, "/people", "/machinery/retry", **again)
    with world.ledger.read() as session:
        assert session.get_one(Work, number).state is WorkState.QUARANTINED
    assert send(operator, "/machinery", "/machinery/retry", why="x").status_code == 400
    assert send(operator, "/machinery", "/machinery/retry", work=str(number)).status_code == 400
    for _ in range(2):
        assert send(operator, "/people", "/machinery/retry", **again).status_code == 303
    with world.ledger.read() as session:
        work = session.get_one(Work, number)
        record = session.scalars(select(Record).where(Record.kind == RecordKind.QUARANTINE_RETRIED)).one()
    assert (work.state, work.attempts) == (WorkState.WAITING, 0)
    assert (record.account, record.district, record.why) == ("operator", "云山区", "程序更新了")


def test_the_machinery_is_told_as_the_report_has_it(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    operator = enter("operator", DeskRole.OPERATOR)
    page = page_of(operator, "/machinery")
    with world.ledger.read() as session:
        told = heartbeat(machinery_report(session, desk.settings, TODAY))
    assert not told.right and told.sentence in words(page) and "有不正常的地方" in words(page)
    assert "消息队列现在无法访问" in words(page)
    for role in (DeskRole.VIEWER, DeskRole.OFFICER, DeskRole.REVIEWER):
        assert enter(role.value, role).get("/machinery").status_code == 403


def test_a_stored_list_page_runs_nothing_and_its_account_is_escaped(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    world.look("2024-04-09", left=[{"kind": "link", "text": HOSTILE, "name": "unknown", "address": "javascript:x"}])
    content = b"<html><script>alert(1)</script><img src=http://evil.example/x><form action=/x></form></html>"
    sha256 = open_archive(desk.settings).put(content)
    with world.ledger.write() as session:
        look = session.scalars(select(Look).order_by(Look.id.desc())).first()
        assert look is not None and look.pages
        account, number = look.pages[0], look.id
        session.execute(update(ListPage).where(ListPage.account == account).values(sha256=sha256))
    client = enter("officer", DeskRole.OFFICER, ["云山区"])
    text = client.get(f"/portals/{PORTAL}/looks/{number}").text
    assert "&lt;script&gt;alert(1)" in text and "<script>alert" not in text and "\u202e" not in text
    assert 'href="javascript' not in text
    answer = client.get(f"/portals/{PORTAL}/pages/{account}")
    policy = answer.headers["content-security-policy"]
    assert answer.content == content and policy.startswith("sandbox; default-src 'none'") and "http" not in policy
    there = enter("there", DeskRole.OFFICER, ["海淀区"])
    for address in (f"/portals/{PORTAL}", f"/portals/{PORTAL}/looks/{number}", f"/portals/{PORTAL}/pages/{account}"):
        assert there.get(address).status_code == 404
    for bad in (
        "/portals/x",
        f"/portals/{PORTAL}/looks/99999",
        f"/portals/{PORTAL}/pages/x",
        f"/portals/daxing/looks/{number}",
    ):
        assert client.get(bad).status_code == 404, bad

"""The desk in a real browser: a morning by keyboard and without scripts, on a telephone, with a hostile page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from config.settings import Settings
from ledger.models import FindingRow, ReadingCorrection
from ledger.states import FindingDecision, FindingState
from tests.monitor.evidence.published import YUNSHAN, publish
from tests.monitor.factory import World
from tests.waiting import wait_until
from tests.web.conftest import PASSWORD
from tests.web.prepared import session_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
REPORT = "/reports/yunshan-government/2023"
HOSTILE = (
    "<script>document.title='ran';top.document.title='ran';new Image().src='http://evil.example/a'</script>"
    "<meta http-equiv=refresh content='0;url=http://evil.example/b'><img src='http://evil.example/c' onerror='top.x=1'>"
    "<link rel=stylesheet href='http://evil.example/d'><iframe src='http://evil.example/e'></iframe>"
    "<form action='http://evil.example/f'><input autofocus></form><base href='http://evil.example/'>"
)


class Elsewhere:
    """A server of somebody else, which remembers what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    there = Elsewhere()
    thread = threading.Thread(target=there.server.serve_forever, daemon=True)
    thread.start()
    yield there
    there.server.shutdown()
    thread.join()


def t08(world: World) -> FindingRow:
    with world.ledger.read() as session:
        rows = session.scalars(select(FindingRow).where(FindingRow.rule == "T08")).all()
    return next(row for row in rows if "review.total" in row.cells)


def test_an_officers_morning_with_the_keyboard_alone(browser: Browser, desk_at: str, world: World) -> None:
    finding = t08(world)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    # From the mail's link to the finding, through the login.
    page.goto(f"{desk_at}{REPORT}?version={finding.version_id}#{finding.fingerprint}")
    page.locator("#field-account").focus()
    page.keyboard.type("wangmin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk_at}{REPORT}*")
    # j and k go through the findings; the cell of the focused one is shown on both sides.
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "finding-r-2"
    assert page.locator("rect.shown").count() == 1 and page.locator("td.shown").count() == 1
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "finding-r-1"
    page.keyboard.press("j")
    for key in ("Tab", "Enter"):  # 复核 opens
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # 属实
    page.keyboard.press("ArrowDown")  # 不是问题
    while page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        page.keyboard.press("Tab")
    page.keyboard.type("纸质原件无误")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    after = t08(world)
    assert (after.state, after.decision, after.said_by) == (FindingState.DISMISSED, FindingDecision.DISMISS, "王敏")
    assert after.said_why == "纸质原件无误"
    assert complaints == []  # the policy blocks nothing of our own
    page.close()


def test_who_goes_back_to_put_one_field_right_finds_the_others_as_they_were(
    browser: Browser, desk_at: str, world: World
) -> None:
    written = {"#field-year": "2023", "#field-published": "2999-01-31", "#why": "网站打不开"}
    context = browser.new_context()
    context.add_cookies([{"name": "nianbao_session", "value": session_for(world.ledger, "officer"), "url": desk_at}])
    page = context.new_page()
    page.goto(desk_at + "/add")
    page.select_option("#agency", "yunshan-dongjie")
    for field, words in written.items():
        page.fill(field, words)
    page.click("main button")
    assert "还没有到" in page.inner_text("main")
    page.go_back()
    assert {field: page.input_value(field) for field in written} == written
    assert page.input_value("#agency") == "yunshan-dongjie"
    context.close()


def test_the_same_without_scripts(browser: Browser, desk_at: str, world: World) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(desk_at + "/findings")
    page.fill("#field-account", "wangmin")
    page.fill("#field-password", PASSWORD)
    page.click("main button")
    page.click("text=云山区2023年度报告 >> nth=0")
    card = page.locator("article.finding", has_text="表四行政复议")
    card.locator("summary", has_text="复核").click()
    card.locator("summary", has_text="读数有误时").click()
    card.locator("label", has_text="读数有误").first.click()
    card.locator("input[name='reading:review.total']").fill("11")
    card.locator("textarea").fill("原件为11")
    card.locator("button", has_text="登记").click()
    with world.ledger.read() as session:
        assert [one.value for one in session.scalars(select(ReadingCorrection))] == ["11"]
    with page.expect_download() as download:
        page.goto(desk_at + "/rectifications?agency=yunshan-government&year=2023")
        page.click("text=下载整改通知单")
    assert download.value.suggested_filename.endswith(".docx")
    context.close()


def test_a_hostile_page_runs_nothing_and_asks_nobody(
    browser: Browser, desk_at: str, world: World, settings: Settings, elsewhere: Elsewhere
) -> None:
    hostile = HOSTILE.replace("http://evil.example", elsewhere.address)
    data = YUNSHAN.read_bytes().replace(b"</body>", hostile.encode() + b"</body>")
    publish(world, settings, data, "yunshan-new", 2023, "2024-01-25")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "nianbao_session", "value": session_for(world.ledger, "boss"), "url": desk_at}])
    page = context.new_page()
    page.goto(desk_at + "/reports/yunshan-new/2023")
    page.locator("iframe").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe")
    frame.locator("table").first.wait_for()
    assert page.title().startswith("云山区数据局") and page.evaluate("window.x") is None
    # The original opened by itself is as harmless.
    page.goto(desk_at + str(page.locator("iframe").get_attribute("src")))
    assert page.title() != "ran"
    assert elsewhere.asked == []
    # It would have been seen: the same page without the desk's policy asks at once.
    page.goto("about:blank")
    page.set_content(hostile)
    wait_until(lambda: bool(elsewhere.asked), "the page asks elsewhere where nothing forbids it", 30)
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways_and_every_field_has_a_label(
    browser: Browser, desk_at: str, world: World, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{"name": "nianbao_session", "value": session_for(world.ledger, "boss"), "url": desk_at}])
    page: Any = context.new_page()
    for path in (
        "/", "/?district=云山区&year=2023", REPORT, f"{REPORT}?show=sentences", "/reports/yunshan-dongjie/2023",
        "/findings", "/rectifications?agency=yunshan-government&year=2023", "/agencies/yunshan-government",
        "/incidents", "/add", "/register", "/people", "/tokens", "/audit",
    ):  # fmt: skip
        page.goto(desk_at + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(_UNLABELLED) == [], path
        assert page.locator("h1").count() == 1, path
    context.close()


_UNLABELLED = """[...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]
  .filter((one) => !one.labels.length).map((one) => one.name)
  .concat([...document.querySelectorAll('table')].filter((one) => !one.caption).map(() => 'table'))
  .concat([...document.querySelectorAll('thead th:not([scope])')].map(() => 'th'))"""

"""What axe-core finds on the desk's pages in a real browser, forms that were filled in wrongly among them: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyotp import TOTP

from ledger.messages.rectifications import open_rectification, propose_result
from ledger.people.accounts import make_link
from ledger.people.record import Who
from ledger.people.second_factor import begin_setup, confirm_setup
from ledger.states import RectificationResult
from tests.monitor.factory import World
from tests.web.conftest import PASSWORD, TESTS
from tests.web.prepared import TODAY, session_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "axe" / "axe.min.js"
REPORT = "/reports/yunshan-government/2023"
PAGES = (
    "/", "/?district=云山区&year=2023", "/?year=2023&name=没有", REPORT, f"{REPORT}?show=sentences",
    f"{REPORT}?show=changes", "/reports/yunshan-culture/2023", "/reports/yunshan-dongjie/2023",
    "/findings", "/findings?undecided=1", "/rectifications", "/rectifications?agency=yunshan-government&year=2023",
    "/rectifications?closed=1", "/agencies/yunshan-government", "/incidents", "/notices", "/notices/1",
    "/notices/next", "/notices?state=refused", "/summaries", "/summaries/circular?district=云山区", "/portals",
    "/portals/yunshan", "/portals/yunshan/looks/1",
    "/machinery", "/add", "/register", "/people", "/tokens", "/audit",
    "/check", "/check/rules", "/check/rules/T05", "/check/results/none", "/no-such-page",
    "/account", "/indicators", "/indicators?district=云山区&year=2023",
)  # fmt: skip
# What runs in the page: the ids of the rules that are broken, each with where.
_RUN = """async () => (await axe.run(document, {iframes: false, resultTypes: ['violations']})).violations.map(
  (one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary).join(' | '))"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands, with everything open that can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN)
    return found


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}: {one}" for path, wrong in found.items() for one in wrong)


@pytest.fixture
def opened(browser: Browser, desk_at: str, world: World) -> Iterator[Page]:
    """A page of somebody who may do everything."""
    with world.ledger.write() as session:
        asked: dict[str, Any] = {"asked_on": TODAY.date(), "due_on": TODAY.date(), "asked_by": "王敏"}
        for _ in range(2):
            number = open_rectification(session, "yunshan-government", 2023, now=TODAY, asked_for="更正", **asked)
        propose_result(session, number, RectificationResult.DONE, Who("别人"), "已看过", TODAY)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "nianbao_session", "value": session_for(world.ledger, "boss"), "url": desk_at}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_has_a_violation(opened: Page, desk_at: str, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 900})
    found = {}
    for path in PAGES:
        opened.goto(desk_at + path)
        if wrong := violations(opened):
            found[path] = wrong
    assert not found, told(found)


def test_a_form_with_errors_has_none_either(opened: Page, desk_at: str, world: World) -> None:
    page, found = opened, {}

    def look(name: str, sentence: str) -> None:
        assert sentence in page.inner_text("main"), (name, page.inner_text("main"))
        if wrong := violations(page):
            found[name] = wrong

    page.goto(desk_at + "/register")
    page.set_input_files("#file", files={"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    page.click("text=上传并检查")
    look("a table that cannot be taken", "不认识标题")
    with page.expect_download() as download:
        page.click("a.button")
    page.set_input_files("#file", download.value.path())
    page.click("text=上传并检查")
    look("a table that can be taken", "检查通过")

    page.goto(desk_at + "/people")
    page.fill("#field-account", "NOT an account")
    page.fill("#field-name", "某人")
    page.click("form[action='/people'] button")
    look("an account that will not do", "账号")
    page.goto(desk_at + "/people")
    page.fill("#field-account", "lihua")
    page.fill("#field-name", "李华")
    page.click("form[action='/people'] button")
    look("a new account with its link", "/link/")

    page.goto(desk_at + REPORT)
    page.locator("summary", has_text="复核").first.click()
    page.locator("label", has_text="读数有误").first.click()
    page.locator("textarea").first.fill("看过")
    page.locator("article button", has_text="登记").first.click()
    look("a decision that lacks something", "没有登记")

    with world.ledger.write() as session:
        token = make_link(session, "lihua", TESTS, TODAY)
    page.context.clear_cookies()
    page.goto(f"{desk_at}/link/{token}")
    page.fill("#field-password", "short")
    page.fill("#field-again", "short")
    page.click("main button")
    look("a password that will not do", "至少 10 个字符")
    page.goto(f"{desk_at}/link/nonsense")
    look("a link that holds no more", "链接无效")
    page.goto(desk_at + "/login")
    look("the login", "登录")
    page.fill("#field-account", "wangmin")
    page.fill("#field-password", "wrong-password")
    page.click("main button")
    look("a wrong password", "账号或密码不对")
    with world.ledger.write() as session:
        secret = begin_setup(session, "wangmin", TODAY)
        assert secret is not None and confirm_setup(session, "wangmin", TOTP(secret).at(TODAY), TODAY)
    page.fill("#field-account", "wangmin")
    page.fill("#field-password", PASSWORD)
    page.click("main button")
    look("the form for a code", "恢复码")
    page.fill("#field-code", "1")
    page.click("main button")
    look("a wrong code", "动态口令不对")
    assert not found, told(found)

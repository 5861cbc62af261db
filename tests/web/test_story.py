"""An officer's morning in a real browser, with real mail: from the mail's link to the case that closes itself.

The same with scripts and without, with a mouse and with the keyboard alone, at a desk and on a telephone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document as WordDocument
from lxml import html as lxml_html
from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import Settings
from ledger.archive import open_archive
from ledger.crawling.entry import Entry
from ledger.models import Rectification
from ledger.people.accounts import make_account, set_password
from ledger.reading.handing_out import claim_next
from ledger.states import DeskRole, Queue, RectificationResult
from monitor.loop import tick
from tests.documents import as_html
from tests.documents.report_source import Source, drawn, with_printed
from tests.monitor.factory import DISTRICT, OFFICE, World
from tests.web.conftest import PASSWORD, TESTS, Clock
from tests.web.hands import Hands
from tests.web.prepared import served
from workers.entering import enter_file
from workers.steps import Result, run
from workers.worker_context import open_worker_context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
RIGHT = drawn("云山区人民政府", 2023, seed=7)
WRONG_TOTALS = {"review.total": "77", "litigation_direct.total": "88"}
REPORT = "/reports/yunshan-government/2023"


def page_of(source: Source) -> bytes:
    return as_html.page(source, as_html.body(source)).encode("utf-8")


@dataclass
class Season:
    """Everything but the browser: what is published, read, judged and mailed, at the time of ``clock``."""

    settings: Settings
    world: World
    clock: Clock
    inbox: Inbox

    def publish(self, source: Source) -> None:
        """A report as somebody enters it, read and checked by a worker."""
        district = load_register(self.settings.home).districts[DISTRICT]
        entry = Entry(district, district.agencies[0], 2023, date(2024, 3, 20), "王敏", "网站不允许抓取")
        now = self.clock()
        archive = open_archive(self.settings)
        assert enter_file(self.settings, self.world.ledger, archive, entry, "年报.html", page_of(source), TESTS, now)
        later = now + timedelta(hours=1)  # long after what was handed out is taken for lost
        with open_worker_context(self.settings) as worker:
            with self.world.ledger.write() as session:
                work = claim_next(session, Queue.READ, later, timedelta(minutes=15), 5)
            assert [run(worker, one.work_id, now, worker="w") for one in work] == [Result.DONE]

    def turn(self, pause: timedelta = timedelta(0)) -> list[EmailMessage]:
        """One turn of the monitor after a pause; the mails that it brought."""
        before = len(self.inbox.messages())
        self.clock.now += pause
        tick(self.settings, self.world.ledger, self.clock())
        return self.inbox.messages()[before:]

    def asked(self) -> Rectification:
        with self.world.ledger.read() as session:
            return session.scalars(select(Rectification)).one()


@pytest.fixture
def season(world: World, settings: Settings, clock: Clock, tmp_path: Path) -> Iterator[Season]:
    with world.ledger.write() as session:
        make_account(session, "wangmin", "王敏", DeskRole.OFFICER, [DISTRICT], TESTS, clock())
        session.flush()
        set_password(session, "wangmin", PASSWORD, TESTS, clock())
    with Inbox(tmp_path / "inbox") as inbox, served(settings, world.ledger, clock) as address:
        given = {"smtp_host": inbox.host, "smtp_port": inbox.port, "web_address": address}
        yield Season(settings.model_copy(update=given), world, clock, inbox)


@pytest.mark.parametrize(
    ("scripts", "keys", "width"),
    [(True, False, 390), (False, False, 390), (True, True, 1280), (False, True, 1280)],
    ids=["a telephone", "a telephone without scripts", "the keyboard", "the keyboard without scripts"],
)
def test_from_the_mails_link_to_the_case_that_closes_itself(
    browser: Browser, season: Season, scripts: bool, keys: bool, width: int
) -> None:
    season.publish(with_printed(RIGHT, WRONG_TOTALS))
    (letter,) = (one for one in season.turn() if one["To"] == OFFICE)
    link = link_to_a_finding(letter)
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 800})
    page = context.new_page()
    hands = Hands(page, keys)

    # From the mail's link through the login to the very finding and its cell.
    page.goto(link)
    hands.write(page.locator("#field-account"), "wangmin")
    hands.write(page.locator("#field-password"), PASSWORD)
    hands.follow(page.locator("main button"))
    assert REPORT in page.url
    first = page.locator("article.finding").nth(0)
    assert page.url.endswith("#" + (first.locator("span").first.get_attribute("id") or ""))
    assert in_view(page, first)
    cell = page.locator("#tables td[data-cells='litigation_direct.total']")
    assert "88" in cell.inner_text() and cell.locator(f"a[href='#{first.get_attribute('id')}']").count() == 1
    fits(page)

    # One is no problem, with a reason; the other one is.
    wrong, real = (page.locator("article.finding").nth(place) for place in (0, 1))
    said_wrong, said_real = sentence_of(wrong), sentence_of(real)
    decide(hands, wrong, "dismiss", "纸质原件无误")
    assert "不是问题，王敏" in page.locator("#findings details", has_text="已有结论或已解决的").inner_text()
    decide(hands, page.locator("article.finding", has_text=said_real), "confirm", "请更正")
    assert "属实（王敏" in page.inner_text("#findings")
    fits(page)

    # It is asked to be put right, on paper.
    hands.follow(page.locator("a", has_text="提出整改"))
    assert said_wrong not in page.inner_text("main")
    hands.follow(page.locator("button", has_text="提出"))
    fits(page)
    with page.expect_download() as download:
        hands.press(page.locator("article a", has_text="整改通知单"))
    assert download.value.suggested_filename == "整改通知单 云山区2023年度报告.docx"
    paper = in_word(download.value.path())
    assert "云山区人民政府" in paper and said_real in paper and said_wrong not in paper
    # What a person entered has no address, and is called by the title that stands in it, not by its file's name.
    assert "《云山区人民政府2023年政府信息公开工作年度报告》" in paper and "人工登记的文件（年报.html）" in paper

    # What the officer took back is taken back by mail, in the thread of the letter that said it.
    (correction,) = (one for one in season.turn(timedelta(minutes=5)) if one["To"] == OFFICE)
    assert said_wrong in text_of(correction) and said_real not in text_of(correction)
    assert letter["Message-ID"] in str(correction["References"])

    # A new version in which it is right ends the case by itself.
    season.clock.now += timedelta(days=1)
    season.publish(RIGHT)
    season.turn(timedelta(minutes=5))
    after = season.asked()
    assert (after.result, after.reviewed_by) == (RectificationResult.DONE, "年报监测程序")
    hands.follow(page.locator("nav a", has_text="整改"))
    # The session was of yesterday.
    hands.write(page.locator("#field-account"), "wangmin")
    hands.write(page.locator("#field-password"), PASSWORD)
    hands.follow(page.locator("main button"))
    hands.follow(page.locator("a", has_text="也看已办结的"))
    assert "已办结" in page.inner_text("article") and "都已解决" in page.inner_text("article")
    fits(page)
    context.close()


def link_to_a_finding(letter: EmailMessage) -> str:
    html = next(part.get_content() for part in letter.walk() if part.get_content_type() == "text/html")
    tree: Any = lxml_html.fromstring(html)
    return str(next(link for link in tree.xpath("//a/@href") if f"{REPORT}?version=" in link))


def text_of(letter: EmailMessage) -> str:
    return str(next(part.get_content() for part in letter.walk() if part.get_content_type() == "text/plain"))


def sentence_of(finding: Locator) -> str:
    """The sums written out, which stand alike on the page, in the mail and on the paper."""
    found = re.search(r"(?:行政复议|行政诉讼)[^，。（\n]*＝[0-9]+", finding.inner_text())
    assert found is not None, finding.inner_text()
    return found[0]


def decide(hands: Hands, finding: Locator, decision: str, why: str) -> None:
    hands.press(finding.locator("summary").first)
    hands.choose(finding.locator(f"input[value='{decision}']"))
    hands.write(finding.locator("textarea"), why)
    hands.follow(finding.locator("button", has_text="登记"))


def in_word(path: Path) -> str:
    document = WordDocument(io.BytesIO(path.read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def in_view(page: Page, what: Locator) -> bool:
    box, size = what.bounding_box(), page.viewport_size
    return box is not None and size is not None and -1 <= box["y"] < size["height"]


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    size = page.viewport_size
    assert size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]

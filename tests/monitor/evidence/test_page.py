"""The page of evidence: complete, in hand, small enough, and harmless whatever a report says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html as lxml_html

from config.settings import Settings
from monitor.channels.mail.message import MOST_ENCLOSED_BYTES
from monitor.evidence.page import evidence_page
from monitor.evidence.pictures import PagePicture
from report.figure import Figure, State
from report.report import Report
from tests.monitor.evidence.published import HONGZE, evidence_behind, page_of_evidence, publish
from tests.monitor.factory import World, at

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

DAY = "2024-03-20"
HOSTILE = (
    "<script>alert(1)</script>\"><img src=http://evil.example/x onerror=alert(1)><a href='javascript:alert(1)'>甲</a>"
)


def test_a_paged_report_is_shown_with_its_cells_sums_and_page(world: World, sqlite_settings: Settings) -> None:
    report = publish(world, sqlite_settings, HONGZE.read_bytes(), "yunshan-government", 2023, DAY)
    written = page_of_evidence(world.ledger, sqlite_settings, at("2024-03-21"))
    page: Any = lxml_html.fromstring(written)
    words = " ".join(page.text_content().split())
    # What it is about, and which bytes: anybody can hash the original and compare.
    assert "云山区人民政府2023年政府信息公开工作年度报告" in words and report.sha256 in words
    assert "2024年3月20日12:00（北京时间）" in words
    # The wrong total with its addends, marked in the table where it was read.
    (broken,) = (
        row for row in page.xpath("//tr") if "表四“行政复议”" in row.text_content() and "T08" in row.text_content()
    )
    assert [cell.text_content() for cell in broken][2:] == [
        "结果维持10＋结果纠正1＋其他结果0＋尚未审结0＝11",
        "总计0",
        "相差11",
    ]
    (total,) = page.xpath("//td[@data-cells='review.total']")
    assert re.sub("[①-⑳]", "", total.text_content()) == "0" and total.get("class") == "number error"
    # The page of the original, with a frame where the reader saw the cell.
    (picture,) = page.xpath("//img")
    assert picture.get("src").startswith("data:image/png;base64,")
    left, top, right, _ = report.figures["review.total"].place.bbox or (0, 0, 0, 0)
    frames = [(float(one.get("x")), float(one.get("y")), float(one.get("width"))) for one in page.xpath("//rect")]
    assert any(abs(x - left) < 3 and abs(y - top) < 3 and abs(width - (right - left)) < 6 for x, y, width in frames), (
        frames
    )
    assert len(written.encode()) <= MOST_ENCLOSED_BYTES
    assert all(table.xpath("./caption") for table in page.xpath("//table"))


def test_nothing_is_fetched_and_nothing_runs(world: World, sqlite_settings: Settings) -> None:
    def hostile(report: Report) -> Report:
        total = report.figures["review.total"]
        upheld = Figure("review.upheld", State.TEXT, None, HOSTILE, total.place)
        return replace(report, title=HOSTILE, figures=report.figures | {"review.upheld": upheld})

    publish(world, sqlite_settings, HONGZE.read_bytes(), "yunshan-government", 2023, DAY, hostile)
    world.change(1, title=HOSTILE, address="javascript:alert(1)")
    written = page_of_evidence(world.ledger, sqlite_settings, at("2024-03-21"))
    page: Any = lxml_html.fromstring(written)
    assert "&lt;script&gt;alert(1)" in written
    assert page.xpath("//script | //iframe | //object | //link | //form | //base") == []
    assert [name for node in page.iter() for name in node.attrib if name.startswith("on")] == []
    assert not [one for one in page.xpath("//@href") if not one.startswith(("http://", "https://", "#"))]
    assert [one[:22] for one in page.xpath("//@src")] == ["data:image/png;base64,"]
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")


def test_pictures_give_way_before_anything_else(world: World, sqlite_settings: Settings) -> None:
    publish(world, sqlite_settings, HONGZE.read_bytes(), "yunshan-government", 2023, DAY)
    (report,) = evidence_behind(world.ledger, sqlite_settings, at("2024-03-21"))
    sha256 = report.documents[0].copy.sha256
    pictures = {sha256: {4: PagePicture(4, 595.0, 842.0, (b"L" * 200_000, b"S" * 20_000))}}
    small = evidence_page([report], pictures, at("2024-03-21"), 120_000).decode()
    assert "base64,U1NT" in small and "没有附上" not in small
    without = evidence_page([report], pictures, at("2024-03-21"), 50_000).decode()
    assert "第4页的图像没有附上" in without and "相差11" in without
    many = evidence_page([report] * 40, pictures, at("2024-03-21"), 200_000)
    assert len(many) <= 200_000 and "份报告的核对依据没有附上" in many.decode()


def test_a_report_that_is_not_there_is_shown_by_the_looks(world: World, sqlite_settings: Settings) -> None:
    for day in ("2024-04-01", "2024-04-02"):
        world.look(day)
    written = page_of_evidence(world.ledger, sqlite_settings, at("2024-04-03"))
    assert "部门年报，2024年4月2日12:00" in written and "完整查看" in written


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1000])
def test_it_fits_the_screen_and_asks_nobody(
    browser: Browser, world: World, sqlite_settings: Settings, tmp_path: Path, width: int
) -> None:
    publish(world, sqlite_settings, HONGZE.read_bytes(), "yunshan-government", 2023, DAY)
    file = tmp_path / "evidence.html"
    file.write_text(page_of_evidence(world.ledger, sqlite_settings, at("2024-03-21")), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, offline=True, viewport={"width": width, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    assert complaints == []  # the policy blocks nothing of our own
    box = page.locator("svg rect").first.bounding_box()
    picture = page.locator(".page img").first.bounding_box()
    assert box is not None and picture is not None
    assert picture["x"] < box["x"] < picture["x"] + picture["width"] <= width
    context.close()

"""报告核对: the original beside the figures, and nothing of a hostile report that runs or is fetched."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from ledger.models import Article, FindingRow, Record, Version
from ledger.states import DeskRole, RecordKind, WorkState
from monitor.standings.judge import update_standings
from tests.monitor.factory import World, at
from tests.web.conftest import Enter
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from web.desk import Desk

GOVERNMENT = "/reports/yunshan-government/2023"
HOSTILE = '<script>alert(1)</script>"><img src=http://evil.example/x onerror=alert(1)>'


def test_the_page_picture_has_the_suspect_cell_and_the_form_its_sums(reports: None, desk: Desk, enter: Enter) -> None:
    client = enter("viewer", DeskRole.VIEWER)
    page = page_of(client, GOVERNMENT)
    (picture,) = page.xpath("//section[@id='original']//div[@class='page']/img/@src")
    answer = client.get(picture)
    assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG")
    (frame,) = page.xpath("//*[local-name()='rect'][@data-cells='review.total']")
    assert frame.get("class") == "error"
    (cell,) = page.xpath("//td[@data-cells='review.total']")
    # The number of the finding leads to it, and the cell is framed as suspected.
    number = cell.xpath(".//a")[0]
    assert words(page.xpath(f"//article[@id='{number.get('href')[1:]}']")[0]).startswith(number.text)
    assert "beside" not in cell.get("class")
    (broken,) = (row for row in page.xpath("//section[@id='sums']//tr") if "表四“行政复议”" in words(row))
    assert "结果维持10＋结果纠正1＋其他结果0＋尚未审结0＝11" in words(broken) and "相差11" in words(broken)


def test_blank_is_never_zero(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    page = page_of(enter("viewer", DeskRole.VIEWER), GOVERNMENT)
    others = page.xpath("//section[@id='tables']//td[contains(@class,'other')]")
    assert all(words(cell).strip("①②③④⑤⑥⑦⑧⑨") != "0" for cell in others)


def test_a_web_page_is_shown_in_a_frame_where_nothing_runs(reports: None, desk: Desk, enter: Enter) -> None:
    client = enter("viewer", DeskRole.VIEWER)
    (frame,) = page_of(client, "/reports/yunshan-culture/2023").xpath("//iframe")
    assert frame.get("sandbox") == ""
    answer = client.get(frame.get("src"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'") and "allow-" not in policy and "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    saved = client.get(frame.get("src").replace("/page", "/file"))
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")


def test_a_hostile_title_stays_text(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    with world.ledger.write() as session:
        session.execute(update(Article).values(title=HOSTILE))
        owner = Article.agency == "yunshan-government"
        session.execute(update(Article).where(owner).values(address="javascript:alert(1)"))
        session.execute(update(FindingRow).values(message=HOSTILE, basis=HOSTILE))
    client = enter("officer")
    for address in (GOVERNMENT, "/findings", f"{GOVERNMENT}?show=sentences"):
        page = page_of(client, address)
        assert page.xpath("//script/@src") == ["/static/desk.js"] and page.xpath("//script/text()") == []
        assert [name for node in page.iter() for name in node.attrib if name.startswith("on") or name == "style"] == []
        assert not [one for one in page.xpath("//@src | //@href") if "evil" in one or one.startswith("javascript")]


def test_what_was_not_found_shows_the_looks_and_accuses_by_none_of_its_own(
    reports: None, desk: Desk, enter: Enter
) -> None:
    page = page_of(enter("viewer", DeskRole.VIEWER), "/reports/yunshan-dongjie/2023")
    assert "✕ 未公布" in words(page) and "没有查到不等于没有公布" in words(page)
    looks = [words(row) for row in page.xpath("//caption[contains(.,'对所在栏目的查看')]/../tbody/tr")]
    assert looks[0] == "街道年报2024年4月2日12:00正常，完整10101000" and len(looks) == 2


def test_a_document_that_could_not_be_read_says_so(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    with world.ledger.read() as session:
        article = session.scalar(select(Article.id).where(Article.agency == "yunshan-dongjie"))
    article = article or world.article("yunshan-dongjie", 2023, "2024-01-10", column="streets", page_label="2024-01-09")
    world.version(article, "2024-01-10", state=WorkState.QUARANTINED)
    update_standings(world.ledger, desk.register, TODAY)
    page = words(page_of(enter("viewer", DeskRole.VIEWER), "/reports/yunshan-dongjie/2023"))
    assert "没有读出（不是有效的 PDF），不作任何判断，也不计为零" in page and "没有发现问题" not in page


def test_versions_stand_side_by_side(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    with world.ledger.read() as session:
        first = session.scalars(select(Version).order_by(Version.id)).first()
    assert first is not None
    newer = world.version(first.article_id, "2024-04-05", "corrected")
    client = enter("viewer", DeskRole.VIEWER)
    page = page_of(client, f"{GOVERNMENT}?version={newer}&show=changes")
    assert "与前一版的不同" in words(page)
    assert len(page.xpath("//section[@id='versions']//tbody/tr")) == 2
    assert "这不是现行版本" in words(page_of(client, f"{GOVERNMENT}?version={first.id}"))
    assert client.get(f"{GOVERNMENT}?version=999").status_code == 404


def test_who_saw_personal_data_stands_in_the_record(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    with world.ledger.read() as session:
        version = session.scalars(select(Version.id).order_by(Version.id)).first()
    world.finding(version or 0, "yunshan-government", 2023, "2024-03-20", rule="D16", severity="warning", cells=[])
    page_of(enter("viewer", DeskRole.VIEWER), GOVERNMENT)
    with world.ledger.read() as session:
        rows: list[Any] = list(session.scalars(select(Record).where(Record.kind == RecordKind.PERSONAL_DATA_SEEN)))
    assert [(row.account, row.agency, row.year) for row in rows] == [("viewer", "yunshan-government", 2023)]
    assert at("2024-04-10 09:00") == rows[0].at


@pytest.mark.parametrize("address", [GOVERNMENT, "/originals/1/file", "/originals/1/pages/4.png", "/originals/2/page"])
def test_another_districts_report_does_not_exist(reports: None, desk: Desk, enter: Enter, address: str) -> None:
    assert enter("elsewhere", DeskRole.REVIEWER, ["海淀区"]).get(address).status_code == 404
    assert enter("here", DeskRole.VIEWER, ["云山区"]).get(address).status_code == 200

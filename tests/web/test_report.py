"""报告核对: the original beside the figures, and nothing of a hostile report that runs or is fetched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from ledger.models import Article, FindingRow, PagePicture, ReadingRow, Record, Version, Work
from ledger.standings import why
from ledger.states import DeskRole, FindingState, Queue, RecordKind, WorkState
from monitor.standings.judge import update_standings
from tests.monitor.factory import World, at
from tests.web.conftest import Enter
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from web.desk import Desk
from web.serving import framed

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


@pytest.mark.both_databases
def test_findings_beyond_one_page_have_pages_and_forms(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    with world.ledger.read() as session:
        version = session.scalars(select(Version.id).order_by(Version.id)).first() or 0
    made = [
        world.finding(
            version, "yunshan-government", 2023, "2024-03-20", rule="T05", severity="warning", cells=[f"x{n}"]
        )
        for n in range(150)
    ]
    client = enter("officer")
    seen: list[str] = []
    numbers: list[str] = []
    address = f"{GOVERNMENT}?version={version}"
    while True:
        page = page_of(client, address)
        seen += page.xpath("//article[contains(@class,'finding')]/span/@id")
        numbers += page.xpath("//article[contains(@class,'finding')]/@id")
        assert len(page.xpath("//article//form")) == len(page.xpath("//article")) <= 60
        following = page.xpath("//section[@id='findings']//a[@rel='next']/@href")
        if not following:
            break
        address = f"{GOVERNMENT}{following[0]}"
    assert set(made) <= set(seen) and len(seen) == len(set(seen)) == len(set(numbers)) > 150
    # A letter's link leads to the page on which its finding is, and a number beyond the last to the last.
    (last,) = page_of(client, f"{GOVERNMENT}?version={version}&finding={seen[-1]}").xpath(f"//span[@id='{seen[-1]}']")
    assert last is not None
    assert page_of(client, f"{GOVERNMENT}?version={version}&page=99").xpath(f"//span[@id='{seen[-1]}']")


def test_a_page_is_of_one_reading(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    """The last reading counts for everything on it, also where the row of the work names an earlier reader."""
    with world.ledger.write() as session:
        version = session.scalars(select(Version).order_by(Version.id)).first()
        assert version is not None
        old = session.scalars(select(ReadingRow).where(ReadingRow.sha256 == version.sha256)).one()
        content = json.loads(json.dumps(old.content).replace('"page": 3', '"page": 33'))
        session.add(
            ReadingRow(sha256=old.sha256, reader="newer", read_at=TODAY, seconds=1, content=content, digest=old.digest)
        )
        session.add(
            Work(
                version_id=version.id,
                queue=Queue.READ,
                reader=old.reader,
                state=WorkState.DONE,
                created_at=TODAY,
                next_attempt_at=TODAY,
            )
        )
        session.execute(update(FindingRow).values(state=FindingState.RESOLVED))
        session.execute(delete(PagePicture))
    page = words(page_of(enter("viewer", DeskRole.VIEWER), GOVERNMENT))
    assert "表格在第" in page and "33" in page.split("表格在第")[1].split("页")[0]


def test_a_reading_that_is_no_longer_understood_is_told_as_unread(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    with world.ledger.write() as session:
        session.execute(update(ReadingRow).values(content={"of": "another program"}))
    page = words(page_of(enter("viewer", DeskRole.VIEWER), GOVERNMENT))
    assert "这份文件还没有读取" in page and "没有发现问题。" not in page


def test_a_letters_link_leads_to_a_finding_that_was_settled(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    with world.ledger.read() as session:
        row = session.scalars(select(FindingRow).where(FindingRow.rule == "T08")).first()
    assert row is not None
    world.change_finding(row.fingerprint, state=FindingState.RESOLVED, resolved_at=TODAY)
    address = f"{GOVERNMENT}?version={row.version_id}&finding={row.fingerprint}"
    (article,) = page_of(enter("viewer", DeskRole.VIEWER), address).xpath(f"//*[@id='{row.fingerprint}']")
    assert article.getparent().get("open") is not None


def test_a_web_page_that_is_too_large_is_not_shown_and_says_so(
    reports: None, desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framed, "LARGEST_SHOWN", 10)
    answer = enter("viewer", DeskRole.VIEWER).get("/originals/2/page")
    assert answer.status_code == 413 and "这个网页太大" in answer.text


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


def test_of_what_was_not_found_the_looks_left_out_are_counted_and_a_copy_can_be_entered(
    reports: None, desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(why, "MOST_LOOKS", 1)
    address = "/reports/yunshan-dongjie/2023"
    page = page_of(enter("officer"), address)
    looks = [words(row) for row in page.xpath("//caption[contains(.,'对所在栏目的查看')]/../tbody/tr")]
    assert len(looks) == 2 and looks[1] == "街道年报此后还有1次，未列出"
    assert page.xpath("//main//a[.='代录']/@href") == ["/add?agency=yunshan-dongjie&year=2023"]
    assert page_of(enter("viewer", DeskRole.VIEWER), address).xpath("//main//a[.='代录']") == []


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

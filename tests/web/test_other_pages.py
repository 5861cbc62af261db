"""机关页, 事项, 代录 and 名册."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from ledger.models import Article, Evidence, FetchOrder, IncidentNote, Record, Version, Work
from ledger.reading.copies import copy_of
from ledger.states import DeskRole, EvidenceSource, FetchOrderState, RecordKind, VersionRole, WorkState
from monitor.loop import tick
from tests.monitor.evidence.published import YUNSHAN
from tests.monitor.factory import AGENCIES, World
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from tests.workbooks import load_workbook
from web.desk import Desk

ENTERED = {"agency": "yunshan-dongjie", "year": "2023", "published": "2024-01-20", "why": "网站不允许抓取"}


def test_an_agency_over_the_years(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    agencies = desk.settings.home / "config" / "agencies" / "yunshan.yaml"
    kept = AGENCIES.replace("short: 云山区, kind: government", "short: 云山区, kind: government, contact: 李四")
    agencies.write_text(kept, encoding="utf-8")
    desk.look_again()
    page = page_of(enter("viewer", DeskRole.VIEWER), "/agencies/yunshan-government")
    (row,) = (one for one in page.xpath("//tbody/tr") if words(one).startswith("2023"))
    assert "✓ 按时公布" in words(row) and "不能核对" in words(row)
    assert "联系人：李四" in words(page)
    with world.ledger.read() as session:
        seen = session.scalars(select(Record).where(Record.kind == RecordKind.PERSONAL_DATA_SEEN)).one()
    assert (seen.account, seen.agency) == ("viewer", "yunshan-government")


def test_the_first_year_whose_carry_over_does_not_go_on_is_named(reports: None, world: World, enter: Enter) -> None:
    for year, row, number in ((2021, "carried_out", 3), (2022, "carried_in", 1)):
        article = world.article("yunshan-culture", year, "2023-01-10", baseline=True)
        figure = {"value": number, "state": "number", "text": str(number)}
        world.version(article, "2023-01-10", figures={f"requests.{row}.total": figure})
    page = page_of(enter("viewer", DeskRole.VIEWER), "/agencies/yunshan-culture")
    assert "历年结转：2021→2022年度不符（首个不符）：总计结转下年度3、次年上年结转1" in words(page)


def test_an_incident_is_acknowledged_snoozed_and_noted(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    tick(desk.settings.model_copy(update={"smtp_port": 9}), world.ledger, TODAY)
    client = enter("officer", DeskRole.OFFICER, ["云山区"])
    (first, *_) = page_of(client, "/incidents").xpath("//article")
    where = "/incidents/" + first.get("id").removeprefix("incident-")
    assert send(client, "/incidents", where, kind="acknowledge", why="已电话催办").status_code == 303
    assert send(client, "/incidents", where, kind="snooze", why="下周处理", until="2024-04-20").status_code == 303
    for bad in ({"until": "2024-04-01"}, {"until": "never"}, {"until": "2024-04-20", "why": " "}):
        assert send(client, "/incidents", where, **({"kind": "snooze", "why": "x"} | bad)).status_code == 400
    with world.ledger.read() as session:
        notes = [(one.kind.value, one.said_by) for one in session.scalars(select(IncidentNote))]
    assert notes == [("acknowledge", "officer的姓名"), ("snooze", "officer的姓名")]
    assert "已电话催办" in words(page_of(client, "/incidents"))


def test_a_report_is_entered_with_who_and_why(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    client = enter("officer")
    files = {"file": ("东街街道.html", YUNSHAN.read_bytes() + b"<!-- -->", "text/html")}
    answer = send(client, "/add", "/add", files=files, **ENTERED)
    assert answer.headers["location"] == "/reports/yunshan-dongjie/2023"
    with world.ledger.read() as session:
        article = session.scalars(select(Article).where(Article.agency == "yunshan-dongjie")).one()
        version = session.scalars(select(Version).where(Version.article_id == article.id)).one()
        witness = session.scalars(select(Evidence).where(Evidence.source == EvidenceSource.ENTERED)).one()
        work = session.scalars(select(Work).where(Work.version_id == version.id)).one()
        copy = copy_of(session, version.id)
    # Letters and papers name it by words: what it is known by is no address that somebody could open.
    assert copy is not None and copy.article == copy.address == "人工登记的文件（东街街道.html）"
    assert (version.role, work.state) == (VersionRole.ENTERED, WorkState.WAITING)
    assert witness.value == "2024-01-20，officer的姓名登记，网站不允许抓取"
    assert "还没有读取" in words(page_of(client, "/reports/yunshan-dongjie/2023"))


@pytest.mark.parametrize(
    ("values", "name", "content", "sentence"),
    [
        ({"published": "2023-12-31"}, "a.html", YUNSHAN.read_bytes(), "不可能有这份报告"),
        ({"published": "2999-01-01"}, "a.html", YUNSHAN.read_bytes(), "还没有到"),
        ({}, "a.exe", b"MZ" + bytes(200), "没有登记"),
        ({}, "a.html", b"", "是空的"),
        ({"why": " "}, "a.html", b"<html>", "没有填写原因"),
    ],
)
def test_what_cannot_be_entered_changes_nothing(
    reports: None,
    world: World,
    desk: Desk,
    enter: Enter,
    values: dict[str, str],
    name: str,
    content: bytes,
    sentence: str,
) -> None:
    answer = send(enter("officer"), "/add", "/add", files={"file": (name, content)}, **(ENTERED | values))
    assert answer.status_code == 400 and sentence in answer.text
    with world.ledger.read() as session:
        assert session.scalars(select(Article).where(Article.agency == "yunshan-dongjie")).all() == []


def test_an_address_is_ordered_and_fetched_by_no_desk(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    client = enter("officer", DeskRole.OFFICER, ["云山区"])
    where = "http://www.yunshan.example/jd/1.html"
    for _ in range(2):  # pressed twice: one order
        answer = send(client, "/add", "/add", files={"file": ("", b"")}, **ENTERED, source=where)
        assert answer.headers["location"] == "/add#orders"
    with world.ledger.read() as session:
        order = session.scalars(select(FetchOrder)).one()
        record = session.scalars(select(Record).where(Record.kind == RecordKind.REPORT_ENTERED)).one()
    assert (order.agency, order.address, order.ordered_by) == ("yunshan-dongjie", where, "officer的姓名")
    assert (order.state, order.why, order.published.isoformat()) == (
        FetchOrderState.WAITING,
        "网站不允许抓取",
        "2024-01-20",
    )
    assert (record.account, record.subject) == ("officer", where)
    shown = words(page_of(client, "/add"))
    assert "等待取得" in shown and where in shown
    assert where not in words(page_of(enter("elsewhere", DeskRole.OFFICER, ["海淀区"]), "/add"))


NO_ADDRESSES = (
    *("", "  ", "年报", "ftp://a.example/x", "javascript:alert(1)", "file:///etc/passwd", "http://", "http://a b/"),
    *("//a/b", "http://a.example/\r\nX: y", "http://[", "http://a.example/" + "x" * 2000),
)


def test_what_is_no_address_is_not_ordered(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    client = enter("officer")
    for where in NO_ADDRESSES:
        answer = send(client, "/add", "/add", files={"file": ("", b"")}, **ENTERED, source=where)
        assert answer.status_code == 400, where
    with world.ledger.read() as session:
        assert session.scalars(select(FetchOrder)).all() == []


def test_the_register_shows_errors_line_by_line_before_anything_changes(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    client = enter("operator", DeskRole.OPERATOR)
    before = (desk.settings.home / "config" / "agencies" / "yunshan.yaml").read_text(encoding="utf-8")
    book = load_workbook(io.BytesIO(client.get("/register.xlsx").content))
    sheet = book.active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    rows = [row for row in sheet.iter_rows(min_row=2) if row[heads.index("区")].value == "云山区"]
    rows[0][heads.index("类别")].value = "委员会"
    answer = send(client, "/register", "/register", files={"file": ("a.xlsx", _bytes(book))})
    assert answer.status_code == 400 and "类别“委员会”不认识" in answer.text and f">{rows[0][0].row}<" in answer.text
    rows[0][heads.index("类别")].value = "区政府"
    rows[0][heads.index("联系人")].value = "赵六"
    answer = send(client, "/register", "/register", files={"file": ("a.xlsx", _bytes(book))})
    assert answer.status_code == 200 and "检查通过，还没有写入" in answer.text
    assert (desk.settings.home / "config" / "agencies" / "yunshan.yaml").read_text(encoding="utf-8") == before
    sha256 = answer.text.split('name="sha256" value="')[1][:64]
    assert send(client, "/register", "/register/import", sha256=sha256).status_code == 200
    assert desk.register.agencies["yunshan-government"].contact == "赵六"
    with world.ledger.read() as session:
        row = session.scalars(select(Record).where(Record.kind == RecordKind.REGISTER_IMPORTED)).one()
    assert (row.by, row.district) == ("operator的姓名", "云山区")


def test_an_operator_of_a_district_changes_no_other(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    everything = enter("everything", DeskRole.OPERATOR).get("/register.xlsx").content
    own = enter("own", DeskRole.OPERATOR, ["云山区"])
    answer = send(own, "/register", "/register", files={"file": ("a.xlsx", everything)})
    assert answer.status_code == 400 and "不由您负责的区" in answer.text


def _bytes(book: object) -> bytes:
    written = io.BytesIO()
    book.save(written)  # type: ignore[attr-defined]
    return written.getvalue()

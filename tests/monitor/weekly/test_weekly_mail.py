"""The weekly mail as it arrives: pictures that are said in words too, the 台账 attached, hostile titles harmless."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from cli.demo.inbox import Inbox
from config.settings import Settings, load_settings
from config.spreadsheet import printable
from config.wording import load_wording
from ledger.database import Ledger
from ledger.models import Article
from ledger.states import ArticleOutcome
from monitor.loop import tick
from monitor.weekly.workbook import PROBLEM_HEADINGS, headings
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import OFFICES_WITH_SUMMARY, World, at, write_register
from tests.monitor.reading_mail import html_of, text_of
from tests.office_program import convert, needs_libreoffice, pages_of
from tests.workbooks import load_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HOSTILE = (
    "=cmd|' /C calc'!A0 <script>alert(\"1\")</script>\r\nBcc: x@example.com\u202e\u2066 $\\frac{1}{0}$ " + "长" * 10_000
)


def weekly(inbox: Inbox) -> EmailMessage:
    return [message for message in inbox.messages() if "周报" in message["Subject"]][-1]


def book_of(message: EmailMessage) -> bytes:
    (attached,) = message.iter_attachments()
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def table(content: bytes, name: str) -> tuple[Worksheet, list[dict[str, object]]]:
    sheet = load_workbook(io.BytesIO(content))[name]
    head, *rows = sheet.iter_rows(min_row=3, values_only=True)  # below title and date
    return sheet, [dict(zip(map(str, head), row, strict=True)) for row in rows]


def season(world: World, mailing: Settings, ledger: Ledger) -> None:
    """A report in time with a wrong sum, and one that is missing."""
    world.look("2020-01-16 09:00")
    street = world.article(
        "yunshan-dongjie", 2019, "2020-01-17 09:00", column="streets", title="东街街道2019年度报告",
        page_label="2020-01-16", visible_date="2020-01-15",
    )  # fmt: skip
    version = world.version(street, "2020-01-17 09:00")
    world.finding(version, "yunshan-dongjie", 2019, "2020-01-17 09:05", cells=["requests.granted.total"])
    world.look("2020-01-17 09:00")
    tick(mailing, ledger, at("2020-01-17 10:00"))
    world.look("2020-02-01 09:00")
    world.look("2020-02-02 09:00")
    tick(mailing, ledger, at("2020-02-02 09:30"))
    tick(mailing, ledger, at("2020-02-03 08:00"))


def test_the_mail_carries_two_pictures_and_the_book(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    season(world, mailing, ledger)
    message = weekly(inbox)
    assert message.get_content_type() == "multipart/mixed"
    html = html_of(message)
    shown = re.findall(r'<img src="cid:([^"]+)" width="560" alt="([^"]*)"', html)
    pictures = {part["Content-ID"].strip("<>"): part for part in message.walk() if part["Content-ID"]}
    assert [name for name, _ in shown] == list(pictures)
    assert [name.split("@")[0] for name in pictures] == ["progress.2019.20200203", "agencies.2019.20200203"]
    for part in pictures.values():
        assert part.get_content_disposition() == "inline"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert Image.open(io.BytesIO(content)).size[0] == 1280
    # The alternative texts say what the pictures show, and the plain part says it too.
    assert [alt for _, alt in shown] == [
        "2019年度报告逐日累计公布数：2020年1月6日0家；2020年1月13日0家；2020年1月20日1家；2020年1月27日1家；"
        "2020年1月31日1家；2020年2月3日1家；应公布3家。部门、街道2020年1月31日到期。区政府2020年3月31日到期。",
        "未公布1家：区文旅局。未到期1家：云山区。按时公布1家：东街街道。免于编制1家：区数据局。",
    ]
    text = text_of(message)
    assert "2020年1月31日：1家，到期日" in text and "按时公布1家：东街街道" in text
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "云山区年度报告台账2020-02-03.xlsx"
    assert f"所附“{attached.get_filename()}”是截至本周的台账" in text
    assert len(message.as_bytes()) < 1_000_000


def test_the_book_has_a_line_for_each_agency(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    season(world, mailing, ledger)
    sheet, rows = table(book_of(weekly(inbox)), "台账")
    assert [heading.words for heading in headings(load_wording())] == list(rows[0])
    assert (sheet["A1"].value, sheet.freeze_panes) == ("云山区2019年度政府信息公开工作年度报告台账", "A4")
    assert (sheet.auto_filter.ref, sheet.print_title_rows) == (f"A3:Z{len(rows) + 3}", "$1:$3")
    by_name = {row["单位全称"]: row for row in rows}
    street = by_name["云山区人民政府东街街道办事处"]
    assert {name: street[name] for name in street if name not in ("序号", "单位全称", "链接", "问题摘要")} == {
        "年度": 2019,
        "单位类别": "街道",
        "应公布时限": datetime(2020, 1, 31),  # noqa: DTZ001 - a spreadsheet knows no zones
        "公布日期": datetime(2020, 1, 16),  # noqa: DTZ001
        "是否按时": "按时公布",
        "错误": 1,
        "提示": 0,
        "待人工核对": 0,
        "通知日期": datetime(2020, 1, 17),  # noqa: DTZ001
        "整改时限": None,
        "整改结果": None,
        "联系人": None,
        "联系电话": None,
        "标题": "东街街道2019年度报告",
        "系统首次发现时间": datetime(2020, 1, 17, 9, 0),  # noqa: DTZ001
        "日期可信度": "高：期限前系统已查到",
        "格式版本": "2019年格式",
        "正文或附件类型": "正文（网页）",
        "版本数": 1,
        "最近变更": None,
        "复核人": None,
        "复核意见": None,
    }
    assert str(street["问题摘要"]).startswith("【错误 T05】表三")
    culture = by_name["云山区文化和旅游局"]
    assert (culture["是否按时"], culture["标题"], culture["日期可信度"]) == ("未公布（逾期3天）", None, None)
    assert culture["通知日期"] == datetime(2020, 2, 2)  # noqa: DTZ001
    assert by_name["云山区人民政府"]["是否按时"] == "未到期"
    _, problems = table(book_of(weekly(inbox)), "校验问题")
    assert list(problems[0]) == [heading.words for heading in PROBLEM_HEADINGS]
    assert [(row["单位全称"], row["表"], row["规则"], row["级别"], row["状态"]) for row in problems] == [
        ("云山区人民政府东街街道办事处", "表三", "T05", "错误", "未解决")
    ]


def test_what_people_said_and_who_is_called_stand_in_the_book(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(
        mailing.home,
        agencies="district: 云山区\nportal: yunshan\nwatched: {first: 2019}\nagencies:\n"
        "  - {id: yunshan-dongjie, name: 东街街道办事处, short: 东街, kind: subdistrict, "
        "contact: 王敏, telephone: 010-1}\n",
        offices=OFFICES_WITH_SUMMARY,
    )
    world.look("2020-01-16 09:00")
    street = world.article("yunshan-dongjie", 2019, "2020-01-17 09:00", column="streets", page_label="2020-01-16")
    cell = "requests.granted.total"
    version = world.version(street, "2020-01-17 09:00", figures={cell: {"state": "number", "value": 7, "text": "7"}})
    number = world.finding(
        version, "yunshan-dongjie", 2019, "2020-01-17 09:05", cells=[cell], expected="8", place={"page": 4}
    )
    world.change_finding(
        number,
        state="acknowledged",
        said_by="李强",
        said_why="已电话核实",
        said_at=at("2020-01-20"),
        matter="YS-2019-1",
    )
    tick(mailing, ledger, at("2020-02-03 08:00"))
    book = book_of(weekly(inbox))
    _, (line,) = table(book, "台账")
    assert (line["联系人"], line["联系电话"]) == ("王敏", "010-1")
    _, (problem,) = table(book, "校验问题")
    told = ("页码或位置", "报告中填报", "似应为", "状态", "事项编号", "登记")
    assert [problem[name] for name in told] == [
        "第4页", "表三“（一）予以公开”行“总计”列：7", "表三“（一）予以公开”行“总计”列：8", "已知悉", "YS-2019-1",
        "李强：已电话核实",
    ]  # fmt: skip


def test_who_is_called_is_the_reports_own_where_the_register_says_nothing(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, offices=OFFICES_WITH_SUMMARY)
    left = {"sections": [{"number": 6, "heading": "六、其他", "kind": "other", "text": "联系电话：010-64636785。"}]}
    world.look("2020-01-16 09:00")
    for agency, year in (("yunshan-dongjie", 2019), ("yunshan-culture", 2018)):
        column = "streets" if agency.endswith("dongjie") else "departments"
        article = world.article(agency, year, f"{year + 1}-01-17 09:00", column=column)
        world.finding(world.version(article, f"{year + 1}-01-17 09:00", content_of=left), agency, year, "2020-01-17")
    tick(mailing, ledger, at("2020-02-03 08:00"))
    _, lines = table(book_of(weekly(inbox)), "台账")
    called = {line["单位全称"]: line["联系电话"] for line in lines if line["年度"] == 2019}
    assert called["云山区人民政府东街街道办事处"] == "010-64636785（报告中所留）"
    assert called["云山区文化和旅游局"] == "010-64636785（2018年度报告中所留）"
    assert called["云山区人民政府"] is None


@needs_libreoffice
def test_the_first_sheet_is_one_page_of_a4_with_the_numbers_by_kind(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, tmp_path: Path
) -> None:
    season(world, mailing, ledger)
    book = tmp_path / "book.xlsx"
    book.write_bytes(book_of(weekly(inbox)))
    pages = pages_of(convert(book, "pdf"))
    assert len(pages) == 3, "three sheets, each as wide as its paper"
    cover, ledger_page, problems = pages
    for words in (
        "云山区2019年度政府信息公开工作年度报告台账",
        "截至2020年2月3日8:00云山区政务服务管理局",
        "应公布已公布按时逾期未公布未能核实日期待核",
        "部门1000100",
        "合计3110100",
        "错误提示待人工核对涉及单位",
        "制表：审核：",
        "第1页共3页",
    ):
        assert words in cover, words
    assert "未公布（逾期3天）" in ledger_page and "系统首次发现时间" not in ledger_page
    assert "页码或位置" in problems


def test_a_hostile_title_is_harmless_in_mail_pictures_and_book(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    name, short = "=HYPERLINK(1) <i>东街</i>", "=1+1 $\\frac{1}{0}$ <b>东街</b>"
    write_register(
        mailing.home,
        agencies="district: 云山区\nportal: yunshan\nwatched: {first: 2019}\nagencies:\n"
        f"  - {{id: yunshan-dongjie, name: '{name}', short: '{short}', kind: subdistrict}}",
        offices=OFFICES_WITH_SUMMARY,
    )
    world.look("2020-01-16 09:00")
    street = world.article("yunshan-dongjie", 2019, "2020-01-17 09:00", column="streets", title=HOSTILE)
    version = world.version(street, "2020-01-17 09:00")
    world.finding(version, "yunshan-dongjie", 2019, "2020-01-17 09:05", message=HOSTILE, basis=HOSTILE)
    world.article(None, 2019, "2020-01-17 09:00", title=HOSTILE, outcome=ArticleOutcome.UNASSIGNED, reason=HOSTILE)
    world.look("2020-01-17 09:00")
    tick(mailing, ledger, at("2020-01-20 08:00"))

    message = weekly(inbox)
    assert message["Bcc"] is None
    html, text = html_of(message), text_of(message)
    assert "<script" not in html and "<b>东街" not in html and "<i>东街" not in html
    assert not {"\u202e", "\u2066"} & set(html + text)
    assert "\nBcc:" not in text.replace("\r", "\n")
    assert len(message.as_bytes()) < 1_000_000
    content = book_of(message)
    sheet, rows = table(content, "台账")
    assert rows[0]["标题"] == printable(HOSTILE)
    assert rows[0]["单位全称"] == "=HYPERLINK(1) <i>东街</i>"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(b"<f>" in parts.read(name) or b"<f " in parts.read(name) for name in parts.namelist())
        assert "xl/vbaProject.bin" not in parts.namelist() and not [n for n in parts.namelist() if "external" in n]


def test_without_the_archive_the_mail_goes_out_and_says_so(sqlite_settings: Settings, inbox: Inbox) -> None:
    ledger = open_mailing_ledger(sqlite_settings)
    world = World(ledger)
    # Where the archive should be is a file: nothing can be kept.
    (sqlite_settings.home / "archive").write_text("", encoding="utf-8")
    season(world, load_settings(smtp_host=inbox.host, smtp_port=inbox.port), ledger)
    ledger.close()
    message = weekly(inbox)
    assert "<img" not in html_of(message)
    assert list(message.iter_attachments()) == []
    assert "台账未随信附上" in text_of(message)
    assert "按时公布1家：东街街道" in text_of(message)


def test_what_was_lost_from_the_archive_does_not_hold_up_a_mail(sqlite_settings: Settings, inbox: Inbox) -> None:
    ledger = open_mailing_ledger(sqlite_settings)
    world = World(ledger)
    settings = load_settings(smtp_host=inbox.host, smtp_port=inbox.port)
    inbox.stop()
    season(world, settings, ledger)
    for file in (sqlite_settings.home / "archive").rglob("*"):
        if file.is_file():
            file.unlink()
    inbox.start()
    tick(settings, ledger, at("2020-02-03 12:00"))
    ledger.close()
    message = weekly(inbox)
    assert list(message.iter_attachments()) == []
    assert "按时公布1家：东街街道" in text_of(message)


@pytest.mark.parametrize("agencies", [400])
def test_a_big_district_is_one_bearable_mail(sqlite_settings: Settings, inbox: Inbox, agencies: int) -> None:
    lines = [f"  - {{id: a{n}, name: 云山区第{n}号管理局, short: 第{n}局, kind: department}}" for n in range(agencies)]
    write_register(
        sqlite_settings.home,
        agencies="district: 云山区\nportal: yunshan\nwatched: {first: 2019}\nagencies:\n" + "\n".join(lines),
        offices=OFFICES_WITH_SUMMARY,
    )
    ledger = open_mailing_ledger(sqlite_settings)
    world = World(ledger)
    world.look("2020-01-02 09:00")
    tick(load_settings(smtp_host=inbox.host, smtp_port=inbox.port), ledger, at("2020-01-06 08:00"))
    with ledger.read() as session:
        assert session.query(Article).count() == 0
    ledger.close()
    message = weekly(inbox)
    assert len(message.as_bytes()) < 1_000_000
    _, rows = table(book_of(message), "台账")
    assert len(rows) == agencies
    assert "距期限25天（400家）：第0局、" in text_of(message)

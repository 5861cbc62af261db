"""The register's workbook and its three sheets: what goes out comes in the same, every bad line has its sentence."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.agencies.importing import CannotImport, Plan, book_of_register, planned_import, write_import
from config.agencies.recipients_sheet import LEVELS
from config.in_force import load_register
from config.register import Register
from config.wording import load_wording
from tests.monitor.factory import AGENCIES, OFFICES, write_register
from tests.workbooks import load_workbook

MADE = datetime(2024, 1, 1, tzinfo=UTC)
MORE = """
  - district: 白山区
    name: 白山区政务公开办公室
    weekday: 3
    second_person: true
    recipients: [{to: a@baishan.example, kinds: [missing], language: en}, b@baishan.example, "apprise:群"]
channels: {群: {url: "json://localhost/secret"}}
"""
DATES = """
deadlines:
  town: {month: 2, day: 15, basis: 本区惯例, statutory: false}
  subdistrict: {month: 1, day: 31, basis: 本区惯例, statutory: false}
internal:
  department: {month: 1, day: 20}
"""
DUE, PEOPLE = "期限", "收件人"


@pytest.fixture
def register(home: Path) -> Register:
    baishan = AGENCIES.replace("云山区", "白山区").replace("yunshan", "baishan")
    write_register(home, agencies=baishan + DATES, offices=OFFICES.rstrip() + MORE)
    (home / "config" / "agencies" / "baishan.yaml").write_text(baishan + DATES, encoding="utf-8")
    (home / "config" / "agencies" / "yunshan.yaml").write_text(AGENCIES, encoding="utf-8")
    return load_register(home)


def changed(register: Register, sheet: str, place: int, **cells: Any) -> bytes:
    """The workbook with cells of one line changed; where ``place`` is 0, of a copy of the first one at the end."""
    book = load_workbook(io.BytesIO(book_of_register(register, ["云山区", "白山区"], MADE)))
    page: Any = book[sheet]
    heads = [cell.value for cell in page[1]]
    if place == 0:
        page.append([cell.value for cell in page[2]])
        place = page.max_row
    for heading, value in cells.items():
        page.cell(place, heads.index(heading) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plan_of(register: Register, content: bytes) -> Plan:
    return planned_import(content, register, 2023)


def test_what_goes_out_comes_in_the_same(register: Register) -> None:
    plan = plan_of(register, book_of_register(register, ["云山区", "白山区"], MADE))
    assert (plan.changed, plan.offices, plan.gone, plan.told_no_more) == ({}, {}, [], [])
    one = plan_of(register, book_of_register(register, ["云山区"], MADE))
    assert one.all_districts == ["云山区"]


def test_a_recipient_and_a_date_are_changed_and_all_else_stays(register: Register, home: Path) -> None:
    write_import(
        plan_of(register, changed(register, PEOPLE, 3, 收件人="new@baishan.example", 级别="错误；提示", 周报="否")),
        home,
    )
    again = load_register(home)
    office = again.offices.office("白山区")
    assert office is not None and (office.weekday, office.second_person) == (3, True)
    new, second, group = office.people
    assert (new.to, new.levels, new.weekly, new.language) == ("new@baishan.example", ("error", "warning"), False, "en")
    assert new.kinds == () and (second.to, group.to) == ("b@baishan.example", "apprise:群")
    assert again.offices.channels["群"].address() == "json://localhost/secret"
    assert again.offices.operators == register.offices.operators
    assert again.offices.office("云山区") == register.offices.office("云山区")

    town = changed(
        again, DUE, 0, 区="云山区", 类别="乡镇", 公布期限="2月20日", 依据="区办通知", 内部提醒日期="2026-02-01"
    )
    plan = plan_of(again, town)
    assert list(plan.changed) == ["云山区"]
    write_import(plan, home)
    last = load_register(home)
    assert (last.deadline("云山区", "town").month, last.deadline("云山区", "town").day) == (2, 20)
    assert (last.districts["云山区"].internal["town"].month, last.districts["白山区"].deadlines["town"].day) == (2, 15)
    assert last.offices == again.offices


def test_who_was_asked_for_some_kinds_keeps_them(register: Register, home: Path) -> None:
    write_import(plan_of(register, changed(register, PEOPLE, 3, 语言="中文")), home)
    office = load_register(home).offices.office("白山区")
    assert office is not None and (office.people[0].kinds, office.people[0].language) == (("missing",), "zh")


def test_who_gets_no_more_mail_is_named(register: Register) -> None:
    plan = plan_of(register, changed(register, PEOPLE, 4, 收件人="other@baishan.example"))
    assert plan.told_no_more == ["b@baishan.example（白山区）"]


def test_a_file_with_secrets_stays_as_closed_as_it_was(register: Register, home: Path) -> None:
    file = home / "config" / "offices.yaml"
    file.chmod(0o600)
    write_import(plan_of(register, changed(register, PEOPLE, 4, 周报="否")), home)
    assert file.stat().st_mode & 0o777 == 0o600
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["channels"]["群"] == {"url": "json://localhost/secret"}


BAD: Sequence[tuple[str, int, dict[str, Any], str]] = (
    (PEOPLE, 3, {"收件人": "no address"}, "收件人第3行：收件人“no address”不是有效的邮件地址"),
    (PEOPLE, 3, {"收件人": "a..b@x.example"}, "收件人第3行：收件人“a..b@x.example”写不成邮件地址"),
    (PEOPLE, 3, {"收件人": "json://x/secret"}, "收件人第3行：收件人“json://x/secret”聊天群的地址含有密钥"),
    (PEOPLE, 3, {"收件人": "apprise:没有"}, "收件人第3行：没有聊天群“apprise:没有”"),
    (PEOPLE, 3, {"收件人": None}, "收件人第3行：“收件人”是空的"),
    (PEOPLE, 4, {"收件人": "a@baishan.example"}, "收件人第4行：白山区的收件人“a@baishan.example”上面已经写过"),
    (PEOPLE, 3, {"区": "黑山区"}, "收件人第3行：名册中没有“黑山区”"),
    (PEOPLE, 4, {"主管部门": "别的部门"}, "收件人第4行：白山区的主管部门上面写的是“白山区政务公开办公室”"),
    (PEOPLE, 3, {"语言": "法文"}, "收件人第3行：“语言”不认识“法文”；请写 中文、英文 之一"),
    (PEOPLE, 3, {"级别": "错误；要紧"}, "收件人第3行：“级别”不认识“要紧”"),
    (PEOPLE, 3, {"周报": "也许"}, "收件人第3行：“周报”不认识“也许”"),
    (PEOPLE, 3, {"从第几次催办起": "-1"}, "收件人第3行：“从第几次催办起”须是 0 至 20 的数字"),
    (PEOPLE, 1, {"收件人": "信箱"}, "收件人第1行：不认识标题“信箱”"),
    (DUE, 2, {"公布期限": "2月30日"}, "期限第2行：“公布期限”的“2月30日”不是日期"),
    (DUE, 2, {"公布期限": "三月"}, "期限第2行：“公布期限”的“三月”不是日期"),
    (DUE, 3, {"公布期限": "2月1日"}, "期限第3行：1月31日是法定期限，不能改"),
    (DUE, 3, {"内部提醒日期": "1月31日"}, "期限第3行：内部提醒日期须早于公布期限"),
    (DUE, 3, {"类别": "委员会"}, "期限第3行：类别“委员会”不认识"),
    (DUE, 3, {"区": "黑山区"}, "期限第3行：名册中没有“黑山区”"),
    (DUE, 0, {}, "上面已经写过；请删去一行"),
    (DUE, 0, {"类别": "乡镇", "公布期限": "2月20日", "依据": ""}, "须在“依据”写明来由"),
    (DUE, 3, {"区": None}, "期限第3行：“区”是空的"),
)


@pytest.mark.parametrize(("sheet", "place", "cells", "sentence"), BAD)
def test_a_bad_line_has_its_number_and_a_sentence(
    register: Register, sheet: str, place: int, cells: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotImport) as error:
        plan_of(register, changed(register, sheet, place, **cells))
    assert any(sentence in str(line) for line in error.value.lines), [str(line) for line in error.value.lines]


def test_levels_are_called_as_everywhere() -> None:
    assert dict(load_wording().levels) == LEVELS

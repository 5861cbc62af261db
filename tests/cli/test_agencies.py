"""The register as a spreadsheet: out, changed, and in again; and every bad line with its sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.agencies import load_districts
from config.agencies.spreadsheet import HEADINGS
from config.settings import Settings
from tests.cli.test_status import run
from tests.monitor.factory import write_register
from tests.workbooks import load_workbook

HEAD = ",".join(HEADINGS.values()) + "\n"


@pytest.fixture
def table(sqlite_settings: Settings, tmp_path: Path) -> Path:
    """The invented district as a table."""
    write_register(sqlite_settings.home)
    assert run("agencies", "export", str(tmp_path / "a.csv"), "--district", "云山区") == 0
    return tmp_path / "a.csv"


def test_what_is_exported_comes_back_the_same(table: Path, sqlite_settings: Settings) -> None:
    before = load_districts(sqlite_settings.home)
    own = sqlite_settings.home / "config" / "agencies" / "yunshan.yaml"
    written = own.read_bytes()
    assert run("agencies", "import", str(table)) == 0
    assert own.read_bytes() == written, "nothing changed, so nothing is written"
    assert load_districts(sqlite_settings.home) == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_an_agency_renamed_founded_and_dissolved(
    encoding: str, table: Path, sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    text = table.read_text("utf-8-sig").replace(
        "云山区文化和旅游局,区文旅局,部门,", "云山区文旅体局,区文旅体局,部门,云山区文化和旅游局；区文旅局"
    )
    text = text.replace("东街街道,街道,,,", "东街街道,街道,,,2025")
    table.write_text(text + "云山区,yunshan,yunshan-sea,云山区海洋局,=海洋局,部门,,2024,,2025：组建中\n", encoding)
    assert run("agencies", "import", str(table)) == 0
    assert "已导入：1 个区，5 个机关，移出 0 个；有变化的区 1 个。" in capsys.readouterr().err
    district = load_districts(sqlite_settings.home)["云山区"]
    found = {agency.id: agency for agency in district.agencies}
    assert found["yunshan-culture"].names == ("云山区文旅体局", "区文旅体局", "云山区文化和旅游局", "区文旅局")
    assert found["yunshan-dongjie"].last_year == 2025
    assert [(one.year, one.reason) for one in found["yunshan-sea"].exemptions] == [(2025, "组建中")]
    assert district.watched.first == 2019
    assert run("agencies", "export") == 0
    assert "'=海洋局" in capsys.readouterr().out


def test_a_merger_goes_out_and_comes_in_again(table: Path, sqlite_settings: Settings) -> None:
    """With dates as a spreadsheet may write them; the district's own dates are not lost."""
    own = sqlite_settings.home / "config" / "agencies" / "yunshan.yaml"
    own.write_text(own.read_text("utf-8") + "internal: {department: {month: 1, day: 20}}\n", "utf-8")
    text = table.read_text("utf-8-sig")
    old = next(line for line in text.splitlines() if "yunshan-culture" in line)
    new = old.rsplit(",", 5)[0] + ",2010/3/5,2024年3月1日,yunshan-sport,王敏,010-12345678、110"
    text = text.replace(old, new) + "云山区,,yunshan-sport,云山区文体局,区文体局,部门,,,,,2024-03-01,,\n"
    table.write_text(text, "utf-8")
    for _ in range(2):
        assert run("agencies", "import", str(table)) == 0
        district = load_districts(sqlite_settings.home)["云山区"]
        merged = {agency.id: agency for agency in district.agencies}["yunshan-culture"]
        assert (merged.founded, merged.dissolved, merged.successor) == (
            date(2010, 3, 5),
            date(2024, 3, 1),
            "yunshan-sport",
        )
        assert (merged.contact, merged.telephone) == ("王敏", "010-12345678、110")
        assert district.internal["department"].on(2024) == date(2025, 1, 20)
        assert run("agencies", "export", str(table)) == 0


def test_a_workbook_goes_out_and_comes_in_again(
    table: Path, sqlite_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = table.read_text("utf-8-sig") + "云山区,,yunshan-sea,云山区海洋局,=海洋局,部门,,2024,,,2023-05-06,,\n"
    table.write_text(text, "utf-8")
    assert run("agencies", "import", str(table)) == 0
    before = load_districts(sqlite_settings.home)
    book = tmp_path / "register.xlsx"
    assert run("agencies", "export", str(book), "--district", "云山区") == 0
    sheet = load_workbook(book).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    assert list(head) == list(HEADINGS.values())
    sea = next(dict(zip(HEADINGS, row, strict=True)) for row in rows if row[2] == "yunshan-sea")
    assert (sea["short"], sea["first_year"], str(sea["founded"])[:10]) == ("=海洋局", 2024, "2023-05-06")
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert run("agencies", "import", str(book)) == 0
    assert load_districts(sqlite_settings.home) == before
    changed = load_workbook(book)
    changed.worksheets[0]["H3"] = 24.5
    changed.worksheets[0]["K4"] = "明年"
    changed.save(book)
    capsys.readouterr()
    assert run("agencies", "import", str(book)) == 2
    said = capsys.readouterr().err
    assert "第3行：“起始报告年度”中的“24.5”不是年份" in said and "第4行：“成立日期”中的“明年”不是日期" in said


def test_an_agency_that_is_not_in_the_table_is_not_lost_silently(
    table: Path, sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = table.read_text("utf-8-sig").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if "文旅局" not in line), "utf-8")
    assert run("agencies", "import", str(table)) == 2
    assert "云山区文化和旅游局不在表中；确要移出请加 --remove-missing" in capsys.readouterr().err
    assert run("agencies", "import", str(table), "--remove-missing", "--dry-run") == 0
    assert len(load_districts(sqlite_settings.home)["云山区"].agencies) == 4
    assert run("agencies", "import", str(table), "--remove-missing") == 0
    assert len(load_districts(sqlite_settings.home)["云山区"].agencies) == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HEAD + "云山区,yunshan,YS 1,甲局,甲局,部门,,,,\n", "第2行：“机关编号”不符合要求（YS 1）"),
        (HEAD + "云山区,yunshan,a,,甲局,部门,,,,\n", "第2行：“机关全称”是空的"),
        (HEAD + "云山区,yunshan,a,甲局,甲局,局,,,,\n", "第2行：类别“局”不认识；请写 区政府、部门、街道、乡镇 之一"),
        (HEAD + "云山区,yunshan,a,甲局,甲局,部门,,24,,\n", "第2行：“起始报告年度”中的“24”不是年份"),
        (HEAD + "云山区,yunshan,a,甲局,甲局,部门,,2024,2023,\n", "第2行：截止报告年度早于起始报告年度"),
        (HEAD + "云山区,yunshan,a,甲局,甲局,部门,,,,2024\n", "第2行：免报“2024”没有原因"),
        (HEAD + "云山区,,a,甲局,甲局,部门,,,,\n\n云山区,,a,乙局,乙局,部门,,,,\n", "第4行：机关编号“a”已在第2行使用"),
        (HEAD + "云山区,,a,甲局,甲局,部门,,,,,,,,,,\n", "第2行：有16格，标题只有15格"),
        (HEAD + "云山区,,a,甲局,甲局,部门,,,,,,,,王敏,拨打我\n", "第2行：“联系电话”不符合要求（拨打我）；只写号码"),
        (HEAD + "云山区,,a,甲局,甲局,部门,,,,,去年,,\n", "第2行：“成立日期”中的“去年”不是日期；请写成 2024-03-15"),
        (HEAD + "云山区,,a,甲局,甲局,部门,,,,,,2024-02-30,\n", "第2行：“撤销日期”中的“2024-02-30”不是日期"),
        (HEAD + "云山区,,a,甲局,甲局,部门,,,,,,,yunshan-culture\n", "第2行：写了承接机关 successor，还须写撤销日期"),
        (HEAD + "云山区,,a,甲局,甲局,部门,,,,,2024-05-01,2024-05-01,\n", "第2行：撤销日期 dissolved 须在成立日期"),
        (HEAD + "云山区,yunshan,a,甲局,甲局,部门,,,,,,2024-05-01,b\n", "甲局的承接机关编号“b”不在名册中"),
        ("区,名字\n云山区,甲局\n", "第1行：不认识标题“名字”"),
        ("区,机关全称\n云山区,甲局\n", "第1行：缺少标题“机关编号”“简称”“类别”"),
        (HEAD, "中没有机关"),
        (HEAD + "石山区,,a,甲局,甲局,部门,,,,\n", "石山区没有写门户"),
        ("PK\x03\x04\x00\x00", "第1行：不是有效的 xlsx 工作簿"),
        ("区\0县\n", "第1行：不是 CSV 文件，也不是 xlsx"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(
    content: str, sentence: str, table: Path, sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = load_districts(sqlite_settings.home)
    table.write_text(content, "utf-8")
    assert run("agencies", "import", str(table)) == 2
    assert sentence in capsys.readouterr().err
    assert load_districts(sqlite_settings.home) == before

"""What ships is sound; an office's own file replaces ours; a broken one stops with file, line and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.agencies import load_districts
from config.deadlines import load_deadlines
from config.forms import load_forms
from config.offices import load_offices
from config.portals import load_portals
from config.yaml_file import ConfigurationError

PORTAL = """\
portal: p
name: 某区人民政府
district: 某市某区
start: http://127.0.0.1/
family: trs
observed: 2026-10-02
columns:
  - {id: c, name: 年报, address: /gknb/}
"""
DISTRICT = """\
district: 某市某区
portal: p
watched: {first: 2024}
agencies:
  - {id: a, name: 某市某区某局, short: 某局, kind: department}
"""


def write(home: Path, name: str, content: str) -> None:
    path = home / "config" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_everything_that_ships_is_sound() -> None:
    assert set(load_forms()) >= {"2019", "2021"}
    assert load_deadlines()["government"].due(2023) == date(2024, 3, 31)
    assert load_deadlines()["department"].due(2023) == date(2024, 1, 31)
    load_portals()
    load_districts()
    load_offices()


def test_an_offices_own_files_are_read(home: Path) -> None:
    write(home, "portals/p.yaml", PORTAL)
    write(home, "agencies/p.yaml", DISTRICT)
    assert load_portals(home)["p"].columns[0].name == "年报"
    assert load_districts(home)["某市某区"].agencies[0].names == ("某市某区某局", "某局")


@pytest.mark.parametrize(
    ("name", "content", "where", "wrong"),
    [
        ("portals/p.yaml", PORTAL.replace("name: 某区人民政府\n", ""), "p.yaml:1", "“name”缺少必填项"),
        ("portals/p.yaml", PORTAL + "pase: {}\n", "p.yaml:9", "“pase”不认识这一项"),
        ("portals/p.yaml", PORTAL.replace("{id: c,", "{id: C D,"), "p.yaml:8", "columns.0.id"),
        ("portals/p.yaml", PORTAL.replace("http://", "ftp://"), "p.yaml:4", "start"),
        ("portals/p.yaml", PORTAL + "  - {id: c, name: 又一个, address: /b/}\n", "p.yaml", "两个栏目的 id 相同"),
        ("portals/p.yaml", "columns: [\n", "p.yaml:2", "不是有效的 YAML"),
        ("portals/p.yaml", "", "p.yaml:1", "文件为空"),
    ],
)
def test_a_broken_portal_file_is_named(home: Path, name: str, content: str, where: str, wrong: str) -> None:
    write(home, name, content)
    with pytest.raises(ConfigurationError) as error:
        load_portals(home)
    assert where in error.value.where
    assert wrong in error.value.wrong
    assert error.value.remedy


@pytest.mark.parametrize(
    ("content", "where", "wrong"),
    [
        (DISTRICT.replace("kind: department", "kind: ministry"), "p.yaml:5", "agencies.0.kind"),
        (DISTRICT.replace("  - {id: a", "  - {id: a b"), "p.yaml:5", "agencies.0.id"),
        (DISTRICT + "  - {id: a, name: 乙局, short: 乙局, kind: department}\n", "p.yaml", "机关 id“a”已在"),
    ],
)
def test_a_broken_register_is_named(home: Path, content: str, where: str, wrong: str) -> None:
    write(home, "agencies/p.yaml", content)
    with pytest.raises(ConfigurationError) as error:
        load_districts(home)
    assert where in error.value.where
    assert wrong in error.value.wrong


def test_a_wrong_address_of_an_office_is_named(home: Path) -> None:
    write(home, "offices.yaml", "offices:\n  - {district: 某区, name: 某办, recipients: ['a@b\\nBcc: c']}\n")
    with pytest.raises(ConfigurationError, match=r"offices\.yaml:2.*邮件地址"):
        load_offices(home)


def test_a_date_that_does_not_exist_is_named(home: Path) -> None:
    content = (Path(__file__).parents[2] / "config" / "deadlines.yaml").read_text(encoding="utf-8")
    write(home, "deadlines.yaml", content.replace("day: 31", "day: 30", 1).replace("month: 1", "month: 2", 1))
    with pytest.raises(ConfigurationError, match="“department”的日期不存在"):
        load_deadlines(home)


def test_a_form_whose_sums_name_no_row_is_refused(home: Path) -> None:
    content = (Path(__file__).parents[2] / "config" / "forms" / "2021.yaml").read_text(encoding="utf-8")
    write(home, "forms/2021.yaml", content.replace("right: [processed_total", "right: [procesed_total"))
    with pytest.raises(ConfigurationError, match="procesed_total"):
        load_forms(home)

"""An office over several districts: one letter with all of them, one weekly with a line each; theirs as without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.demo.inbox import Inbox
from config.in_force import examine_files, load_register
from config.offices import read_offices
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from ledger.states import PortalState
from monitor.loop import tick
from tests.cli.test_status import run
from tests.monitor.factory import AGENCIES, OFFICE, OPERATORS, PORTAL_FILE, World, at, write_register
from tests.monitor.reading_mail import text_of

CITY, LINSHUI = "city@city.example", "office@linshui.example"
ALL_THREE = """
operators: [operators@nianbao.example]
offices:
  - {district: 云山区, name: 云山区政务公开办, recipients: [{to: office@yunshan.example, weekly: false}], weekday: 1}
  - {district: 临水区, name: 临水区政务公开办, recipients: [{to: office@linshui.example, weekly: false}], weekday: 1}
  - {districts: DISTRICTS, area: 清江市, name: 清江市政务公开办, recipients: [city@city.example], weekday: 1}
"""


def write_two_districts(home: Path, districts: str = "all") -> None:
    """云山区 and 临水区, which has the same agencies under other names, with an office each and one over both."""
    write_register(home, offices=ALL_THREE.replace("DISTRICTS", districts))
    for folder, content in (("agencies", AGENCIES), ("portals", PORTAL_FILE)):
        twin = content.replace("云山区", "临水区").replace("yunshan", "linshui")
        (home / "config" / folder / "linshui.yaml").write_text(twin, encoding="utf-8")


@pytest.fixture
def two(mailing: Settings, ledger: Ledger) -> tuple[World, World]:
    """Both districts; in both the streets' reports came in time, and in 云山区 those of nobody else."""
    write_two_districts(mailing.home)
    worlds = World(ledger), World(ledger, "linshui")
    for world, name in zip(worlds, ("yunshan", "linshui"), strict=True):
        for agency, column in ((f"{name}-dongjie", "streets"), (f"{name}-government", "departments")):
            world.article(agency, 2019, "2020-01-17", column=column, page_label="2020-01-16")
        world.look("2020-02-01 03:00")
        world.look("2020-02-02 03:00")
    return worlds


def to(inbox: Inbox, recipient: str) -> list[str]:
    return [str(mail["Subject"]) for mail in inbox.messages() if str(mail["To"]) == recipient]


@pytest.mark.usefixtures("two")
def test_one_letter_for_all_and_each_district_its_own(mailing: Settings, ledger: Ledger, inbox: Inbox) -> None:
    for hour in (7, 8, 9, 10):
        tick(mailing, ledger, at(f"2020-02-03 {hour:02}:10"))
    assert to(inbox, OFFICE) == ["区文旅局未公布〔2019年报〕"]
    assert to(inbox, LINSHUI) == ["区文旅局未公布〔2019年报〕"]
    (subject,) = to(inbox, CITY)
    assert subject.startswith("临水区文旅局、云山区文旅局未公布；清江市周报2月3日：2家未公布")
    (mail,) = [mail for mail in inbox.messages() if str(mail["To"]) == CITY]
    text = text_of(mail)
    assert "清江市政务公开办：" in text and "政务公开办" in text
    assert "临水区文旅局2019年" in text and "云山区文旅局2019年" in text
    lines = [line for line in text.splitlines() if line.startswith("  · 临水区：") or line.startswith("  · 云山区：")]
    assert len(lines) == 2 and all("应公布3，已公布2" in line and "未公布1" in line for line in lines)
    assert {part.get_filename() for part in mail.iter_attachments()} >= {"清江市年度报告台账2020-02-03.xlsx"}
    html = mail.get_body(("html",))
    assert html is not None and "2019年度报告各区公布情况（家）" in html.get_content()


def test_what_was_told_is_taken_back_and_reminded_of_for_each(
    two: tuple[World, World], mailing: Settings, ledger: Ledger, inbox: Inbox
) -> None:
    tick(mailing, ledger, at("2020-02-03 07:10"))
    tick(mailing, ledger, at("2020-02-03 08:10"))
    before = len(inbox.messages())
    two[1].article("linshui-culture", 2019, "2020-02-04", page_label="2020-01-30", title="原来在另一栏目")
    two[1].look("2020-02-04 03:00")
    tick(mailing, ledger, at("2020-02-04 08:10"))
    tick(mailing, ledger, at("2020-02-10 09:10"))
    new = inbox.messages()[before:]
    assert not [mail for mail in new if str(mail["To"]) == OFFICE and "更正" in str(mail["Subject"])]
    corrected = {str(mail["To"]): str(mail["Subject"]) for mail in new if "催办" not in str(mail["Subject"])}
    assert "临水区文旅局" in corrected[CITY] and corrected[LINSHUI].startswith("区文旅局")
    reminded = [str(mail["To"]) for mail in new if "第1次催办" in str(mail["Subject"])]
    assert sorted(reminded) == [CITY, OFFICE]


def test_a_district_that_cannot_be_watched_stands_in_its_line(
    two: tuple[World, World], mailing: Settings, ledger: Ledger, inbox: Inbox
) -> None:
    for hour in range(3):
        two[0].look(f"2020-02-03 0{hour}:00", found=PortalState.UNREACHABLE, sentence="连接超时")
    tick(mailing, ledger, at("2020-02-03 08:10"))
    (mail,) = [mail for mail in inbox.messages() if str(mail["To"]) == CITY]
    assert "1个区门户未能查看" in str(mail["Subject"])
    text = text_of(mail)
    assert any(line.startswith("  · 云山区：") and line.endswith("；门户未能查看") for line in text.splitlines())
    assert not any(line.startswith("  · 临水区：") and "未能查看" in line for line in text.splitlines())


@pytest.mark.usefixtures("two")
def test_the_weekly_can_be_looked_at(mailing: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    tick(mailing, ledger, at("2020-02-03 07:10"))
    assert run("weekly", "--preview", "--as-of", "2020-02-03", "--district", "清江市") == 0
    said = capsys.readouterr().out
    assert "清江市政务公开办：" in said and "  · 临水区：" in said and "  · 云山区：" in said
    assert run("weekly", "--preview", "--district", "清水市") == 2
    assert "清江市" in capsys.readouterr().err


@pytest.mark.usefixtures("two")
def test_its_messages_are_listed_by_its_area(
    mailing: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    for hour in (7, 8):
        tick(mailing, ledger, at(f"2020-02-03 {hour:02}:10"))
    assert run("notices", "list", "--district", "清江市", "--format", "csv") == 0
    (line,) = capsys.readouterr().out.splitlines()[1:]
    assert CITY in line and ",临水区、云山区,2019," in line
    assert run("notices", "list", "--district", "云山区", "--format", "json") == 0
    assert [row["recipient"] for row in json.loads(capsys.readouterr().out)] == [OFFICE, CITY]
    assert run("notices", "list", "--district", "清水市") == 2
    assert "云山区" in capsys.readouterr().err


def test_a_district_that_does_not_exist_is_named_with_its_line_and_the_others_hold(home: Path) -> None:
    write_two_districts(home, "[临水区, 云山]")
    (fault,) = examine_files(home)
    assert fault.where.endswith("offices.yaml:6") and fault.wrong == "没有“云山”的机关名录"
    assert "是否为云山区" in fault.remedy and "文件的其余内容有效" in fault.sentence
    register = load_register(home)
    (city,) = register.offices.over_several
    assert register.districts_of(city) == ("临水区",)


@pytest.mark.parametrize(
    ("office", "wrong"),
    [
        ("districts: all", "area"),
        ("district: 云山区, districts: [临水区], area: 清江市", "且只写一项"),
        ("area: 清江市", "且只写一项"),
        ("district: 云山区, area: 清江市", "area"),
    ],
)
def test_an_office_says_of_what_it_is(office: str, wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "offices.yaml"
    path.write_text(f"offices:\n  - {{{office}, name: 政务公开办, recipients: [{OPERATORS}]}}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=wrong) as raised:
        read_offices(path)
    assert "offices.yaml:2" in str(raised.value)

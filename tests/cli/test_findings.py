"""nianbao findings and rectifications, as a person calls them."""

from __future__ import annotations

import json

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from monitor.loop import tick
from tests.cli.test_status import run
from tests.monitor.factory import OFFICE, World, at
from tests.monitor.reading_mail import text_of, told

NAME = "云山区人民政府东街街道办事处2019年政府信息公开工作年度报告"


def listed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 1) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(*arguments, "--format", "json") == status
    rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return rows


def test_a_dismissed_finding_is_taken_back_and_can_be_reopened(
    ledger_in_home: Ledger, sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = listed(capsys, "findings", "list", "--agency", "东街街道", "--rule", "T05")
    number = str(row["id"])
    assert (row["agency"], row["year"], row["state"]) == ("云山区人民政府东街街道办事处", 2019, "open")
    assert run("findings", "show", number[:8]) == 0
    shown = capsys.readouterr().out
    assert "http://www.yunshan.example/" in shown and "总计栏填报1，相差1" in shown
    assert run("findings", "dismiss", number[:8], "--by", "王敏", "--why", "纸质原件无误") == 0
    assert "原为“未解决”，现认定“不是问题”" in capsys.readouterr().err
    assert listed(capsys, "findings", "list", status=0) == []
    (row,) = listed(capsys, "findings", "list", "--all", status=0)
    assert (row["state"], row["said"]) == ("dismissed", "王敏：纸质原件无误")
    with Inbox(sqlite_settings.home / "inbox") as inbox:
        mailing = sqlite_settings.model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})
        tick(mailing, ledger_in_home, at("2020-02-03 13:00"))
        mails = {str(mail["Subject"]): mail for mail in told(inbox) if mail["To"] == OFFICE}
        alert = mails["东街街道：表三1处不平〔2019年报〕"]
        correction = mails["东街街道更正：“表三1处不平”不成立〔2019年报〕"]
        assert correction["In-Reply-To"] == alert["Message-ID"]
        assert "认定不是问题：纸质原件无误" in text_of(correction)
    assert run("findings", "reopen", number[:8], "--by", "李强", "--why", "看错了年度") == 0
    assert run("findings", "reopen", number[:8], "--by", "李强", "--why", "再来一次") == 2
    assert "状态是“未解决”，不能登记“撤销认定”" in capsys.readouterr().err


def test_a_finding_is_shown_in_chinese_and_english(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = listed(capsys, "findings", "list")
    World(ledger_in_home).change_finding(
        str(row["id"]), message_en="Table three: off by 1.", confirmed_by=["second_engine"], place={"page": 3}
    )
    assert run("findings", "show", str(row["id"])) == 0
    shown = capsys.readouterr().out
    assert "核实：另一读取程序" in shown and "位置：第3页" in shown
    assert shown.startswith("错误 · 未解决 · T05 表三各行申请人之和等于总计")
    assert "Table three: off by 1." in shown and "2020年1月17日" in shown
    assert "{" not in shown and "requests." not in shown and "yunshan-dongjie" not in shown
    assert run("findings", "show", str(row["id"]), "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["agency_id"], data["severity"], data["fingerprint"]) == ("yunshan-dongjie", "error", row["id"])
    assert data["opened_at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ((), 1, "东街街道"),
        (("--level", "warning"), 0, "没有符合条件的问题"),
        (("--state", "dismissed", "--state", "resolved"), 0, "没有符合条件的问题"),
        (("--year", "2019", "--district", "云山区", "--rule", "t05", "--level", "error"), 1, "错误"),
    ],
)
def test_the_list_is_narrowed_and_has_no_bare_english(
    arguments: tuple[str, ...],
    status: int,
    sentence: str,
    ledger_in_home: Ledger,
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert run("findings", "list", *arguments) == status
    said = capsys.readouterr()
    shown = said.out + said.err
    assert sentence in shown
    assert not [word for word in ("error", "open", "yunshan-") if word in shown]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "abc"), "至少给出前 6 位"),
        (("show", "zzzzzzzz"), "没有编号以“zzzzzzzz”开头的问题"),
        (("show", "%%%%%%%%"), "没有编号以“%%%%%%%%”开头的问题"),
    ],
)
def test_a_number_that_is_none_is_refused(
    arguments: tuple[str, ...], sentence: str, ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("findings", *arguments) == 2
    assert sentence in capsys.readouterr().err


def test_a_rectification_from_asking_to_review(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--agency", "东街街道", "--year", "2019", "--by", "王敏", "--what", "更正表三合计")
    assert run("rectifications", "open", *asked, "--asked", "2020-02-10", "--due", "2020-02-09") == 2
    assert "早于通知日期2020年2月10日" in capsys.readouterr().err
    assert run("rectifications", "open", *asked[2:], "--agency", "西街", "--due", "2099-01-01") == 2
    assert "没有叫“西街”的机关" in capsys.readouterr().err
    assert run("rectifications", "open", *asked, "--asked", "2020-02-10", "--due", "2020-02-20") == 0
    (row,) = listed(capsys, "rectifications", "list")
    assert (row["asked_on"], row["due_on"], row["answered_on"]) == ("2020-02-10", "2020-02-20", None)
    world = World(ledger_in_home)
    world.version(1, "2020-02-18", "corrected")
    (row,) = listed(capsys, "rectifications", "list", status=0)
    assert row["answered_on"] == "2020-02-18"
    assert run("rectifications", "close", "1", "--result", "done", "--by", "李强", "--why", "表三已更正") == 0
    assert "复核的是2020年2月18日发现的新版本" in capsys.readouterr().err
    assert listed(capsys, "rectifications", "list", status=0) == []
    (row,) = listed(capsys, "rectifications", "list", "--all", status=0)
    assert (row["result"], row["reviewed_by"], row["remark"]) == ("done", "李强", "表三已更正")
    assert run("rectifications", "close", "1", "--result", "done", "--by", "李强", "--why", "再来") == 2
    assert "没有编号为 1 的未办结整改要求" in capsys.readouterr().err

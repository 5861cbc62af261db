"""status, weekly, incidents and mail test, as a person calls them."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.broker import EmbeddedBroker
from cli.demo.inbox import Inbox
from cli.main import main
from config.settings import Settings
from config.time_zone import SHANGHAI
from ledger.database import Ledger
from ledger.machinery.heartbeat import MONITOR, HeartbeatWriter
from ledger.states import WorkState
from tests.monitor.factory import World
from tests.workbooks import load_workbook


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_status_as_json(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--district", "云山区", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    rows = {row["id"]: row for row in found["agencies"]}
    keys = ("agency", "district", "year", "due", "standing", "published")
    assert {key: rows["yunshan-dongjie"][key] for key in keys} == {
        "agency": "云山区人民政府东街街道办事处",
        "district": "云山区",
        "year": 2019,
        "due": "2020-01-31",
        "standing": "on_time",
        "published": "2020-01-16",
    }
    assert rows["yunshan-dongjie"]["findings"] == {"error": 1, "warning": 0, "human": 0}
    assert rows["yunshan-dongjie"]["evidence"]["witnesses"][0]["source"] == "page_label"
    assert rows["yunshan-culture"]["standing"] == "missing"
    assert [(row["portal"], row["state"]) for row in found["portals"]] == [("yunshan", "healthy")]
    assert [(row["kind"], row["title"], row["sentence"]) for row in found["troubles"]] == [
        ("unassigned", "某处年报", "名册中没有")
    ]


def test_a_year_that_nobody_owes_is_not_taken_for_an_empty_register(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run("status", "--year", "1999") == 0
    assert "台账中没有1999年度应公布的报告；台账中有的年度：2019。" in capsys.readouterr().err


def test_status_judges_where_no_monitor_does(
    sqlite_settings: Settings, ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    # A report that came after the monitor's last turn, long ago: the monitor that is alive will judge it, not status.
    World(ledger_in_home).article("yunshan-culture", 2019, "2020-02-03", page_label="2020-01-30")

    def standing() -> str:
        run("status", "--district", "云山区", "--year", "2019", "--format", "json")
        rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["agencies"]}
        return str(rows["yunshan-culture"]["standing"])

    heartbeat = HeartbeatWriter(sqlite_settings, ledger_in_home, MONITOR)
    heartbeat.beat(datetime.now(UTC))
    assert standing() == "missing"
    heartbeat.farewell(datetime.now(UTC))
    assert standing() != "missing"


def test_status_of_a_past_day(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--district", "云山区", "--as-of", "2020-01-31", "--format", "json") == 1  # the finding
    rows = json.loads(capsys.readouterr().out)["agencies"]
    assert {row["id"]: row["standing"] for row in rows} == {"yunshan-culture": "pending", "yunshan-dongjie": "on_time"}
    assert run("status", "--district", "云山区", "--as-of", "2020-01-01", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["agencies"] == []


def test_status_for_people_and_as_csv(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--district", "云山区") == 1
    shown = capsys.readouterr().out
    assert "按时公布" in shown and "未公布" in shown and "疑难事项" in shown and "1/0/0" in shown
    assert run("status", "--district", "云山区", "--format", "csv") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "agency,district,year,due,standing,published,error,warning,human,sentence,reading"
    assert lines[2].startswith("云山区人民政府东街街道办事处,云山区,2019,2020-01-31,on_time,2020-01-16,1,0,0,")


def test_status_and_lists_as_a_workbook(ledger_in_home: Ledger, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("status", "--district", "云山区", "--format", "xlsx") == 1
    book = load_workbook(io.BytesIO(capfdbinary.readouterr().out))
    assert book.sheetnames == ["总表", "台账", "校验问题"]
    rows = list(book["台账"].iter_rows(min_row=4, values_only=True))
    assert [(row[0], row[2], row[6]) for row in rows] == [
        (1, "云山区文化和旅游局", book["台账"]["G4"].value),
        (2, "云山区人民政府东街街道办事处", "按时公布"),
    ]
    assert str(rows[0][6]).startswith("未公布（逾期")
    assert run("status", "--as-of", "2020-01-20", "--format", "xlsx") == 1  # the finding was there
    assert load_workbook(io.BytesIO(capfdbinary.readouterr().out))["台账"]["G4"].value == "未到期"
    assert run("incidents", "list", "--format", "xlsx") == 1
    listed = load_workbook(io.BytesIO(capfdbinary.readouterr().out)).worksheets[0]
    assert "云山区" in {cell.value for row in listed.iter_rows() for cell in row}
    assert (listed.freeze_panes, listed["A1"].value) == ("A2", "编号")


def test_an_unknown_district_is_one_sentence(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--district", "无此区") == 2
    assert capsys.readouterr().err.startswith("名册中没有“无此区”；已登记的区：")


def test_weekly_preview_and_send(
    ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run("weekly", "--preview", "--as-of", "2020-02-09", "--district", "云山区") == 0
    assert "云山区周报2月9日：门户未能查看，1家未公布，1份报告待处理〔2019年报〕" in capsys.readouterr().out
    assert run("weekly", "--preview", "--as-of", "2020-02-09", "--district", "云山区", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)[0]["seasons"][0]["total"]["missing"] == 1
    book = tmp_path / "台账.xlsx"
    assert run("weekly", "--preview", "--as-of", "2020-02-09", "--xlsx", str(book)) == 0
    assert f"台账已写入 {book}" in capsys.readouterr().err
    assert load_workbook(book)["台账"]["G4"].value == "未公布（逾期9天）"
    assert run("weekly", "--preview", "--as-of", "2020-02-09", "--xlsx", str(tmp_path / "no" / "x.xlsx")) == 2
    assert "无法写入" in capsys.readouterr().err
    assert run("weekly", "--send", "--xlsx", str(book)) == 2
    assert run("weekly") == 2
    with Inbox(tmp_path / "inbox") as inbox:
        monkeypatch.setenv("NIANBAO_SMTP_PORT", str(inbox.port))
        assert run("weekly", "--send", "--as-of", "2020-02-10") == 0
        assert "已写入1份周报" in capsys.readouterr().err
        assert run("weekly", "--send", "--as-of", "2020-02-11") == 0
        assert "没有新的周报" in capsys.readouterr().err
        weeklies = [m for m in inbox.messages() if m["Subject"].startswith("云山区周报2月10日：")]
        assert len(weeklies) == 1


def test_incidents_list(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("incidents", "list", "--format", "json") == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["kind"], row["agency"], row["level"]) for row in rows] == [
        ("finding", "yunshan-dongjie", "error"),
        ("missing", "yunshan-culture", "error"),
        ("summary_late", None, "error"),  # no mail server answers here
        ("unassigned", None, "warning"),
    ]


def test_mail_test_says_what_the_server_answered(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Inbox(tmp_path / "inbox", refused={"nobody@example.com"}) as inbox:
        monkeypatch.setenv("NIANBAO_SMTP_PORT", str(inbox.port))
        assert run("mail", "test", "clerk@example.com") == 0
        assert capsys.readouterr().err == "邮件服务器已接收：250 OK kept as 0001\n"
        assert [str(m["To"]) for m in inbox.messages()] == ["clerk@example.com"]
        assert run("mail", "test", "nobody@example.com") == 1
        assert "没有接收：550 5.1.1 no such mailbox" in capsys.readouterr().err
        assert run("mail", "test", "no address") == 2
        assert "不是有效的邮件地址" in capsys.readouterr().err
    assert run("mail", "test", "clerk@example.com") == 2
    assert "无法使用邮件服务器 127.0.0.1" in capsys.readouterr().err


def test_the_state_of_the_machinery(
    sqlite_settings: Settings, ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    world = World(ledger_in_home)
    minutes_ago = (now - timedelta(minutes=90)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    world.version(world.article("yunshan-culture", 2019, "2020-02-03"), minutes_ago, state=WorkState.WAITING)
    HeartbeatWriter(sqlite_settings, ledger_in_home, MONITOR, "here:1").beat(now)
    with EmbeddedBroker(sqlite_settings):
        assert run("status", "--machinery", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    read, scan = found["queues"]
    assert {name: read[name] for name in ("queue", "waiting", "running", "last_hour", "state")} == {
        "queue": "read", "waiting": 1, "running": 0, "last_hour": 0, "state": "gone",
    }  # fmt: skip
    assert read["oldest_seconds"] == pytest.approx(90 * 60, abs=120)
    assert (scan["waiting"], scan["oldest_seconds"]) == (0, None)
    assert [(row["role"], row["name"], row["state"]) for row in found["processes"]] == [("monitor", "here:1", "alive")]
    assert [(row["portal"], row["state"]) for row in found["portals"]] == [("yunshan", "healthy")]
    assert (found["quarantined"], found["held_back"]) == (0, False)
    assert found["unsent"] > 0  # no mail server answers here
    assert run("status", "--machinery") == 1
    shown = capsys.readouterr()
    assert "分钟" in shown.out and "队列无法访问" in shown.out and "云山区人民政府门户网站" in shown.out
    assert shown.err.startswith("隔离的文档 0 份，待发的通知 ")
    assert run("status", "--machinery", "--year", "2019") == 2


def test_what_was_not_read_is_not_shown_as_sound(ledger_in_home: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(ledger_in_home)
    article = world.article("yunshan-culture", 2019, "2020-01-20", page_label="2020-01-20")

    def shown() -> tuple[object, object, str]:
        run("status", "--district", "云山区", "--year", "2019", "--format", "json")
        rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["agencies"]}
        run("status", "--district", "云山区", "--year", "2019")
        line = next(line for line in capsys.readouterr().out.splitlines() if "云山区文化和旅游局" in line)
        return rows["yunshan-culture"]["reading"], rows["yunshan-culture"]["findings"], line

    nobody_knows = {"error": None, "warning": None, "human": None}
    reading, findings, line = shown()
    assert (reading, findings) == ("unread", nobody_knows)
    assert "尚未读取" in line and "0/0/0" not in line
    world.version(article, "2020-01-20", "waits", state=WorkState.WAITING)
    assert shown()[:2] == ("unread", nobody_knows)
    world.version(article, "2020-01-21", "cannot be read", state=WorkState.QUARANTINED)
    assert shown()[:2] == ("unreadable", nobody_knows)
    world.version(article, "2020-01-22", "is read")
    reading, findings, line = shown()
    assert (reading, findings) == ("read", {"error": 0, "warning": 0, "human": 0})
    assert "0/0/0" in line
    world.version(article, "2020-01-23", "is renewed", state=WorkState.WAITING)
    reading, findings, line = shown()
    assert (reading, findings) == ("renewed", {"error": 0, "warning": 0, "human": 0})
    assert "0/0/0（新版本待读取）" in line.replace(" ", "")

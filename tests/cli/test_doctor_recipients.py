"""nianbao doctor on recipients and the office's own files; nianbao mail stops / resume."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from config.holidays import next_workday
from config.settings import Settings
from ledger.database import open_ledger
from ledger.messages.suppressions import suppress_messages
from ledger.states import SuppressionReason, Topic
from monitor.calendar import day_of
from tests.cli.test_status import run
from tests.monitor.factory import OFFICE, OFFICES, write_register


@pytest.fixture(autouse=True)
def register(sqlite_settings: Settings) -> None:
    """The invented district, its office and operators."""
    write_register(sqlite_settings.home)


def examined(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[bool, str]]:
    assert run("doctor", "--format", "json") == 1  # nothing runs here
    return {row["what"]: (row["right"], row["sentence"]) for row in json.loads(capsys.readouterr().out)}


def test_recipients_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert examined(capsys)["收件人"] == (True, "运维 1 个，主管部门 1 个，聊天群 0 个")


def test_a_chat_group_without_its_secret_is_named(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_register(sqlite_settings.home, offices=OFFICES + "channels: {值班群: {url_env: DUTY_GROUP_URL}}\n")
    assert examined(capsys)["收件人"] == (
        False,
        "环境变量 DUTY_GROUP_URL：没有内容；请写入聊天群的 Apprise 地址，例如 wecombot://密钥",
    )
    monkeypatch.setenv("DUTY_GROUP_URL", "wecombo://0123456789")
    right, sentence = examined(capsys)["收件人"]
    assert not right and sentence.startswith("“值班群”：聊天群的地址不能识别") and "0123456789" not in sentence
    monkeypatch.setenv("DUTY_GROUP_URL", "wecombot://0123456789")
    assert examined(capsys)["收件人"][0]


def test_who_gets_no_more_is_listed_and_can_be_resumed(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = open_ledger(sqlite_settings)
    with ledger.write() as session:
        suppress_messages(
            session, OFFICE, Topic.ALERTS, SuppressionReason.UNSUBSCRIBED, "收件人退订", datetime.now(UTC)
        )
    ledger.close()
    right, sentence = examined(capsys)["收件人"]
    assert not right and "云山区政务服务管理局（已没有其他收件人）" in sentence
    assert run("mail", "stops", "--format", "json") == 0
    (stop,) = json.loads(capsys.readouterr().out)
    assert (stop["recipient"], stop["topic"], stop["reason"], stop["ended_at"]) == (
        OFFICE,
        "alerts",
        "unsubscribed",
        None,
    )
    assert run("mail", "resume", OFFICE, "--topic", "weekly", "--by", "李强", "--why", "误点") == 2
    assert f"“{OFFICE}”没有停收；不再接收的收件人见 nianbao mail stops" in capsys.readouterr().err
    assert run("mail", "resume", OFFICE.upper(), "--by", "李强", "--why", "误点") == 0
    assert "发送事项通知和催办。" in capsys.readouterr().err
    assert examined(capsys)["收件人"][0]
    assert run("mail", "stops", "--all") == 0
    assert "误点" in capsys.readouterr().out


def test_an_older_wording_and_a_calendar_that_ends_are_said_and_break_nothing(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    config = sqlite_settings.home / "config"
    (config / "wording.yaml").write_text("levels: {error: 严重错误}\n", "utf-8")
    agencies = (config / "agencies" / "yunshan.yaml").read_text("utf-8")
    practice = "{month: 1, day: 31, basis: 本区惯例, statutory: false, holidays: next_workday}"
    write_register(sqlite_settings.home, agencies=f"{agencies}deadlines: {{town: {practice}}}\n")
    right, sentence = examined(capsys)["配置文件"]
    assert right and "已用随软件提供的文字代替" in sentence
    unknown = next_workday(date(day_of(datetime.now(UTC)).year + 1, 1, 31)) is None
    assert ("放假安排尚不在所用日历中，期限暂不顺延" in sentence) == unknown

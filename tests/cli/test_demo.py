"""``nianbao demo`` as a newcomer runs it: the whole story, and every mail a real message."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest

from cli.demo.command import print_end
from monitor.outputs.standings import Status

# More than a hundred days are lived; a busy machine takes its time.
pytestmark = pytest.mark.timeout(1800)

NIANBAO = [sys.executable, "-P", "-c", "from cli.main import main; main()"]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the demo prints as data; it ends with 0 only when its story went as it should."""
    home = tmp_path_factory.mktemp("demo") / "home"
    done = subprocess.run(
        [*NIANBAO, "demo", "--format", "json", "--home", str(home)], capture_output=True, text=True, timeout=800
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stderr.splitlines()) <= 1, done.stderr  # no log, no warning: only the last sentence
    state: dict[str, Any] = json.loads(done.stdout)
    return state


def test_every_agency_stands_as_it_should(played: dict[str, Any]) -> None:
    assert {row["id"]: (row["year"], row["standing"], row["published"]) for row in played["agencies"]} == {
        "chaoyang-zuojiazhuang": (2019, "on_time", "2020-01-16"),
        "chaoyang-nanmofang": (2019, "on_time", "2020-01-19"),
        "chaoyang-shili": (2019, "late", "2020-02-12"),
        "chaoyang-yangban": (2019, "missing", None),
        "hongze-government": (2023, "on_time", "2024-03-20"),
        "shifan-dongfeng": (2019, "unverifiable", None),
        "shifan-xihu": (2019, "unverifiable", None),
    }
    assert {row["portal"]: row["state"] for row in played["portals"]} == {
        "demo-chaoyang": "healthy",
        "demo-hongze": "healthy",
        "demo-shifan": "blocked",
    }


def test_the_findings_are_those_of_a_careful_reader(played: dict[str, Any]) -> None:
    errors = [row for row in played["findings"] if row["severity"] == "error"]
    assert Counter((row["agency_id"], row["rule"]) for row in errors) == {
        ("chaoyang-zuojiazhuang", "T05"): 1,
        ("chaoyang-zuojiazhuang", "T06"): 1,
        ("hongze-government", "D07"): 1,
        ("hongze-government", "T08"): 2,
    }
    by_rule = {row["rule"]: row for row in errors if row["agency_id"] == "chaoyang-zuojiazhuang"}
    for rule in ("T05", "T06"):
        assert by_rule[rule]["suggestion"]["cells"] == {"requests.not_provided.not_held.natural_person": 1}
    assert {row["rule"] for row in played["findings"] if row["agency_id"] == "chaoyang-nanmofang"} >= {"X01"}
    assert not [row for row in played["findings"] if row["agency_id"].startswith("shifan")]


def test_every_mail_is_a_sound_message_to_whom_it_concerns(played: dict[str, Any]) -> None:
    files = sorted((Path(played["home"]) / "inbox").glob("*.eml"))
    assert len(files) == len(played["mails"])
    identities = []
    for file in files:
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        parts = list(message.walk())
        assert [part.defects for part in parts if part.defects] == []
        assert {part.get_content_type() for part in parts} >= {"text/plain", "text/html"}
        identities.append(message["Message-ID"])
        (recipient,) = message["To"].addresses
        about_portal = "示范区" in message["Subject"] and "周报" not in message["Subject"]
        if about_portal:
            assert recipient == Address(addr_spec="operators@nianbao.example")
    assert len(set(identities)) == len(identities)
    kinds = {mail["kind"] for mail in played["mails"]}
    assert kinds >= {"alert", "operators", "weekly"}


@pytest.mark.parametrize(
    ("subject", "recipient"),
    [
        ("左家庄街道：表三1处不平、1处未填数字", "chaoyang-office@nianbao.example"),
        ("南磨房地区：2处未填数字、未能读出", "chaoyang-office@nianbao.example"),
        ("示例街道、样板街道未公布", "chaoyang-office@nianbao.example"),
        ("示例街道逾期12天公布", "chaoyang-office@nianbao.example"),
        ("洪泽区人民政府：表式不符、表四2处不平、缺考核评议", "hongze-office@nianbao.example"),
        ("示范区人民政府（虚构，演示）：门户不能查看", "operators@nianbao.example"),
    ],
)
def test_each_thing_is_told_once_to_the_right_office(played: dict[str, Any], subject: str, recipient: str) -> None:
    assert [mail["to"] for mail in played["mails"] if subject in mail["subject"]] == [recipient]


def test_nobody_is_accused_because_a_portal_is_blocked(played: dict[str, Any]) -> None:
    told = [mail for mail in played["mails"] if mail["to"] == "shifan-office@nianbao.example"]
    assert {mail["kind"] for mail in told} == {"weekly"}


def test_the_story_fits_on_a_few_screens(played: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    status = Status(played["agencies"], played["portals"], played["troubles"], wrong=True, standings=[])
    print_end(played, status, Path(played["home"]))
    shown = capsys.readouterr().out.splitlines()
    assert len(played["story"]) + len(shown) <= 150
    story = "\n".join(played["story"])
    assert "2020-01-16　左家庄街道公布2019年度报告，查出错误2、提示1" in story
    assert "样板街道未公布（2019年度）" in story and "门户不能查看" in story and "邮件" in story
    assert "Traceback" not in story and "DEBUG" not in "\n".join(shown)


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = subprocess.run([*NIANBAO, "demo", "--home", str(tmp_path)], capture_output=True, text=True, timeout=900)
    assert done.returncode == 2
    assert "不是空目录" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

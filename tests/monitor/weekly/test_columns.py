"""The figures of the weekly summary are defined once: a word is changed in one place, a column added in one place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config.severity import Severity
from config.wording import load_wording

CHECKOUT = Path(__file__).resolve().parents[3]
COUNTS = CHECKOUT / "monitor" / "season" / "counts.py"
COLUMN = '    Count("withdrawn", "已撤下"'
NEW_COLUMN = '    Count("exempt", "免于编制", "exempt", (Standing.EXEMPT,), colour="#123456"),\n' + COLUMN


def told(*changes: str) -> str:
    command = [sys.executable, "-m", "tests.monitor.weekly.weekly_in_words", *changes]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def before() -> str:
    """The summary as it is."""
    return told()


def test_a_word_is_changed_in_one_place(before: str) -> None:
    assert before.count("应公布") > 5 and before.count("未公布") > 5
    after = told('"应公布"', '"应当报送"', '"未公布"', '"没有报送"')
    assert after == before.replace("应公布", "应当报送").replace("未公布", "没有报送")


def test_a_column_is_added_in_one_place(before: str) -> None:
    after = told(COLUMN, NEW_COLUMN)
    assert "免于编制" not in before
    assert after.count("免于编制1") == 3  # the text, once for all and once for the one kind, and the chat group
    assert "免于编制0" in after  # a week ago
    assert after.count(">免于编制</th>") == 1
    assert after.count('color:#123456;">1</td>') == 2
    assert ", 1 exempt, " in after
    assert 'colspan="7"' in before and 'colspan="8"' in after


def test_no_other_file_of_the_weekly_mail_has_the_word() -> None:
    files = [*(CHECKOUT / "monitor").rglob("*.py"), *(CHECKOUT / "monitor" / "channels").rglob("weekly.*")]
    assert [path for path in files if "应公布" in path.read_text(encoding="utf-8")] == [COUNTS]
    assert COUNTS.read_text(encoding="utf-8").count("应公布") == 1


def test_levels_are_called_as_the_wording_calls_them() -> None:
    """No template has a level's name of its own: 提示 and 错误 are common words, 待人工核对 is none."""
    folders = ("monitor/channels/mail", "monitor/letters", "monitor/weekly", "monitor/evidence", "web/templates")
    files = [path for folder in folders for path in (CHECKOUT / folder).rglob("*") if path.is_file()]
    name = load_wording().levels[Severity.HUMAN.value]
    kinds = (".html", ".txt", ".py", ".css")
    assert [path.name for path in files if path.suffix in kinds and name in path.read_text(encoding="utf-8")] == []

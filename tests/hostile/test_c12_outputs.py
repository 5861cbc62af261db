"""c12 and c15: what a page, a document or a file name holds drives no terminal and no spreadsheet; secrets stay secret.

Control characters, marks that turn the direction of writing, formulas and forged lines reach a person only as harmless
text.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.main import main
from config.settings import Settings
from tests.hostile.portals import LIST, QINGSHAN, article, crawl, listing, row

DOCUMENTS = Path(__file__).resolve().parents[2] / "cli/demo/documents"
ESCAPES = "\x1b]0;pwned\x07\x1b[31mRED\x9b2J\u202egnp.exe\u2066\u200b"
SECRET = "S3CRETpw"


def nianbao(arguments: Sequence[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def harmful(said: str) -> list[str]:
    """What a terminal would obey: controls, and marks of direction or of nothing."""
    return sorted(
        {
            unicodedata.name(one, hex(ord(one)))
            for one in said
            if one not in "\n\t" and unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")
        }
    )


@pytest.fixture(scope="module")
def titles() -> str:
    return (
        row("a1.html")
        + row("a2.html", "=cmd|'/c calc'!A1" + ESCAPES + "通知")
        + row("a3.html", "\n=1+1\n通知 forged line")
        + row("/x\u202e\x1b[31m.html", "＝1+1通知")
        + row("a4.html", ";=1+1;@SUM(1)的通知")
    )


def test_no_command_prints_what_a_page_wants_the_terminal_to_do(
    sqlite_settings: Settings, titles: str, capsys: pytest.CaptureFixture[str]
) -> None:
    body = article(f'<a href="/r{ESCAPES}.pdf">附件{ESCAPES}年度报告.pdf</a>', QINGSHAN + ESCAPES)
    crawl(
        sqlite_settings,
        {
            LIST: (200, {"X-Evil": "a\x1b[31m"}, listing(titles)),
            "/gknb/a1.html": (200, {}, body),
            "/r": (200, {}, b"%PDF"),
        },
    )
    capsys.readouterr()
    for command in (
        ["portals", "list"],
        ["status", "--year", "2025"],
        ["status", "--year", "2025", "--format", "csv"],
        ["status", "--year", "2025", "--format", "json"],
        ["why", "ys-qs", "2025"],
        ["incidents", "list"],
        ["findings", "list"],
        ["quarantine", "list"],
        ["doctor"],
        ["weekly", "--preview"],
    ):
        nianbao(command)
        said = capsys.readouterr()
        assert harmful(said.out) == [] and harmful(said.err) == [], command
        if "csv" in command:
            cells = [cell for line in csv.reader(io.StringIO(said.out)) for cell in line]
            assert cells and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.fixture
def hostile_file(tmp_path: Path) -> Path:
    """The report of a real agency with controls in its title and in its cells, under a name with controls."""
    escapes = "\x1b[31mRED\x07\x9b2J\u202egnp\u2066"
    text = (DOCUMENTS / "zuojiazhuang-2019.body.html").read_text(encoding="utf-8")
    title = f"<h1>左家庄街道2019年政府信息公开工作年度报告{escapes}</h1>"
    path = tmp_path / "e\x1b[31mvil\n2.html"
    body = title + text.replace("<td>", "<td>" + escapes, 3)
    path.write_text(f"<html><head><meta charset=utf-8></head><body>{body}</body></html>", encoding="utf-8")
    return path


@pytest.mark.parametrize("output", ["table", "json"])
def test_check_prints_no_controls_of_a_document_or_of_its_name(
    home: Path, hostile_file: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nianbao(["check", "--format", output, str(hostile_file)])
    nianbao(["check", "--format", output, str(hostile_file.with_name("no\x1b[31m\x9bsuch"))])
    said = capsys.readouterr()
    assert said.out + said.err
    assert harmful(said.out) == [] and harmful(said.err) == []


@pytest.mark.parametrize(
    ("setting", "value", "command"),
    [
        ("DATABASE_URL", f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/db", ["status", "--year", "2025"]),
        ("DATABASE_URL", f"postgresql+psycopg://u:{SECRET}@[bad/db", ["status", "--year", "2025"]),
        ("DATABASE_URL", f"mysql://u:{SECRET}@h/db", ["db", "migrate"]),
        ("DATABASE_URL", SECRET, ["doctor"]),
        ("DATABASE_URL", f"postgresql+psycopg://127.0.0.1:1/db?password={SECRET}&user=u", ["status", "--year", "2025"]),
        ("DATABASE_URL", f"postgresql+psycopg://u:a@{SECRET}@h.invalid/db", ["doctor"]),
        ("DATABASE_URL", f"postgresql+psycopg://127.0.0.1:1/db?password={SECRET}&user=u", ["db", "migrate"]),
        ("BROKER_URL", f"redis://127.0.0.1:1/0?password={SECRET}", ["doctor"]),
        ("ARCHIVE_URL", f"s3://k:{SECRET}@bucket/x", ["doctor"]),
        ("ARCHIVE_URL", f"sftp://u:{SECRET}/x@h.invalid/x", ["doctor"]),
        ("ARCHIVE_URL", f"http://127.0.0.1:1/x?token={SECRET}", ["doctor"]),
        ("BROKER_URL", f"redis://:{SECRET}@127.0.0.1:1/0", ["doctor"]),
        ("BROKER_URL", f"redis://u:{SECRET}@[bad", ["doctor"]),
        ("ARCHIVE_URL", f"ftp://u:{SECRET}@127.0.0.1:1/x", ["archive"]),
        ("WATCHDOG_URL", SECRET, ["doctor"]),
        ("SMTP_PASSWORD", SECRET, ["mail", "test", "a@b.example"]),
    ],
)
def test_what_is_wrong_with_a_setting_is_said_without_its_secret(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    value: str,
    command: list[str],
) -> None:
    monkeypatch.setenv(f"NIANBAO_{setting}", value)
    if setting == "SMTP_PASSWORD":
        for name, other in {"SMTP_USERNAME": "u", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1"}.items():
            monkeypatch.setenv(f"NIANBAO_{name}", other)
    nianbao(command)
    said = capsys.readouterr()
    assert said.out + said.err
    assert SECRET not in said.out + said.err

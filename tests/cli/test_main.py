"""The command line itself: what it imports, and how what a command raises reaches a person."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest
import typer
from sqlalchemy.exc import OperationalError

from cli import main as command_line
from cli.shown.output import CannotBeDone, RowsFormat, plain, print_rows
from config.yaml_file import ConfigurationError


def test_help_names_every_command_without_importing_one() -> None:
    script = (
        "import sys\nfrom cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'scrapy', 'celery', 'sqlalchemy', 'pdfplumber', 'cli.check'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr.decode()
    shown = done.stdout.decode()
    for name, (_, line) in command_line.COMMANDS.items():
        assert name in shown and line[:8] in shown


@pytest.mark.parametrize("name", list(command_line.COMMANDS))
def test_every_command_takes_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command_line.main([name, "--help"])
    assert end.value.code == 0
    assert f"nianbao {name}" in capsys.readouterr().out


def _all_of(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from _all_of(one, f"{path} {name}")


@pytest.mark.parametrize("name", list(command_line.COMMANDS))
def test_help_is_in_chinese_and_english_and_nothing_of_it_is_cut(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    module, line = command_line.COMMANDS[name]
    command = typer.main.get_command(import_module(module).app)
    texts = {name: line}
    for path, one in _all_of(command, name):
        if one.help:
            texts[path] = one.help.split("\n\n")[0]
        texts |= {f"{path} {option.name}": option.help for option in one.params if not option.hidden}
    for where, text in texts.items():
        # A command that is named in a Chinese sentence is no English.
        english = re.sub(r"nianbao( [a-z]+)*|[a-z]+\.yaml", "", text or "")
        assert text and re.search("[\u4e00-\u9fff]", text) and re.search("[a-z]{3,}", english), (where, text)
    with pytest.raises(SystemExit):
        command_line.main([name, "--help"])
    shown = capsys.readouterr().out
    assert "选项 Options" in shown and "Show this message" not in shown
    assert "… " not in shown.replace("FILE…", "")


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command_line.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"nianbao {version('nianbao')}\n"


def _end_of(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    app = typer.Typer(add_completion=False)

    @app.command()
    def failing() -> None:
        raise error

    module = type(sys)("failing_command")
    module.__dict__["app"] = app
    monkeypatch.setitem(sys.modules, "failing_command", module)
    monkeypatch.setitem(command_line.COMMANDS, "failing", ("failing_command", "…"))
    with pytest.raises(SystemExit) as end:
        command_line.main(["failing"])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (ConfigurationError("rules.yaml:3", "没有这条规则", "请改正"), 2, "rules.yaml:3：没有这条规则；请改正"),
        (CannotBeDone("没有门户“甲”；用 nianbao portals list 查看"), 2, "没有门户“甲”；用 nianbao portals list 查看"),
        (OperationalError("SELECT 1", {}, Exception("refused")), 2, "台账数据库无法访问（refused）"),
        (PermissionError(13, "denied", "/srv/nianbao"), 2, "没有权限访问 /srv/nianbao"),
        (KeyError("requests"), 2, "程序出错（KeyError"),
        (KeyboardInterrupt(), 130, "已中断。"),
        (typer.Exit(1), 1, ""),
    ],
)
def test_what_a_command_raises_is_one_sentence_and_a_status(
    error: BaseException,
    status: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _end_of(error, monkeypatch) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err and len(said.err.splitlines()) == bool(sentence)


ROWS: list[dict[str, str | None]] = [
    {"agency": "左家庄街道", "note": "=1+1"},
    {"agency": "\x1b[31m南磨房", "note": None},
]


def test_rows_are_a_table_json_or_csv(capsys: pytest.CaptureFixture[str]) -> None:
    headings = {"agency": "机关", "note": "备注"}
    print_rows(ROWS, headings, RowsFormat.TABLE)
    table = capsys.readouterr().out
    assert "机关" in table and "左家庄街道" in table and "\x1b" not in table
    print_rows(ROWS, headings, RowsFormat.JSON)
    assert '"note": null' in capsys.readouterr().out
    print_rows(ROWS, headings, RowsFormat.CSV)
    assert capsys.readouterr().out.splitlines()[:2] == ["agency,note", "左家庄街道,'=1+1"]


def test_several_values_in_a_cell_are_written_as_people_write_them(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"years": [2019, 2023], "districts": ("朝阳区", "=东城区")}]
    headings = {"years": "年度", "districts": "区"}
    print_rows(rows, headings, RowsFormat.CSV)
    assert capsys.readouterr().out.splitlines()[1] == "2019、2023,朝阳区、=东城区"
    print_rows(rows, headings, RowsFormat.TABLE)
    assert "2019、2023" in capsys.readouterr().out
    print_rows(rows, headings, RowsFormat.JSON)
    assert json.loads(capsys.readouterr().out)[0]["years"] == [2019, 2023]


def test_a_value_that_is_none_of_those_is_said_with_those(capsys: pytest.CaptureFixture[str]) -> None:
    for command, option in (("notices", "--state"), ("incidents", "--level"), ("findings", "--state")):
        with pytest.raises(SystemExit) as end:
            command_line.main([command, "list", option, "nonsense"])
        assert end.value.code == 2
        said = capsys.readouterr().err
        assert f"{option} 没有“nonsense”这个取值，可以是 " in said and "error" not in said.replace("'error'", "")


def test_plain_text_has_nothing_that_steers() -> None:
    assert plain("甲\x1b[2J\u202e乙\n丙") == "甲[2J乙\n丙"

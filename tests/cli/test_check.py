"""``nianbao check`` as a person or a script runs it: its output, its exit status, and once a process of its own."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.conftest import live_in
from tests.workbooks import load_workbook

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"
EXPECTED = sorted((DOCUMENTS / "expected").glob("*.json"))
NIANBAO = Path(sys.executable).with_name("nianbao")

SOUND = DOCUMENTS / "html" / "yunshan-2024.trs.html"
BROKEN = DOCUMENTS / "real" / "hongze-2023.pdf"
CUT = DOCUMENTS / "seeds" / "002_07fb4919d9928ff3.txt"


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run(*arguments: str | Path, home: Path = Path("/nonexistent")) -> Done:
    """The command in this process; it may never show a traceback."""
    said = io.BytesIO(), io.BytesIO()
    stdout, stderr = (io.TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in said)
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        redirect_stdout(stdout),
        redirect_stderr(stderr),
        pytest.raises(SystemExit) as ended,
    ):
        live_in(home, monkeypatch)
        main(["check", *map(str, arguments)])
    assert isinstance(ended.value.code, int)
    done = Done(ended.value.code, *(stream.getvalue() for stream in said))
    assert b"Traceback" not in done.stderr
    return done


def checked(*arguments: str | Path) -> list[dict[str, Any]]:
    """What ``--format json`` prints."""
    content: list[dict[str, Any]] = json.loads(run("--format", "json", *arguments).stdout)
    return content


@cache
def all_real() -> dict[str, dict[str, Any]]:
    """What is said of each real document, by its name, wherever it lies; all of them in one call."""
    names = [json.loads(expected.read_text(encoding="utf-8"))["source"] for expected in EXPECTED]
    folders = (DOCUMENTS / "seeds", DOCUMENTS / "real")
    paths = [next(folder / name for folder in folders if (folder / name).is_file()) for name in names]
    return dict(zip(names, checked(*paths), strict=True))


def real(name: str) -> dict[str, Any]:
    """What is said of the real document of a name."""
    return all_real()[name]


@cache
def plain(path: Path) -> Done:
    """What a person is shown who checks one file."""
    return run(path)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_a_real_document_is_read_and_judged_as_by_hand(expected: Path) -> None:
    by_hand = json.loads(expected.read_text(encoding="utf-8"))
    found = real(by_hand["source"])
    assert (found["year"], found["form"]) == (by_hand["year"], by_hand["form"])
    assert found["agency"].endswith(by_hand["agency"])
    for key, figure in by_hand["figures"].items():
        assert_figure(key, found["figures"][key], figure)
    assert set(found["figures"]) == set(by_hand["figures"])
    judged = {code: outcome for code, outcome in found["rules"].items() if code in by_hand["rules"]}
    assert judged == by_hand["rules"]


def assert_figure(key: str, found: dict[str, Any], by_hand: Any) -> None:
    """By hand: a number alone, or the states that are a fair reading with the number it then has."""
    if not isinstance(by_hand, dict):
        assert (found["state"], found["value"]) == ("number", by_hand), key
        return
    states = by_hand["state"] if isinstance(by_hand["state"], list) else [by_hand["state"]]
    assert found["state"] in states, key
    if found["state"] == "number":
        assert found["value"] == by_hand["value"], key


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_no_error_is_found_that_was_not_found_by_hand(expected: Path) -> None:
    by_hand = json.loads(expected.read_text(encoding="utf-8"))
    found = real(by_hand["source"])
    failed = {code for code, outcome in by_hand["rules"].items() if outcome == "fail"}
    assert {finding["rule"] for finding in found["findings"]} <= failed
    assert {code for code, outcome in found["rules"].items() if outcome == "not_assessable"} == set(found["reasons"])


def test_suggestions_are_those_found_by_hand() -> None:
    zuojiazhuang = real("000_94c0c8a1a4856154.txt")
    sums = [finding for finding in zuojiazhuang["findings"] if finding["rule"] in ("T05", "T06")]
    assert len({finding["matter"] for finding in sums}) == 1  # one slip, in a row and in a column
    assert sums[0]["matter"] not in [one["matter"] for one in zuojiazhuang["findings"] if one not in sums]
    assert [finding["suggestion"]["cells"] for finding in sums] == [
        {"requests.not_provided.not_held.natural_person": 1}
    ] * 2
    hongze = real("hongze-2023.pdf")
    review, litigation = [finding for finding in hongze["findings"] if finding["rule"] == "T08"]
    assert review["suggestion"]["cells"] == {"review.total": 11}
    assert litigation["suggestion"]["alternatives"][0] == {"cells": {"litigation_after_review.total": 5}}
    assert (review["page"], len(review["bbox"]), review["severity"]) == (4, 4, "error")
    assert "行政复议：结果维持10＋结果纠正1＋其他结果0＋尚未审结0＝11，总计栏填报0" in review["message"]


def test_exit_status_is_0_without_and_1_with_an_error_or_something_unread() -> None:
    assert plain(SOUND).returncode == 0
    assert plain(BROKEN).returncode == 1
    assert plain(CUT).returncode == 1


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_printed(tmp_path: Path) -> None:
    empty, no_pdf = tmp_path / "empty.pdf", tmp_path / "no.pdf"
    empty.touch()
    no_pdf.write_bytes(b"%PDF-1.7\nthis is none")
    done = run("--format", "json", tmp_path / "missing.pdf", empty, no_pdf, tmp_path, SOUND)
    assert done.returncode == 2
    files = json.loads(done.stdout)
    assert [file["rules"].get("X01") for file in files] == ["fail"] * 4 + ["pass"]
    assert [file["figures"] == {} for file in files] == [True] * 4 + [False]
    said = done.stderr.decode().splitlines()
    assert len(said) == 4
    assert "文件不存在" in said[0] and "目录" in said[3]


def test_standard_input_is_a_file_too() -> None:
    done = subprocess.run(
        [NIANBAO, "check", "--format", "json", "-"],
        input=BROKEN.read_bytes(),
        capture_output=True,
        timeout=900,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "NIANBAO_HOME": "/nonexistent"},
    )
    assert (done.returncode, done.stderr) == (plain(BROKEN).returncode, b"")
    (found,) = json.loads(done.stdout)
    assert (found["source"], found["agency"], found["rules"]["T08"]) == ("-", "洪泽区人民政府", "fail")
    by_name = real(BROKEN.name)
    assert found | {"source": by_name["source"]} == by_name


def test_form_year_and_agency_override_what_is_detected() -> None:
    (found,) = checked(SOUND, "--year", "2022", "--agency", "东风路街道")
    assert (found["year"], found["agency"]) == (2022, "东风路街道")
    assert found["rules"]["D02"] == "fail"
    (found,) = checked(SOUND, "--form", "2019")
    assert (found["form"], found["rules"]["D07"]) == ("2019", "fail")


def test_last_year_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    done = run(SOUND, "--previous", tmp_path / "missing.pdf", "--format", "json")
    assert done.returncode == 2
    assert "上一年度的报告" in done.stderr.decode()
    (found,) = json.loads(done.stdout)
    assert found["reasons"]["Y01"] == "上一年度的报告未能读出，无法对照"
    assert run(SOUND, "--previous", SOUND).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "缺少"),
        (("--form", "2020", "x.pdf"), "没有表式“2020”；可用的表式：2019、2021"),
        (("--year", "zwei", "x.pdf"), "--year"),
        (("--year", "20230", "x.pdf"), "--year"),
        (("--format", "xml", "x.pdf"), "--format"),
        (("--fromat", "json", "x.pdf"), "没有选项 --fromat"),
        (("-", "-"), "标准输入（-）只能用一次"),
        (("a.pdf", "b.pdf", "--previous", "c.pdf"), "--previous 只能与一份报告同用"),
    ],
)
def test_bad_arguments_are_one_sentence_and_status_2(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", *arguments])
    assert ended.value.code == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert words in sentence


def test_a_wrong_setting_or_rules_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "rules.yaml").write_text("rules:\n  D04: {severity: error}\n  T99: {enabled: false}\n")
    done = run(SOUND, home=tmp_path)
    assert done.returncode == 2
    assert "rules.yaml:3" in done.stderr.decode()


def test_an_office_switches_rules_off(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "rules.yaml").write_text("rules:\n  T08: {enabled: false}\n  D07: {severity: human}\n")
    done = run("--format", "json", BROKEN, home=tmp_path)
    assert done.returncode == 0
    (found,) = json.loads(done.stdout)
    assert "T08" not in found["rules"]
    assert [(finding["rule"], finding["severity"]) for finding in found["findings"]] == [
        ("D07", "human"),
        ("D10", "warning"),
    ]


def test_people_read_levels_messages_and_what_to_do() -> None:
    shown = plain(BROKEN).stdout.decode()
    assert "洪泽区人民政府2023年政府信息公开工作年度报告" in shown
    assert "错误  T08  表四行政复议：" in shown
    assert "最小的改法是：表四“行政复议”的“总计”由0改为11" in shown


def test_nothing_is_written_to_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(SOUND, home=home)
    assert not home.exists()


def test_a_hostile_document_cannot_steer_the_terminal(tmp_path: Path) -> None:
    shutil.copy(SOUND, tmp_path / "\x1b[31mred.html")
    done = run(tmp_path / "\x1b[31mred.html")
    assert b"\x1b" not in done.stdout + done.stderr


def test_many_files_end_with_a_summary_and_make_a_workbook() -> None:
    files = (BROKEN, SOUND, DOCUMENTS / "broken" / "empty.pdf")
    done = run(*files)
    shown = done.stdout.decode()
    assert done.returncode == 2  # one of them cannot be read, and the others are still printed
    end = shown[shown.index("共检查3份") :]
    assert "有错误" in end and "未能读取" in end and end.splitlines()[-1].startswith("合计：") and "错误" in end
    book = load_workbook(io.BytesIO(run(*files, "--format", "xlsx").stdout))
    assert book.sheetnames == ["汇总", "问题", "无法判定"]
    assert [row[5] for row in book["汇总"].iter_rows(min_row=2, values_only=True)] == ["有错误", "有提示", "未能读取"]
    problems = [dict(zip(*pair, strict=True)) for pair in _rows(book["问题"])]
    worst = next(row for row in problems if row["规则"] == "T08")
    assert worst["级别"] == "错误" and worst["位置"] == "第4页"
    assert worst["填报"] == "表四“行政复议”的“总计”：0" and worst["似应为"] == "表四“行政复议”的“总计”：11"
    assert {row["级别"] for row in problems} <= {"错误", "提示", "待人工核对"}


def _rows(sheet: Any) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    heading, *rows = sheet.iter_rows(values_only=True)
    return ((heading, row) for row in rows)


def test_one_file_has_no_summary() -> None:
    assert "共检查" not in plain(SOUND).stdout.decode()

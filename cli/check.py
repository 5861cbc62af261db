"""``nianbao check FILE…``: reads and checks report files, without touching the ledger."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.shown.check_book import PROBLEMS, Summary
from cli.shown.check_table import print_check
from cli.shown.output import CannotBeDone, RowsFormat, print_book, print_json, print_rows, say
from config.forms import load_forms
from config.rules import RulesFile, load_rules
from config.settings import Settings, load_settings
from config.spreadsheet import workbook
from config.time_zone import SHANGHAI
from config.wording import load_wording
from report.form import Form, make_form
from report.report import Report
from workers.drafts.judging import JudgedFile, judge_file, unread_file
from workers.reading.child.process import ReadingProcess
from workers.reading.errors import ReadError
from workers.reading.hints import Hints
from workers.reading.version import READER_VERSION
from workers.rules.context import Context

STANDARD_INPUT = "-"
FOUND_SOMETHING = 1
COULD_NOT_BE_DONE = 2

app = typer.Typer(add_completion=False)


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="年报文件，“-”为标准输入 · report files; - is standard input")
    ],
    form: Annotated[str | None, typer.Option(help="表式，代替识别的结果 · form, in place of what is detected")] = None,
    year: Annotated[
        int | None,
        typer.Option(min=2008, max=2100, help="报告年度，代替识别的结果 · report year, in place of what is detected"),
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="机关名称，代替识别的结果 · agency, in place of what is detected")
    ] = None,
    previous: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="上一年度的报告，供与上年对照 · last year's report, for the year-on-year rules"
        ),
    ] = None,
    output: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """读取并检查年度报告，不写入台账。多份文件的，最后有一张汇总表；xlsx：nianbao check *.pdf --format xlsx > 检查.xlsx
    Read and check report files without touching the ledger. Exit status: 0 nothing wrong, 1 wrong, 2 unreadable.

    退出码：0 没有发现问题；1 有错误，或有内容未能读出；2 有文件完全无法读取，或参数有误。
    """
    settings = load_settings()
    forms = {name: make_form(file) for name, file in load_forms(settings.home).items()}
    rules = load_rules(settings.home).at(datetime.now(SHANGHAI))
    words = load_wording(settings.home)
    _refuse(files, form, previous, forms)
    hints = Hints(form=form, year=year, agency=agency)
    with ReadingProcess(settings) as process:
        reader = _Reader(process, settings, rules)
        last_year = None if previous is None else reader.read_previous(previous)
        context = Context(
            previous=last_year,
            previous_unread=previous is not None and last_year is None,
            agency_names=() if agency is None else (agency,),
            expected_year=year,
        )
        checked = [reader.check(file, hints, context) for file in files]
    if output is RowsFormat.JSON:
        print_json([one.as_json() for one in checked])
    elif output is RowsFormat.TABLE:
        for one in checked:
            print_check(one.report, one.check, forms, rules, words)
    summary = Summary([(one.report, one.check, one.readable) for one in checked], forms, rules, words)
    if output is RowsFormat.XLSX:
        print_book(workbook(summary.sheets(), datetime.now(SHANGHAI)))
    elif output is RowsFormat.CSV:
        print_rows(summary.problems(for_people=False), PROBLEMS, output)
    elif output is RowsFormat.TABLE and len(checked) > 1:
        summary.print()
    if not all(one.readable for one in checked) or (previous is not None and last_year is None):
        raise typer.Exit(COULD_NOT_BE_DONE)
    if any(one.wrong for one in checked):
        raise typer.Exit(FOUND_SOMETHING)


def _refuse(files: list[str], form: str | None, previous: str | None, forms: Mapping[str, Form]) -> None:
    """Raises CannotBeDone where the arguments do not go together."""
    if form is not None and form not in forms:
        raise CannotBeDone(f"没有表式“{form}”；可用的表式：{'、'.join(forms)}")
    if [*files, previous].count(STANDARD_INPUT) > 1:
        raise CannotBeDone("标准输入（-）只能用一次；请把其余的写成文件名")
    if previous is not None and len(files) > 1:
        raise CannotBeDone("--previous 只能与一份报告同用；请逐份检查")


class _Reader:
    """Reads files one after another, and says on standard error what cannot be read."""

    def __init__(self, process: ReadingProcess, settings: Settings, rules: RulesFile) -> None:
        self._process = process
        self._most = settings.read_max_bytes
        self._rules = rules
        self._progress = Console(stderr=True)

    def check(self, file: str, hints: Hints, context: Context) -> JudgedFile:
        """One file read and checked; one of which nothing can be read has X01 alone."""
        try:
            data = self._bytes(file)
        except _CannotOpen as error:
            say(f"{file}：{error}")
            return unread_file(b"", file, "cannot_open", str(error), self._rules, READER_VERSION)
        with self._progress.status(f"正在读取 {file} …"):
            judged = judge_file(self._process, data, file, self._rules, READER_VERSION, lambda _: context, hints)
        if not judged.readable:
            say(f"{file}：{judged.sentence}")
        return judged

    def read_previous(self, file: str) -> Report | None:
        """Last year's report; None where it cannot be read."""
        try:
            data = self._bytes(file)
            with self._progress.status(f"正在读取 {file} …"):
                return self._process.read(data, file, Hints())
        except _CannotOpen as error:
            say(f"上一年度的报告 {file}：{error}；与上年的对照无法进行")
        except ReadError as error:
            say(f"上一年度的报告 {file}：{error.sentence.rstrip('。')}；与上年的对照无法进行")
        return None

    def _bytes(self, file: str) -> bytes:
        """The content, one byte over the limit at most: the reading process then says that it is too large."""
        try:
            if file == STANDARD_INPUT:
                return sys.stdin.buffer.read(self._most + 1)
            with Path(file).open("rb") as stream:
                return stream.read(self._most + 1)
        except FileNotFoundError as error:
            raise _CannotOpen("文件不存在，请核对文件名") from error
        except IsADirectoryError as error:
            raise _CannotOpen("这是目录，请给出其中的文件") from error
        except PermissionError as error:
            raise _CannotOpen("没有读取权限，请检查文件的权限") from error
        except (OSError, ValueError) as error:
            raise _CannotOpen(f"文件打不开（{type(error).__name__}），请检查文件") from error


class _CannotOpen(Exception):
    """A file cannot be opened; ``str()`` of it is one sentence."""

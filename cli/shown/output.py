"""How every command prints: rows as a table, JSON or CSV on standard output, everything else on standard error."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.json_text import as_data, json_text
from config.plain_text import plain as plain
from config.spreadsheet import Cell, Heading, Sheet, no_formula, workbook
from config.time_zone import SHANGHAI

if TYPE_CHECKING:  # what a program asks for is no table: rich is imported where one is drawn
    from rich.console import Console

WIDTH_IN_A_PIPE = 160
# Rows of JSON that a person may still want to look through.
INDENTED = 500
# The columns of running text, which a workbook gives more room.
_LONG = frozenset(("sentence", "message", "title", "address", "reason", "asked_for", "remark", "words"))


class CannotBeDone(Exception):
    """A command cannot do what it was asked; ``str()`` of it is one Chinese sentence with the remedy. Exit status 2."""


class Format(StrEnum):
    """``--format`` of a command whose data is no plain list of rows."""

    TABLE = "table"
    JSON = "json"


class RowsFormat(StrEnum):
    """``--format`` of a command that prints rows."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


def console() -> Console:
    """Where people read: standard output, in colour on a terminal only, wide enough for Chinese in a pipe."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH_IN_A_PIPE
    return Console(width=width, highlight=False, emoji=False, markup=False)


def say(sentence: str) -> None:
    """Tells the person something that is no data: one line on standard error."""
    print(plain(sentence), file=sys.stderr, flush=True)  # noqa: T201


def print_json(value: Any) -> None:
    """Prints ``value`` as JSON; what is no JSON value (dates, decimals) is printed as its string.

    Long lists are for programs: on one line, which is made many times faster.
    """
    indent = 2 if _size(value) <= INDENTED else None
    print(json_text(value, indent))  # noqa: T201


def _size(value: Any) -> int:
    """How many rows there are: of a list, or of the lists in an object."""
    if isinstance(value, dict):
        return sum(_size(one) for one in value.values())
    return len(value) if isinstance(value, list) else 0


def print_rows(
    rows: Iterable[Mapping[str, Any]],
    headings: Mapping[str, str],
    form: StrEnum,
    *,
    title: str | None = None,
    empty: str = "没有记录。",
) -> None:
    """Prints rows.

    ``form`` is table, json, csv or xlsx. ``headings`` gives the columns in order: the key in a row and the Chinese
    heading (used for table and workbook; JSON and CSV carry the keys). ``empty`` is said instead of a table without
    rows. A workbook goes to standard output as it is; CannotBeDone where that is a terminal.
    """
    listed: Sequence[Mapping[str, Any]] = list(rows)
    if form.value == "json":
        print_json([{key: row.get(key) for key in headings} for row in listed])
    elif form.value == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([_in_csv(row.get(key)) for key in headings] for row in listed)
    elif form.value == "xlsx":
        columns = [Heading(heading, 40 if key in _LONG else 16) for key, heading in headings.items()]
        cells = ([_cell(row.get(key)) for key in headings] for row in listed)
        print_book(workbook([Sheet(title or "列表", columns, cells)], datetime.now(SHANGHAI)))
    elif not listed:
        say(empty)
    else:
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title, title_justify="left")
        for heading in headings.values():
            table.add_column(heading, overflow="fold")
        for row in listed:
            table.add_row(*(Text(plain(_for_people(row.get(key)))) for key in headings))
        console().print(table)


@contextmanager
def into(file: Path | None) -> Iterator[None]:
    """What is printed as data goes to a file instead, which appears when it is whole; None: to standard output.

    A redirection of the shell makes an empty file before a command has said that it cannot be done. Raises CannotBeDone
    where the file cannot be written.
    """
    if file is None:
        yield
        return
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as written, redirect_stdout(written):
            yield
        part.replace(file)
    except OSError as error:
        raise CannotBeDone(f"无法写入 {file}（{error.strerror or error}）；请检查目录、磁盘空间和权限") from error
    finally:
        part.unlink(missing_ok=True)


def print_book(book: bytes, kind: str = "xlsx") -> None:
    """Writes a workbook (or another ``kind`` of file) to standard output. CannotBeDone where that is a terminal."""
    if sys.stdout.isatty():
        raise CannotBeDone(f"{kind} 不能显示在终端上；请在命令后加 > 文件名.{kind}")
    sys.stdout.flush()
    sys.stdout.buffer.write(book)
    sys.stdout.buffer.flush()


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI)
    if isinstance(value, (list, tuple)):
        return _joined(value)
    return value if value is None or isinstance(value, (str, int, float, Decimal, date)) else str(value)


def _in_csv(value: Any) -> Any:
    if isinstance(value, datetime):
        return as_data(value)
    if isinstance(value, (list, tuple)):
        value = _joined(value)
    return no_formula(value) if isinstance(value, str) else value


def _joined(values: Iterable[Any]) -> str:
    """Several values in one cell, as a person writes them."""
    return "、".join(map(str, values))


def _for_people(value: Any) -> Any:
    """Every moment that a table shows is in the one zone of this house, whatever the machine is set to."""
    from monitor.calendar import chinese_moment

    if isinstance(value, (list, tuple)):
        return _joined(value)
    return chinese_moment(value) if isinstance(value, datetime) and value.tzinfo is not None else value

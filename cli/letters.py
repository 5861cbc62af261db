"""``nianbao letters``: papers for a person to sign and send."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.options.agency_called import agency_called
from cli.options.filters import District
from cli.shown.output import CannotBeDone, print_book, say
from config.in_force import load_register
from config.settings import load_settings
from ledger.database import open_ledger
from monitor.calendar import chinese_day, day_of
from monitor.papers.rectification_notice import TEMPLATE, draft_notice, file_name, notice_as_word, template_of
from monitor.papers.word_template import TemplateError

STANDARD_OUTPUT = "-"

app = typer.Typer(add_completion=False, no_args_is_help=True)

Output = Annotated[
    str | None, typer.Option("--output", help="写到哪个文件；“-”为标准输出 · file to write; - is standard output")
]


@app.callback()
def letters() -> None:
    """供人签发的文书：整改通知单。
    Papers for a person to sign and send: the 整改通知单.
    """


@app.command()
def draft(
    agency: Annotated[
        str, typer.Argument(metavar="机关", help="名称、简称、别名或 id · name, short name, alias or id")
    ],
    year: Annotated[int, typer.Argument(metavar="年度", help="报告年度 · report year")],
    district: District = None,
    due: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="要求何时答复；不写则按已登记的整改期限，否则十个工作日 · answer by; ten working days by default",
        ),
    ] = None,
    output: Output = None,
) -> None:
    """按台账中尚未解决的问题起草整改通知单（Word 文件），由人核对、签发；程序不发送。
    Draft a 整改通知单 (Word) from what is open in the ledger, for a person to check, sign and send.

    本单位自己的格式放在 NIANBAO_HOME/config/rectification_notice.docx（见 nianbao letters template）。
    """
    settings = load_settings()
    register = load_register(settings.home)
    file, entry = agency_called(register.districts.values(), agency, district)
    now = datetime.now(UTC)
    if due is not None and due.date() < day_of(now):
        raise CannotBeDone(f"{chinese_day(due.date())}已经过去；请给出今天或以后的日期")
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        drafted = draft_notice(session, register, entry.id, year, now, due.date() if due is not None else None)
    if drafted is None:
        raise CannotBeDone(
            f"台账中{entry.name}{year}年度报告没有需要整改的问题；请用 nianbao why {entry.id} {year} 查看"
        )
    try:
        book, unknown = notice_as_word(drafted, register, settings.home, now)
    except TemplateError as error:
        raise CannotBeDone(f"{template_of(file.district, settings.home)}：{error}") from error
    _write(book, output, file_name(drafted))
    if unknown:
        say(f"模板中有不认识的占位符，已原样保留：{'、'.join(unknown)}；可用的见 docs/rectify.md")
    if drafted.own_government:
        say("这是本级政府自己的报告：由主管部门向本级政府发整改通知单并不合适，请改用内部核对。")


@app.command()
def template(output: Output = None) -> None:
    """取得随软件提供的整改通知单模板，改好后放在 NIANBAO_HOME/config/ 下即替换原有格式。
    Write the shipped template of the 整改通知单, to be changed and put into NIANBAO_HOME/config/.
    """
    _write(template_of("", None).read_bytes(), output, TEMPLATE)


def _write(book: bytes, output: str | None, name: str) -> None:
    if output == STANDARD_OUTPUT:
        print_book(book, "docx")
        return
    path = Path(output or name)
    try:
        with path.open("xb") as stream:
            stream.write(book)
    except FileExistsError as error:
        raise CannotBeDone(f"{path} 已存在，未改动；请用 --output 写到别的文件") from error
    except OSError as error:
        raise CannotBeDone(f"{path} 不能写入（{error.strerror}）；请用 --output 写到别的目录") from error
    print(path, file=sys.stdout)  # noqa: T201 - the name of what was written is the data
    say(f"已写入 {path}。")

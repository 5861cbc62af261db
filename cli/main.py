"""``nianbao``: one command a module, imported only when that command runs.

To add a command, write ``cli/NAME.py`` with ``app = typer.Typer(add_completion=False)`` and add one line to
``COMMANDS``. An ``app`` with one function is a plain command; one with several, or with a callback, is a group
(``nianbao portals list``). A command ends with ``raise typer.Exit(1)`` where something wrong was found, and raises
``CannotBeDone`` (cli/shown/output.py) where it could not do what it was asked.

What a command raises ends here: as one sentence on standard error and an exit status, never as a traceback.
"""

from __future__ import annotations

import atexit
import gc
import os
import re
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli.options.help_in_both_languages import show_help_in_both_languages
from cli.shown.output import CannotBeDone, say
from config.yaml_file import ConfigurationError

COMMANDS = {
    # name: (module, what it does in one line of Chinese and one of English)
    "demo": ("cli.demo.command", "在本机演示全过程，无需任何配置\nThe whole story on this machine, nothing configured"),
    "check": ("cli.check", "检查一份或多份年度报告，不写入台账\nCheck report files without touching the ledger"),
    "crawl": ("cli.crawl", "立即抓取全部或所列门户一轮\nCrawl all or the named portals once, now"),
    "portals": ("cli.portals", "门户名册：列出、试探、新建、暂停、恢复\nThe register of portals"),
    "add": ("cli.add", "登记一份不能抓取的年度报告\nEnter a report that cannot be crawled"),
    "up": ("cli.up", "在本机启动全部服务（抓取、读取、监测、工作台），Ctrl-C 停止\nThe whole service on one machine"),
    "status": (
        "cli.status",
        "每个机关某一年度的公布状况，以及门户和疑难事项\nHow every agency stands, and the portals",
    ),
    "why": ("cli.why", "一个机关某一年度的状况从何而来：逐项列出所依据的事实\nEvery fact on which a standing rests"),
    "weekly": ("cli.weekly", "每周汇总：显示或发送\nThe weekly summary"),
    "agencies": ("cli.agencies", "机关名册：以表格导入和导出\nThe register of agencies as a spreadsheet"),
    "incidents": ("cli.incidents", "需要有人知道的事项\nWhat somebody has to know"),
    "findings": (
        "cli.findings",
        "报告中发现的问题：列出、查看，以及人工复核的结果\nWhat was found in the reports, and decided",
    ),
    "rules": ("cli.rules", "检查规则：列出全部，或说明一条规则\nThe rules, and what each does not look at"),
    "difference": (
        "cli.difference",
        "一份年度报告前后两个版本有什么不同\nWhat was changed in a report after publication",
    ),
    "letters": ("cli.letters", "供人签发的文书：整改通知单\nPapers for a person to sign"),
    "rectifications": (
        "cli.rectifications",
        "整改：登记要求、列出、办结\nWhat was asked of agencies, and how it ended",
    ),
    "warc": ("cli.warc", "把抓取到的全部内容导出为 WARC 文件\nExport all that was fetched as WARC"),
    "notices": ("cli.notices", "生成的通知：发给谁、是否发出、对方怎么答复\nMessages that were made, sent or not"),
    "mail": (
        "cli.mail",
        "试发邮件，开始或停止向主管部门发信，登记退信\nTest mail, start and stop mail to offices, bounces",
    ),
    "doctor": (
        "cli.doctor",
        "检查数据库、消息队列、读取进程、邮件、存档、配置和时钟\nCheck everything that nianbao needs",
    ),
    "archive": ("cli.archive", "核对存档文件是否完好\nVerify the archive"),
    "backup": ("cli.backup", "备份台账和存档，或检查备份是否完好\nBack up ledger and archive"),
    "restore": ("cli.restore", "从备份恢复台账和存档，并逐一核对\nRestore a backup, and compare"),
    "db": ("cli.database", "台账数据库：升级、角色权限、移到另一个数据库\nThe ledger's database: upgrade, roles, move"),
    "replay": (
        "cli.replay",
        "用现在的读取程序和规则重新处理存下的文件，列出变化\nRead stored documents again with today's rules",
    ),
    "looks": ("cli.looks", "对各栏目的查看：列出，或登记人工确认\nLooks at columns, and a person's word on them"),
    "export": ("cli.export", "把全部数字导出为一张表\nExport all figures as one table"),
    "schema": (
        "cli.schema",
        "各命令所给 JSON 的结构（JSON Schema）\nJSON Schemas of what is printed and served",
    ),
    "quarantine": ("cli.quarantine", "列出或重试无法读取而被隔离的文档\nDocuments that could not be read"),
    "tokens": ("cli.tokens", "令牌：别的系统读取台账、订阅，或登记个人的认定\nTokens of the API and of feeds"),
    "people": ("cli.people", "工作台的账号：建立、列出、停用、重设密码\nWho may log in to the desk"),
    "run": (
        "cli.run",
        "启动一个角色：crawler、worker、monitor 或 web\nStart one role: crawler, worker, monitor or web",
    ),
}

INTERRUPTED = 130
COULD_NOT_BE_DONE = 2

# What the library behind the command line says, in the words of this house.
_USAGE = (
    (r"No such option: (\S+) \(Possible options: (.+)\)", r"没有选项 \1（相近的有 \2）"),
    (r"No such option: (\S+?)\.?", r"没有选项 \1"),
    (r"No such command '(.+?)'\..*", r"没有命令“\1”"),
    (r"Missing (?:argument|parameter|option) '(.+?)'\.?.*", r"缺少 \1"),
    (r"Missing command\.", "缺少子命令"),
    (r"Option '(.+?)' requires an argument\.?", r"选项 \1 需要一个值"),
    (r"Got unexpected extra arguments? \((.+)\)", r"多出了参数 \1"),
    (r"Invalid value for '(.+?)': (?:Value error, )?'(.*)' is not one of (.+?)\.?", r"\1 没有“\2”这个取值，可以是 \3"),
    (r"Invalid value for '(.+?)': (?:Value error, )?(.*)", r"\1 的取值不符合要求（\2）"),
)


class Commands(TyperGroup):
    """The commands by name and help line; a command's module is imported when it is called, or asked for help."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, (_, line) in COMMANDS.items():
            self.add_command(TyperCommand(name=name, help=line))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command in place of the line in the table."""
        name, _, rest = super().resolve_command(ctx, args)
        if name is None:
            return name, None, rest
        module, line = COMMANDS[name]
        command = typer.main.get_command(import_module(module).app)
        command.name = name
        command.short_help = line
        return name, command, rest


app = typer.Typer(
    cls=Commands,
    name="nianbao",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"nianbao {version('nianbao')}")
        raise typer.Exit


@app.callback()
def nianbao(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="显示版本 · show the version")
    ] = False,
) -> None:
    """年报：看住各区门户上的政府信息公开工作年度报告，读、查、记、告。
    Watches portals for annual reports on government-information disclosure, reads, checks, records, tells.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """The console entry. Ends the process with the exit status of contract section 1 (130 on Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A terminal that is not UTF-8 shows what it cannot as \u escapes instead of ending in an error.
            reconfigure(errors="backslashreplace")
    # Memory is freed with the process: garbage-collecting it first is a tenth of a short command's time.
    atexit.register(gc.freeze)
    sys.exit(_run(list(sys.argv[1:] if arguments is None else arguments)))


def _run(arguments: list[str]) -> int:
    show_help_in_both_languages()
    try:
        status = typer.main.get_command(app).main(arguments, prog_name="nianbao", standalone_mode=False)
    except typer.TyperException as error:
        if error.format_message():  # empty where the help was printed instead
            say(_usage(error))
        return COULD_NOT_BE_DONE
    except (KeyboardInterrupt, typer.Abort):
        say("已中断。")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost edge: a person gets a sentence, whatever went wrong
        say(_sentence(error))
        if os.environ.get("NIANBAO_LOG_LEVEL") == "DEBUG":
            traceback.print_exc()
        return COULD_NOT_BE_DONE
    if status == INTERRUPTED:
        say("已中断。")
    return status if isinstance(status, int) else 0


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "nianbao"
    message = error.format_message()
    for pattern, words in _USAGE:
        message, replaced = re.subn(f"^{pattern}$", words, message, flags=re.DOTALL)
        if replaced:
            break
    return f"{message}；用法见 {path} --help"


def _sentence(error: Exception) -> str:
    if isinstance(error, ConfigurationError | CannotBeDone):
        return str(error)
    if _is(error, "workers.reading.errors", "ReadError"):
        return str(getattr(error, "sentence", error))
    if _is(error, "ledger.database", "LedgerError") or _is(error, "ledger.archive", "ArchiveError"):
        return str(error)
    if _is(error, "sqlalchemy.exc", "OperationalError"):
        why = _first_line(getattr(error, "orig", error))
        return f"台账数据库无法访问（{why}）；请检查 NIANBAO_DATABASE_URL 以及数据库是否在运行"
    if isinstance(error, PermissionError):
        return f"没有权限访问 {error.filename}；请检查该文件或目录的权限"
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}：{_first_line(error)}"
    return (
        f"程序出错（{what}，{place.name}:{place.lineno}）；请把这句话报告给维护者，设 NIANBAO_LOG_LEVEL=DEBUG 可看详情"
    )


def _is(error: Exception, module: str, name: str) -> bool:
    """Whether ``error`` is of a class whose module is only looked up: one that was never imported raised nothing."""
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and isinstance(error, kind)


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), "")

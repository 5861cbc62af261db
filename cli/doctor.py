"""``nianbao doctor``: one line for each thing that nianbao needs, and what to do about what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from cli.shown.output import CannotBeDone, RowsFormat, print_rows
from config.in_force import examine_files, load_register
from config.private_files import open_to_others
from config.register import Register
from config.secret_addresses import shown, without_secrets
from config.settings import Settings, load_settings
from config.severity import Severity
from config.wording import missing_words
from config.yaml_file import ConfigurationError
from ledger.archive import ArchiveError, open_archive
from ledger.clock import ledger_time
from ledger.database import LedgerError, open_ledger
from ledger.machinery.heartbeat import ROLES
from ledger.reading.work import unfinished
from monitor.calendar import day_of
from monitor.channels.chat.transport import is_address
from monitor.channels.mail.transport import MailServerError, conversation
from monitor.incidents.stopped_recipients import impossible_recipients, stopped_recipients
from monitor.machinery.examined import (
    Examined,
    canary,
    clocks,
    files,
    heartbeat,
    quarantine,
    role_here,
    room,
    sending,
    this_machine,
    waiting,
)
from monitor.machinery.report import machinery_report
from workers.dispatch import BrokerAway, answering_workers, broker_trouble

SECONDS = 5
SOMETHING_WRONG = 1
HEADINGS = {"what": "项目", "right": "正常", "sentence": "说明"}

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    form: Annotated[RowsFormat, typer.Option("--format", help="输出格式 · output format")] = RowsFormat.TABLE,
    role: Annotated[
        str | None,
        typer.Option(
            help="只看本机的这个角色是否正常：crawler、worker 或 monitor（供容器的健康检查）"
            " · whether this role is well on this machine (health check)"
        ),
    ] = None,
) -> None:
    """检查数据库、消息队列、各角色的心跳、探测任务、待读文档、邮件、存档、配置文件、磁盘和时钟，每项一行。
    Check everything that nianbao needs, one line each. Exit status: 0 all well, 1 not.

    退出码：0 全部正常；1 有问题。
    """
    settings = load_settings()
    if role is not None and role not in ROLES:
        raise CannotBeDone(f"没有角色“{role}”；可以写 crawler、worker 或 monitor")
    examined = list(_everything(settings) if role is None else _from_ledger(settings, role))
    rows = [asdict(one) for one in examined]
    if form is RowsFormat.TABLE:
        rows = [{**row, "right": "是" if row["right"] else "否"} for row in rows]
    print_rows(rows, HEADINGS, form)
    if not all(one.right for one in examined):
        raise typer.Exit(SOMETHING_WRONG)


def _everything(settings: Settings) -> Iterator[Examined]:
    trouble = broker_trouble(settings)
    yield _database(settings)
    yield _broker(settings, trouble)
    if not trouble:
        yield _workers(settings)
    for examine in EXAMINATIONS:
        yield examine(settings)
    yield from _from_ledger(settings, None, trouble)


def _from_ledger(settings: Settings, role: str | None, trouble: str = "") -> Iterator[Examined]:
    """What the ledger knows of the machinery that runs; or of one role on this machine."""
    own = datetime.now(UTC)
    try:
        with closing(open_ledger(settings)) as ledger, ledger.read() as session:
            now = ledger_time(session, own)
            if role is not None:
                yield role_here(session, settings, role, now)
                return
            report = machinery_report(session, settings, now, this_machine(settings, now, own), trouble)
            views = (heartbeat, canary, waiting, sending, quarantine, files)
            yield from filter(None, (view(report) for view in views))
            yield room(report, settings)
            yield clocks(report, settings, own)
    except (LedgerError, SQLAlchemyError) as error:
        yield Examined("运行状况", False, f"数据库无法访问，不能得知（{str(error).splitlines()[0]}）")


def _database(settings: Settings) -> Examined:
    try:
        with closing(open_ledger(settings)) as ledger, ledger.read() as session:
            waiting = unfinished(session)
            return Examined("数据库", True, f"{ledger.engine.dialect.name}，可以访问；等待读取的文档 {waiting} 份")
    except (LedgerError, SQLAlchemyError) as error:
        return Examined("数据库", False, str(error).splitlines()[0])


def _broker(settings: Settings, trouble: str) -> Examined:
    if not trouble:
        return Examined("消息队列", True, "可以访问")
    remedy = "请启动 nianbao up" if settings.broker_url is None else "请检查 NIANBAO_BROKER_URL 以及服务是否在运行"
    return Examined("消息队列", False, f"无法访问（{trouble}）；{remedy}")


def _workers(settings: Settings) -> Examined:
    try:
        names = answering_workers(settings)
    except BrokerAway as error:
        said = without_secrets(error, settings.broker_address)
        return Examined("读取进程", False, f"不能得知（消息队列刚才中断：{said}）；请稍后再查")
    if not names:
        return Examined("读取进程", False, "没有读取进程应答；请启动 nianbao up 或 nianbao run worker")
    return Examined("读取进程", True, f"{len(names)} 个应答：{'、'.join(names)}")


def _mail(settings: Settings) -> Examined:
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with conversation(settings.model_copy(update={"smtp_timeout_seconds": SECONDS})):
            login = "，用户名和口令正确" if settings.smtp_username is not None else ""
            return Examined("邮件服务器", True, f"{server} 应答{login}；可用 nianbao mail test 试发一封")
    except MailServerError as error:
        remedy = "" if "；" in str(error) else "；请检查 NIANBAO_SMTP_HOST 和端口"
        return Examined("邮件服务器", False, f"{error}{remedy}")


def _recipients(settings: Settings) -> Examined:
    """Who is told: nobody at all, a chat group without its address, or an office that gets nothing any more."""
    try:
        register = load_register(settings.home)
        offices = register.offices
        for name, channel in offices.channels.items():
            if not is_address(channel.address()):
                wrong = "聊天群的地址不能识别；请按 Apprise 的写法改正，例如 wecombot://密钥"
                return Examined("收件人", False, f"“{name}”：{wrong}")
        with closing(open_ledger(settings)) as ledger, ledger.read() as session:
            stopped = [*impossible_recipients(register), *stopped_recipients(session, register)]
    except (ConfigurationError, LedgerError, SQLAlchemyError) as error:
        return Examined("收件人", False, str(error).splitlines()[0])
    if stopped:
        more = f"（共 {len(stopped)} 项，见 nianbao mail stops）" if len(stopped) > 1 else ""
        return Examined("收件人", all(one.level != Severity.ERROR for one in stopped), f"{stopped[0].sentence}{more}")
    if not offices.operators:
        return Examined("收件人", False, "没有系统运维人员的地址；请填写 offices.yaml（见 docs/receive-mail.md）")
    counts = f"主管部门 {len(offices.offices)} 个，聊天群 {len(offices.channels)} 个"
    return Examined("收件人", True, f"运维 {len(offices.operators)} 个，{counts}")


def _archive(settings: Settings) -> Examined:
    content = b"nianbao doctor\n"
    try:
        archive = open_archive(settings)
        archive.get(archive.put(content))
        return Examined("存档", True, f"{shown(settings.archive_address)} 可读可写")
    except (ArchiveError, OSError) as error:
        return Examined("存档", False, str(error))


def _files(settings: Settings) -> Examined:
    try:
        faults = examine_files(settings.home)
        if faults:
            wrong = "\n".join(f"{fault.where}：{fault.wrong}；{fault.remedy}" for fault in faults)
            return Examined("配置文件", False, wrong)
        register = load_register(settings.home)
        warnings = "".join(f"；{warning}" for warning in _warnings(settings, register))
    except ConfigurationError as error:
        return Examined("配置文件", False, str(error))
    portals, districts = register.portals, register.districts
    watched = sum(not portal.paused for portal in portals.values())
    taken_up = {name for name, portal in portals.items() if not portal.paused}
    agencies = sum(len(district.agencies) for district in districts.values() if district.portal in taken_up)
    counted = f"门户 {len(portals)} 个（启用 {watched} 个），启用门户的机关 {agencies} 个"
    return Examined("配置文件", True, f"{counted}，全部文件符合要求{warnings}")


def _permissions(settings: Settings) -> Examined:
    """The home holds addresses of officials and the ledger: nobody else on this machine should read it."""
    found = list(open_to_others(settings.home))
    if not found:
        return Examined("文件权限", True, f"其他用户不能进入 {settings.home}")
    names = "、".join(path.name for path in found[1:4]) + (" 等" if len(found) > 4 else "")
    inside = f"，并能读取其中的 {names}" if names else ""
    return Examined(
        "文件权限", False, f"本机的其他用户可以进入 {settings.home}{inside}；请运行 chmod -R o-rwx {settings.home}"
    )


def _warnings(settings: Settings, register: Register) -> Iterator[str]:
    missing = missing_words(settings.home)
    if missing:
        named = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
        yield f"wording.yaml 缺少 {len(missing)} 个词（{named}），已用随软件提供的文字代替"
    coming = day_of(datetime.now(UTC)).year
    deadlines = list(register.deadlines.values())
    for district in register.districts.values():
        deadlines += district.deadlines.values()
    if any(deadline.calendar_ends(coming) for deadline in deadlines):
        yield f"{coming + 1}年的放假安排尚不在所用日历中，期限暂不顺延；公布之后请升级 chinesecalendar"


EXAMINATIONS = (_mail, _recipients, _archive, _files, _permissions)

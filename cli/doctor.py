"""``nianbao doctor``: one line for each thing that nianbao needs, and what to do about what is wrong."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from cli.doctor_machinery import Examined, canary, clocks, pulse, role_here, room, sending, waiting
from cli.output import CannotBeDone, RowsFormat, print_rows
from config.agencies import load_districts
from config.deadlines import load_deadlines
from config.forms import load_forms
from config.offices import load_offices
from config.portals import load_portals
from config.rules import load_rules
from config.settings import Settings, load_settings
from config.wording import load_wording
from config.yaml_file import ConfigurationError
from ledger.archive import ArchiveError, open_archive
from ledger.clock import ledger_time
from ledger.database import LedgerError, open_ledger
from ledger.pulse import ROLES
from ledger.work import unfinished
from workers.queue import make_celery

SECONDS = 5
SOMETHING_WRONG = 1
HEADINGS = {"what": "项目", "right": "正常", "sentence": "说明"}

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    form: Annotated[RowsFormat, typer.Option("--format", help="输出格式")] = RowsFormat.TABLE,
    role: Annotated[
        str | None, typer.Option(help="只看本机的这个角色是否正常：crawler、worker 或 monitor（供容器的健康检查）")
    ] = None,
) -> None:
    """检查数据库、消息队列、各角色的心跳、探测任务、待读文档、邮件、存档、配置文件、磁盘和时钟，每项一行。

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
    for examine in EXAMINATIONS:
        yield examine(settings)
    yield from _from_ledger(settings, None)


def _from_ledger(settings: Settings, role: str | None) -> Iterator[Examined]:
    """What the ledger knows of the machinery that runs; or of one role on this machine."""
    own = datetime.now(UTC)
    try:
        with closing(open_ledger(settings)) as ledger, ledger.read() as session:
            now = ledger_time(session, own)
            if role is not None:
                yield role_here(session, settings, role, now)
                return
            for look in (pulse, canary, waiting, sending, room):
                yield look(session, settings, now)
            yield clocks(session, settings, now, own)
    except (LedgerError, SQLAlchemyError) as error:
        yield Examined("运行状况", False, f"数据库无法访问，不能得知（{str(error).splitlines()[0]}）")


def _database(settings: Settings) -> Examined:
    try:
        with closing(open_ledger(settings)) as ledger, ledger.read() as session:
            waiting = unfinished(session)
            return Examined("数据库", True, f"{ledger.engine.dialect.name}，可以访问；等待读取的文档 {waiting} 份")
    except (LedgerError, SQLAlchemyError) as error:
        return Examined("数据库", False, str(error).splitlines()[0])


def _broker(settings: Settings) -> Examined:
    try:
        with make_celery(settings).connection_for_write(connect_timeout=SECONDS) as connection:
            connection.transport_options |= {"socket_timeout": SECONDS, "max_retries": 0}
            waiting = connection.default_channel.client.llen("read")
        return Examined("消息队列", True, f"可以访问；排队的任务 {waiting} 个")
    except (OperationalError, RedisError, OSError) as error:
        remedy = "请启动 nianbao up" if settings.broker_url is None else "请检查 NIANBAO_BROKER_URL 以及服务是否在运行"
        return Examined("消息队列", False, f"无法访问（{error}）；{remedy}")


def _workers(settings: Settings) -> Examined:
    if not _broker(settings).right:
        return Examined("读取进程", False, "消息队列无法访问，不能询问读取进程")
    answers = make_celery(settings).control.ping(timeout=2)
    if not answers:
        return Examined("读取进程", False, "没有读取进程应答；请启动 nianbao up 或 nianbao run worker")
    names = "、".join(sorted(name for answer in answers for name in answer))
    return Examined("读取进程", True, f"{len(answers)} 个应答：{names}")


def _mail(settings: Settings) -> Examined:
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    kind = smtplib.SMTP_SSL if settings.smtp_security == "tls" else smtplib.SMTP
    try:
        with kind(settings.smtp_host, settings.smtp_port, timeout=SECONDS) as connection:
            connection.ehlo()
            if settings.smtp_security == "starttls" and not connection.has_extn("starttls"):
                return Examined("邮件服务器", False, f"{server} 不支持 STARTTLS；请检查 NIANBAO_SMTP_SECURITY")
        return Examined("邮件服务器", True, f"{server} 应答；可用 nianbao mail test 试发一封")
    except (OSError, smtplib.SMTPException) as error:
        return Examined("邮件服务器", False, f"{server} 无法连接（{error}）；请检查 NIANBAO_SMTP_HOST 和端口")


def _archive(settings: Settings) -> Examined:
    content = b"nianbao doctor\n"
    try:
        archive = open_archive(settings)
        archive.get(archive.put(content))
        return Examined("存档", True, f"{settings.archive_address} 可读可写")
    except (ArchiveError, OSError) as error:
        return Examined("存档", False, str(error))


def _files(settings: Settings) -> Examined:
    loaders: tuple[Callable[..., object], ...] = (load_forms, load_rules, load_deadlines, load_offices, load_wording)
    try:
        for load in loaders:
            load(settings.home)
        portals, districts = load_portals(settings.home), load_districts(settings.home)
    except ConfigurationError as error:
        return Examined("配置文件", False, str(error))
    watched = sum(not portal.paused for portal in portals.values())
    agencies = sum(len(district.agencies) for district in districts.values())
    return Examined(
        "配置文件", True, f"门户 {len(portals)} 个（启用 {watched} 个），机关 {agencies} 个，全部文件符合要求"
    )


EXAMINATIONS = (_database, _broker, _workers, _mail, _archive, _files)

"""``nianbao people``: who may log in to the desk, with role and districts."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.options.filters import refuse_unknown_district
from cli.shown.output import CannotBeDone, RowsFormat, print_rows, say
from config.in_force import load_register
from config.settings import Settings, load_settings
from ledger.database import open_ledger
from ledger.models import Account
from ledger.people.accounts import Unfit, list_accounts, make_account, make_link, remove_account
from ledger.people.record import Who
from ledger.people.second_factor import switch_off
from ledger.states import DeskRole, RecordKind

app = typer.Typer(add_completion=False, no_args_is_help=True)

HEADINGS = {"account": "账号", "name": "姓名", "role": "角色", "districts": "负责的区", "state": "状态"}
_ME = Who("nianbao people")
AccountName = Annotated[str, typer.Argument(metavar="账号", help="登录名，例如 wangmin · login name")]


@app.callback()
def people() -> None:
    """工作台的账号：谁可以登录，是什么角色，负责哪些区。
    Accounts of the desk: who may log in, with which role, in which districts.
    """


@app.command()
def add(
    account: AccountName,
    name: Annotated[str, typer.Option(help="姓名，登记意见时显示 · the name shown with what they decide")],
    role: Annotated[
        DeskRole,
        typer.Option(
            help="viewer 查看、officer 经办、reviewer 复核人（第二人）、operator 运维"
            " · look, decide, approve, or keep the desk"
        ),
    ] = DeskRole.OFFICER,
    district: Annotated[
        list[str] | None,
        typer.Option(help="负责的区，可写多次；不写则为全部 · a district; may be repeated; all by default"),
    ] = None,
) -> None:
    """建立账号，给出一个设置密码的链接（24 小时内有效，只能用一次）。
    Make an account and print the one-time link by which its owner sets a password.
    """
    settings = load_settings()
    register = load_register(settings.home)
    for one in district or ():
        refuse_unknown_district(register, one)
    now = datetime.now(UTC)
    with closing(open_ledger(settings)) as ledger:
        try:
            with ledger.write() as session:
                make_account(session, account, name, role, district or None, _ME, now)
                session.flush()
                token = make_link(session, account, _ME, now)
        except Unfit as error:
            raise CannotBeDone(str(error)) from error
    say(f"已建立账号 {account}。请把下面的链接交给本人设置密码，24 小时内有效，只能用一次：")
    print(_address(settings, token))  # noqa: T201 - the link is the data


@app.command("list")
def list_(
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """列出账号。
    List accounts.
    """
    settings = load_settings()
    words = load_register(settings.home).wording
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        rows = [
            {
                "account": one.account,
                "name": one.name,
                "role": one.role.value if form is RowsFormat.JSON else words.roles[one.role],
                "districts": one.districts if form is RowsFormat.JSON else "、".join(one.districts or ["全部"]),
                "state": _state(one),
            }
            for one in list_accounts(session)
        ]
    print_rows(rows, HEADINGS, form, empty="还没有账号；请用 nianbao people add 建立。")


@app.command()
def remove(account: AccountName) -> None:
    """停用账号：不能再登录，已登记的意见保留。
    Shut an account for good; what it decided stays.
    """
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        done = remove_account(session, account, _ME, datetime.now(UTC))
    if not done:
        raise CannotBeDone(f"没有在用的账号“{account}”；请用 nianbao people list 查看")
    say(f"已停用账号 {account}。")


@app.command()
def password(account: AccountName) -> None:
    """给出一个重设密码的链接（24 小时内有效，只能用一次）。
    Print a one-time link by which the owner of an account sets another password.
    """
    settings = load_settings()
    with closing(open_ledger(settings)) as ledger, ledger.write() as session:
        _in_use(session, account)
        token = make_link(session, account, _ME, datetime.now(UTC))
    say("请把下面的链接交给本人，24 小时内有效，只能用一次：")
    print(_address(settings, token))  # noqa: T201 - the link is the data


@app.command("totp-reset")
def totp_reset(account: AccountName) -> None:
    """重置动态口令：手机和恢复码都不在的人，下次登录时只凭密码（单位要求时重新设置）。
    Take the codes (TOTP) of an account away, for somebody who has lost telephone and recovery codes.
    """
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        _in_use(session, account)
        done = switch_off(session, account, _ME, RecordKind.SECOND_FACTOR_RESET, datetime.now(UTC))
    if not done:
        raise CannotBeDone(f"账号“{account}”没有开启动态口令，不需要重置")
    say(f"已重置账号 {account} 的动态口令。")


def _in_use(session: Session, account: str) -> None:
    found = session.get(Account, account)
    if found is None or found.removed_at is not None:
        raise CannotBeDone(f"没有在用的账号“{account}”；请用 nianbao people list 查看")


def _state(account: Account) -> str:
    if account.removed_at is not None:
        return "已停用"
    return "可以登录" if account.password is not None else "还没有设置密码"


def _address(settings: Settings, token: str) -> str:
    return f"{settings.web_address or f'http://{settings.web_listen}'}/link/{token}"

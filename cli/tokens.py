"""``nianbao tokens``: by which other programs read what the desk shows, or decide in the name of a person."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.options.filters import refuse_unknown_district
from cli.shown.output import CannotBeDone, RowsFormat, print_rows, say
from config.in_force import load_register
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.people.record import Who
from ledger.people.tokens import UnfitToken, list_tokens, make_token, remove_token
from ledger.states import TokenKind
from monitor.calendar import day_of

app = typer.Typer(add_completion=False, no_args_is_help=True)

HEADINGS = {
    "id": "编号",
    "name": "名称",
    "kind": "用途",
    "account": "账号",
    "districts": "可读的区",
    "made_at": "建立",
    "made_by": "建立人",
    "expires_on": "有效期至",
    "used_on": "最近使用",
    "state": "状态",
}
_ME = Who("nianbao tokens")
_STATES = {"holds": "有效", "expired": "已过期", "removed": "已停用"}


@app.callback()
def tokens() -> None:
    """令牌：别的系统凭它读取工作台显示的内容（接口、订阅），个人的还可以登记认定。
    Tokens: by which other programs read what the desk shows, or decide in the name of a person.
    """


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="名称", help="给哪个系统用 · which system it is for")],
    account: Annotated[
        str | None,
        typer.Option(help="个人的令牌：按这个账号的角色和区，可以登记认定 · a person's, with their role and districts"),
    ] = None,
    feeds: Annotated[
        bool, typer.Option("--feeds", help="只能读订阅，可以写在网址里 · for feeds only, may stand in an address")
    ] = False,
    district: Annotated[
        list[str] | None,
        typer.Option(help="可读的区，可写多次；不写则为全部 · a district; may be repeated; all by default"),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="有效期至（含当天）；不写则长期有效 · its last day; none by default"),
    ] = None,
) -> None:
    """建立令牌，显示一次：只读的（单位系统）、个人的（--account）或订阅的（--feeds）。
    Make a token and print it, once: of an office, which reads; of a person; or of a reader of feeds.
    """
    settings = load_settings()
    register = load_register(settings.home)
    for one in district or ():
        refuse_unknown_district(register, one)
    if account is not None and (feeds or district):
        raise CannotBeDone("个人的令牌按账号的角色和区；请去掉 --feeds 和 --district")
    kind = TokenKind.PERSON if account is not None else TokenKind.FEEDS if feeds else TokenKind.OFFICE
    now = datetime.now(UTC)
    with closing(open_ledger(settings)) as ledger:
        try:
            with ledger.write() as session:
                token = make_token(
                    session,
                    kind,
                    name,
                    _ME,
                    now,
                    today=day_of(now),
                    account=account,
                    districts=district or None,
                    expires_on=expires.date() if expires is not None else None,
                )
        except UnfitToken as error:
            raise CannotBeDone(str(error)) from error
    say(f"已建立令牌（{register.wording.tokens[kind]}）。只显示这一次，请交给使用它的系统：")
    print(token)  # noqa: T201 - the token is the data


@app.command("list")
def list_(
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """列出令牌（令牌本身不再显示）。
    List tokens; what they are is never shown again.
    """
    settings = load_settings()
    words = load_register(settings.home).wording
    today = day_of(datetime.now(UTC))
    people = form is RowsFormat.TABLE
    rows = []
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        for one in list_tokens(session):
            over = one.expires_on is not None and one.expires_on < today
            state = "removed" if one.removed_at is not None else "expired" if over else "holds"
            row: dict[str, Any] = {name: getattr(one, name, None) for name in HEADINGS} | {"state": state}
            if people:
                everywhere = "按账号" if one.account else "全部"
                row |= {"kind": words.tokens[one.kind], "state": _STATES[state]}
                row |= {"districts": "、".join(one.districts or [everywhere])}
            rows.append(row)
    print_rows(rows, HEADINGS, form, title="令牌", empty="还没有令牌；请用 nianbao tokens add 建立。")


@app.command()
def remove(
    number: Annotated[
        int, typer.Argument(metavar="编号", min=1, help="tokens list 所列的编号 · number in tokens list")
    ],
) -> None:
    """停用令牌，立即失效，不能恢复。
    Take a token away; it holds no more.
    """
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        done = number < 2**31 and remove_token(session, number, _ME, datetime.now(UTC))
    if not done:
        raise CannotBeDone(f"没有编号为 {number} 的有效令牌；请用 nianbao tokens list 查看")
    say(f"已停用令牌 {number}。")

"""``nianbao mail``: one message to try the way out, what came back, and who gets no more messages."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.options.person import By, Why
from cli.shown.output import CannotBeDone, Format, RowsFormat, print_json, print_rows, say
from config.in_force import load_register
from config.recipients import CHANNEL, is_channel
from config.settings import Settings, load_settings
from ledger.database import open_ledger
from ledger.messages.sending import switch_mail
from ledger.messages.suppressions import list_suppressions, resume_by_person
from ledger.people.record import Who as Person
from ledger.states import SendVerdict, SuppressionReason, Topic
from monitor.calendar import chinese_moment
from monitor.channels.answer import Answer
from monitor.channels.chat.transport import send_chat
from monitor.channels.mail.bounce import Bounce, NoBounceError, read_bounce
from monitor.channels.mail.message import Mail, make_message
from monitor.channels.mail.render import render_letter
from monitor.channels.mail.transport import MailServerError, conversation
from monitor.incidents.stopped_recipients import WORDS as TOPICS
from monitor.letters.letter import Item, Letter
from monitor.notices.bounces import record_bounce
from monitor.notices.write import contact_of, message_id

HEADINGS = {
    "recipient": "收件人",
    "topic": "不再接收",
    "reason": "原因",
    "words": "说明",
    "since": "自",
    "ended_at": "恢复",
    "ended_by": "登记人",
    "ended_why": "恢复原因",
}
_REASONS = {SuppressionReason.UNSUBSCRIBED: "退订", SuppressionReason.REFUSED: "拒收"}

app = typer.Typer(add_completion=False)


@app.callback()
def mail() -> None:
    """邮件和聊天群：试发一封，登记退信，查看和恢复不再接收的收件人。
    Mail and chat groups: send a test, start and stop mail to offices, bounces, recipients who get no more.
    """


@app.command()
def test(
    address: Annotated[
        str,
        typer.Argument(
            help="收件地址，或 offices.yaml 中聊天群的 apprise:名称 · an address, or apprise:NAME of a chat group"
        ),
    ],
    form: Annotated[Format, typer.Option("--format", help="table 或 json · table or json")] = Format.TABLE,
) -> None:
    """用现在的设置发一封测试邮件（或聊天消息），并说明对方服务器的答复。
    Send a test message with the settings as they are, and say what the server answered.
    """
    settings = load_settings()
    now = datetime.now(UTC)
    if is_channel(address):
        answer, identity = _to_channel(settings, address, now), ""
    else:
        answer, identity = _by_mail(settings, address, now)
    delivered = answer.verdict is SendVerdict.DELIVERED
    if form is Format.JSON:
        print_json({"to": address, "delivered": delivered, "answer": answer.words, "message_id": identity})
    else:
        service = "聊天服务" if is_channel(address) else "邮件服务器"
        say(f"{service}{'已接收' if delivered else '没有接收'}：{answer.words}")
    if not delivered:
        raise typer.Exit(1)


@app.command()
def bounced(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="退信（.eml）；不写则从标准输入读一封 · bounces (.eml); one from standard input by default"
        ),
    ] = None,
) -> None:
    """登记退信：哪一封没有送达；地址不存在的，不再向其发送。可由邮件服务器的别名直接调用。
    Note a bounce; an address that does not exist gets no more. Can be called by a mail alias.
    """
    settings = load_settings()
    operators = load_register(settings.home).offices.operators
    ledger = open_ledger(settings)
    unknown = False
    with closing(ledger):
        for name, content in _given(files):
            try:
                bounces = read_bounce(content)
            except NoBounceError as error:
                say(f"{name}：{error}，未登记")
                unknown = True
                continue
            if not bounces:
                say(f"{name}：只是推迟投递的通知，无须登记")
            for bounce in bounces:
                recipient = record_bounce(ledger, bounce, operators, datetime.now(UTC))
                unknown |= recipient is None
                say(f"{name}：{_became(bounce, recipient)}")
    if unknown:
        raise typer.Exit(1)


Who = Annotated[
    str | None, typer.Option("--by", help="登记人姓名；不写则为登录的用户名 · who says so; the login name by default")
]
Because = Annotated[str, typer.Option("--why", help="原因或说明 · why")]


@app.command()
def start(by: Who = None, why: Because = "") -> None:
    """开始向主管部门发信。在此之前通知只生成、可查看（nianbao notices list），不发出；运维邮件不受影响。
    Start sending letters to offices; until then they are only made and shown. Operators' mail always leaves.
    """
    _switch(started=True, by=by, why=why)


@app.command()
def stop(by: Who = None, why: Because = "") -> None:
    """停止向主管部门发信：此后的通知只生成、可查看，不发出；运维邮件照发。
    Stop sending letters to offices: they are only made and shown. Operators' mail goes on.
    """
    _switch(started=False, by=by, why=why)


def _switch(*, started: bool, by: str | None, why: str) -> None:
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        changed = switch_mail(session, started=started, by=by or getuser(), why=why, now=datetime.now(UTC))
    if started:
        say("已开始向主管部门发信。" if changed else "已经在向主管部门发信，未作改动。")
    else:
        say("已停止向主管部门发信，运维邮件照发。" if changed else "原本就没有向主管部门发信，未作改动。")


@app.command()
def stops(
    all_: Annotated[bool, typer.Option("--all", help="也列出已恢复的 · also those resumed")] = False,
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json 或 csv · table, json or csv")
    ] = RowsFormat.TABLE,
) -> None:
    """列出不再接收通知的收件人：自己退订的，和收件服务器拒收的。
    List recipients who get no more: unsubscribed, or refused by their server.
    """
    with closing(open_ledger(load_settings())) as ledger, ledger.read() as session:
        found = list_suppressions(session, ended=all_)
    rows: list[dict[str, Any]] = [{name: getattr(stop, name) for name in HEADINGS} for stop in found]
    if form is RowsFormat.TABLE:
        for row in rows:
            row["topic"], row["reason"] = TOPICS[row["topic"]], _REASONS[row["reason"]]
    print_rows(rows, HEADINGS, form)


@app.command()
def resume(
    address: Annotated[str, typer.Argument(help="收件地址或 apprise:名称 · an address, or apprise:NAME")],
    by: By,
    why: Why,
    topic: Annotated[
        Topic | None, typer.Option(help="只恢复一类；不写则全部恢复 · one topic only; all by default")
    ] = None,
) -> None:
    """恢复向一个收件人发送。因拒收而没有发出的会补发；退订期间的不补发。
    Send to a recipient again; what was refused is sent, what was unsubscribed is not.
    """
    with closing(open_ledger(load_settings())) as ledger, ledger.write() as session:
        ended = resume_by_person(session, address, topic, Person(by), why, datetime.now(UTC))
        names = "、".join(TOPICS[stop.topic] for stop in ended)
    if not ended:
        raise CannotBeDone(f"“{address}”没有停收；不再接收的收件人见 nianbao mail stops")
    say(f"已恢复向 {address} 发送{names}。")


def _given(files: list[Path] | None) -> Iterator[tuple[str, bytes]]:
    if not files:
        yield "标准输入", sys.stdin.buffer.read()
    for path in files or ():
        try:
            yield path.name, path.read_bytes()
        except OSError as error:
            raise CannotBeDone(f"{path} 无法读取（{error.strerror}）；请检查路径和权限") from error


def _became(bounce: Bounce, recipient: str | None) -> str:
    if recipient is None:
        return "台账中没有发给这个收件人的这一封，未登记"
    return f"发给 {recipient} 的没有送达（{bounce.answer.words}），已记下，将再次发送；见 nianbao mail stops"


def _to_channel(settings: Settings, recipient: str, now: datetime) -> Answer:
    channels = load_register(settings.home).offices.channels
    name = recipient.removeprefix(CHANNEL)
    if name not in channels:
        raise CannotBeDone(f"offices.yaml 的 channels 中没有“{name}”；已有：{'、'.join(channels) or '无'}")
    body = f"收到它，说明年报监测可以向这个聊天群发送通知。由 nianbao mail test 于{chinese_moment(now)}发出。"
    return send_chat(channels[name].address(), "【年报·测试】聊天群设置可以使用", body)


def _by_mail(settings: Settings, address: str, now: datetime) -> tuple[Answer, str]:
    letter = Letter(
        "【年报·测试】邮件设置可以使用",
        "您好：",
        "这是一封测试邮件。收到它，说明年报监测的邮件设置可以使用。",
        (Item("info", "测试", "", f"由 nianbao mail test 于{chinese_moment(now)}发出。"),),
        contact=contact_of(settings, load_register(settings.home)),
    )
    text, html = render_letter(letter, settings.home)
    identity = message_id(f"test:{uuid.uuid4()}", settings)
    try:
        message = make_message(Mail(address, letter.subject, text, html, identity, letter.contact), settings, now)
    except (ValueError, IndexError) as error:
        raise CannotBeDone(f"“{address}”不是有效的邮件地址；请写成 name@example.com") from error
    try:
        with conversation(settings) as server:
            answer = server.send(message, address)
    except MailServerError as error:
        remedy = "" if "；" in str(error) else "；请检查 NIANBAO_SMTP_HOST、NIANBAO_SMTP_PORT 等设置"
        raise CannotBeDone(f"{error}{remedy}") from error
    return answer, identity

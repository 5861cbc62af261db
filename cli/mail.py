"""``nianbao mail test``: one message through the configured server, and what the server said."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.output import CannotBeDone, Format, print_json, say
from config.settings import load_settings
from monitor.calendar import chinese_moment
from monitor.channels.mail.message import Mail, make_message
from monitor.channels.mail.render import render_letter
from monitor.channels.mail.transport import MailServerError, Verdict, conversation
from monitor.letter import Item, Letter
from monitor.notices import contact_of, message_id
from monitor.register import load_register

app = typer.Typer(add_completion=False)


@app.callback()
def mail() -> None:
    """邮件。"""


@app.command()
def test(
    address: Annotated[str, typer.Argument(help="收件地址")],
    form: Annotated[Format, typer.Option("--format", help="table 或 json")] = Format.TABLE,
) -> None:
    """用现在的设置发一封测试邮件，并说明邮件服务器的答复。"""
    settings = load_settings()
    now = datetime.now(UTC)
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
        raise CannotBeDone(f"{error}；请检查 NIANBAO_SMTP_HOST、NIANBAO_SMTP_PORT 等设置") from error
    delivered = answer.verdict is Verdict.DELIVERED
    if form is Format.JSON:
        print_json({"to": address, "delivered": delivered, "answer": answer.words, "message_id": identity})
    else:
        say(f"邮件服务器{'已接收' if delivered else '没有接收'}：{answer.words}")
    if not delivered:
        raise typer.Exit(1)

"""Chat groups through Apprise: short messages over real HTTP, the same rows and retries, and no secret anywhere."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.logs import configure_logging
from config.settings import Settings, load_settings
from ledger.database import Ledger
from ledger.messages.suppressions import list_suppressions
from ledger.models import Notice, SendLog
from ledger.states import NoticeState, PortalState, SendVerdict, Topic
from monitor.channels.chat.short_form import MOST_BYTES, short_form
from monitor.channels.chat.transport import send_chat
from monitor.letters.letter import Item, Letter, Line
from monitor.loop import tick
from tests.cli.test_status import run
from tests.monitor.factory import OPERATORS, World, at, write_register

KEY = "0123456789-secret-robot-key"
GROUP = "apprise:值班群"


@dataclass
class ChatService:
    """Keeps what is posted to it; answers with ``status`` and ``answer``."""

    address: str = ""
    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[ChatService]:
    """A chat service on this machine."""
    kept = ChatService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.posted.append((self.path, json.loads(body)))
            content = json.dumps(kept.answer).encode()
            self.send_response(kept.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def group(service: ChatService, mailing: Settings, monkeypatch: pytest.MonkeyPatch) -> ChatService:
    """An office and operators with a chat group beside their mail; its address stands in a file."""
    secret = mailing.home / "group.secret"
    secret.write_text(f"json://{service.address}/{KEY}\n", "utf-8")
    write_register(
        mailing.home,
        offices=f"channels: {{值班群: {{url_file: {secret}}}}}\noperators: [{OPERATORS}, {GROUP}]\noffices:\n"
        "  - {district: 云山区, name: 云山区政务服务管理局, weekday: 1, "
        f"recipients: [office@yunshan.example, {GROUP}], delivery: {{pace: at_once}}}}\n",
    )
    return service


def missing(world: World) -> None:
    world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    world.look("2020-02-01")
    world.look("2020-02-02")


def chat_notices(ledger: Ledger) -> list[Notice]:
    with ledger.read() as session:
        return list(session.scalars(select(Notice).where(Notice.recipient == GROUP).order_by(Notice.id)))


def everything_kept(ledger: Ledger) -> str:
    with ledger.read() as session:
        notices = [str(vars(notice)) for notice in session.scalars(select(Notice))]
        return "\n".join([*notices, *session.scalars(select(SendLog.answer))])


def test_a_group_gets_the_short_form_of_what_the_mail_says(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, group: ChatService
) -> None:
    missing(world)
    tick(mailing, ledger, at("2020-02-03 07:30"))
    tick(mailing, ledger, at("2020-02-03 09:00"))
    (path, alert), (_, weekly) = group.posted
    assert path == f"/{KEY}"
    assert alert["title"] == "区文旅局未公布〔2019年报〕"
    notice = chat_notices(ledger)[0]
    assert alert["message"].split("\n") == [
        "云山区文化和旅游局2019年政府信息公开工作年度报告有下列情况，请查看：",
        "【未公布】期限为2020年1月31日；期限之后已两次完整查看云山区人民政府门户网站“部门年报”栏目"
        "（第二次为2020年2月2日12:00），均未发现该报告",
        "查看的栏目：http://www.yunshan.example/bm/",
        f"（编号 {notice.message_id[1:9]}）",
    ]
    assert weekly["title"] == "云山区周报2月3日：1家未公布〔2019年报〕"
    assert "2019年度（截至2020年2月3日）：应公布3，已公布1（按时1，" in weekly["message"]
    assert "· 未公布：云山区文化和旅游局，逾期3天" in weekly["message"]
    assert [notice.state for notice in chat_notices(ledger)] == [NoticeState.SENT] * 2
    assert len(inbox.messages()) == 2


def test_a_group_is_told_while_the_mail_server_is_away_and_the_other_way_round(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, group: ChatService
) -> None:
    missing(world)
    for day in ("2020-02-03", "2020-02-04", "2020-02-05"):
        world.look(day, found=PortalState.UNREACHABLE, sentence="连接超时")
    inbox.stop()
    group.status = 500
    tick(mailing, ledger, at("2020-02-05 13:00"))
    group.status = 200
    tick(mailing, ledger, at("2020-02-05 13:02"))
    assert {body["title"] for _, body in group.posted[-3:]} >= {
        "区文旅局未公布〔2019年报〕",
        "【年报·运行】云山区人民政府门户网站：门户不能查看",
    }
    assert {notice.state for notice in chat_notices(ledger)} == {NoticeState.SENT}
    assert {notice.attempts for notice in chat_notices(ledger)} == {2}
    inbox.start()
    group.status = 500
    tick(mailing, ledger, at("2020-02-05 15:00"))
    assert {str(mail["To"]) for mail in inbox.messages()} == {"office@yunshan.example", OPERATORS}


def test_mail_that_fails_is_told_to_the_operators_group(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, group: ChatService
) -> None:
    missing(world)
    inbox.stop()
    for minutes in (0, 5, 35, 40):
        tick(mailing, ledger, at("2020-02-05 13:00") + timedelta(minutes=minutes))
    (told,) = [body for _, body in group.posted if "邮件发不出去" in body["title"]]
    assert "邮件自2020年2月5日13:00起发不出去" in told["message"]


def test_a_robot_that_was_taken_away_is_not_asked_again(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, group: ChatService
) -> None:
    missing(world)
    group.status = 404
    for moment in ("2020-02-05 13:00", "2020-02-05 13:40", "2020-02-06 13:00"):
        tick(mailing, ledger, at(moment))
    assert len(group.posted) == 3, "two messages, one of them once more half an hour later, and then no more"
    with ledger.read() as session:
        (stop,) = list_suppressions(session)
    assert (stop.recipient, stop.topic, stop.words) == (GROUP, Topic.ALL, "收件服务器拒收：HTTP 404")
    assert any(f"{GROUP}自" in str(mail.get_body(("plain",))) or mail["To"] == OPERATORS for mail in inbox.messages())


def test_no_secret_stands_in_rows_logs_or_answers(
    mailing: Settings,
    ledger: Ledger,
    world: World,
    group: ChatService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("handlers", "level"):  # put back afterwards
        monkeypatch.setattr(logging.root, name, getattr(logging.root, name))
    configure_logging(mailing.model_copy(update={"log_level": "DEBUG"}))
    missing(world)
    group.answer = {"errcode": 93000, "errmsg": f"invalid webhook url /{KEY}"}
    tick(mailing, ledger, at("2020-02-03 07:30"))
    assert chat_notices(ledger)[0].state is NoticeState.WAITING
    assert "聊天服务答复 93000 invalid webhook url /…" in everything_kept(ledger)
    assert run("mail", "test", GROUP) == 1
    assert run("incidents", "list") == 1
    (mailing.home / "group.secret").unlink()
    tick(mailing, ledger, at("2020-02-03 07:40"))
    assert "group.secret：无法读取；请检查路径和权限" in everything_kept(ledger)
    printed = capsys.readouterr()
    assert "聊天服务没有接收" in printed.err and "发给 apprise:值班群 的通知未被接受" in printed.err
    for text in (everything_kept(ledger), printed.out, printed.err, repr(load_settings())):
        assert KEY not in text


@pytest.mark.parametrize(
    ("plugin", "address", "where", "message"),
    [
        (NotifyWeComBot, f"wecombot://{KEY}", ("text", "content"), "【年报·测试】\r\n正文"),
        (NotifyDingTalk, "dingtalk://0123456789abcdef", ("text", "content"), "【年报·测试】\r\n正文"),
        (NotifyFeishu, f"feishu://{KEY}", ("content", "text"), "【年报·测试】\r\n正文"),
    ],
)
def test_the_robots_of_the_three_services(
    plugin: Any,
    address: str,
    where: tuple[str, str],
    message: str,
    service: ChatService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plugin, "notify_url", f"http://{service.address}/robot")
    assert send_chat(address, "【年报·测试】", "正文").verdict is SendVerdict.DELIVERED
    body = service.posted[0][1]
    assert body[where[0]][where[1]] == message
    service.answer = {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
    answer = send_chat(address, "【年报·测试】", "正文")
    assert answer.verdict is SendVerdict.LATER and "聊天服务答复 19001 param invalid" in answer.words


def test_an_address_that_apprise_does_not_know_waits_and_says_so() -> None:
    answer = send_chat("nonsense", "题", "文")
    assert (answer.verdict, answer.words[:12]) == (SendVerdict.LATER, "聊天群的地址不能识别；请")
    answer = send_chat("json://127.0.0.1:9/", "题", "文")
    assert (answer.verdict, answer.words) == (SendVerdict.LATER, "无法连接聊天服务，或没有应答")


def test_the_short_form_is_short_and_calls_nobody() -> None:
    hostile = '<at user_id="all">所有人</at> @all [点我](http://evil.example)\r\n\u202e' + "长" * 10_000
    lines = (Line(hostile, hostile),) * 50
    items = (Item("error", "数据有误", hostile, hostile, link="http://a.example/<b>", lines=lines),)
    text = short_form(Letter("题", "您好：", hostile, items), "<0123456789abcdef@nianbao.example>")
    assert len(text.encode()) <= MOST_BYTES
    assert not set(text) & set("<>@\u202e\r")
    told, left, number = text.rpartition("\n……还有")
    assert told and number.endswith("请凭编号向运维人员索取。\n（编号 01234567）")
    assert left and int(number.partition("行")[0]) > 20
    short = short_form(Letter("题", "您好：", "正文", (Item("info", "测试", "", "好"),)), "<0123456789abcdef@x>")
    assert short == "正文\n【测试】好\n（编号 01234567）"

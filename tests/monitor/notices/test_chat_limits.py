"""What a chat service takes is used to the byte, no character is cut, and what is left out is said with where it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from ledger.states import SendVerdict
from monitor.channels.chat.limits import LIMITS, OTHERS, fitted
from monitor.channels.chat.transport import send_chat
from tests.monitor.notices.test_chat import KEY, ChatService, service

__all__ = ["service"]

SUBJECT = "左家庄街道：表三2处不平〔2024年报〕"
NUMBER = "（编号 01234567）"
# One, two, three and four bytes in UTF-8; one, six, six and twelve in the JSON of a request.
CHARACTERS = ("a", "é", "年", "𠮷")
ROBOTS = {
    "wecombot": (NotifyWeComBot, f"wecombot://{KEY}"),
    "dingtalk": (NotifyDingTalk, "dingtalk://0123456789abcdef"),
    "feishu": (NotifyFeishu, f"feishu://{KEY}"),
}


def counted(name: str, body: dict[str, Any]) -> int:
    """What each service counts of what was posted, by its own documentation."""
    if name == "feishu":
        return len(json.dumps(body).encode())
    return len(body["text"]["content"].encode("utf-8"))


def text_of(body: dict[str, Any]) -> str:
    text: str = body["text"]["content"] if "text" in body else body["content"]["text"]
    return text


def text_of_size(name: str, size: int, character: str) -> str:
    """A letter of many lines that is exactly so large as the service counts."""
    limit = LIMITS[name]
    lines = [f"· 第{number}项：{character * 20}" for number in range(2000)]
    kept: list[str] = []
    for line in lines:
        if limit.size(SUBJECT, "\n".join([*kept, line, NUMBER])) > size - 60:
            break
        kept.append(line)
    filled = "\n".join([*kept, "x" * 0, NUMBER])
    room = size - limit.size(SUBJECT, filled)
    return "\n".join([*kept, "x" * room, NUMBER])


@pytest.mark.parametrize("character", CHARACTERS)
@pytest.mark.parametrize("name", ROBOTS)
def test_a_message_of_the_limit_is_whole_and_one_byte_more_is_cut(
    name: str, character: str, service: ChatService, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin, address = ROBOTS[name]
    monkeypatch.setattr(plugin, "notify_url", f"http://{service.address}/robot")
    most = LIMITS[name].most
    for size in (most - 1, most, most + 1):
        text = text_of_size(name, size, character)
        assert send_chat(address, SUBJECT, text).verdict is SendVerdict.DELIVERED
        body = service.posted[-1][1]
        arrived = text_of(body)
        if size <= most:
            assert arrived == f"{SUBJECT}\r\n{text}" and counted(name, body) == size
        else:
            assert counted(name, body) <= most
            assert most - counted(name, body) < 400, "as much of it as there is room for"
            told = arrived.removeprefix(f"{SUBJECT}\r\n").split("\n")
            assert told[-1] == NUMBER and "请看同时发出的邮件" in told[-2]
            lines = text.split("\n")
            assert told[:-2] == lines[: len(told) - 2], "whole lines, from the first on"
            assert told[-2].startswith(f"……还有{len(lines) - 1 - len(told[:-2])}行没有列出，")
    assert len(service.posted) == 3


@pytest.mark.parametrize("name", [*ROBOTS, "others"])
def test_one_line_that_is_too_long_is_cut_between_characters(name: str) -> None:
    limit = LIMITS.get(name, OTHERS)
    random = Random(name)
    for _ in range(60):
        line = "".join(random.choices(CHARACTERS, k=random.randint(limit.most // 4, limit.most)))
        cut = fitted(SUBJECT, f"{line}\n后面一行\n{NUMBER}", limit)
        size = limit.size(SUBJECT, cut)
        assert size <= limit.most
        first, *_, number = cut.split("\n")
        if cut.count("\n") == 2 and first.endswith("…"):
            assert line.startswith(first[:-1]) and size > limit.most - 13, "not even one character more has room"
        assert number == NUMBER


@pytest.mark.parametrize("limit", [*LIMITS.values(), OTHERS])
def test_nothing_is_lost_where_nothing_fits(limit: Any) -> None:
    count: Callable[[str, str], int] = limit.size
    subject = "长" * 120
    cut = fitted(subject, "\n".join(["行" * 160] * 400 + [NUMBER]), limit)
    assert count(subject, cut) <= limit.most and cut.endswith(NUMBER)

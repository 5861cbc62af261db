"""How long a message to a chat service may be, counted as that service counts, and how one that is longer is cut.

企业微信 counts the bytes of a text in UTF-8 (2,048; its Markdown, which is not sent here, may have 4,096), 钉钉 the
same (20,000), 飞书 and Lark those of the whole request (20 KB for a custom robot), in which every Chinese character is
six bytes. Whatever else Apprise knows gets what all of them take.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

# What Apprise puts between the subject and the text.
_BETWEEN = "\r\n"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many bytes, of what ``size`` counts for a subject and a text."""

    most: int
    size: Callable[[str, str], int]


def _text_bytes(subject: str, text: str) -> int:
    return len(f"{subject}{_BETWEEN}{text}".encode())


def _request_bytes(subject: str, text: str) -> int:
    request = {"msg_type": "text", "content": {"text": f"{subject}{_BETWEEN}{text}"}}
    return len(json.dumps(request))  # ASCII alone


def _card_bytes(subject: str, text: str) -> int:
    # Lark gets a card, which has a frame around both.
    return _request_bytes(subject, text) + 400


WECOM = Limit(2_048, _text_bytes)
DINGTALK = Limit(20_000, _text_bytes)
FEISHU = Limit(20_000, _request_bytes)
OTHERS = Limit(1_860, _text_bytes)
LIMITS = {"wecombot": WECOM, "dingtalk": DINGTALK, "feishu": FEISHU, "lark": Limit(20_000, _card_bytes)}


def fitted(subject: str, text: str, limit: Limit) -> str:
    """The text as far as there is room for it beside its subject: whole lines, and how many were left out.

    Its last line, the number by which a copy is known, is kept. No character is cut. What does not fit at all (a
    subject that fills a message) is left to the service.
    """
    if limit.size(subject, text) <= limit.most:
        return text
    *lines, number = text.split("\n")
    kept = _most(
        len(lines), lambda count: limit.size(subject, _cut(lines[:count], len(lines) - count, number)) <= limit.most
    )
    if kept:
        return _cut(lines[:kept], len(lines) - kept, number)
    first = lines[0] if lines else ""
    length = _most(
        len(first),
        lambda count: limit.size(subject, _cut([f"{first[:count]}…"], len(lines) - 1, number)) <= limit.most,
    )
    return _cut([f"{first[:length]}…"] if length else [], len(lines) - 1 if length else len(lines), number)


def _cut(lines: list[str], left: int, number: str) -> str:
    return "\n".join([*lines, left_out(left), number])


def left_out(lines: int) -> str:
    """What is said in place of what was left out, and where it is."""
    what = f"还有{lines}行没有列出，" if lines else ""
    return f"……{what}全文请看同时发出的邮件；没有邮件的，请凭编号向运维人员索取。"


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The greatest number up to ``limit`` that fits, where what is more than one that does not fit does not either."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low

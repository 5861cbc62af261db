"""Sends a short message through Apprise, and says what the service answered without giving its secret away."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ledger.states import SendVerdict
from monitor.channels.answer import Answer
from monitor.channels.chat.limits import LIMITS, OTHERS, fitted

# Apprise is imported where a message is sent: most offices have no chat group, and it is a twentieth of a start.
if TYPE_CHECKING:
    import requests
    from apprise import Apprise

# A group that was dissolved or whose robot was taken away; all else may pass.
_GONE = (401, 403, 404, 410)
# What the robots of 企业微信, 钉钉 (errcode) and 飞书 (code) call success; they answer 200 to a wrong key as well.
_CODES = ("errcode", "code")
_SHORTEST_SECRET = 5

# Apprise and what lies under it write addresses, and so secrets, into their logs.
logging.getLogger("apprise").propagate = False
logging.getLogger("apprise").addHandler(logging.NullHandler())
logging.getLogger("urllib3").setLevel(logging.INFO)

_one_at_a_time = threading.Lock()


def send_chat(address: str, subject: str, body: str) -> Answer:
    """Sends a message to an Apprise address, as much of it as its service takes."""
    from apprise import NotifyFormat

    service = _service()
    if not service.add(address):
        return Answer(SendVerdict.LATER, "聊天群的地址不能识别；请按 Apprise 的写法改正，例如 wecombot://密钥")
    fit = fitted(subject, body, LIMITS.get(str(service[0].secure_protocol), OTHERS))
    with _answers() as answers:
        taken = bool(service.notify(title=subject, body=fit, body_format=NotifyFormat.TEXT))
    answer = _judge(taken, answers[-1] if answers else None)
    return Answer(answer.verdict, _without_secrets(answer.words, address))


def is_address(address: str) -> bool:
    """Whether Apprise knows what service an address is of; nothing is sent."""
    return bool(_service().add(address))


def _service() -> Apprise:
    from apprise import Apprise, AppriseAsset, PersistentStoreMode

    asset = AppriseAsset(
        app_id="nianbao", app_desc="年报监测", app_url="", async_mode=False, storage_mode=PersistentStoreMode.MEMORY
    )
    return Apprise(asset=asset)


def _judge(taken: bool, response: requests.Response | None) -> Answer:
    if response is None:
        if taken:
            return Answer(SendVerdict.DELIVERED, "已送达")
        return Answer(SendVerdict.LATER, "无法连接聊天服务，或没有应答")
    said = f"HTTP {response.status_code}"
    code, words = _own_code(response)
    if code:
        return Answer(SendVerdict.LATER, f"{said}，聊天服务答复 {code} {words}".strip())
    if taken:
        return Answer(SendVerdict.DELIVERED, said)
    return Answer(SendVerdict.ADDRESS_REFUSED if response.status_code in _GONE else SendVerdict.LATER, said)


def _own_code(response: requests.Response) -> tuple[int, str]:
    """The service's own code and words where it gives any; 0 is success."""
    try:
        content: Any = response.json()
    except ValueError:
        return 0, ""
    if not isinstance(content, dict):
        return 0, ""
    code = next((content[name] for name in _CODES if isinstance(content.get(name), int)), 0)
    words = next((content[name] for name in ("errmsg", "msg") if isinstance(content.get(name), str)), "")
    return code, " ".join(words.split())[:200]


def _without_secrets(words: str, address: str) -> str:
    """The words without any part of the address that may be a key."""
    for part in sorted(re.split(r"[/?&=:@]+", f"{address}/{unquote(address)}"), key=len, reverse=True):
        if len(part) >= _SHORTEST_SECRET and part != urlsplit(address).scheme:
            words = words.replace(part, "…")
    return words


@contextmanager
def _answers() -> Iterator[list[requests.Response]]:
    """Every answer that comes meanwhile: Apprise itself looks at the status alone, in a thread of its own.

    Nothing else in this process uses the library that Apprise asks with.
    """
    import requests

    found: list[requests.Response] = []
    original = requests.Session.send

    def send(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        response: requests.Response = original(session, request, **options)
        found.append(response)
        return response

    with _one_at_a_time:
        requests.Session.send = send  # type: ignore[method-assign, assignment]
        try:
            yield found
        finally:
            requests.Session.send = original  # type: ignore[method-assign]

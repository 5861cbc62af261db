"""The pages behind the unsubscribe link of a mail: one router for the monitor's endpoint and the desk."""

from __future__ import annotations

import html
import logging
from datetime import UTC, datetime

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from monitor.notices.unsubscribe import PATH, InvalidToken, Subscription, read_token, secret_of, unsubscribe

log = logging.getLogger("nianbao.monitor")

UNWELL = 503
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body style="font-family:sans-serif;max-width:36em;margin:3em auto;padding:0 1em;line-height:1.7">
<h1 style="font-size:1.3em">{title}</h1><p>{words}</p>{form}</body></html>
"""


def unsubscribe_router(settings: Settings, ledger: Ledger) -> APIRouter:
    """The two addresses: a page that asks, and what stops the messages."""
    router = APIRouter()

    @router.get(PATH + "{token}")
    def asks(token: str) -> Response:
        """A page with a button; following the link changes nothing (scanners follow links)."""
        try:
            subscription = read_token(secret_of(settings), token)
        except InvalidToken:
            return _not_ours()
        except ConfigurationError as error:
            return _unwell(error)
        form = '<form method="post"><button style="font-size:1em;padding:.5em 1.5em">停止接收</button></form>'
        return _page("停止接收这类邮件", _about(subscription) + "不再接收？", form)

    @router.post(PATH + "{token}")
    def stops(token: str) -> Response:
        """One click (RFC 8058), or the page's button."""
        try:
            subscription = unsubscribe(settings, ledger, token, datetime.now(UTC))
        except InvalidToken:
            return _not_ours()
        except (ConfigurationError, SQLAlchemyError) as error:
            return _unwell(error)
        return _page("已停止", _about(subscription) + "不再发送。需要恢复时，请回复任意一封邮件告知运维人员。")

    return router


_TOPICS = {
    "alerts": "提醒、更正和催办",
    "reminders": "催办",
    "weekly": "每周汇总",
    "operators": "运行通知",
    "all": "全部邮件",
}


def _about(subscription: Subscription) -> str:
    return f"发给 {subscription.recipient} 的“{_TOPICS[subscription.topic.value]}”，"


def _page(title: str, words: str, form: str = "", status: int = 200) -> Response:
    content = _PAGE.format(title=html.escape(title), words=html.escape(words), form=form)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, status, headers, "text/html; charset=utf-8")


def _not_ours() -> Response:
    return _page("链接无效", "这个链接不完整，或不是由本系统发出的。请使用最近一封邮件中的链接。", status=404)


def _unwell(error: Exception) -> Response:
    log.error("退订没有登记：%s", str(error).splitlines()[0])
    return _page("暂时不能处理", "系统暂时不能登记，请稍后再试，或回复邮件告知运维人员。", status=UNWELL)

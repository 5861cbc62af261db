"""The routes of the monitor's endpoint."""

from __future__ import annotations

import html
import logging
from datetime import UTC, datetime

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.clock import ledger_time
from ledger.database import Ledger
from ledger.machinery.heartbeat import our_version
from ledger.states import Queue
from monitor.machinery import metrics
from monitor.machinery.report import machinery_report
from monitor.machinery.vital import Vital
from monitor.notices.unsubscribe import PATH, InvalidToken, Subscription, read_token, secret_of, unsubscribe

log = logging.getLogger("nianbao.monitor")

UNWELL = 503
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body style="font-family:sans-serif;max-width:36em;margin:3em auto;padding:0 1em;line-height:1.7">
<h1 style="font-size:1.3em">{title}</h1><p>{words}</p>{form}</body></html>
"""


def make_app(settings: Settings, ledger: Ledger, vital: Vital) -> FastAPI:
    """The endpoint of one monitor."""
    app = FastAPI(title="nianbao", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health(response: Response) -> dict[str, object]:
        """Whether this monitor lives: its loop goes round. A reason to start it again where it does not."""
        lives = vital.turns(settings)
        response.status_code = 200 if lives else UNWELL
        return {"alive": lives, "version": our_version()}

    @app.get("/ready")
    def ready(response: Response) -> dict[str, object]:
        """Whether everything is done that is to be done: by this monitor, and by the workers."""
        response.status_code = UNWELL
        try:
            with ledger.read() as session:
                report = machinery_report(session, settings, ledger_time(session, datetime.now(UTC)))
        except SQLAlchemyError:
            return {"ready": False, "monitor": False, "reading": None, "sentence": "台账数据库无法访问"}
        good, reading = vital.is_good(settings), report.reading[Queue.READ]
        if good and report.reads:
            response.status_code = 200
        sentence = reading.sentence if good else f"监测最近没有完整地做完一轮；{reading.sentence}"
        # What else goes on with the last good content of a file is ready; whoever asks is told of the file.
        files = [fault.sentence for fault in report.files]
        return {
            "ready": good and report.reads,
            "monitor": good,
            "reading": reading.word.value,
            "wrong": sorted(report.wrong),
            "files": files,
            "sentence": "；".join([sentence, *files]),
        }

    @app.get("/metrics")
    def measured() -> Response:
        """Prometheus' metrics."""
        try:
            with ledger.read() as session:
                content = metrics.render(session, settings, ledger_time(session, datetime.now(UTC)))
        except SQLAlchemyError as error:
            log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
            return Response("the ledger cannot be reached\n", UNWELL, media_type="text/plain")
        return Response(content, media_type=CONTENT_TYPE_LATEST)

    @app.get(PATH + "{token}")
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

    @app.post(PATH + "{token}")
    def stops(token: str) -> Response:
        """One click (RFC 8058), or the page's button."""
        try:
            subscription = unsubscribe(settings, ledger, token, datetime.now(UTC))
        except InvalidToken:
            return _not_ours()
        except (ConfigurationError, SQLAlchemyError) as error:
            return _unwell(error)
        return _page("已停止", _about(subscription) + "不再发送。需要恢复时，请回复任意一封邮件告知运维人员。")

    return app


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

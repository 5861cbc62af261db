"""The log of the roles, on standard error: lines for people, or JSON for machines (``log_format``).

What is said of a document carries its ids beside the sentence (``extra``), so that ``grep version=7`` (or, in JSON,
``"version": 7``) follows it from the crawler through the workers to the notice that tells of it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

import structlog
from structlog.typing import Processor

from config.plain_text import plain
from config.settings import Settings
from config.time_zone import SHANGHAI

# The ids that a line may carry; what libraries add of their own is left out.
IDS = ("version", "work", "document", "article", "portal", "agency", "year", "attempt", "queue", "notice")
# The task of workers/app.py that shows a queue to be emptied.
CANARY = "workers.canary"
# What these say at INFO is about themselves; what a crawl does step by step is told at DEBUG.
_TALKATIVE = ("alembic", "kombu", "scrapy", "twisted")
_TOLD_AT_DEBUG = ("scrapy", "twisted")


def configure_logging(settings: Settings) -> None:
    """Sends everything that is logged to standard error, in the format and from the level of the settings."""
    common: list[Processor] = [
        structlog.stdlib.ExtraAdder(IDS),
        _on_one_line,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _room,
        structlog.processors.TimeStamper(fmt="iso", utc=True) if settings.log_format == "json" else _shanghai_time,
    ]
    last: list[Processor]
    if settings.log_format == "json":
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        # Plain tracebacks: the ones with every variable beside them would show addresses with their passwords.
        last = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=common, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(_no_canary)
    logging.root.handlers = [handler]
    logging.root.setLevel(settings.log_level)
    for name in _TALKATIVE:
        asked = settings.log_level == "DEBUG" and name in _TOLD_AT_DEBUG
        logging.getLogger(name).setLevel(logging.DEBUG if asked else max(logging.WARNING, logging.root.level))


def _no_canary(record: logging.LogRecord) -> bool:
    """False for what Celery says of each canary that came and was taken: one a minute and queue, and all is well."""
    if record.levelno != logging.INFO or not record.name.startswith("celery."):
        return True
    return not (isinstance(record.args, dict) and record.args.get("name") == CANARY)


def _shanghai_time(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The time of day that every table, letter and person here uses, whatever the machine is set to."""
    event["timestamp"] = datetime.now(SHANGHAI).isoformat(" ", "milliseconds")
    return event


def _room(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Which room of ours speaks."""
    ours, _, room = str(event.get("logger", "")).partition(".")
    if ours == "nianbao" and room:
        event["room"] = room
    return event


def _on_one_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What is logged may quote a portal or a mail server: nothing in it ends the line or steers a terminal."""
    event["event"] = plain(" ".join(str(event["event"]).splitlines()))
    for name in IDS:
        if isinstance(event.get(name), str):
            event[name] = plain(" ".join(event[name].splitlines()))
    return event

"""The routes of the monitor's endpoint."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from ledger.clock import ledger_time
from ledger.database import Ledger
from ledger.machinery.heartbeat import our_version
from ledger.states import Queue
from monitor.machinery import metrics
from monitor.machinery.report import machinery_report
from monitor.machinery.shared_answer import Shared
from monitor.machinery.vital import Vital
from monitor.notices.unsubscribe_pages import unsubscribe_router
from workers.dispatch import broker_trouble

log = logging.getLogger("nianbao.monitor")

UNWELL = 503


def make_app(settings: Settings, ledger: Ledger, vital: Vital) -> FastAPI:
    """The endpoint of one monitor."""
    app = FastAPI(title="nianbao", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health(response: Response) -> dict[str, object]:
        """Whether this monitor lives: its loop goes round. A reason to start it again where it does not."""
        lives = vital.turns(settings)
        response.status_code = 200 if lives else UNWELL
        return {"alive": lives, "version": our_version()}

    def is_ready() -> tuple[int, dict[str, object]]:
        trouble = broker_trouble(settings)
        try:
            with ledger.read() as session:
                now = ledger_time(session, datetime.now(UTC))
                report = machinery_report(session, settings, now, broker_trouble=trouble)
        except SQLAlchemyError:
            return UNWELL, {"ready": False, "monitor": False, "reading": None, "sentence": "台账数据库无法访问"}
        good, reading = vital.is_good(settings), report.reading[Queue.READ]
        sentence = reading.sentence if good else f"监测最近没有完整地做完一轮；{reading.sentence}"
        # What else goes on with the last good content of a file is ready; whoever asks is told of the file.
        files = [fault.sentence for fault in report.files]
        return 200 if good and report.reads else UNWELL, {
            "ready": good and report.reads,
            "monitor": good,
            "reading": reading.word.value,
            "wrong": sorted(report.wrong),
            "files": files,
            "sentence": "；".join([sentence, *files]),
        }

    readiness = Shared(is_ready)

    @app.get("/ready")
    def ready(response: Response) -> dict[str, object]:
        """Whether everything is done that is to be done: by this monitor, and by the workers."""
        response.status_code, said = readiness.get()
        return said

    def measure() -> bytes | None:
        trouble = broker_trouble(settings)
        try:
            with ledger.read() as session:
                return metrics.render(session, settings, ledger_time(session, datetime.now(UTC)), trouble)
        except SQLAlchemyError as error:
            log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
            return None

    measurement = Shared(measure)

    @app.get("/metrics")
    def measured() -> Response:
        """Prometheus' metrics."""
        content = measurement.get()
        if content is None:
            return Response("the ledger cannot be reached\n", UNWELL, media_type="text/plain")
        return Response(content, media_type=CONTENT_TYPE_LATEST)

    app.include_router(unsubscribe_router(settings, ledger))
    return app

"""The queues ``read`` and ``scan``: Celery as both ends need it, with the settings that were measured to matter."""

from __future__ import annotations

import ssl

from celery import Celery

from config.logs import CANARY as CANARY
from config.settings import Settings
from ledger.states import Queue

TASK = "workers.read"
# The header that says when a message was sent, by the ledger's clock. An earlier program's messages have none.
SENT = "nianbao-sent"
# The header with the other pieces of work that a message is about; an earlier program reads the first alone, and the
# sweep sends the others again.
OTHERS = "nianbao-others"
# A message costs its worker as much as a third of what it reads. So where much waits, one is about so many pieces, and
# whoever has it goes on to the next of them for so many seconds, which is little beside the limit of a task.
TOGETHER, TOGETHER_SECONDS = 8, 10.0


def make_celery(settings: Settings) -> Celery:
    """A Celery application on the broker of the settings. Nothing is connected yet."""
    hard_limit = settings.task_limit_seconds
    encrypted = settings.broker_address.startswith("rediss:")
    app = Celery("nianbao", broker=settings.broker_address, set_as_current=False)
    app.conf.update(
        # A task is acknowledged when it is done, and comes back when its process or its machine dies. That it cannot
        # come back for ever is the ledger's business: attempts are counted there (ledger/reading/work.py).
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_time_limit=hard_limit,
        broker_transport_options={
            # A message that lives longer than this is delivered twice; nothing here has a countdown.
            "visibility_timeout": hard_limit * 2,
            # Look for lost messages every ten seconds; the default looks every hundred.
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
        },
        # Kombu does not encrypt for the address alone; the broker has to prove who it is.
        broker_use_ssl=_proof(settings) if encrypted else None,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_ignore_result=True,
        result_backend=None,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=Queue.READ.value,
        task_create_missing_queues=True,
        enable_utc=True,
        # For Flower and `celery events` alone: what happens to a task is in the ledger.
        worker_send_task_events=settings.task_events,
        task_send_sent_event=settings.task_events,
        # The roles configure logging for themselves.
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return app


def _proof(settings: Settings) -> dict[str, object]:
    authority = None if settings.broker_ca_file is None else str(settings.broker_ca_file)
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True, "ssl_ca_certs": authority}

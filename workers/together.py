"""The pieces of work that one message is about, taken one after another, each as if it had come alone.

Each attempt is counted on the work's own row before it begins, and ends there: a message that comes again because its
worker died finds what is done, takes up what was being read, and goes on. Who is left to wait is handed out anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from ledger.reading.handing_out import HandedOut, take_back
from workers.queue import OTHERS, TOGETHER, TOGETHER_SECONDS
from workers.steps import Result
from workers.worker_context import WorkerContext

log = logging.getLogger("nianbao.workers")

# After these nothing speaks against the next one: the machinery works, and this document did not take its time.
GO_ON = frozenset({Result.DONE, Result.DUPLICATE, Result.REQUEUED_FOR_OCR, Result.QUARANTINED})


def others_in(headers: Mapping[str, object]) -> list[int]:
    """The other pieces of work in a message's headers: as many as we send, whoever wrote them."""
    found = headers.get(OTHERS)
    return [one for one in found if type(one) is int][: TOGETHER - 1] if isinstance(found, list) else []


def one_after_another(
    worker_context: WorkerContext, pieces: Sequence[int], at: datetime, one: Callable[[int], Result]
) -> Result:
    """Does ``one`` with each piece until one has trouble or time is over, and gives the others back; how it ended.

    ``at`` is the moment at which they were handed out.
    """
    begun = monotonic()
    for number, piece in enumerate(pieces, 1):
        result = one(piece)
        if result not in GO_ON or monotonic() - begun > TOGETHER_SECONDS:
            _give_back(worker_context, pieces[number:], at)
            break
    return result


def _give_back(worker_context: WorkerContext, pieces: Sequence[int], at: datetime) -> None:
    if pieces:
        try:
            with worker_context.ledger.write() as session:
                take_back(session, [HandedOut(piece, at) for piece in pieces])
        except SQLAlchemyError as error:
            # The sweep takes them for lost in time.
            log.error("%d 份文档未能交还：%s；稍后由巡检重新交付", len(pieces), type(error).__name__)

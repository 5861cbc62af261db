"""Once a day, what is older than ``keep_looks_days`` and on which nothing rests is forgotten (ledger/keeping)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from config.settings import Settings
from ledger.database import Ledger
from ledger.keeping.pruning import Pruned, prune
from ledger.models import Obligation
from monitor.calendar import end_of

log = logging.getLogger("nianbao.monitor")

# A turn waits no longer for it; what is left is another day's.
SECONDS = 30.0


def forget_looks(settings: Settings, ledger: Ledger, now: datetime) -> Pruned:
    """Forgets old looks, rounds and attempts to send; returns how many."""
    with ledger.read() as session:
        due = [end_of(day) for day in session.scalars(select(Obligation.due).distinct())]
    try:
        pruned = prune(ledger, now - timedelta(days=settings.keep_looks_days), due, seconds=SECONDS)
    except ProgrammingError as error:
        # Rights of before this was done; everything else goes on.
        log.warning(
            "过期的查看记录没有清理（%s）；请运行 nianbao db migrate 更新角色权限", str(error.orig).splitlines()[0]
        )
        return Pruned()
    if pruned.any:
        log.info("已清理过期记录：查看 %d 次，巡查 %d 轮，发信尝试 %d 次", pruned.looks, pruned.rounds, pruned.attempts)
    return pruned

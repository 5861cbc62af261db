"""整改 that a new document has put right ends by itself; where the office wants a second person, it waits for one."""

from __future__ import annotations

from datetime import datetime

from config.register import Register
from ledger.database import Ledger
from ledger.messages.rectifications import close_rectification, mended, propose_result
from ledger.people.record import Who
from ledger.states import RectificationResult
from monitor.calendar import day_of

PROGRAM = Who("年报监测程序")
WHY = "新版本中已没有所列的问题"


def update_mended(ledger: Ledger, register: Register, now: datetime) -> int:
    """Ends what is mended; returns how many."""
    with ledger.read() as session:
        if not mended(session):
            return 0
    done = 0
    with ledger.write() as session:
        for one in mended(session):
            office = register.offices.office(one.agency.district)
            if office is not None and office.second_person:
                done += propose_result(session, one.row.id, RectificationResult.DONE, PROGRAM, WHY, now)
                continue
            result = {"reviewed_by": PROGRAM.name, "remark": WHY}
            close_rectification(session, one.row.id, RectificationResult.DONE, **result, on=day_of(now), now=now)
            done += 1
    return done

"""While too much is unread no round begins: no look is taken, and the portals stay due."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from config.settings import Settings
from crawler.rounds.loop import tick
from ledger.database import Ledger
from ledger.models import Look, PortalRow, Round
from ledger.reading.work import unfinished
from tests.ledger.reading.test_handing_out import NOON, Portals
from tests.monitor.factory import write_register


def test_no_round_begins_while_too_much_is_unread(
    settings: Settings, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    write_register(settings.home)
    Portals(ledger).show("flood", 3)
    assert tick(settings.model_copy(update={"crawl_waits_above": 2}), ledger, NOON) == []
    assert "待读文档超过 2 份" in caplog.text
    with ledger.read() as session:
        assert unfinished(session) == 3
        assert unfinished(session, 2) == 2
        assert session.scalars(select(Round)).all() == []
        assert session.scalars(select(Look)).all() == []
        due = session.scalars(select(PortalRow).where(PortalRow.portal == "yunshan")).one()
        assert (due.claimed_by, due.last_round_at) == (None, None)
        assert due.next_due_at <= NOON

"""A monitor that dies between any two steps of a message's way out: another sends it, and nobody sees two messages."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Notice
from ledger.states import NoticeState
from monitor.loop import tick
from tests.chaos.outbox_steps import PLACES, STEPS, watch
from tests.monitor.factory import World, at

# Between these a mail is out and nothing is written of it yet: there alone it comes again.
SENT_AND_NOT_WRITTEN = {"after send", "after _attempt", "before _end"}


class Dies(BaseException):
    """No handler of ours takes it, as none takes SIGKILL."""


@pytest.fixture(params=["sqlite"])
def settings(sqlite_settings: Settings) -> Settings:
    """What a step leaves behind is a matter of transactions, not of the database."""
    return sqlite_settings


@pytest.fixture(autouse=True)
def steps_as_they_were() -> Iterator[None]:
    """Puts every step back."""
    places = []
    for where, name in STEPS:
        module, _, owner = where.partition(":")
        place = importlib.import_module(module)
        place = getattr(place, owner) if owner else place
        places.append((place, name, getattr(place, name)))
    yield
    for place, name, step in places:
        setattr(place, name, step)


@pytest.mark.parametrize("place", PLACES)
def test_it_is_sent_once_by_its_identity_wherever_the_first_monitor_died(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, place: str
) -> None:
    world.look("2020-04-01 08:00")
    world.look("2020-04-02 08:00")
    died: list[str] = []

    def reached(here: str) -> None:
        if here == place and not died:
            died.append(here)
            raise Dies

    watch(reached)
    now = at("2020-04-02 10:00")
    with suppress(Dies):
        tick(mailing, ledger, now)
    assert died, f"nobody came to {place}"
    # Another monitor, at once and after the claim of the first has run out.
    for minutes in (1, 10):
        tick(mailing, ledger, now + timedelta(minutes=minutes))
    arrived = Counter(str(message["Message-ID"]) for message in inbox.messages())
    with ledger.read() as session:
        notices = session.scalars(select(Notice)).all()
    assert {notice.state for notice in notices} == {NoticeState.SENT}
    assert set(arrived) == {notice.message_id for notice in notices}
    assert sorted(arrived.values(), reverse=True)[0] == (2 if place in SENT_AND_NOT_WRITTEN else 1)
    assert sum(arrived.values()) == len(notices) + (place in SENT_AND_NOT_WRITTEN)

"""What is forgotten of a ledger changes nothing that is said of anybody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.keeping.pruning import Pruned, prune
from ledger.models import Article, ColumnConfirmation, DroppedLink, ListPage, Look, Notice, Round, SendLog, StandingRow
from ledger.standings.proofs import accounted_looks
from ledger.standings.questions import last_looks_without
from ledger.standings.why import looks_after, looks_around
from ledger.states import NoticeKind, NoticeState, PortalState, SendVerdict
from monitor.calendar import end_of
from monitor.forgetting import forget_looks
from monitor.loop import tick
from tests.monitor.factory import OFFICE, PORTAL, World, at, write_register

DUE = end_of(date(2020, 3, 31))
LATER = at("2022-06-01")
NEVER = at("2020-03-31")


def looks(ledger: Ledger) -> int:
    with ledger.read() as session:
        return session.scalar(select(func.count(Look.id))) or 0


def many_looks(world: World, first: date, last: date, **how: object) -> None:
    day = first
    while day <= last:
        for hour in ("06", "18"):
            world.look(f"{day} {hour}:00", columns=("streets",), **how)  # type: ignore[arg-type]
        day += timedelta(days=1)


@pytest.mark.both_databases
def test_standings_dates_and_what_is_shown_of_them_stay_as_they_were(settings: Settings, ledger: Ledger) -> None:
    write_register(settings.home)
    world = World(ledger)
    many_looks(world, date(2020, 3, 1), date(2020, 3, 20))
    article = world.article("yunshan-dongjie", 2019, "2020-03-21 06:00", column="streets")
    many_looks(world, date(2020, 3, 21), date(2020, 4, 30))
    many_looks(world, date(2020, 5, 1), date(2020, 5, 20), reports={2019: ["neighbour"]})
    many_looks(world, date(2020, 5, 21), date(2020, 6, 10), found=PortalState.UNREACHABLE, complete=False)
    tick(settings, ledger, at("2020-06-11 09:00"))

    def known() -> tuple[object, ...]:
        with ledger.read() as session:
            row = session.get_one(Article, article)
            standings = {
                (one.agency, one.year): (one.standing, one.sentence) for one in session.scalars(select(StandingRow))
            }
            proofs = [(one.look, one.reports, one.left) for one in accounted_looks(session, PORTAL, DUE)["streets"]]
            around = [one.id for one in looks_around(session, row).looks]
            after = [one.id for one in looks_after(session, PORTAL, "streets", DUE, LATER).looks]
            return standings, proofs, around, after, last_looks_without(session, [article])

    before, count = known(), looks(ledger)
    pruned = prune(ledger, LATER, [DUE])
    assert pruned.looks > 100 and looks(ledger) == count - pruned.looks < count / 2
    assert pruned.looks - 1 <= pruned.rounds <= pruned.looks
    assert known() == before
    assert prune(ledger, LATER, [DUE]) == Pruned()
    tick(settings, ledger, at("2020-06-11 10:00"))
    assert known() == before


def test_a_look_that_a_person_confirmed_and_what_is_young_stays(settings: Settings, ledger: Ledger) -> None:
    write_register(settings.home)
    world = World(ledger)
    many_looks(world, date(2020, 4, 1), date(2020, 6, 30))
    with ledger.read() as session:
        confirmed = session.scalars(select(Look.id).where(Look.begun_at >= at("2020-05-15")).limit(1)).one()
    with ledger.write() as session:
        confirm_look(session, confirmed)
    young = at("2020-06-20")
    prune(ledger, young, [])
    with ledger.read() as session:
        kept = session.scalars(select(Look.id).where(Look.begun_at < young).order_by(Look.id)).all()
        assert confirmed in kept and len(kept) == 2  # the first one of all, too
        assert session.scalar(select(func.count(Look.id)).where(Look.begun_at >= young)) == 21
        assert session.scalar(select(func.count(ListPage.account))) == 1


def confirm_look(session: Session, look: int) -> None:
    session.add(
        ColumnConfirmation(
            portal=PORTAL, column="streets", year=2019, look_id=look, said_at=LATER, said_by="a", why="b"
        )
    )


def test_of_the_attempts_to_send_those_stay_that_were_accepted_and_the_last(settings: Settings, ledger: Ledger) -> None:
    with ledger.write() as session:
        for number in range(2):
            session.add(
                Notice(
                    **{"id": number + 1, "identity": f"n{number}", "kind": NoticeKind.ALERT, "recipient": OFFICE},
                    **{"subject": "s", "text": "t", "html": "", "message_id": f"<{number}@x>"},
                    **{"state": NoticeState.WAITING, "created_at": NEVER, "next_attempt_at": NEVER},
                )
            )
        session.flush()
        for notice, delivered in ((1, False), (1, False), (1, True), (2, False), (2, False)):
            verdict = SendVerdict.DELIVERED if delivered else SendVerdict.LATER
            session.add(SendLog(notice_id=notice, at=NEVER, delivered=delivered, verdict=verdict, answer="x"))
    assert prune(ledger, LATER, []).attempts == 3
    with ledger.read() as session:
        left = session.execute(select(SendLog.notice_id, SendLog.delivered).order_by(SendLog.id)).all()
    assert [tuple(one) for one in left] == [(1, True), (2, False)]


def test_links_that_were_dropped_stay_but_for_the_oldest_of_a_flood(
    settings: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.keeping.pruning.MOST_DROPPED", 3)
    World(ledger)
    with ledger.write() as session:
        for number in range(5):
            moment = NEVER + timedelta(days=number)
            session.add(
                DroppedLink(portal=PORTAL, column="c", address=f"/{number}", title="", reason="", first_seen_at=moment)
            )
    assert prune(ledger, NEVER + timedelta(hours=1), []).dropped_links == 1
    with ledger.read() as session:
        assert session.scalars(select(DroppedLink.address).order_by(DroppedLink.id)).all() == ["/1", "/2", "/3", "/4"]


def test_the_monitor_forgets_after_the_days_of_the_setting(settings: Settings, ledger: Ledger) -> None:
    write_register(settings.home)
    assert load_register(settings.home).portals
    many_looks(World(ledger), date(2019, 5, 1), date(2019, 5, 30))
    assert forget_looks(settings, ledger, at("2020-05-01")) == Pruned()
    assert forget_looks(settings, ledger, at("2020-08-01")).looks == 58
    with ledger.read() as session:
        assert session.scalar(select(func.count(Round.id))) == 2

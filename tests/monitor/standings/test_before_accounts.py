"""A ledger from before there were accounts of list pages: who is missing in it on such looks is not any more."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Incident, ListPage, Look, Notice
from ledger.standings.questions import standings_at
from ledger.states import IncidentKind, NoticePurpose, Standing
from monitor.loop import tick
from monitor.standings.proof import Lack
from tests.monitor.factory import OFFICE, World, at
from tests.monitor.reading_mail import told

CULTURE = "yunshan-culture"


def stands(ledger: Ledger) -> tuple[Standing, str | None]:
    with ledger.read() as session:
        row = next(row for row in standings_at(session, years=[2019]) if row.agency == CULTURE)
    return row.standing, row.evidence.get("lacking")


def test_after_the_upgrade_the_accusation_is_taken_back_once(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    for day in ("2020-01-10", "2020-02-01", "2020-02-02"):
        world.look(day)
    world.article("yunshan-dongjie", 2019, "2020-01-10", column="streets", page_label="2020-01-10")
    tick(mailing, ledger, at("2020-02-02 13:00"))
    assert stands(ledger) == (Standing.MISSING, None)
    # The rows as 45af2fc wrote them: a look knew nothing of an account, and there were no accounts.
    with ledger.write() as session:
        session.execute(update(Look).values(pages=None, accounted=None, paging=None))
        session.execute(delete(ListPage))

    for moment in ("2020-02-03 13:00", "2020-02-03 14:00", "2020-02-04 13:00"):
        tick(mailing, ledger, at(moment))
    assert stands(ledger) == (Standing.UNVERIFIABLE, Lack.NO_ACCOUNT)
    with ledger.read() as session:
        (incident,) = session.scalars(select(Incident).where(Incident.kind == IncidentKind.MISSING))
        assert incident.resolved_at == at("2020-02-03 13:00")
        purposes = [row.purpose for row in session.scalars(select(Notice).where(Notice.recipient == OFFICE))]
    assert purposes == [NoticePurpose.ALERT, NoticePurpose.CORRECTION]
    assert len(told(inbox)) == 2

    # The next looks have accounts, and it is judged anew.
    world.look("2020-02-05")
    tick(mailing, ledger, at("2020-02-05 13:00"))
    assert stands(ledger) == (Standing.UNVERIFIABLE, Lack.ONE_LOOK)
    world.look("2020-02-06")
    tick(mailing, ledger, at("2020-02-06 13:00"))
    assert stands(ledger) == (Standing.MISSING, None)

"""What two looks at a document do not agree on is told to operators, and to no office."""

from __future__ import annotations

from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import FindingRow, Incident
from ledger.states import Audience, IncidentKind
from monitor.loop import tick
from tests.documents.variants.lies import lies
from tests.monitor.factory import OFFICE, OPERATORS, PORTAL, World, at, write_register
from tests.monitor.reading_mail import words_of
from tests.workers.conftest import Documents
from workers.steps import Result, run
from workers.worker_context import open_worker_context

AGENCIES = """
district: 青山区
portal: yunshan
watched: {first: 2019}
agencies:
  - {id: qingshan, name: 青山区人民政府, short: 青山区, kind: government}
"""


def test_a_text_layer_that_lies_is_told_to_operators_alone(
    sqlite_settings: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    offices = (sqlite_settings.home / "config" / "offices.yaml").read_text(encoding="utf-8").replace("云山区", "青山区")
    portal = (sqlite_settings.home / "config" / "portals" / "yunshan.yaml").read_text(encoding="utf-8")
    write_register(sqlite_settings.home, agencies=AGENCIES, offices=offices, portals=portal.replace("云山区", "青山区"))
    mailing = sqlite_settings.model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})
    variant = next(lies(seed=1, count=1))
    day = f"{variant.source.year + 1}-01-12 09:00"
    world.look(day, reports={variant.source.year: ["qingshan"]})
    work = Documents(sqlite_settings, ledger).publish(
        variant.data, at=at(day), agency="qingshan", year=variant.source.year, portal=PORTAL
    )
    with open_worker_context(mailing) as context:
        assert run(context, work, at(day), worker="w") is Result.DONE
    tick(mailing, ledger, at(day))
    with ledger.read() as session:
        (incident,) = session.scalars(select(Incident).where(Incident.kind == IncidentKind.DISAGREEING)).all()
        found = {(row.rule, row.severity) for row in session.scalars(select(FindingRow)) if row.severity == "error"}
    assert (incident.audience, incident.agency) == (Audience.OPERATORS, "qingshan")
    assert "PDF里的文字与页面上看到的不一致" in incident.sentence
    assert found == set()
    letters = [words_of(message) for message in inbox.messages() if OFFICE in message["To"]]
    assert not any("没有读" in words or "不一致" in words for words in letters)
    (told,) = [message for message in inbox.messages() if "两次核对不一致" in words_of(message)]
    assert OPERATORS in told["To"]

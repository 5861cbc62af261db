"""The form of next year: operators are told once, and no office hears that its agencies filled in the wrong one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import FindingRow, Incident
from ledger.reading.stored import stored_versions
from ledger.states import Audience, IncidentKind
from monitor.loop import tick
from tests.monitor.factory import OFFICE, OPERATORS, PORTAL, World, at, write_register
from tests.monitor.reading_mail import words_of
from tests.workers.conftest import Documents
from tests.workers.next_form import NEW_COLUMN, RENAMED, next_form, page_on
from workers.replay import Ended, replay
from workers.steps import Result, run
from workers.worker_context import open_worker_context

pytestmark = pytest.mark.both_databases

AGENCIES = {f"yunshan-{number:02}": f"云山区第{number:02}局" for number in range(10)}
DAY = "2026-01-12 09:00"


@pytest.fixture
def mailing(settings: Settings, inbox: Inbox) -> Iterator[Settings]:
    """A district of ten agencies, whose mail arrives."""
    rows = "".join(
        f"  - {{id: {key}, name: {name}, short: {name[-3:]}, kind: department}}\n" for key, name in AGENCIES.items()
    )
    head = "district: 云山区\nportal: yunshan\nwatched: {first: 2024}\nagencies:\n"
    write_register(settings.home, agencies=head + rows)
    yield settings.model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})


def read_all(settings: Settings, ledger: Ledger, count: int, first: int = 0) -> None:
    """The reports of so many agencies are found, read and checked."""
    documents = Documents(settings, ledger)
    with open_worker_context(settings) as context:
        for key, name in list(AGENCIES.items())[first:count]:
            page = page_on(next_form(), name, 2025)
            work = documents.publish(page, at=at(DAY), name=key, agency=key, year=2025, portal=PORTAL)
            assert run(context, work, at(DAY), worker="w") is Result.DONE


def new_forms(ledger: Ledger) -> list[Incident]:
    with ledger.read() as session:
        return list(session.scalars(select(Incident).where(Incident.kind == IncidentKind.NEW_FORM)).all())


def test_ten_reports_on_a_changed_form_are_one_incident_and_accuse_nobody(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.look(DAY, reports={2025: list(AGENCIES)})
    read_all(mailing, ledger, 7)
    tick(mailing, ledger, at(DAY))
    (incident,) = new_forms(ledger)
    assert "7份报告" in incident.sentence
    # More reports come in: the incident that is open says so.
    read_all(mailing, ledger, 10, first=7)
    tick(mailing, ledger, at("2026-01-13 09:00"))
    (incident,) = new_forms(ledger)
    assert (incident.audience, incident.year) == (Audience.OPERATORS, 2025)
    assert "10份报告" in incident.sentence and "云山区第00局" in incident.sentence
    for label in (*RENAMED.values(), NEW_COLUMN):
        assert f"“{label}”" in incident.sentence
    assert incident.detail["agencies"] == list(AGENCIES)
    with ledger.read() as session:
        findings = session.scalars(select(FindingRow)).all()
    assert {row.rule for row in findings} == {"X01"}
    assert {row.found for row in findings} == {"unknown_label"}
    assert not [message for message in inbox.messages() if OFFICE in message["To"]]
    (told,) = [message for message in inbox.messages() if "新表式?" in words_of(message)]
    assert OPERATORS in told["To"] and "docs/add-a-form.md" in words_of(told) and NEW_COLUMN in words_of(told)

    # The form is entered, and the reports are read again: that is the end of it.
    form = next_form()
    known = form.model_copy(update={"form": "2025", "years": form.years.model_copy(update={"first": 2025})})
    (mailing.home / "config" / "forms").mkdir(parents=True)
    content = yaml.safe_dump(known.model_dump(mode="json"), allow_unicode=True)
    (mailing.home / "config" / "forms" / "2025.yaml").write_text(content, encoding="utf-8")
    later = at("2026-01-14 09:00")
    with open_worker_context(mailing) as context, ledger.read() as session:
        stored = stored_versions(session)
        assert {ended for ended, _ in replay(context, stored, later, "w")} == {Ended.READ}
    tick(mailing, ledger, later)
    (incident,) = new_forms(ledger)
    assert incident.resolved_at == later
    assert not [message for message in inbox.messages() if OFFICE in message["To"]]


def test_two_reports_are_not_enough(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    world.look(DAY, reports={2025: list(AGENCIES)})
    read_all(mailing, ledger, 2)
    tick(mailing, ledger, at(DAY))
    assert new_forms(ledger) == []
    assert not [message for message in inbox.messages() if OFFICE in message["To"]]

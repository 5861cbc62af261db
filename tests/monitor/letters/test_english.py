"""Every kind of incident has its sentence in Chinese and in English; no reader gets the bare name of a kind."""

from __future__ import annotations

import pytest

from config.wording import load_wording
from ledger.database import Ledger
from ledger.models import Incident
from ledger.states import Audience, IncidentKind, NoticeKind
from monitor.letters.english import ORIGINAL, with_english
from monitor.letters.letter import Letter
from tests.monitor.factory import at

LETTER = Letter("题", "云山区：", "如下", ())
OF_THE_MACHINERY = sorted(load_wording().operators)
OF_AN_AGENCY = sorted(set(IncidentKind) - set(OF_THE_MACHINERY))


def english_of(ledger: Ledger, incident: Incident) -> tuple[str, ...]:
    with ledger.read() as session:
        return with_english(session, LETTER, NoticeKind.ALERT, [incident]).english


def incident_of(kind: str, audience: Audience, **values: object) -> Incident:
    row = {"subject": "s", "level": "error", "sentence": "某事", "detail": {}, "opened_at": at("2020-02-01")}
    return Incident(**row | {"kind": IncidentKind(kind), "audience": audience} | values)


def test_operators_and_offices_together_hear_of_every_kind() -> None:
    assert {*OF_THE_MACHINERY, *OF_AN_AGENCY} == set(IncidentKind)
    assert IncidentKind.MISSING in OF_AN_AGENCY
    assert IncidentKind.WORKER_GONE in OF_THE_MACHINERY


@pytest.mark.parametrize("kind", OF_THE_MACHINERY)
def test_a_matter_of_the_machinery_is_told_in_both_languages(ledger: Ledger, kind: str) -> None:
    words = load_wording()
    assert words.operators[kind] and words.meaning[kind] and words.look[kind] and words.remedy[kind]
    incident = incident_of(kind, Audience.OPERATORS, detail={"portal": "yunshan"})
    sentence, rest = english_of(ledger, incident)
    assert rest == ORIGINAL
    assert sentence.endswith(" (yunshan).") and sentence.isascii()
    assert kind.replace("_", " ").capitalize() != sentence.removesuffix(" (yunshan).")
    assert len(sentence.split()) >= 5


@pytest.mark.parametrize("kind", OF_AN_AGENCY)
def test_a_matter_of_an_agency_is_told_in_english(ledger: Ledger, kind: str) -> None:
    detail = {"fingerprint": "0" * 32, "rule": "T05", "awaited": ["a", "b"]}
    incident = incident_of(kind, Audience.OFFICE, district="云山区", agency="yunshan-x", year=2019, detail=detail)
    sentence, _ = english_of(ledger, incident)
    assert ("yunshan-x, report for 2019" if kind != IncidentKind.INTERNAL_DATE else "2 agencies of 云山区") in sentence
    assert len(sentence.split()) >= 8


def test_what_is_over_is_said_so_before_its_sentence(ledger: Ledger) -> None:
    over = incident_of("worker_gone", Audience.OPERATORS, resolved_at=at("2020-02-02"))
    assert english_of(ledger, over)[0].startswith("Solved: No worker runs, or one stopped without saying so")

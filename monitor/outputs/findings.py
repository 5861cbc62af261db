"""A finding with all that is kept of it: what ``nianbao findings show`` prints, and the API gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from pydantic import with_config
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.severity import Severity
from ledger.models import Agency, FindingRow
from ledger.reading.copies import ArchivedCopy, copy_of
from ledger.states import FindingDecision, FindingState
from report.check_shape import Code, Fingerprint, PlaceShape, Sha256, SuggestionShape
from report.figure import Confirmation

_NUMBER = re.compile(r"-?[0-9]{1,15}")
# What these found and expected are words, also where they are written in digits; so is the name of a form (D07).
_IN_WORDS = frozenset({"D01", "D03", "D04", "D05", "D13", "D14", "D15", "D16", "D18", "X01"})
_FORM = "D07"


@with_config(extra="forbid")
class KeptFindingShape(PlaceShape):
    """One finding of the ledger, with its report, its state, and what a person decided of it.

    ``agency`` is the name, None where the report could not be assigned. ``article`` is the page on which the report
    stands, ``address`` the very document, ``sha256`` its bytes.
    """

    agency: str | None
    agency_id: str | None
    district: str | None
    fingerprint: Fingerprint
    matter: str | None
    year: int | None
    rule: Code
    severity: Severity
    state: FindingState
    decision: FindingDecision | None
    message: str
    message_en: str
    cells: list[str]
    expected: int | str | None
    found: int | str | None
    confirmed_by: list[Confirmation] | None
    basis: str
    suggestion: SuggestionShape | None
    opened_at: datetime
    resolved_at: datetime | None
    said_by: str | None
    said_at: datetime | None
    said_why: str | None
    version: int
    article: str | None
    address: str | None
    sha256: Sha256 | None
    fetched_at: datetime | None


def kept_findings(session: Session, findings: Sequence[FindingRow]) -> list[KeptFindingShape]:
    """Findings with all that is kept of them, in their order."""
    ids = {one.agency for one in findings if one.agency is not None}
    agencies = {one.agency: one for one in session.scalars(select(Agency).where(Agency.agency.in_(ids)))}
    copies = {version: copy_of(session, version) for version in {one.version_id for one in findings}}
    return [_shape(one, agencies.get(one.agency or ""), copies[one.version_id]) for one in findings]


def value_kept(rule: str, cells: Sequence[str], text: str | None) -> int | str | None:
    """A value as ``nianbao check`` gives it, of the text that the ledger keeps: numbers are numbers."""
    words = rule in _IN_WORDS or (rule == _FORM and not cells)
    return int(text) if text is not None and not words and _NUMBER.fullmatch(text) else text


def _shape(row: FindingRow, owner: Agency | None, copy: ArchivedCopy | None) -> KeptFindingShape:
    shape: KeptFindingShape = {
        "agency": owner.name if owner is not None else None,
        "agency_id": row.agency,
        "district": owner.district if owner is not None else None,
        "fingerprint": row.fingerprint,
        "matter": row.matter,
        "year": row.year,
        "rule": row.rule,
        "severity": Severity(row.severity),
        "state": row.state,
        "decision": row.decision,
        "message": row.message,
        "message_en": row.message_en,
        "cells": row.cells,
        "expected": value_kept(row.rule, row.cells, row.expected),
        "found": value_kept(row.rule, row.cells, row.found),
        "confirmed_by": cast("list[Confirmation] | None", row.confirmed_by),
        "basis": row.basis,
        "suggestion": cast("SuggestionShape | None", row.suggestion),
        "opened_at": row.opened_at,
        "resolved_at": row.resolved_at,
        "said_by": row.said_by,
        "said_at": row.said_at,
        "said_why": row.said_why,
        "version": row.version_id,
        "article": copy.article if copy is not None else None,
        "address": copy.address if copy is not None else None,
        "sha256": copy.sha256 if copy is not None else None,
        "fetched_at": copy.fetched_at if copy is not None else None,
    }
    place: dict[str, Any] = {name: value for name, value in row.place.items() if value is not None}
    return cast(KeptFindingShape, {**shape, **place})

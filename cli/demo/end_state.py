"""What a replay ended with, out of the ledger and the inbox: the lists of ``nianbao demo --format json``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cli.demo.stage import Stage
from config.in_force import load_register
from config.severity import Severity
from ledger.models import Agency, FindingRow, Notice
from monitor.outputs.standings import Status, status_of

_LEVELS = tuple(Severity)


def end_state(stage: Stage) -> tuple[dict[str, Any], Status]:
    """The end state as plain JSON values, and the part of it that ``nianbao status`` prints."""
    status = status_of(stage.ledger, load_register(stage.home))
    state = {
        "agencies": status.agencies,
        "portals": status.portals,
        "troubles": status.troubles,
        "findings": _findings(stage),
        "mails": _mails(stage),
    }
    return state, status


def _findings(stage: Stage) -> list[dict[str, Any]]:
    with stage.ledger.read() as session:
        rows = session.execute(select(FindingRow, Agency.name).join(Agency, Agency.agency == FindingRow.agency))
        found = [
            {
                "agency": name,
                "agency_id": row.agency,
                "year": row.year,
                "rule": row.rule,
                "severity": row.severity,
                "cells": row.cells,
                "expected": row.expected,
                "found": row.found,
                "message": row.message,
                "message_en": row.message_en,
                "basis": row.basis,
                **{key: value for key, value in row.place.items() if value is not None},
                "fingerprint": row.fingerprint,
                "suggestion": row.suggestion,
                "state": row.state.value,
            }
            for row, name in rows
        ]
    return sorted(found, key=lambda row: (row["agency_id"], _LEVELS.index(row["severity"]), row["rule"], row["cells"]))


def _mails(stage: Stage) -> list[dict[str, Any]]:
    """Every mail that arrived, in the order of arrival; its kind is what the outbox says of its Message-ID."""
    with stage.ledger.read() as session:
        kinds = {notice.message_id: notice.kind.value for notice in session.scalars(select(Notice))}
    files = sorted(stage.inbox.folder.glob("*.eml"))
    return [
        {
            "kind": kinds.get(str(message["Message-ID"])),
            "to": str(message["To"]),
            "subject": str(message["Subject"]),
            "message_id": str(message["Message-ID"]),
            "date": str(message["Date"]),
            "file": str(file.with_suffix(".html")),
        }
        for file, message in zip(files, stage.inbox.messages(), strict=True)
    ]

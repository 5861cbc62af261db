"""Lives a season in a folder and prints what it came to, without a sentence: ``python -m tests.sentences.season``.

The season is the demo's, on days on which something happens: a real crawler, worker, broker, monitor and mail server.
"""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.stage import Stage
from config.wording import load_wording
from ledger.models import (
    Article,
    CheckRow,
    DroppedLink,
    FindingRow,
    Incident,
    Look,
    Notice,
    NoticeIncident,
    PortalRow,
    StandingChange,
    Version,
    Work,
)

DAYS = (
    *(date(2020, 1, day) for day in (13, 16, 19, 31)),
    *(date(2020, 2, day) for day in (1, 2, 3)),
    *(date(2024, 3, day) for day in (20, 25)),
    *(date(2024, 4, day) for day in (1, 2)),
)


def outcome_of(session: Session) -> dict[str, list[Any]]:
    """What stands in the ledger, by what it is: states, kinds, days and recipients, and no text for people."""
    findings = {row.fingerprint: [row.rule, sorted(row.cells)] for row in session.scalars(select(FindingRow))}
    addresses = {row.id: row.address for row in session.scalars(select(Article))}

    def about(incident: Incident) -> list[Any]:
        fingerprint: str = incident.detail.get("fingerprint", "")
        return [incident.kind, incident.agency, incident.year, findings.get(fingerprint)]

    incidents = {row.id: about(row) for row in session.scalars(select(Incident))}
    told: dict[int, list[Any]] = {}
    for link in session.scalars(select(NoticeIncident)):
        told.setdefault(link.notice_id, []).append([link.role, *incidents[link.incident_id]])
    return {
        "standings": [
            [row.agency, row.year, row.before, row.now, row.published, row.changed_at.date()]
            for row in session.scalars(select(StandingChange))
        ],
        "incidents": [
            [
                *about(row),
                row.audience,
                row.level,
                _day(row.opened_at),
                _day(row.resolved_at),
                row.detail.get("outcome"),
            ]
            for row in session.scalars(select(Incident))
        ],
        "notices": [
            [row.kind, row.purpose, row.recipient, row.state, row.created_at.date(), _sorted(told.get(row.id, []))]
            for row in session.scalars(select(Notice))
        ],
        "findings": [
            [
                row.rule,
                row.agency,
                row.year,
                row.severity,
                sorted(row.cells),
                row.change,
                row.state,
                _day(row.opened_at),
            ]
            for row in session.scalars(select(FindingRow))
        ],
        "checks": [
            [addresses[article], row.agency, row.year, row.outcomes]
            for row, article in session.execute(
                select(CheckRow, Version.article_id).join(Version, Version.id == CheckRow.version_id)
            )
        ],
        "work": [[row.state, row.attempts, row.queue, row.error] for row in session.scalars(select(Work))],
        "articles": [
            [row.address, row.outcome, row.agency, row.year, row.first_seen_at.date(), _day(row.withdrawn_at)]
            for row in session.scalars(select(Article))
        ],
        "dropped": [[row.address, row.column] for row in session.scalars(select(DroppedLink))],
        "looks": [
            [row.portal, row.column, row.begun_at.date(), row.found, row.complete, row.rows, row.dropped]
            for row in session.scalars(select(Look))
        ],
        "portals": [[row.portal, row.state, row.failures] for row in session.scalars(select(PortalRow))],
    }


def _day(moment: Any) -> Any:
    return moment.date() if moment is not None else None


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: json.dumps(row, ensure_ascii=False, default=str))


def main(home: Path) -> None:
    """Lives the days, and prints what they came to as JSON; the portals' addresses by their names."""
    with Stage(home) as stage:
        reword: Callable[[str], str] | None = getattr(builtins, "__reworded__", None)
        if reword is not None:
            words = load_wording(home).model_dump()
            other = {name: {word: reword(said) for word, said in section.items()} for name, section in words.items()}
            (home / "config" / "wording.yaml").write_text(yaml.safe_dump(other), encoding="utf-8")
        for day in DAYS:
            stage.live(day)
        with stage.ledger.read() as session:
            written = json.dumps(outcome_of(session), ensure_ascii=False, default=str)
        for name, address in stage.portals.addresses.items():
            written = written.replace(address, name)
    found = {name: _sorted(rows) for name, rows in json.loads(written).items()}
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False, indent=1).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Where what a letter tells stands at the office's desk."""

from __future__ import annotations

from urllib.parse import quote

from ledger.models import FindingRow, Incident


def place_at_desk(incident: Incident, finding: FindingRow | None) -> str:
    """The path of a report's page, down to the very finding; "" where it is about no report."""
    if incident.agency is None or incident.year is None:
        return ""
    path = f"/reports/{quote(incident.agency, safe='')}/{incident.year}"
    return path if finding is None else f"{path}?version={finding.version_id}#{finding.fingerprint}"

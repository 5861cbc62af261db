"""Where what a letter tells stands at the office's desk."""

from __future__ import annotations

from urllib.parse import quote

from ledger.models import FindingRow, Incident


def place_at_desk(incident: Incident, finding: FindingRow | None) -> str:
    """The path of a report's page, down to the very finding; "" where it is about no report."""
    if incident.agency is None or incident.year is None:
        return ""
    return path_of_report(incident.agency, incident.year, finding)


def path_of_report(agency: str, year: int, finding: FindingRow | None = None) -> str:
    """The path of a report's page; of a finding, that of the page on which it stands, down to itself."""
    path = f"/reports/{quote(agency, safe='')}/{year}"
    if finding is None:
        return path
    return f"{path}?version={finding.version_id}&finding={finding.fingerprint}#{finding.fingerprint}"

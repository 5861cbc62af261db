"""What the program doubts of its own reading: for the operators, who can mend it, and not for the agency's office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from ledger.messages.incidents import OpenFinding, open_findings
from ledger.states import Audience, IncidentKind
from monitor.incidents.draft import Draft
from report.findings.finding import UNCONFIRMED
from report.report import Unread

# Of rule X01, by what was found: two looks at a document disagree, or a second one was not to be had.
_DISAGREEING = frozenset({Unread.DISAGREEING.value, UNCONFIRMED})
IsCurrent = Callable[[str, int], bool]


def left_to_offices(findings: Iterable[OpenFinding]) -> list[OpenFinding]:
    """The findings without those that are for operators.

    Of a document whose looks disagree nothing that could not be read is the agency's matter.
    """
    listed = list(findings)
    doubted = {(one.agency, one.year) for one in listed if _is_doubt(one)}
    return [
        one
        for one in listed
        if one.rule != "X01" or not (one.found == Unread.UNKNOWN_LABEL.value or (one.agency, one.year) in doubted)
    ]


def disagreeing_incidents(session: Session, register: Register, current: IsCurrent) -> Iterator[Draft]:
    """One for each report of which two looks disagree on what would have accused its agency."""
    doubted: dict[tuple[str, int], list[OpenFinding]] = {}
    for finding in open_findings(session):
        watched = register.watches(finding.agency, finding.year) and current(finding.district, finding.year)
        if watched and _is_doubt(finding):
            doubted.setdefault((finding.agency, finding.year), []).append(finding)
    for (agency, year), findings in doubted.items():
        yield Draft(
            IncidentKind.DISAGREEING,
            f"doubt:{agency}:{year}",
            Audience.OPERATORS,
            Severity.WARNING,
            f"{register.agencies[agency].name}{year}年度报告：{findings[0].message}"
            + (f"；等{len(findings)}处" if len(findings) > 1 else ""),
            None,
            agency,
            year,
            {"portal": findings[0].portal, "fingerprints": [one.fingerprint for one in findings[:20]]},
            is_renewed=True,
        )


def _is_doubt(finding: OpenFinding) -> bool:
    return finding.rule == "X01" and finding.found in _DISAGREEING

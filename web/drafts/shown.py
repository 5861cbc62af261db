"""What the page of a checked draft shows, and its 自查表."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.register import Register
from config.severity import Severity, gravity
from ledger.models import FindingRow
from ledger.reading.findings import Assignment, finding_row
from monitor.calendar import day_of
from monitor.evidence.facts import FindingsDrawn, findings_drawn
from report.findings.finding import Outcome
from report.findings.in_words import kept
from workers.drafts.checking import CheckedDraft

# The row of a finding names a version of the ledger; of a draft there is none.
_NO_VERSION = 0
# Rules that look at last year's report.
LAST_YEAR = ("Y01", "Y02", "Y03", "Y04")
_UNREAD = "X01"


@dataclass(frozen=True)
class DraftShown:
    """``unread`` is how many things could not be read, ``passed`` and ``failed`` the codes of rules, ``reasons`` why
    others could not be judged (code, title, reason), ``told`` what has to be known before anything else, in sentences.
    """

    draft: CheckedDraft
    drawn: FindingsDrawn
    errors: int
    warnings: int
    hints: int
    unread: int
    passed: Sequence[str]
    failed: Sequence[str]
    reasons: Sequence[tuple[str, str, str]]
    without_last_year: Sequence[str]
    told: Sequence[str]

    @property
    def found(self) -> int:
        """How many findings there are, what could not be read among them."""
        return self.errors + self.warnings + self.hints + self.unread


def draft_shown(draft: CheckedDraft, register: Register, at: datetime) -> DraftShown:
    """The findings of a draft as they are shown; nothing of it has a row in the ledger."""
    judged, around = draft.judged, draft.around
    agency = around.agency.id if around.agency is not None else None
    rules = register.rules.at(at).rules
    rows = sorted(
        (
            FindingRow(**finding_row(one, _NO_VERSION, Assignment(agency, around.year), at))
            for one in judged.check.findings
        ),
        key=lambda row: (gravity(row.severity), row.rule, row.fingerprint),
    )
    levels = Counter(row.severity for row in rows if row.rule != _UNREAD)
    results = judged.check.results
    reasons = [
        (code, rules[code].title, result.reason or rules[code].unknown)
        for code, result in results.items()
        if result.outcome is Outcome.NOT_ASSESSABLE
    ]
    return DraftShown(
        draft,
        findings_drawn(register, judged.report if judged.readable else None, rows, kept(judged.report)),
        levels[Severity.ERROR],
        levels[Severity.WARNING],
        levels[Severity.HUMAN],
        sum(row.rule == _UNREAD for row in rows),
        [code for code, result in results.items() if result.outcome is Outcome.PASS],
        [code for code, result in results.items() if result.outcome is Outcome.FAIL],
        reasons,
        [code for code, _, _ in reasons if code in LAST_YEAR] if not around.has_last_year else [],
        list(_told(draft, at)) if judged.readable else [],
    )


def _told(draft: CheckedDraft, at: datetime) -> Sequence[str]:
    around, report = draft.around, draft.judged.report
    told = []
    if around.is_of_another_agency and around.asked_agency is not None:
        beside = f"按“{around.agency.name}”检查" if around.agency is not None else "只按文件本身检查，没有与上年对照"
        told.append(f"文件写的机关是“{report.agency}”，不是“{around.asked_agency.name}”；以下{beside}。")
    elif around.agency is None:
        named = f"文件写的机关是“{report.agency}”，名册中没有" if report.agency else "没有认出文件是哪个机关的"
        told.append(f"{named}；以下只按文件本身检查，没有与上年对照。")
    if around.is_of_another_year:
        told.append(f"文件写的年度是{around.year}，不是所选的{around.asked_year}；以下按{around.year}年度检查。")
    elif around.year is None:
        told.append("没有认出报告年度；与年度有关的规则不能判断。")
    elif around.year >= day_of(at).year:
        told.append(f"{around.year}年度还没有结束；请核对报告年度。")
    return told

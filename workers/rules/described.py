"""A rule as people read of it: what it says, on what it rests, what it does not look at; for commands and the desk."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import date

from config.rules import RuleEntry
from config.severity import Severity
from config.wording import Wording
from report.findings.catalogue import Input, Rule
from report.findings.publication_rules import publication_rules
from workers.rules.check import all_rules

APPLIES_TO = {
    Input.REPORT: "报告的内容",
    Input.PUBLICATION: "报告的公布（由监测核对）",
    Input.STANDING: "是否公布、是否按时（由监测认定）",
}


@dataclass(frozen=True, slots=True)
class DescribedRule:
    """One rule. ``change`` is the announced change of its level in words, "" where there is none.

    ``judges_reports``: it looks at what stands in a report, and so at drafts too. ``clause`` is English.
    """

    code: str
    title: str
    level: Severity
    change: str
    enabled: bool
    judges_reports: bool
    applies_to: str
    basis: str
    limits: str
    clause: str
    decided_in: str


def known_rules() -> dict[str, Rule]:
    """All rules by code: those that judge publication, and those that judge reports."""
    return {**publication_rules(), **all_rules()}


def described(code: str, entry: RuleEntry, rule: Rule, words: Wording, day: date) -> DescribedRule:
    """A rule with the level that it has on a day; ``entry`` is what the office's rules.yaml says of it."""
    forms = "" if rule.forms is None else f"，只限{'、'.join(rule.forms)}年表式"
    change = ""
    if entry.since is not None and entry.formerly is not None:
        before, after = words.levels[entry.formerly], words.levels[entry.severity]
        change = f"自{entry.since.isoformat()}起由{before}改为{after}"
    return DescribedRule(
        code,
        entry.title,
        entry.severity_on(day),
        change,
        entry.enabled,
        rule.input is Input.REPORT,
        APPLIES_TO[rule.input] + forms,
        rule.basis,
        entry.limits,
        inspect.cleandoc(rule.clause),
        rule.module,
    )

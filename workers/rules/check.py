"""Runs all rules over one report and folds their verdicts into results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import import_module

from config.rules import CODES, RulesFile
from report.findings.finding import Check, Finding, Outcome, RuleResult, Severity
from report.form import Form
from report.report import Report
from workers.rules.catalogue import CATALOGUE, Broken, Held, Rule, Undecided, Verdict
from workers.rules.confirmation import confirmed
from workers.rules.context import Context

# The modules that hold rules; importing one enters its rules into the catalogue.
THEMES = (
    "aggregate", "content", "document", "identity", "last_year", "likeness", "narrative", "narrative_outcomes", "sums",
    "table_two", "tables", "unread",
)  # fmt: skip

REASONS_SHOWN = 2


def all_rules() -> dict[str, Rule]:
    """Every rule that is implemented, by code in the order of the catalogue."""
    for theme in THEMES:
        import_module(f"workers.rules.{theme}")
    return {code: CATALOGUE[code] for code in CODES if code in CATALOGUE}


def check_report(report: Report, forms: Mapping[str, Form], context: Context, rules: RulesFile) -> Check:
    """What every rule that is switched on says of ``report``, by code in the order of the catalogue.

    ``forms`` are all known forms by name. An error on figures that were seen only once
    accuses nobody. A rule that fails in itself is not assessable, and X01 says so; the others run.
    """
    context = replace(context, forms=forms)
    results: dict[str, RuleResult] = {}
    failed: list[Broken] = []
    for code, entry in all_rules().items():
        if not rules.rules[code].enabled:
            continue
        severity = Severity(rules.rules[code].severity)
        try:
            verdicts = _verdicts(entry, report, context)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            failed.append(_fault(code, error))
            verdicts = [Undecided(f"规则{code}运行出错（{type(error).__name__}）")]
        if code == "X01":
            verdicts += failed
        result, doubts = confirmed(fold(entry, severity, verdicts), report)
        failed += doubts
        results[code] = result
    return Check(results)


def fold(entry: Rule, severity: Severity, verdicts: Iterable[Verdict]) -> RuleResult:
    """One result from the verdicts on single places: a broken one counts before an undecided, that before a held."""
    listed = list(verdicts)
    findings = tuple(
        Finding(
            rule=entry.code,
            severity=severity,
            cells=verdict.cells,
            expected=verdict.expected,
            found=verdict.found,
            message=verdict.message,
            message_en=verdict.message_en,
            basis=entry.basis,
            place=verdict.place,
            suggestion=verdict.suggestion,
            other_agency=verdict.other_agency,
            change=verdict.change,
        )
        for verdict in listed
        if isinstance(verdict, Broken)
    )
    reason = _joined([verdict.reason for verdict in listed if isinstance(verdict, Undecided)])
    if findings:
        return RuleResult(entry.code, Outcome.FAIL, findings)
    if reason is not None:
        return RuleResult(entry.code, Outcome.NOT_ASSESSABLE, reason=reason)
    if any(isinstance(verdict, Held) for verdict in listed):
        return RuleResult(entry.code, Outcome.PASS)
    return RuleResult(entry.code, Outcome.NOT_APPLICABLE)


def _verdicts(entry: Rule, report: Report, context: Context) -> list[Verdict]:
    form = context.forms.get(report.form) if report.form is not None else None
    if not entry.needs_form:
        return list(entry.function(report, form, context))
    if report.form is None:
        return [Undecided("没有认出报告使用的表式")]
    if form is None or (entry.forms is not None and form.name not in entry.forms):
        return []
    return list(entry.function(report, form, context))


def _fault(code: str, error: Exception) -> Broken:
    kind = type(error).__name__
    return Broken(
        message=f"规则{code}运行出错（{kind}），本报告的这一项未能检查，须人工核对",
        message_en=f"Rule {code} itself failed ({kind}); a person has to check this point.",
        expected=code,
        found=kind,
    )


def _joined(reasons: list[str]) -> str | None:
    """One sentence from the reasons of all places, each said once; None where there is none."""
    distinct = list(dict.fromkeys(reasons))
    if not distinct:
        return None
    more = f"；等{len(distinct)}处" if len(distinct) > REASONS_SHOWN else ""
    return "；".join(distinct[:REASONS_SHOWN]) + more

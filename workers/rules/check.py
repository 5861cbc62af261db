"""Runs all rules over one report and folds their verdicts into results."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import workers.rules
from config.rules import RulesFile
from config.severity import Severity
from report.findings.catalogue import Broken, Input, Rule, Undecided, Verdict, rules_on
from report.findings.finding import Check, RuleResult
from report.findings.fold import fold
from report.form import Form
from report.report import Report
from report.text.personal_data import without_personal_data
from workers.rules.confirmation import confirmed
from workers.rules.context import Context
from workers.rules.spoken import spoken
from workers.rules.time_limit import SECONDS_A_RULE, RuleTookTooLongError, limiting
from workers.rules.unknown_labels import without_another_form


def all_rules() -> dict[str, Rule]:
    """Every rule that judges a report, by code in the order of the catalogue."""
    _import_every_theme()
    return rules_on(Input.REPORT)


@cache
def _import_every_theme() -> None:
    """Importing a module enters its rules: a new theme is a new file in this folder, and nothing else."""
    for module in iter_modules(workers.rules.__path__):
        import_module(f"workers.rules.{module.name}")


def check_report(
    report: Report,
    forms: Mapping[str, Form],
    context: Context,
    rules: RulesFile,
    *,
    seconds: float = SECONDS_A_RULE,
) -> Check:
    """What every rule that is switched on says of ``report``, by code in the order of the catalogue.

    ``forms`` are all known forms by name. An error on figures that were seen only once accuses nobody, nor does what
    rests on the form where a table may be of another one. A rule that fails in itself is not assessable, and X01 says
    so; the others run. So is one that takes more than ``seconds`` of the processor's time.
    """
    context = replace(context, forms=forms)
    with limiting(seconds) as limited:
        return _check(report, forms, context, rules, limited)


def _check(
    report: Report,
    forms: Mapping[str, Form],
    context: Context,
    rules: RulesFile,
    limited: AbstractContextManager[None],
) -> Check:
    results: dict[str, RuleResult] = {}
    failed: list[Broken] = []
    for code, entry in all_rules().items():
        if not rules.rules[code].enabled:
            continue
        severity = Severity(rules.rules[code].severity)
        try:
            with limited:
                verdicts = _verdicts(entry, report, context)
        except RuleTookTooLongError as error:
            failed.append(_fault(code, error))
            verdicts = [Undecided(f"规则{code}用时过长，已中止")]
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            failed.append(_fault(code, error))
            verdicts = [Undecided(f"规则{code}运行出错（{type(error).__name__}）")]
        if code == "X01":
            verdicts += failed
        form = forms.get(report.form or "")
        result = without_another_form(fold(entry, severity, verdicts), report, form)
        result, doubts = confirmed(result, report, form)
        failed += doubts
        results[code] = _shown(result)
    return Check(results, spoken(report, context, results))


def _shown(result: RuleResult) -> RuleResult:
    """The result as anybody may see it: what it quotes of the report has personal data masked."""
    if not result.findings and not result.reason:
        return result
    findings = tuple(
        replace(
            one,
            message=without_personal_data(one.message),
            message_en=without_personal_data(one.message_en),
            expected=without_personal_data(one.expected) if isinstance(one.expected, str) else one.expected,
            found=without_personal_data(one.found) if isinstance(one.found, str) else one.found,
            quote=without_personal_data(one.quote),
        )
        for one in result.findings
    )
    return replace(result, findings=findings, reason=result.reason and without_personal_data(result.reason))


def _verdicts(entry: Rule, report: Report, context: Context) -> list[Verdict]:
    form = context.forms.get(report.form) if report.form is not None else None
    if not entry.needs_form:
        return entry.verdicts(report, form, context)
    if report.form is None:
        return [Undecided("没有认出报告使用的表式")]
    if form is None or (entry.forms is not None and form.name not in entry.forms):
        return []
    return entry.verdicts(report, form, context)


def _fault(code: str, error: Exception) -> Broken:
    kind = type(error).__name__
    return Broken(
        message=f"规则{code}运行出错（{kind}），本报告的这一项未能检查，须人工核对",
        message_en=f"Rule {code} itself failed ({kind}); a person has to check this point.",
        expected=code,
        found=kind,
    )

"""What the rules make of one report: the planted error found or not, the cell, the suggestion; or a false alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.accuracy.mutants import KINDS, Mutant
from bench.accuracy.page import page
from bench.accuracy.paper import pdf, word
from bench.accuracy.plan import Plan, sound_plan
from bench.accuracy.script import as_report, last_years_report
from config.forms import load_forms
from config.rules import load_rules
from config.severity import Severity
from report.findings.finding import Check, Suggestion
from report.form import Form, make_form
from report.report import Report
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

# The ways from a plan to the rules: the report itself, or paper that is printed and read.
WAYS = ("report", "page", "word", "pdf")
_PAPER = {"page": page, "word": word, "pdf": pdf}


@dataclass
class Kind:
    """How one kind of error was found. ``told`` counts the mutants of which the sums tell what is right."""

    planted: int = 0
    found: int = 0
    placed: int = 0
    told: int = 0
    suggested: int = 0
    slips: int = 0
    named: int = 0

    def __add__(self, other: Kind) -> Kind:
        return Kind(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass
class Tally:
    """What became of the reports that came one way: errors by kind, sound reports by the gravest false alarm.

    ``missed`` describes every planted error that was not found as it should, ``alarms`` every false one.
    """

    kinds: dict[str, Kind] = field(default_factory=dict)
    sound: int = 0
    alarmed: Counter[Severity] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    @property
    def all_kinds(self) -> Kind:
        """All kinds together."""
        return sum(self.kinds.values(), Kind())


class Trial:
    """Forms and rules as shipped, and what was counted so far, by way."""

    def __init__(self) -> None:
        self.forms: Mapping[str, Form] = {name: make_form(file) for name, file in load_forms().items()}
        self.rules = load_rules()
        self.tallies = {way: Tally() for way in WAYS}

    def read(self, plan: Plan, way: str) -> Report:
        """The report as it comes to the rules."""
        if way == "report":
            return as_report(plan)
        return read_document(_PAPER[way](plan), source=f"seed {plan.seed}", forms=self.forms)

    def check(self, plan: Plan, report: Report) -> Check:
        """What the rules say of a report, knowing what a worker would know."""
        return check_report(report, self.forms, context_of(plan), self.rules)

    def sound(self, seed: int, *ways: str) -> None:
        """Tries one sound report."""
        plan = sound_plan(seed, self.forms)
        for way in ways:
            tally = self.tallies[way]
            findings = self.check(plan, self.read(plan, way)).findings
            tally.sound += 1
            tally.alarmed.update({finding.severity for finding in findings})
            tally.alarms += [
                f"{way}, seed {seed}: {finding.rule} ({finding.severity.value}) {finding.message}"
                for finding in findings
            ]

    def mutant(self, seed: int, name: str, *ways: str) -> bool:
        """Tries one report with a planted error of a kind; false where the sound report has no place for it."""
        plan = sound_plan(seed, self.forms)
        mutant = KINDS[name](plan, plan.random(name), self.forms)
        if mutant is None:
            return False
        for way in ways:
            self._judge(way, name, mutant, self.check(mutant.plan, self.read(mutant.plan, way)))
        return True

    def _judge(self, way: str, name: str, mutant: Mutant, check: Check) -> None:
        findings = [finding for finding in check.findings if finding.rule in mutant.rules]
        placed = [one for one in findings if not mutant.cells or set(one.cells) & set(mutant.cells)]
        suggestions = [finding.suggestion for finding in placed if finding.suggestion is not None]
        told, slipped = bool(mutant.right), mutant.slip is not None
        suggested = told and any(_says(suggestion, mutant.right) for suggestion in suggestions)
        named = slipped and any(suggestion.slip is mutant.slip for suggestion in suggestions)
        tally = self.tallies[way]
        tally.kinds[name] = tally.kinds.get(name, Kind()) + Kind(
            1, bool(findings), bool(placed), told, suggested, slipped, named
        )
        if not placed or suggested < told:
            what = "not found" if not findings else "found elsewhere" if not placed else f"suggested {suggestions}"
            right = mutant.right or " or ".join(mutant.rules)
            tally.missed.append(f"{way}, seed {mutant.plan.seed}, {name}: {what}; right: {right}")


def context_of(plan: Plan) -> Context:
    """What a worker would know of the report besides itself."""
    return Context(
        previous=last_years_report(plan),
        agency_names=plan.agency.names,
        agency_kind=plan.agency.kind,
        expected_year=plan.year,
    )


def _says(suggestion: Suggestion, right: Mapping[str, int]) -> bool:
    offered = [suggestion.cells] if suggestion.cells is not None else list(suggestion.alternatives)
    return dict(right) in offered

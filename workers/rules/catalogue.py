"""How a rule is written down: the decorator, what a rule may yield, and the list of all rules.

A rule looks at the places of a report where it applies and yields one verdict a place: ``Held()``,
``Undecided(reason)`` or ``Broken(...)``. Yielding nothing says that the report has no such place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.rules import CODES
from report.findings.verdict import Broken, Held, Undecided, Verdict
from report.form import Form
from report.report import Report
from workers.rules.context import Context

__all__ = ["CATALOGUE", "Broken", "Held", "Rule", "Undecided", "Verdict", "formless_rule", "rule"]

RuleFunction = Callable[[Report, Form, Context], Iterator[Verdict]]
FormlessRuleFunction = Callable[[Report, Form | None, Context], Iterator[Verdict]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    ``needs_form`` is false where it also judges a report whose form is not known. ``forms`` are the forms for
    which it holds; None: for all, those included that somebody adds as a file tomorrow.
    """

    code: str
    basis: str
    needs_form: bool
    forms: tuple[str, ...] | None
    function: Callable[..., Iterator[Verdict]]

    @property
    def clause(self) -> str:
        """What the rule says, from its function's docstring."""
        return (self.function.__doc__ or "").strip()


CATALOGUE: dict[str, Rule] = {}


def rule(code: str, *, basis: str, forms: tuple[str, ...] | None = None) -> Callable[[RuleFunction], RuleFunction]:
    """Enters a rule that needs the report's form; where that is not among ``forms`` it is not applicable.

    ``basis`` is the legal or official ground that a letter may cite. Raises ValueError where the code is
    unknown or taken, or the function is not named after it.
    """

    def enter(function: RuleFunction) -> RuleFunction:
        _enter(Rule(code, basis, True, forms, function))
        return function

    return enter


def formless_rule(code: str, *, basis: str) -> Callable[[FormlessRuleFunction], FormlessRuleFunction]:
    """Enters a rule that holds for every report, also for one whose form is not known; else as :func:`rule`."""

    def enter(function: FormlessRuleFunction) -> FormlessRuleFunction:
        _enter(Rule(code, basis, False, None, function))
        return function

    return enter


def _enter(new: Rule) -> None:
    if new.code not in CODES:
        raise ValueError(f"{new.code}: no such rule code")
    if new.code in CATALOGUE:
        raise ValueError(f"{new.code}: there is such a rule already")
    if getattr(new.function, "__name__", "") != new.code.lower():
        raise ValueError(f"{new.code}: its function has to be named {new.code.lower()}")
    CATALOGUE[new.code] = new

"""The one catalogue of rules: what a rule is, and the decorators that enter one.

A rule looks at the places where it applies and yields one verdict a place: ``Held()``, ``Undecided(reason)`` or
``Broken(...)``. Yielding nothing says that there is no such place. Its name and severity stand in
``config/rules.yaml``, whose order is the order of the catalogue. Rules are entered when their module is imported: those
about a report live in ``workers/rules/``, those about its publication in ``report/findings/publication_rules.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from config.rules import shipped_codes
from report.findings.published import Published
from report.findings.verdict import Broken, Held, Undecided, Verdict
from report.form import Form
from report.report import Report

__all__ = [
    "CATALOGUE", "Broken", "Held", "Input", "Rule", "Undecided", "Verdict",
    "enter_standing_rule", "formless_rule", "publication_rule", "rule", "rules_on",
]  # fmt: skip


class Input(StrEnum):
    """What a rule judges, and so who runs it and may open and resolve its findings.

    REPORT: one report beside its neighbours; the workers. PUBLICATION: how a report was published; the monitor.
    STANDING: whether it was published at all; the standing itself says so, and there is no finding.
    """

    REPORT = "report"
    PUBLICATION = "publication"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue; ``basis`` is the legal or official ground that a letter may cite.

    ``clause`` says what the rule says, ``module`` where it is decided. ``function`` is None where a standing says it.
    ``needs_form`` is false where it also judges a report whose form is not known. ``forms`` are the forms for
    which it holds; None: for all, those included that somebody adds as a file tomorrow.
    """

    code: str
    basis: str
    input: Input
    clause: str
    module: str
    function: Callable[..., Iterator[Verdict]] | None
    needs_form: bool = False
    forms: tuple[str, ...] | None = None

    def verdicts(self, *judged: Any) -> list[Verdict]:
        """What it says of every place of what it judges; nothing where a standing says it."""
        return list(self.function(*judged)) if self.function is not None else []


CATALOGUE: dict[str, Rule] = {}

# The last argument is the workers' Context, a room that this one may not import.
FormFunction = TypeVar("FormFunction", bound=Callable[[Report, Form, Any], Iterator[Verdict]])
FormlessFunction = TypeVar("FormlessFunction", bound=Callable[[Report, Form | None, Any], Iterator[Verdict]])
PublicationFunction = TypeVar("PublicationFunction", bound=Callable[[Published], Iterator[Verdict]])


def rule(code: str, *, basis: str, forms: tuple[str, ...] | None = None) -> Callable[[FormFunction], FormFunction]:
    """Enters a rule that needs the report's form; where that is not among ``forms`` it is not applicable.

    ``basis`` is the legal or official ground that a letter may cite. Raises ValueError where the code is not in
    ``config/rules.yaml`` or is taken, or the function is not named after it.
    """

    def enter(function: FormFunction) -> FormFunction:
        _enter_function(code, basis, Input.REPORT, function, needs_form=True, forms=forms)
        return function

    return enter


def formless_rule(code: str, *, basis: str) -> Callable[[FormlessFunction], FormlessFunction]:
    """Enters a rule that holds for every report, also for one whose form is not known; else as :func:`rule`."""

    def enter(function: FormlessFunction) -> FormlessFunction:
        _enter_function(code, basis, Input.REPORT, function)
        return function

    return enter


def publication_rule(code: str, *, basis: str) -> Callable[[PublicationFunction], PublicationFunction]:
    """Enters a rule about how a report was published; else as :func:`rule`."""

    def enter(function: PublicationFunction) -> PublicationFunction:
        _enter_function(code, basis, Input.PUBLICATION, function)
        return function

    return enter


def enter_standing_rule(code: str, clause: str, *, basis: str, module: str) -> None:
    """Enters a rule that the standing of an agency answers, which ``module`` decides."""
    _enter(Rule(code, basis, Input.STANDING, clause, module, None))


def rules_on(judged: Input) -> dict[str, Rule]:
    """The rules that judge this, by code in the order of the catalogue; those whose modules were imported."""
    return {code: CATALOGUE[code] for code in shipped_codes() if code in CATALOGUE and CATALOGUE[code].input is judged}


def _enter_function(
    code: str,
    basis: str,
    judged: Input,
    function: Callable[..., Iterator[Verdict]],
    *,
    needs_form: bool = False,
    forms: tuple[str, ...] | None = None,
) -> None:
    if getattr(function, "__name__", "") != code.lower():
        raise ValueError(f"{code}: its function has to be named {code.lower()}")
    clause = (function.__doc__ or "").strip()
    _enter(Rule(code, basis, judged, clause, function.__module__, function, needs_form, forms))


def _enter(new: Rule) -> None:
    if new.code not in shipped_codes():
        raise ValueError(f"{new.code}: no such rule code; give it a name and a severity in config/rules.yaml")
    if new.code in CATALOGUE:
        raise ValueError(f"{new.code}: there is such a rule already")
    CATALOGUE[new.code] = new

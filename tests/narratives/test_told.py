"""What the rules on the text make of sentences whose truth was written first: nothing untrue, nothing passed over."""

from __future__ import annotations

import pytest

from report.findings.finding import Outcome
from tests.narratives.told import Case, cases
from tests.workers.rules.factory import check

RULES = ("N01", "N02", "N03", "N04", "N05", "N06", "D15", "D16", "D17", "D18")
CASES = [case for file in ("kinds.yaml", "letters.yaml") for case in cases(file)]


@pytest.mark.parametrize("case", [one for one in CASES if not one.rule], ids=lambda one: one.name)
def test_nothing_untrue_is_said_of_it(case: Case) -> None:
    results = check(case.report(), case.context()).results
    assert [finding.message for rule in RULES for finding in results[rule].findings] == []


@pytest.mark.parametrize("case", [one for one in CASES if one.rule], ids=lambda one: one.name)
def test_what_contradicts_the_tables_never_passes(case: Case) -> None:
    result = check(case.report(), case.context()).results[case.rule]
    right = {Outcome.FAIL} if case.sure else {Outcome.FAIL, Outcome.NOT_ASSESSABLE}
    assert result.outcome in right, case.texts

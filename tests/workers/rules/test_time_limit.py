"""A rule that does not end within its time, or fails: it is not assessable, X01 says so, and the others are asked."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from report.findings.finding import Outcome
from report.findings.verdict import Verdict
from tests.workers.rules.factory import forms, shipped_rules, sound
from workers.rules.check import all_rules, check_report
from workers.rules.context import Context


def _never_ends(*_: object) -> Iterator[Verdict]:
    while True:
        pass


def _fails(*_: object) -> Iterator[Verdict]:
    raise LookupError("no such thing")


@pytest.mark.parametrize(("verdicts", "kind"), [(_never_ends, "RuleTookTooLongError"), (_fails, "LookupError")])
def test_one_rule_that_does_not_end_or_fails_says_nothing_and_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, verdicts: Callable[..., Iterator[Verdict]], kind: str
) -> None:
    plain = check_report(sound(), forms(), Context(), shipped_rules())
    before = signal.getsignal(signal.SIGVTALRM)
    others = {**all_rules(), "T05": replace(all_rules()["T05"], function=verdicts)}
    monkeypatch.setattr("workers.rules.check.all_rules", lambda: others)
    found = check_report(sound(), forms(), Context(), shipped_rules(), seconds=0.5)
    assert found.results["T05"].outcome is Outcome.NOT_ASSESSABLE
    assert [(finding.expected, finding.found) for finding in found.results["X01"].findings] == [("T05", kind)]
    left = {code: result for code, result in found.results.items() if code not in ("T05", "X01")}
    assert left == {code: result for code, result in plain.results.items() if code not in ("T05", "X01")}
    # Nothing of the limit is left behind.
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0

"""Which findings one correction would mend."""

from __future__ import annotations

from report.findings.matters import Mistake, in_matters, mistake_in_row, mistake_of
from tests.workers.rules.factory import changed, check, last_year, sound
from workers.rules.context import Context

NATURAL, TOTAL = "requests.granted.natural_person", "requests.granted.total"


def broken(rule: str, cell: str, *change: str, severity: str = "error") -> Mistake:
    return Mistake(rule, severity, (cell,), change)


def test_a_wrong_cell_in_a_row_and_a_column_is_one_matter() -> None:
    row = broken("T05", TOTAL, NATURAL)
    column = broken("T06", "requests.processed_total.natural_person", NATURAL)
    assert in_matters([row, column]) == [[0, 1]]


def test_two_slips_that_only_two_changes_mend_are_two_matters() -> None:
    other = "requests.not_provided.not_held.business"
    both = (NATURAL, other)
    mistakes = [
        broken("T05", TOTAL, *both),
        broken("T05", "requests.not_provided.not_held.total", *both),
        broken("T06", "requests.processed_total.natural_person", *both),
        broken("T06", "requests.processed_total.business", *both),
    ]
    assert in_matters(mistakes) == [[0, 2], [1, 3]]


def test_last_years_report_and_a_sum_that_suspect_one_cell_are_one_matter() -> None:
    carried = "requests.carried_in.natural_person"
    column = Mistake("T07", "error", ("requests.received.natural_person", carried), (carried,))
    assert in_matters([column, broken("T08", "review.total"), broken("Y01", carried)]) == [[0, 2], [1]]


def test_what_links_two_makes_one_of_three() -> None:
    mistakes = [broken("Y01", "a.x"), broken("Y01", "b.x"), Mistake("T02", "error", ("a.x", "b.x"), ("a.x", "b.x"))]
    assert in_matters(mistakes) == [[0, 1, 2]]


def test_what_nobody_suspects_a_cell_of_is_a_matter_of_its_own() -> None:
    texts = [Mistake("D09", "warning", ()), Mistake("D13", "warning", ()), Mistake("T01", "error", ("a.x", "a.y"))]
    assert in_matters([*texts, broken("Y01", "a.x")]) == [[0], [1], [2], [3]]


def test_what_a_person_has_to_look_at_is_never_one_with_what_accuses() -> None:
    hint, error = broken("Y04", NATURAL, severity="human"), broken("T05", TOTAL, NATURAL)
    assert in_matters([error, hint, broken("A01", NATURAL, severity="human")]) == [[0], [1, 2]]


def test_a_row_of_the_ledger_tells_the_same() -> None:
    suggestion = {"cells": {NATURAL: 1}, "why": "…"}
    assert mistake_in_row("T05", "error", [TOTAL], suggestion) == broken("T05", TOTAL, NATURAL)
    either = {"alternatives": [{"cells": {NATURAL: 1}}, {"cells": {TOTAL: 0}}], "why": "…"}
    assert mistake_in_row("T05", "error", [TOTAL], either) == broken("T05", TOTAL, NATURAL)
    assert mistake_in_row("D09", "warning", [], None).suspects == frozenset()


def test_the_rules_of_a_report_with_one_slip_give_one_matter() -> None:
    report = changed(sound(), {NATURAL: 5})
    found = check(report).findings
    assert {"T05", "T06"} <= {finding.rule for finding in found}
    of_sums = [mistake_of(finding) for finding in found if finding.rule in ("T05", "T06")]
    assert len(in_matters(of_sums)) == 1
    report = changed(sound(), {"requests.carried_in.natural_person": 3, "requests.carried_in.total": 3})
    found = check(report, Context(previous=last_year(report))).findings
    assert {"T07", "Y01"} <= {finding.rule for finding in found}
    assert len(in_matters([mistake_of(finding) for finding in found if finding.rule in ("T07", "Y01")])) <= 2

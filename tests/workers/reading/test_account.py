"""What became of everything in a document; nothing is called absent that may stand in what was not understood."""

from __future__ import annotations

import pytest

from report.account import Fate, PieceKind
from report.figure import Confirmation, State
from report.findings.finding import Outcome
from report.form import Form
from report.report import Report
from tests.documents.as_html import body, page, plain_table
from tests.documents.report_source import Source, Spans, drawn
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

from ..rules.factory import shipped_rules

SOURCE = drawn("青山区人民政府", 2023, "2021", seed=5)


def read(forms: dict[str, Form], content: str) -> Report:
    return read_document(page(SOURCE, content).encode(), source="x.html", forms=forms)


def outcome(report: Report, forms: dict[str, Form], code: str) -> Outcome:
    return check_report(report, forms, Context(), shipped_rules()).results[code].outcome


def without_table_four(rows: Spans) -> str:
    return "" if rows[0][0][0] == "行政复议" else plain_table(rows)


def test_a_plain_report_is_understood_and_confirmed_as_a_whole(forms: dict[str, Form]) -> None:
    report = read(forms, body(SOURCE, plain_table))
    assert report.accounted.unaccounted == 0
    assert report.accounted.understood > len(report.figures)
    assert {figure.confirmed_by for figure in report.figures.values()} == {(Confirmation.PLAIN_TEXT,)}


def test_a_table_is_missing_only_where_nothing_could_be_it(forms: dict[str, Form]) -> None:
    missing = read(forms, body(SOURCE, without_table_four))
    assert missing.figures["review.total"].state is State.ABSENT
    assert outcome(missing, forms, "T01") is Outcome.FAIL
    pictured = read(forms, body(SOURCE, without_table_four) + '<p><img src="t4.png"></p>')
    assert pictured.figures["review.total"].state is State.UNREADABLE
    assert outcome(pictured, forms, "T01") is Outcome.NOT_ASSESSABLE
    example = pictured.accounted.examples[0]
    assert (example.kind, example.fate) == (PieceKind.PICTURE, Fate.UNACCOUNTED)


@pytest.mark.parametrize("beside", ["<sup>1</sup>", "<del>3</del>"])
def test_a_sum_is_not_said_to_be_wrong_on_a_number_that_was_seen_once(forms: dict[str, Form], beside: str) -> None:
    wrong = _with_total(SOURCE, 1)
    plain = read(forms, body(wrong, plain_table))
    assert outcome(plain, forms, "T05") is Outcome.FAIL
    (finding, *_) = check_report(plain, forms, Context(), shipped_rules()).results["T05"].findings
    assert finding.confirmed_by == (Confirmation.PLAIN_TEXT,)
    total = str(wrong.values["requests.received.total"])
    noted = read(forms, body(wrong, lambda rows: plain_table(rows).replace(f">{total}<", f">{total}{beside}<")))
    assert noted.number("requests.received.total") == int(total)
    result = check_report(noted, forms, Context(), shipped_rules())
    assert result.results["T05"].outcome is Outcome.NOT_ASSESSABLE
    assert any(finding.found == "unconfirmed" for finding in result.results["X01"].findings)


def _with_total(source: Source, more: int) -> Source:
    values = dict(source.values)
    values["requests.received.total"] = int(values["requests.received.total"]) + 7000 + more
    return Source(source.agency, source.year, source.form, values)

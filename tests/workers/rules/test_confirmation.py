"""The gate: whose figures may leave though they were seen only once."""

from __future__ import annotations

from dataclasses import replace

from report.figure import Place
from report.findings.finding import Outcome
from report.report import Report
from tests.workers.rules.factory import changed, check, sound
from workers.rules.context import Context


def paged(report: Report) -> Report:
    """The report as if read from pages, each figure seen once."""
    place = Place(page=1, bbox=(0, 0, 10, 10))
    figures = {key: replace(each, place=place, confirmed_by=()) for key, each in report.figures.items()}
    return replace(report, figures=figures, media_type="application/pdf")


WRONG = paged(changed(sound(), {"review.total": 77}))


def test_a_figure_of_a_pdf_seen_once_accuses_nobody() -> None:
    results = check(WRONG).results
    assert results["T08"].outcome is Outcome.NOT_ASSESSABLE
    told = [finding.cells for finding in results["X01"].findings if finding.found == "unconfirmed"]
    assert told == [tuple(f"review.{part}" for part in ("total", "upheld", "corrected", "other", "pending"))]


def test_a_sum_rests_on_all_its_parts() -> None:
    wrong = changed(sound(), {"review.total": 77})
    figures = wrong.figures | {"review.upheld": replace(wrong.figures["review.upheld"], confirmed_by=())}
    results = check(replace(wrong, figures=figures)).results
    assert check(wrong).results["T08"].findings[0].confirmed_by
    assert results["T08"].outcome is Outcome.NOT_ASSESSABLE
    assert [finding.cells for finding in results["X01"].findings if finding.found == "unconfirmed"] == [
        ("review.upheld",)
    ]


def test_what_last_year_contradicts_was_seen_twice() -> None:
    key, out = "requests.carried_in.natural_person", "requests.carried_out.natural_person"
    this_year, last_year = sound(), sound(year=2022)
    more = {
        name: replace(last_year.figures[name], value=int(last_year.figures[name].value or 0) + 1)
        for name in (out, "requests.received.natural_person")
    }
    around = Context(previous=replace(last_year, figures=last_year.figures | more), previous_assigned=True)
    (finding,) = check(this_year, around).results["Y01"].findings
    assert finding.cells == (key,) and finding.confirmed_by
    assert check(paged(this_year), around).results["Y01"].outcome is Outcome.NOT_ASSESSABLE

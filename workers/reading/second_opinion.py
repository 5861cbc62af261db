"""Where a PDF should be read once more in another way, and what becomes of two readings that differ."""

from __future__ import annotations

from dataclasses import replace

from report.figure import Figure, State
from report.form import Form
from report.report import Gap, Report, Unread
from workers.reading.content import Content
from workers.reading.form_figures import FormFigures


def doubtful_pages(report: Report, form: Form, content: Content) -> set[int]:
    """The pages where a sum does not agree; every page with a table where figures are missing or unreadable."""
    if any(figure.state in (State.ABSENT, State.UNREADABLE) for figure in report.figures.values()):
        return {grid.page for grid in content.grids() if grid.page is not None} or {
            paragraph.page for paragraph in content.paragraphs() if paragraph.page is not None
        }
    pages: set[int] = set()
    for equation in form.sums(report.figures):
        parts, totals = ([report.figures[key] for key in keys] for keys in (equation.parts, equation.totals))
        values = [[figure.value for figure in side if figure.value is not None] for side in (parts, totals)]
        if len(values[0]) == len(parts) and len(values[1]) == len(totals) and sum(values[0]) != sum(values[1]):
            pages |= {figure.place.page for figure in (*parts, *totals) if figure.place.page is not None}
    return pages


def with_second_opinion(report: Report, second: FormFigures) -> Report:
    """What the first could not tell is taken from the second; where both have numbers that differ, neither counts."""
    figures = dict(report.figures)
    settled, disputed = set(), []
    for key, figure in second.figures.items():
        own = figures.get(key)
        if own is None or figure.state is not State.NUMBER or not figure.certain:
            continue
        if own.state in (State.ABSENT, State.UNREADABLE):
            figures[key] = figure
            settled.add(key)
        elif own.state is State.NUMBER and own.value != figure.value:
            figures[key] = Figure(key, State.UNREADABLE, None, own.text, own.place, False)
            disputed.append(key)
    gaps = [
        replace(gap, cells=tuple(key for key in gap.cells if key not in settled)) if gap.cells else gap
        for gap in report.gaps
    ]
    gaps = [gap for gap, old in zip(gaps, report.gaps, strict=True) if gap.cells or not old.cells]
    if disputed:
        gaps.append(Gap(Unread.UNCERTAIN, "两种读法读出的数不同", tuple(disputed)))
    return replace(report, figures=figures, gaps=tuple(gaps))

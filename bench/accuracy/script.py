"""A report in the order of its parts, for whatever paper it is printed on; and the Report that a reader should make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.accuracy.plan import Plan
from bench.accuracy.tables import Spans, over_pages, table_four, table_three, table_two
from bench.accuracy.wording import opening, section_text
from config.forms import SectionKind
from report.figure import Confirmation, Figure, State
from report.period import find_period
from report.report import Report, Section
from report.titles import year_in
from report.years_named import years_named
from workers.reading.form.cell_value import state_of

NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, with its number."""

    text: str


Part = Heading | str | Spans


def script(plan: Plan) -> Iterator[Part]:
    """Everything below the title: headings, paragraphs (plain texts) and tables."""
    random = plan.random("script")
    yield from opening(plan)
    if "contents" in plan.topics:
        yield from ("目　录", *(heading for heading, _ in _headings(plan)))
    for heading, kind in _headings(plan):
        yield Heading(heading)
        yield from section_text(plan, kind)
        if kind == "proactive":
            yield from table_two(plan, random)
        elif kind == "requests":
            yield from over_pages(table_three(plan, random), random)
        elif kind == "disputes":
            yield table_four(plan)


def as_report(plan: Plan) -> Report:
    """The report as it would be read if nothing went wrong in reading it."""
    sections = tuple(
        Section(index, heading, kind, "\n".join(section_text(plan, kind)))
        for index, (heading, kind) in enumerate(_headings(plan), 1)
    )
    text = "\n".join([*opening(plan), *(section.text for section in sections)])
    period = find_period(text, year_in(plan.title))
    years = years_named(plan.title, period, text)
    rows = {key.rpartition(".")[0] for key in plan.cells}
    figures = {
        key: _figure(key, plan.cells.get(key)) for key in plan.form.keys(rows.intersection(plan.form.alternatives()))
    }
    return Report(
        source=f"seed {plan.seed}",
        sha256="0" * 64,
        media_type="text/html",
        title=plan.title,
        agency=plan.agency.name,
        year=years.get("title"),
        period=period,
        form=plan.form.name,
        opening="\n".join(opening(plan)),
        sections=sections,
        figures=figures,
        years=years,
    )


def last_years_report(plan: Plan) -> Report | None:
    """Last year's report as far as it is known: what it carried out; None where it is not known."""
    if plan.previous is None:
        return None
    row = plan.form.file.table_three.balance.right[-1]
    figures = {f"requests.{row}.{column}": str(value) for column, value in plan.previous.items()}
    report = as_report(
        replace(plan, title=f"{plan.agency.name}{plan.year - 1}年政府信息公开工作年度报告", cells=figures)
    )
    return replace(report, year=plan.year - 1, opening="", sections=(), period=None, years={"title": plan.year - 1})


def _headings(plan: Plan) -> Iterator[tuple[str, SectionKind]]:
    """The headings as printed, numbered as they stand, in one of the wordings that are in use."""
    random = plan.random("headings")
    by_kind = {section.kind: section for section in plan.form.file.sections}
    wording = {kind: random.choice((section.heading, section.heading, *section.variants))
               for kind, section in by_kind.items()}  # fmt: skip
    mark = random.choice(("、", "、", "、", "、", ".", "、 "))
    for number, kind in zip(NUMERALS, plan.sections, strict=False):
        yield f"{number}{mark}{wording[kind]}", kind


def _figure(key: str, text: str | None) -> Figure:
    if text is None:
        return Figure(key, State.ABSENT)
    state, value = state_of(text)
    # As a web page whose cells hold nothing else.
    return Figure(key, state, value, text, confirmed_by=(Confirmation.PLAIN_TEXT,))

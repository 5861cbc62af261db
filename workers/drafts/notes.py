"""What the comments in a Word file say, and where each belongs: in a cell, at a sentence, else at the title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.register import Register
from report.as_json import suggestion_json
from report.findings.finding import Finding
from report.findings.in_words import Names, advice, names_in
from report.findings.suspects import suspects
from report.report import Report
from workers.drafts.judging import JudgedFile

MOST_COMMENTS = 200
# Of one finding: each cell that it would change, where they are so few.
MOST_CELLS = 6


def notes_of(judged: JudgedFile, register: Register) -> list[dict[str, Any]]:
    """The comments that a draft gets, for the task workers.drafts.comments:comment; the gravest rules' first."""
    names = names_in(register, judged.report.form)
    found = (
        {"text": _words(finding, judged.report, register, names), "cells": cells, "quote": finding.quote}
        for finding in judged.check.findings
        for cells in _places(finding, judged.report)
    )
    return [note for _, note in zip(range(MOST_COMMENTS), found, strict=False)]


def _words(finding: Finding, report: Report, register: Register, names: Names) -> str:
    lines = [f"{register.wording.levels[finding.severity]}（{finding.rule}）：{finding.message}。"]
    if finding.suggestion is not None:
        lines.append(advice(names, report, finding.suggestion))
    return "\n".join([*lines, f"依据：{finding.basis}"])


def _places(finding: Finding, report: Report) -> Iterator[list[tuple[int, int, int]]]:
    """For each comment of a finding the cells at one of which it stands, the likeliest first."""
    suggestion = finding.suggestion
    suspected = suspects(finding.cells, None if suggestion is None else {**suggestion_json(suggestion)})
    if finding.quote or not suspected or (suggestion is not None and suggestion.cells is None):
        yield [] if finding.quote else _cells((*finding.cells, *suspected), report, finding)
        return
    for key in suspected[:MOST_CELLS]:
        yield _cells((key,), report, finding)


def _cells(keys: tuple[str, ...], report: Report, finding: Finding) -> list[tuple[int, int, int]]:
    places = [finding.place, *(report.figures[key].place for key in keys if key in report.figures)]
    if len(keys) == 1:
        places.reverse()
    return [
        (one.table, one.row, one.column)
        for one in places
        if one.table is not None and one.row is not None and one.column is not None
    ]

"""What is known of the tables from elsewhere: last year's carry-over, and the numbers in the running text.

A witness decides between changes that make the sums agree equally well; it never outweighs the sums themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from report.findings.finding import Number
from report.form import Form
from report.report import Report
from report.text.said import RECEIVED
from workers.rules.context import Context


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """Somebody says ``value`` of a figure; ``readings`` are the sums of figures that may be meant by it."""

    value: Number
    readings: tuple[tuple[str, ...], ...]

    def agrees(self, values: Mapping[str, Number]) -> bool:
        """Whether what is said is so under some reading, or cannot be told from ``values``."""
        known = [reading for reading in self.readings if all(key in values for key in reading)]
        return not known or any(sum(values[key] for key in reading) == self.value for reading in known)


def witnesses(report: Report, form: Form, context: Context) -> tuple[FigureClaim, ...]:
    """Last year's carried out for each column carried in, and the one number of requests that the text gives."""
    return (*_last_year(report, form, context.previous), *_text(report, form, context))


def _last_year(report: Report, form: Form, previous: Report | None) -> list[FigureClaim]:
    if previous is None or report.year is None or previous.year != report.year - 1:
        return []
    left, right = form.file.table_three.balance.left, form.file.table_three.balance.right
    found = []
    for column in form.file.table_three.columns:
        value = previous.number(f"requests.{right[-1]}.{column.key}")
        if value is not None:
            found.append(FigureClaim(value, ((f"requests.{left[-1]}.{column.key}",),)))
    return found


def _text(report: Report, form: Form, context: Context) -> list[FigureClaim]:
    said = {one.value for one in context.said(report).of(RECEIVED)}
    if len(said) != 1:
        return []
    table = form.file.table_three
    received, carried_in = (f"requests.{row}.{table.total_column}" for row in table.balance.left)
    return [FigureClaim(said.pop(), ((received,), (received, carried_in)))]

"""What is known of a report as it was published: its copies, where they stand, and the witnesses for its dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from config.filings import Filed
from report.report import Report


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A figure that two copies give differently, as each writes it."""

    key: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two copies beside each other: how many figures both give with certainty, and those that differ."""

    compared: int
    differences: tuple[FigureDifference, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a report: what a letter calls it.

    ``unread`` says why it was not read ("": it was), ``beside`` how it compares with the first copy, None for that
    one and for those that were not read.
    """

    name: str
    unread: str = ""
    beside: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where a report stands: its column, and whether the agency's reports belong there (None: not told).

    ``folder_year`` is the report year that the portal gives its folder, ``of_report_years`` whether the folders of this
    portal are named after report years, as the other reports in them show (a folder may be named after the year of
    publication).
    """

    column: str
    belongs: bool | None
    folder_year: int | None = None
    of_report_years: bool = False


@dataclass(frozen=True, slots=True)
class DatedBy:
    """A witness for a date: what a letter calls it and the day. ``record``: it says when the record was made."""

    name: str
    day: date
    record: bool = False


@dataclass(frozen=True, slots=True)
class Former:
    """A former year's report of the agency that was seen in the column: it is there unless one of these says otherwise.

    ``gone_on`` is the day of the second of two looks that each prove its absence; ``unproved`` is why it cannot be
    told where it was not found and that is not proved.
    """

    year: int
    column: str
    gone_on: date | None = None
    unproved: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A report of an agency for a year as it was published; ``label`` says how a letter names a figure.

    ``copies`` and ``spots`` are those that can be opened now. ``absent_on`` is the day of the last complete look that
    did not find the report yet, ``first_seen`` the day on which it was found. ``rebuilt``: the records of many reports
    of the portal were made anew on one day. ``gone_on`` is the day from which no copy could be opened any more,
    ``change`` what differs between the copy as it was before and as it is now. ``filed`` is what the office's register
    of filings says of the report, None where it keeps none; ``former`` are the agency's reports of former years.
    """

    year: int
    first_seen: date
    label: Callable[[str], str]
    copies: tuple[Copy, ...] = ()
    spots: tuple[Spot, ...] = ()
    witnesses: tuple[DatedBy, ...] = ()
    absent_on: date | None = None
    rebuilt: bool = False
    gone_on: date | None = None
    change: Comparison | None = None
    filed: Filed | None = None
    former: tuple[Former, ...] = ()


def compare(one: Report, other: Report) -> Comparison:
    """Compares the figures that both copies give as certain numbers; what one does not give is no difference."""
    compared = 0
    found = []
    for key in one.figures:
        here, there = one.number(key), other.number(key)
        if here is None or there is None:
            continue
        compared += 1
        if here != there:
            found.append(FigureDifference(key, str(here), str(there)))
    return Comparison(compared, tuple(found))

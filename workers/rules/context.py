"""What a rule may know besides the report itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from config.listed_documents import CountedDocuments
from config.portals import AgencyKind
from config.wanted import Wanted
from report.agency_names import is_government, is_one_of, is_street_or_town, may_be_government
from report.comparing.digest import Digest
from report.form import Form
from report.report import Report
from report.text.said import Said
from report.text.statements import said_in


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a report; everything is optional, and what is not known is not guessed.

    ``previous`` is last year's report of the same agency. Without ``previous_assigned`` its agency is compared by name;
    with it, the ledger says that it is this agency's of last year. ``previous_unread``: there is one that could not be
    read. ``agency_names`` are all known names of the agency whose report this should be, ``other_names`` those of the
    other agencies of its district. ``expected_year`` is the report year that the column or folder, or a person, says.
    ``others`` are the reports for the same year of other agencies of the district, by the agency's name; so many more
    as ``others_unlike`` have too little in common with this one to be compared. ``agencies``
    are those of the agencies that a government's report sums up, None where that is not known;
    ``agencies_complete``: all of them are there. ``wanted`` is what the office wants of section one besides the form.
    ``listed`` is what the office's list of normative documents counts for this agency and year.
    ``forms`` are all known forms by name;
    :func:`workers.rules.check.check_report` fills them in.
    """

    previous: Report | None = None
    previous_assigned: bool = False
    previous_unread: bool = False
    agency_names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    agency_kind: AgencyKind | None = None
    expected_year: int | None = None
    others: Mapping[str, Report] = field(default_factory=dict)
    others_unlike: int = 0
    agencies: Mapping[str, Report | Digest] | None = None
    agencies_complete: bool = False
    wanted: Wanted | None = None
    listed: CountedDocuments | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)

    def names(self, report: Report) -> tuple[str, ...]:
        """Every name of the report's agency, as the register and as the report itself has it."""
        known = self.agency_names if report.agency is None else (*self.agency_names, report.agency)
        return tuple(dict.fromkeys(known))

    def year(self, report: Report) -> int | None:
        """The report year: what the report says, else what the column or a person says."""
        return report.year if report.year is not None else self.expected_year

    def is_government(self, report: Report) -> bool:
        """Whether this is surely the report of a district's, county's or city's government."""
        if self.agency_kind is not None:
            return self.agency_kind == "government"
        return any(is_government(name) for name in self.names(report))

    def may_be_government(self, report: Report) -> bool:
        """Whether this may be a government's report, though neither the register nor its full name says so."""
        return self.agency_kind is None and any(may_be_government(name) for name in self.names(report))

    def said(self, report: Report) -> Said:
        """What the report's running text says of its own tables."""
        return said_in(
            report, self.agency_names, None if self.agency_kind is None else self.agency_kind == "government"
        )

    def is_street_or_town(self, report: Report) -> bool:
        """Whether this is the report of a street or a town."""
        if self.agency_kind is not None:
            return self.agency_kind in ("subdistrict", "town")
        return any(is_street_or_town(name) for name in self.names(report))

    def predates_forms(self, report: Report) -> bool:
        """Whether the report is of a year before the first form, which is not held against anybody."""
        year = self.year(report)
        return year is not None and year < min((one.file.years.first for one in self.forms.values()), default=0)

    def not_last_years(self, report: Report) -> str | None:
        """Why ``previous`` cannot be compared with the report, as a sentence without its full stop; None: it can."""
        year = self.year(report)
        if self.previous is None:
            unread = "上一年度的报告未能读出，无法对照"
            return unread if self.previous_unread else "没有上一年度的报告可供对照"
        if self.previous_assigned:
            return None
        if year is None or self.previous.year is None:
            return "没有读到年度，不能确定所给的是否为上一年度的报告"
        if self.previous.year != year - 1:
            return f"所给的上一年度报告是{self.previous.year}年度的，应为{year - 1}年度"
        names = self.names(report)
        if self.previous.agency is None or not names:
            return "没有认出机关，不能确定所给的上一年度报告属于同一机关"
        if not is_one_of(self.previous.agency, names):
            return f"所给的上一年度报告是“{self.previous.agency}”的，不是“{names[0]}”的"
        return None

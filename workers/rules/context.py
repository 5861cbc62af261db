"""What a rule may know besides the report itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from config.portals import AgencyKind
from report.form import Form
from report.report import Report


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a report; everything is optional, and what is not known is not guessed.

    ``previous`` is last year's report of the same agency. ``agency_names`` are all known names of the agency
    whose report this should be. ``expected_year`` is the report year that the column or folder, or a person,
    says. ``forms`` are all known forms by name; :func:`workers.rules.check.check_report` fills them in.
    """

    previous: Report | None = None
    agency_names: tuple[str, ...] = ()
    agency_kind: AgencyKind | None = None
    expected_year: int | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)

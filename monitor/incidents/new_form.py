"""A form that nobody has told the program of: several agencies' reports of a year have the same rows or columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from config.severity import Severity
from ledger.reading.unknown_labels import unknown_labels
from ledger.states import Audience, IncidentKind
from monitor.incidents.draft import Draft
from report.form import TABLE_NAMES
from report.report import LabelOf

# So many labels and reports are named in the sentence; all of them stand in the incident's detail.
LABELS, REPORTS = 6, 5
_LABEL = 30
_MOST_DETAIL = 50
_NAMES = {LabelOf.ROW: "行", LabelOf.COLUMN: "列"}
IsCurrent = Callable[[str, int], bool]


@dataclass
class _Repeated:
    """A label that repeats: as it is printed, and in whose reports."""

    text: str
    agencies: list[str] = field(default_factory=list)


def new_form_incidents(session: Session, settings: Settings, register: Register, current: IsCurrent) -> Iterator[Draft]:
    """One for each report year in which labels that no form has stand in reports of enough agencies."""
    districts = {agency.id: name for name, file in register.districts.items() for agency in file.agencies}
    by_year: dict[int, dict[tuple[int, LabelOf, str], _Repeated]] = {}
    for seen in unknown_labels(session):
        district = districts.get(seen.agency, "")
        if register.watches(seen.agency, seen.year) and current(district, seen.year):
            of = by_year.setdefault(seen.year, {})
            of.setdefault((seen.table, seen.names, seen.label), _Repeated(seen.text)).agencies.append(seen.agency)
    for year, labels in by_year.items():
        repeated = {key: one for key, one in labels.items() if len(one.agencies) >= settings.new_form_reports}
        if repeated:
            yield _draft(year, repeated, register)


def _draft(year: int, repeated: dict[tuple[int, LabelOf, str], _Repeated], register: Register) -> Draft:
    labels = [
        f"{TABLE_NAMES[table]}“{one.text[:_LABEL]}”{_NAMES[of]}（{len(one.agencies)}份）"
        for (table, of, _), one in repeated.items()
    ]
    agencies = list(dict.fromkeys(agency for one in repeated.values() for agency in one.agencies))
    names = [register.agencies[agency].name for agency in agencies]
    more = f"等{len(names)}份" if len(names) > REPORTS else ""
    others = f"等{len(labels)}处" if len(labels) > LABELS else ""
    return Draft(
        IncidentKind.NEW_FORM,
        f"form:{year}",
        Audience.OPERATORS,
        Severity.WARNING,
        f"{year}年度有{len(names)}份报告的表格中有各版表式都没有的行或列：{'、'.join(labels[:LABELS])}{others}。"
        f"所在的报告：{'、'.join(names[:REPORTS])}{more}。可能是新表式，见docs/add-a-form.md",
        year=year,
        detail={"labels": labels[:_MOST_DETAIL], "agencies": agencies[:_MOST_DETAIL]},
        is_renewed=True,
    )

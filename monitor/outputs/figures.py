"""Every figure of every report, one figure a row: what ``nianbao export`` prints, and the API gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pydantic import with_config
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from config.register import Register
from ledger.reading.readings import stored_reading
from report.check_shape import Sha256
from report.figure import State
from report.form import make_form


@with_config(extra="forbid")
class FigureRowShape(TypedDict):
    """One figure of a report as it was read; ``certain`` is false where the reader had to guess.

    Only where ``state`` is ``number`` there is a value: what is blank, a slash, a dash or unreadable is no zero.
    """

    district: str | None
    agency: str
    name: str | None
    year: int
    form: str | None
    figure: str
    label: str | None
    value: int | Decimal | None
    state: State
    certain: bool
    text: str
    sha256: Sha256


def figure_rows(
    session: Session, register: Register, reports: Iterable[tuple[str, int, str, str]]
) -> Iterator[FigureRowShape]:
    """The figures of reports, each given as agency, report year, and the reading (sha256, reader version)."""
    districts = {agency.id: file.district for file in register.districts.values() for agency in file.agencies}
    labels: dict[str, dict[str, str]] = {}
    for agency, year, sha256, reader in reports:
        report = stored_reading(session, sha256, reader)
        if report is None:
            continue
        entry = register.agencies.get(agency)
        form = register.forms.get(report.form or "")
        if form is not None and form.form not in labels:
            labels[form.form] = {key: figure.label for key, figure in make_form(form).names.items()}
        for figure in report.figures.values():
            yield {
                "district": districts.get(agency),
                "agency": agency,
                "name": entry.name if entry is not None else None,
                "year": year,
                "form": report.form,
                "figure": figure.key,
                "label": labels.get(report.form or "", {}).get(figure.key),
                "value": figure.value,
                "state": figure.state,
                "certain": figure.certain,
                "text": figure.text,
                "sha256": sha256,
            }

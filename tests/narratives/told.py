"""The sentences of a file, each with the tables that it is true of and those that it contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import yaml

from config.forms import SectionKind
from config.portals import AgencyKind
from report.report import Report
from tests.workers.rules.factory import Value, changed, sound, told
from workers.rules.context import Context

HERE = Path(__file__).parent
YEAR = 2024
KINDS: tuple[SectionKind, ...] = get_args(SectionKind)
CELLS = {
    "received": "requests.received.total",
    "carried_in": "requests.carried_in.total",
    "granted": "requests.granted.total",
    "partly_granted": "requests.partly_granted.total",
    "refused": "requests.refused.third_party_rights.total",
    "not_provided": "requests.not_provided.not_held.total",
    "not_handled": "requests.not_handled.petition.total",
    "other": "requests.other.other.total",
    "processed": "requests.processed_total.total",
    "carried_out": "requests.carried_out.total",
    "review": "review.total",
    "upheld": "review.upheld",
    "corrected": "review.corrected",
    "other_result": "review.other",
    "pending": "review.pending",
    "litigation": "litigation_direct.total",
    "litigation_upheld": "litigation_direct.upheld",
    "litigation_corrected": "litigation_direct.corrected",
    "litigation_other": "litigation_direct.other",
    "litigation_pending": "litigation_direct.pending",
    "after_review": "litigation_after_review.total",
    "after_review_upheld": "litigation_after_review.upheld",
    "after_review_corrected": "litigation_after_review.corrected",
    "after_review_pending": "litigation_after_review.pending",
    "regulations": "proactive.regulations.in_force",
    "issued": "proactive.normative_documents.issued",
    "repealed": "proactive.normative_documents.repealed",
    "in_force": "proactive.normative_documents.in_force",
    "licensing": "proactive.licensing.decisions",
    "penalties": "proactive.penalties.decisions",
    "compulsory": "proactive.compulsory_measures.decisions",
    "fees": "proactive.fees.amount",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A text and numbers of the tables; ``rule`` has to see that they differ: for sure, or so far as it does not pass.

    ``rule`` "" : the text is true.
    """

    name: str
    agency: str
    kind: AgencyKind
    texts: Mapping[str, str]
    tables: Mapping[str, int | float]
    rule: str = ""
    sure: bool = False

    def report(self) -> Report:
        """The report that it stands in, sound but for what the case says."""
        cells: dict[str, Value] = dict.fromkeys(CELLS.values(), 0)
        for name, value in self.tables.items():
            cells[CELLS[name]] = value if isinstance(value, int) else Decimal(str(value))
        report = changed(replace(sound(year=YEAR), agency=self.agency, opening=""), cells)
        report = replace(report, title=f"{self.agency}{YEAR}年政府信息公开工作年度报告")
        for kind in KINDS:
            report = told(report, self.texts.get(kind, ""), kind)
        return report

    def context(self) -> Context:
        """Whose report it is."""
        return Context(agency_names=(self.agency,), agency_kind=self.kind, expected_year=YEAR)


def cases(file: str) -> Iterator[Case]:
    """Every case of a file of this folder, by its headings."""
    content = yaml.load((HERE / file).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for heading, rows in content.items():
        for number, row in enumerate(rows):
            yield from _of_row(f"{heading} {number + 1}", row)


def _of_row(name: str, row: list[Any]) -> Iterator[Case]:
    text, tables, *contradictions = row  # tables None: the text is wrong by itself
    texts = dict(text) if isinstance(text, dict) else {"overview": text}
    agency = texts.pop("agency", "东湖区财政局")
    kind = texts.pop("kind", "department")
    plain = Case(name, agency, kind, texts, tables)
    if tables is not None:
        yield plain
    for number, contradiction in enumerate(contradictions):
        for rule, others in contradiction.items():
            called = f"{name} against {number + 1}"
            yield replace(plain, name=called, tables=others, rule=rule[:3], sure=rule.endswith("!"))

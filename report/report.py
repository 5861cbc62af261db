"""What one reader made of one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from config.forms import SectionKind
from report.account import Account
from report.figure import NUMBER, Figure


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report: its number as printed (None where it has none), heading, kind and text."""

    number: int | None
    heading: str
    kind: SectionKind | None
    text: str
    page: int | None = None

    @property
    def characters(self) -> int:
        """How many characters of text it has, white space not counted."""
        return sum(not character.isspace() for character in self.text)


class Unread(StrEnum):
    """Why something of a document was not read; each becomes a sentence of rule X01."""

    TABLE_MISSING = "table_missing"
    ROW_MISSING = "row_missing"
    CELLS_MISSING = "cells_missing"
    UNCERTAIN = "uncertain"
    SECTION_MISSING = "section_missing"
    GARBLED_TEXT = "garbled_text"
    NO_TEXT = "no_text"
    NOT_A_REPORT = "not_a_report"
    UNKNOWN_FORM = "unknown_form"
    UNACCOUNTED = "unaccounted"
    UNKNOWN_LABEL = "unknown_label"
    DISAGREEING = "disagreeing"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read: why, what (a label of the form, in Chinese), and the figures it concerns."""

    why: Unread
    what: str
    cells: tuple[str, ...] = ()


class LabelOf(StrEnum):
    """What a label names."""

    ROW = "row"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class UnknownLabel:
    """A row or column with numbers in one of the tables (2 to 4) that no form has, by its label as printed."""

    table: int
    of: LabelOf
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One document as it was read; a Reading of the ledger holds it as JSON.

    ``form`` is the form as printed ("2019", "2021", "pre-2019") or None where no form was recognised.
    ``figures`` holds every figure of that form, also those that are absent. ``may_be_cut`` is true where the
    document was turned into text by somebody else or breaks off: what is not there was perhaps not in the copy.
    ``years`` tells which year each place in the document names (``title``, ``period``, ``text``).
    ``opening`` is the text before the first section. ``accounted`` says what became of everything seen in it.
    ``unknown_labels`` are the rows and columns of its tables that no form has: perhaps those of the next one.
    """

    source: str
    sha256: str
    media_type: str
    title: str | None
    agency: str | None
    year: int | None
    period: tuple[date, date] | None
    form: str | None
    opening: str = ""
    sections: tuple[Section, ...] = ()
    figures: dict[str, Figure] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    may_be_cut: bool = False
    years: dict[str, int] = field(default_factory=dict)
    accounted: Account = field(default_factory=Account)
    unknown_labels: tuple[UnknownLabel, ...] = ()

    def number(self, key: str) -> int | Decimal | None:
        """The value of a figure that is a number and was read with certainty; None in every other case."""
        figure = self.figures.get(key)
        if figure is None or figure.state is not NUMBER or not figure.certain:
            return None
        return figure.value

    def section(self, kind: SectionKind) -> Section | None:
        """The first section of a kind, None where there is none."""
        return next((section for section in self.sections if section.kind == kind), None)

    def texts(self) -> Iterator[str]:
        """All running text in order: what stands before the first section, then each section."""
        yield self.opening
        for section in self.sections:
            yield section.text

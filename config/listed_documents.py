"""The list of normative documents that a district's 司法行政 department keeps, and what it counts (rule N06)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from config.agencies import Named
from config.yaml_file import DataFile, data_file, fault_at, read_yaml

FILE = "listed_documents.yaml"


class ListedDocument(DataFile):
    """One document: whose it is (the leading agency's id), its number, and the days it was issued and repealed."""

    agency: str
    number: str
    issued: date
    repealed: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.repealed is not None and self.repealed < self.issued:
            raise ValueError("废止日期 repealed 早于制发日期 issued")
        return self


class DocumentList(DataFile):
    """One district's list; ``covers`` are the agencies of which it names every document of its time."""

    whole_from: date
    whole_until: date
    all_in_force: bool = False
    covers: tuple[str, ...] = ()
    documents: tuple[ListedDocument, ...] = ()

    def counted(self, agency: str, year: int) -> CountedDocuments | None:
        """What it counts for an agency and year; None where it is not whole for that year or does not cover it."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        if agency not in self.covers or self.whole_from > first or self.whole_until < last:
            return None
        own = [one for one in self.documents if one.agency == agency]
        standing = [one for one in own if one.issued <= last and (one.repealed is None or one.repealed > last)]
        return CountedDocuments(
            issued=sum(first <= one.issued <= last for one in own),
            repealed=sum(one.repealed is not None and first <= one.repealed <= last for one in own),
            in_force=len(standing) if self.all_in_force else None,
        )


class DocumentLists(DataFile):
    """The lists by district; a district that is not there has none."""

    districts: dict[str, DocumentList] = Field(default={})

    def named(self) -> Iterator[Named]:
        """The districts and agencies that they name, with where they do."""
        for district, one in self.districts.items():
            yield district, None, ("districts", district)
            for number, agency in enumerate(one.covers):
                yield district, agency, ("districts", district, "covers", number)


@dataclass(frozen=True, slots=True)
class CountedDocuments:
    """How many documents of an agency were issued and repealed in a year, and in force at its end (None: not known)."""

    issued: int
    repealed: int
    in_force: int | None


def load_document_lists(home: Path | None = None) -> DocumentLists:
    """The lists of all offices; ConfigurationError with file, line and remedy where the file does not fit."""
    return read_document_lists(data_file(FILE, home))


def read_document_lists(path: Path) -> DocumentLists:
    """The lists of one file; raises as :func:`load_document_lists` does.

    A number that stands twice for one agency would be counted twice: it is a fault, and so is a document of an agency
    that the list does not cover, or one that was issued after the list ends.
    """
    found = read_yaml(path, DocumentLists)
    for district, one in found.districts.items():
        seen: set[tuple[str, str]] = set()
        for number, document in enumerate(one.documents):
            wrong = ""
            if (document.agency, document.number) in seen:
                wrong, remedy = f"“{document.number}”列了两次", "请删去一行"
            elif document.agency not in one.covers:
                wrong, remedy = f"“{document.agency}”不在 covers 中", "请把该机关写进 covers"
            elif document.issued > one.whole_until:
                wrong, remedy = f"“{document.number}”制发于清单截至日期之后", "请改正 issued 或 whole_until"
            if wrong:
                raise fault_at(path, wrong, remedy, "districts", district, "documents", number)
            seen.add((document.agency, document.number))
    return found

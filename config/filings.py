"""The register of filings: which reports an office got, by when it wanted them, and what it sent back (rule P08)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from config.agencies import Named
from config.portals import AgencyKind
from config.yaml_file import DataFile, data_file, fault_at, read_yaml

FILE = "filings.yaml"


class Filing(DataFile):
    """A report that reached the office on the day ``filed``; ``returned`` to be mended, and handed in ``again``."""

    filed: date
    returned: date | None = None
    again: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.again is not None and self.returned is None:
            raise ValueError("写了再次报送日期 again，还须写退回日期 returned")
        days = [day for day in (self.filed, self.returned, self.again) if day is not None]
        if days != sorted(days):
            raise ValueError("报送 filed、退回 returned、再次报送 again 须依次不早于前一日期")
        return self


class YearOfFilings(DataFile):
    """The register of one report year: the date it is due, the day until which it is whole, and the filings by agency.

    ``kinds`` are the kinds of agency that have to file. A government's report is its 主管部门's own (Article 49).
    """

    due: date
    kept_until: date
    kinds: tuple[AgencyKind, ...] = ("department", "subdistrict", "town")
    reports: dict[str, Filing] = Field(default={})


class FilingsFile(DataFile):
    """The registers by district and report year; what is not there is not judged."""

    districts: dict[str, dict[int, YearOfFilings]] = Field(default={})

    def named(self) -> Iterator[Named]:
        """The districts and agencies that it names, with where it does."""
        for district, years in self.districts.items():
            yield district, None, ("districts", district)
            for year, register in years.items():
                for agency in register.reports:
                    yield district, agency, ("districts", district, year, "reports", agency)

    def of(self, district: str, agency: str, kind: str, year: int) -> Filed | None:
        """What it says of an agency's report for a year; None where the agency has not to file, or that is not kept."""
        register = self.districts.get(district, {}).get(year)
        if register is None or kind not in register.kinds:
            return None
        return Filed(register.due, register.kept_until, register.reports.get(agency))


@dataclass(frozen=True, slots=True)
class Filed:
    """What the register of filings says of one agency's report: ``filing`` is None where it does not name it."""

    due: date
    kept_until: date
    filing: Filing | None


def load_filings(home: Path | None = None) -> FilingsFile:
    """The registers of all offices; ConfigurationError with file, line and remedy where the file does not fit."""
    return read_filings(data_file(FILE, home))


def read_filings(path: Path) -> FilingsFile:
    """The registers of one file; raises as :func:`load_filings` does.

    A day that cannot be (before the report year, or after the day until which the register is whole) is a slip of the
    pen, which must not make anybody late.
    """
    found = read_yaml(path, FilingsFile)
    for district, years in found.districts.items():
        for year, register in years.items():
            place = ("districts", district, year)
            if register.due.year not in (year + 1, year + 2):
                wrong = f"{year}年度报告的报送期限 {register.due} 不在次年"
                raise fault_at(path, wrong, "请核对年度和 due", *place, "due")
            for agency, filing in register.reports.items():
                for name, day in (("filed", filing.filed), ("returned", filing.returned), ("again", filing.again)):
                    if day is not None and not date(year, 1, 1) <= day <= register.kept_until:
                        wrong = f"{agency}的日期 {day} 早于{year}年，或晚于登记截至日期 {register.kept_until}"
                        raise fault_at(path, wrong, "请改正该日期或 kept_until", *place, "reports", agency, name)
    return found

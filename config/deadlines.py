"""Due dates by kind of agency, with their basis in law or the words "local practice"."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from config.portals import AgencyKind
from config.yaml_file import ConfigurationError, DataFile, data_file, read_yaml


class Deadline(DataFile):
    """Month and day in the year after the report year; ``statutory`` is false where only practice sets it."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    basis: str
    statutory: bool

    def due(self, year: int) -> date:
        """The due date of the report for ``year``; the day itself is still in time."""
        return date(year + 1, self.month, self.day)


class DeadlinesFile(DataFile):
    """The deadline of every kind of agency."""

    deadlines: dict[AgencyKind, Deadline]


def load_deadlines(home: Path | None = None) -> dict[AgencyKind, Deadline]:
    """The deadlines by kind of agency.

    Raises ConfigurationError where a kind has none or a date does not exist.
    """
    path = data_file("deadlines.yaml", home)
    deadlines = read_yaml(path, DeadlinesFile).deadlines
    kinds: tuple[AgencyKind, ...] = ("government", "department", "subdistrict", "town")
    for kind in kinds:
        if kind not in deadlines:
            raise ConfigurationError(str(path), f"“{kind}”没有时限", "请为四类机关各写一项")
        try:
            deadlines[kind].due(2022)
        except ValueError as error:
            raise ConfigurationError(str(path), f"“{kind}”的日期不存在", "请改正 month 和 day") from error
    return deadlines

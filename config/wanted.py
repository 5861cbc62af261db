"""What a district's office wants of section one besides the form: numbers on its topics, and a length (rule D17)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from config.agencies import Named
from config.yaml_file import DataFile, data_file, read_yaml

FILE = "wanted_numbers.yaml"


class Wanted(DataFile):
    """One office's wishes: the words of each topic of which section one gives a number, and its most characters."""

    numbers: dict[str, tuple[str, ...]] = Field(default={})
    longest: int | None = Field(default=None, ge=100, le=100_000)


class WantedFile(DataFile):
    """The wishes by district; a district that is not there has none, and rule D17 is off for it."""

    districts: dict[str, Wanted] = Field(default={})

    def named(self) -> Iterator[Named]:
        """The districts that it names, with where it does."""
        for district in self.districts:
            yield district, None, ("districts", district)


def load_wanted(home: Path | None = None) -> WantedFile:
    """The wishes of all offices; ConfigurationError with file, line and remedy where the file does not fit."""
    return read_wanted(data_file(FILE, home))


def read_wanted(path: Path) -> WantedFile:
    """The wishes of one file; raises as :func:`load_wanted` does."""
    return read_yaml(path, WantedFile)

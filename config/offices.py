"""Oversight offices and operators: who gets which mail."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from config.yaml_file import ConfigurationError, DataFile, data_file, read_yaml


def _address(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value):
        raise ValueError("不是有效的邮件地址")
    return value


Address = Annotated[str, AfterValidator(_address)]


class Office(DataFile):
    """The oversight office of a district, who gets its mail, and the weekday of its summary (1 is Monday)."""

    district: str
    name: str
    recipients: tuple[Address, ...] = Field(min_length=1)
    weekday: int = Field(default=1, ge=1, le=7)


class OfficesFile(DataFile):
    """All offices, and the operators of the machinery."""

    operators: tuple[Address, ...] = ()
    offices: tuple[Office, ...] = ()

    def office(self, district: str) -> Office | None:
        """The office of a district, None where none is configured."""
        return next((office for office in self.offices if office.district == district), None)


def load_offices(home: Path | None = None) -> OfficesFile:
    """The offices and operators; ConfigurationError where the file does not fit or a district appears twice."""
    path = data_file("offices.yaml", home)
    offices = read_yaml(path, OfficesFile)
    districts = [office.district for office in offices.offices]
    for district in districts:
        if districts.count(district) > 1:
            raise ConfigurationError(str(path), f"“{district}”有两个主管部门", "请为每个区只写一项")
    return offices

"""The portal files: facts about each portal that is watched, one YAML file each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.yaml_file import ConfigurationError, DataFile, data_files, read_yaml

AgencyKind = Literal["government", "department", "subdistrict", "town"]


class PortalColumn(DataFile):
    """A list page where reports appear.

    ``address`` is relative to the portal's ``start`` or absolute. ``kinds`` and ``years`` (report years) say whose
    reports belong here; empty means all.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    address: str
    kinds: tuple[AgencyKind, ...] = ()
    years: tuple[int, ...] = ()


class Pace(DataFile):
    """How politely a portal is asked: seconds between two requests, and requests at once."""

    delay_seconds: float = Field(default=2.0, ge=0)
    at_once: int = Field(default=1, ge=1, le=8)


class PortalFile(DataFile):
    """One portal: its address, family, encoding, pace and columns. ``observed`` says when these facts were seen."""

    portal: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    district: str
    start: str = Field(pattern=r"^https?://")
    family: str
    encoding: str | None = None
    observed: date
    pace: Pace = Pace()
    paused: bool = False
    columns: tuple[PortalColumn, ...] = Field(min_length=1)


def load_portals(home: Path | None = None) -> dict[str, PortalFile]:
    """All portal files by portal id; an office's file replaces ours of the same name.

    Raises ConfigurationError where one does not fit or two claim the same id.
    """
    portals: dict[str, PortalFile] = {}
    for path in data_files("portals", home):
        portal = read_yaml(path, PortalFile)
        if portal.portal in portals:
            raise ConfigurationError(f"{path}:1", f"门户“{portal.portal}”已在另一文件中定义", "请改用别的 portal 名称")
        if len({column.id for column in portal.columns}) != len(portal.columns):
            raise ConfigurationError(str(path), "有两个栏目的 id 相同", "请为每个栏目使用不同的 id")
        portals[portal.portal] = portal
    return portals

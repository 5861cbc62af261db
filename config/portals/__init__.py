"""The portal files: facts about each portal that is watched, one YAML file each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.families import JsonRows
from config.yaml_file import ConfigurationError, DataFile, data_files, read_yaml

# The family is found from the page itself, and kept in the ledger.
AUTO = "auto"
AgencyKind = Literal["government", "department", "subdistrict", "town"]


class PortalColumn(DataFile):
    """A list page where reports appear.

    ``address`` is relative to the portal's ``start`` or absolute. ``kinds`` and ``years`` (report years) say whose
    reports belong here; empty means all. ``units`` are the codes that stand for ``{unit}`` in ``address``. ``family``
    is this column's own, where it is another than the portal's; ``parameters`` are those of an endpoint
    (config/families) that cannot be found on the page.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    address: str
    kinds: tuple[AgencyKind, ...] = ()
    years: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    family: str | None = None
    parameters: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _units_have_their_place(self) -> Self:
        if ("{unit}" in self.address) != bool(self.units):
            raise ValueError("address 中的 {unit} 和 units 必须同时写明")
        return self


class Pace(DataFile):
    """How politely a portal is asked: seconds between two requests, and requests at once."""

    delay_seconds: float = Field(default=2.0, ge=0)
    at_once: int = Field(default=1, ge=1, le=8)


class Tls(DataFile):
    """What is allowed for the host of ``start`` alone, where the site has nothing better.

    ``self_signed``: a certificate that nobody vouches for, that has run out or names another host. ``oldest``: the
    oldest version of TLS.
    """

    self_signed: bool = False
    oldest: Annotated[Literal["1.0", "1.1", "1.2", "1.3"], BeforeValidator(str)] = "1.2"


class PortalFile(DataFile):
    """One portal: its address, family, encoding, pace and columns. ``observed`` says when these facts were seen.

    ``family`` is how the site builds its lists; without it, that is found from the page of each column.

    ``http_hosts`` are the hosts to which pages of a portal on https may lead without encryption. ``json_rows`` is for
    the family ``json-list`` only.
    """

    portal: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    district: str
    start: str = Field(pattern=r"^https?://")
    family: str = AUTO
    encoding: str | None = None
    observed: date
    pace: Pace = Pace()
    tls: Tls = Tls()
    http_hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+(:\d+)?$")], ...] = ()
    paused: bool = False
    json_rows: JsonRows | None = None
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

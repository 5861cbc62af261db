"""The portal files: facts about each portal that is watched, one YAML file each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.families import FamilyFile, JsonRows
from config.yaml_file import ConfigurationError, DataFile, data_files, fault_at, read_yaml

# The family is found from the page itself, and kept in the ledger.
AUTO = "auto"
JSON_LIST = "json-list"
# The names of the classes in crawler/families; config/families has the presets beside them.
FAMILIES = (
    "column-of-columns",
    "feed",
    "hanweb",
    "hanweb-xxgk",
    JSON_LIST,
    "numbered-columns",
    "static-list",
    "trs",
    "unit-codes",
    "unit-pages",
    "year-folders",
)
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


def read_portal(path: Path) -> PortalFile:
    """One portal file. Raises ConfigurationError where it does not fit."""
    portal = read_yaml(path, PortalFile)
    ids = [column.id for column in portal.columns]
    for number, column in enumerate(ids):
        if column in ids[:number]:
            raise fault_at(
                path, f"有两个栏目的 id 相同（{column}）", "请为每个栏目使用不同的 id", "columns", number, "id"
            )
    return portal


def portal_clashes(portals: Mapping[Path, PortalFile]) -> Iterable[tuple[Path, ConfigurationError]]:
    """The files that claim the id of one before them."""
    seen: set[str] = set()
    for path, portal in portals.items():
        if portal.portal in seen:
            wrong = f"门户“{portal.portal}”已在另一文件中定义"
            yield path, fault_at(path, wrong, "请改用别的 portal 名称", "portal")
        seen.add(portal.portal)


def family_clashes(
    portals: Mapping[Path, PortalFile], presets: Mapping[str, FamilyFile]
) -> Iterable[tuple[Path, ConfigurationError]]:
    """Families of portals and columns that do not exist, or lack what they need."""
    known = {*FAMILIES, *presets, AUTO}
    for path, portal in portals.items():
        named: list[tuple[str, tuple[int | str, ...]]] = [(portal.family, ("family",))]
        for number, column in enumerate(portal.columns):
            if column.family is not None:
                named.append((column.family, ("columns", number, "family")))
        for family, location in named:
            if family not in known:
                remedy = f"可用的类型：{'、'.join(sorted(known))}"
                yield path, fault_at(path, f"没有名为“{family}”的门户类型", remedy, *location)
            elif family == JSON_LIST and portal.json_rows is None:
                wrong, remedy = "类型 json-list 没有写明 json_rows", "请按 docs/add-a-portal.md 补上"
                yield path, fault_at(path, wrong, remedy, *location)


def load_portals(home: Path | None = None) -> dict[str, PortalFile]:
    """All portal files by portal id; an office's file replaces ours of the same name.

    Raises ConfigurationError where one does not fit or two claim the same id.
    """
    portals = {path: read_portal(path) for path in data_files("portals", home)}
    for _, clash in portal_clashes(portals):
        raise clash
    return {portal.portal: portal for portal in portals.values()}

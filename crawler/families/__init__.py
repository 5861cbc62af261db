"""Portal families: a family is one class, a system with an endpoint a preset, a portal a file of facts.

``family:`` of a portal or a column names one of them; ``auto`` finds it from the column's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from config.families import FamilyFile, read_families
from config.portals import AUTO, PortalColumn, PortalFile
from config.yaml_file import ConfigurationError, data_files, stamps
from crawler.families.column_family import ColumnFamily
from crawler.families.family import Family
from crawler.families.feed import Feed
from crawler.families.folders import ColumnOfColumns, NumberedColumns, UnitCodes, YearFolders
from crawler.families.hanweb import Hanweb
from crawler.families.hanweb_xxgk import HanwebXxgk
from crawler.families.json_list import JsonList
from crawler.families.static_list import StaticList
from crawler.families.trs import Trs
from crawler.families.unit_pages import UnitPages

FAMILIES: dict[str, type[Family]] = {
    family.name: family
    for family in (
        Trs,
        StaticList,
        YearFolders,
        ColumnOfColumns,
        NumberedColumns,
        UnitCodes,
        Hanweb,
        HanwebXxgk,
        UnitPages,
        JsonList,
        Feed,
    )
}


def presets(home: Path | None = None) -> Mapping[str, FamilyFile]:
    """The systems with an endpoint, by name; read again when a file has changed."""
    return _presets(stamps(data_files("families", home)))


@lru_cache(maxsize=4)
def _presets(files: tuple[tuple[str, int, int], ...]) -> Mapping[str, FamilyFile]:
    """Of the same files the same object, whatever home: a round inherits those that ship (crawler.rounds.process)."""
    return read_families(Path(path) for path, _, _ in files)


def family_of(
    portal: PortalFile, column: PortalColumn, home: Path | None = None, known: str | None = None
) -> ColumnFamily:
    """The family of a column; ``known`` is the one that was found for it before, where it is to be found.

    Raises ConfigurationError where the portal's file names one that does not exist.
    """
    systems = presets(home)
    return ColumnFamily(portal, column, systems, lambda name: _made(portal, name, systems), known)


def _made(portal: PortalFile, name: str, systems: Mapping[str, FamilyFile]) -> Family:
    if name in systems:
        return JsonList(portal, systems[name])
    family = FAMILIES.get(name)
    if family is None:
        known = "、".join(sorted({*FAMILIES, *systems, AUTO}))
        raise ConfigurationError(f"门户文件 {portal.portal}", f"没有名为“{name}”的门户类型", f"可用的类型：{known}")
    return family(portal)

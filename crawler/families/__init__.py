"""Portal families: a family is one class, a portal is a file of facts (``family:`` names the class)."""

from __future__ import annotations

from config.portals import PortalFile
from config.yaml_file import ConfigurationError
from crawler.families.family import Family
from crawler.families.feed import Feed
from crawler.families.folders import ColumnOfColumns, NumberedColumns, UnitCodes, YearFolders
from crawler.families.hanweb import Hanweb
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
        UnitPages,
        JsonList,
        Feed,
    )
}


def family_of(portal: PortalFile) -> Family:
    """The family of a portal. Raises ConfigurationError where its file names one that does not exist."""
    family = FAMILIES.get(portal.family)
    if family is None:
        known = "、".join(sorted(FAMILIES))
        raise ConfigurationError(
            f"门户文件 {portal.portal}", f"没有名为“{portal.family}”的门户类型", f"可用的类型：{known}"
        )
    return family(portal)

"""The files of an office that watches the season: the package's portal files with another address, and registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from config.yaml_file import PACKAGED
from tests.portals.season.plan import YEAR, District

OBSERVED = date(YEAR + 1, 1, 2)
_OTHERS = {"family": "trs"}


def write_office(home: Path, districts: Iterable[District], addresses: Mapping[str, str]) -> None:
    """A portal file and a register for each district; a district without an address is not written."""
    for folder in ("portals", "agencies"):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
    for made in districts:
        register = {
            "district": made.name,
            "portal": made.portal,
            "watched": {"first": YEAR},
            "agencies": [unit.entry for unit in made.units],
        }
        for folder, content in (("portals", portal_file(made, addresses[made.portal])), ("agencies", register)):
            path = home / "config" / folder / f"{made.portal}.yaml"
            path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def portal_file(made: District, address: str) -> dict[str, Any]:
    """The portal file that comes with the package, at ``address`` and without a pause, as ``made`` changes it."""
    shipped = PACKAGED / "portals" / f"{made.portal}.yaml"
    facts = yaml.safe_load(shipped.read_text(encoding="utf-8")) if shipped.exists() else _OTHERS
    here = {"portal": made.portal, "name": made.look.site, "district": made.name, "start": f"{address}/"}
    return {**facts, **here, "observed": OBSERVED, "paused": False, "pace": {"delay_seconds": 0}, **made.file}

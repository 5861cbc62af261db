"""What nianbao is made of, as CycloneDX 1.6: each package of requirements.lock with licence, hashes, who asks.

``make sbom`` writes it. Versions, hashes and dependencies are the lock file's, licences those that the installed
packages name themselves.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = CHECKOUT / "requirements.lock"
# Packages for other platforms or versions of Python than the one that writes the bill.
ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "brotlicffi": "MIT",
    "colorama": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause",
    "pypydispatcher": "BSD-3-Clause",
}


@dataclass(frozen=True)
class Locked:
    """One package of a lock file; ``marker`` says where it is installed (empty: everywhere)."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    asked_for_by: tuple[str, ...]


def locked(text: str) -> list[Locked]:
    """The packages of a lock file as uv writes it."""
    found = []
    for block in re.split(r"\n(?=[\w.\-]+==)", text)[1:]:
        head, *rest = block.splitlines()
        name, version, marker = re.fullmatch(r"([\w.\-]+)==([^ ]+)(?: ; (.*?))? \\", head).groups("")  # type: ignore[union-attr]
        said = re.sub(r"^ +# via *", "", "\n".join(line for line in rest if line.lstrip().startswith("#")))
        askers = re.findall(r"[\w.\-]+", re.sub(r"\(.*?\)|#", "", said))
        found.append(Locked(name, version, marker, tuple(re.findall(r"sha256:(\w{64})", block)), tuple(askers)))
    return found


def licence(name: str) -> str:
    """The licence of a package in its own words. Raises KeyError where it names none."""
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    metadata: Message = importlib.metadata.distribution(name).metadata  # type: ignore[assignment]
    classified = [line.rsplit(" :: ", 1)[-1] for line in metadata.get_all("Classifier", []) if "License ::" in line]
    words = metadata.get("License-Expression") or " AND ".join(classified) or metadata.get("License")
    if not words:
        raise KeyError(f"{name} names no licence")
    return str(words).splitlines()[0]


def bill(packages: list[Locked]) -> Bom:
    """The bill of the program that a lock file describes."""
    licences = LicenseFactory()
    bom = Bom()
    ours = importlib.metadata.metadata("nianbao")
    root = Component(
        name="nianbao",
        version=ours["Version"],
        type=ComponentType.APPLICATION,
        bom_ref="nianbao",
        description=ours["Summary"],
        licenses=[licences.make_from_string(licence("nianbao"))],
        supplier=OrganizationalEntity(name="nianbao"),
    )
    bom.metadata.component = root
    by_name: dict[str, list[Component]] = {"nianbao": [root]}
    for package in packages:
        address = PackageURL("pypi", None, package.name, package.version)
        component = Component(
            name=package.name,
            version=package.version,
            type=ComponentType.LIBRARY,
            bom_ref=str(address),
            purl=address,
            licenses=[licences.make_from_string(licence(package.name))],
            external_references=[
                ExternalReference(
                    type=ExternalReferenceType.DISTRIBUTION,
                    url=XsUri(f"https://pypi.org/project/{package.name}/{package.version}/"),
                    hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.hashes],
                )
            ],
            properties=[Property(name="nianbao:installed-where", value=package.marker)] if package.marker else [],
        )
        bom.components.add(component)
        by_name.setdefault(package.name, []).append(component)
    for package in packages:
        for asker in package.asked_for_by:
            for component in by_name[asker]:
                bom.register_dependency(component, by_name[package.name])
    return bom


def main() -> None:
    """Prints the bill."""
    packages = locked(LOCK.read_text(encoding="utf-8"))
    sys.stdout.write(JsonV1Dot6(bill(packages)).output_as_string(indent=1) + "\n")


if __name__ == "__main__":
    main()

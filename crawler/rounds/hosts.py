"""Which hosts portals are asked at, and which portals therefore belong together: manners are kept in one process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.portals import PortalFile
from crawler.fetching.pace import host_of


def hosts_of(portal: PortalFile) -> set[str]:
    """The hosts that a portal's lists stand on, with their ports."""
    addresses = [portal.start, *(column.address for column in portal.columns)]
    return {host_of(address) for address in addresses} - {""}


def hosts_of_all(portals: Iterable[PortalFile]) -> set[str]:
    """The hosts of some portals."""
    return {host for portal in portals for host in hosts_of(portal)}


def worlds_of(portals: Sequence[PortalFile]) -> list[tuple[PortalFile, ...]]:
    """The portals by world: those that share a host, their own or that of a column, are one."""
    groups: list[tuple[set[str], list[PortalFile]]] = []
    for portal in portals:
        hosts, members = hosts_of(portal), [portal]
        for group in [one for one in groups if one[0] & hosts]:
            groups.remove(group)
            hosts |= group[0]
            members = [*group[1], *members]
        groups.append((hosts, members))
    return [tuple(members) for _, members in groups]

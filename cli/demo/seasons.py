"""The two seasons that the demo replays, day by day, and what has to come out of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from config.severity import Severity
from ledger.states import PortalState, Standing


@dataclass(frozen=True, slots=True)
class DemoSeason:
    """One season: the first and last day that are lived, in the year after the report year."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Every day of it, in order."""
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)


# From about a week before the first report of each: what is there already is the beginning of every portal's watch.
SEASONS = (
    DemoSeason(date(2020, 1, 8), date(2020, 4, 5)),
    DemoSeason(date(2024, 3, 11), date(2024, 4, 5)),
)


# What an attentive person would find on the demo's portals: standings, the rules that fail, the state of the portals.
STANDINGS = {
    "chaoyang-zuojiazhuang": Standing.ON_TIME,
    "chaoyang-nanmofang": Standing.ON_TIME,
    "chaoyang-shili": Standing.LATE,
    "chaoyang-yangban": Standing.MISSING,
    "hongze-government": Standing.ON_TIME,
    "shifan-dongfeng": Standing.UNVERIFIABLE,
    "shifan-xihu": Standing.UNVERIFIABLE,
}
ERRORS = {
    "chaoyang-zuojiazhuang": ["T05", "T06"],
    "hongze-government": ["D07", "T08", "T08"],
}
UNREADABLE = {"chaoyang-nanmofang": "X01"}
PORTALS = {
    "demo-chaoyang": PortalState.HEALTHY,
    "demo-hongze": PortalState.HEALTHY,
    "demo-shifan": PortalState.BLOCKED,
}


def differences(end: dict[str, Any]) -> list[str]:
    """What in the end state of a replay is not as the story has it, one Chinese sentence each; empty: all is well."""
    found = []
    standings = {agency["id"]: agency["standing"] for agency in end["agencies"]}
    for agency, standing in STANDINGS.items():
        if standings.get(agency) != standing:
            found.append(f"{agency} 应为 {standing}，实为 {standings.get(agency)}")
    for agency, rules in ERRORS.items():
        errors = sorted(
            finding["rule"]
            for finding in end["findings"]
            if finding["agency_id"] == agency and finding["severity"] == Severity.ERROR
        )
        if errors != rules:
            found.append(f"{agency} 的错误级问题应为 {rules}，实为 {errors}")
    for agency in {finding["agency_id"] for finding in end["findings"] if finding["severity"] == Severity.ERROR} - set(
        ERRORS
    ):
        found.append(f"{agency} 不应有错误级问题")
    for agency, rule in UNREADABLE.items():
        if not any(finding["agency_id"] == agency and finding["rule"] == rule for finding in end["findings"]):
            found.append(f"{agency} 应有 {rule}")
    portals = {portal["portal"]: portal["state"] for portal in end["portals"]}
    for portal, state in PORTALS.items():
        if portals.get(portal) != state:
            found.append(f"门户 {portal} 应为 {state}，实为 {portals.get(portal)}")
    kinds = {mail["kind"] for mail in end["mails"]}
    found += [f"没有收到 {kind} 类邮件" for kind in ("alert", "operators", "weekly") if kind not in kinds]
    return found

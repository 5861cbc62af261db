"""What became of generated portals against the truth of their plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.portals.lists.generated import Draw
from tests.portals.lists.outcome import Outcome
from tests.portals.lists.serving import ListPortal

SHARE_READ_RIGHT = 0.97


@dataclass(frozen=True)
class Judged:
    """False accusations, by portal and agency; the lists read right of those that can be; the missing not found."""

    accused: tuple[str, ...]
    wrong: tuple[str, ...]
    overlooked: tuple[str, ...]
    readable: int
    right: int
    portals: int

    @property
    def share(self) -> float:
        """The share of lists that were read right, of those that can be read."""
        return self.right / self.readable if self.readable else 1.0

    @property
    def good(self) -> bool:
        """Whether nobody was accused wrongly, and enough was read."""
        return not self.accused and not self.overlooked and self.share >= SHARE_READ_RIGHT

    @property
    def lines(self) -> list[str]:
        """What a person reads."""
        return [
            *(f"accused: {line}" for line in self.accused),
            *(f"overlooked: {line}" for line in self.overlooked),
            *(f"not read: {line}" for line in self.wrong),
            f"{self.portals} portals, {self.readable} readable, {self.right} read right ({self.share:.1%}), "
            f"{len(self.accused)} wrongly accused, {len(self.overlooked)} missing overlooked",
        ]


def judged(portals: Mapping[str, tuple[Draw, ListPortal]], outcome: Outcome) -> Judged:
    """The outcome against the plans."""
    accused, wrong, overlooked = [], [], []
    right = 0
    for name, (draw, portal) in portals.items():
        truth, found = portal.district.standings, outcome.of(portal)
        for agency, standing in found.items():
            if standing in ("missing", "late") and standing != truth[agency]:
                accused.append(f"{agency} {standing}, truly {truth[agency]} [{draw}]")
        published = [agency for agency in truth if truth[agency] != "missing"]
        was_read = all(found[agency] == truth[agency] for agency in published)
        if draw.readable and found == truth:
            right += 1
        elif draw.readable:
            wrong.append(f"{name} [{draw}] {found} {outcome.looks.get(name, '')}")
        if draw.readable and was_read and found != truth:
            overlooked.append(f"{name} [{draw}] {outcome.looks.get(name, '')}")
    readable = sum(draw.readable for draw, _ in portals.values())
    return Judged(tuple(accused), tuple(wrong), tuple(overlooked), readable, right, len(portals))

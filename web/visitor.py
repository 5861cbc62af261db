"""Who looks at a page, and what they may: the one place where roles and districts are decided on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ledger.people.record import Who
from ledger.states import DeskRole


class Need(StrEnum):
    """What an address asks of whoever opens it."""

    NOTHING = "nothing"
    LOGIN = "login"
    DECIDE = "decide"
    APPROVE = "approve"
    OPERATE = "operate"


_MAY: dict[DeskRole, frozenset[Need]] = {
    DeskRole.VIEWER: frozenset({Need.NOTHING, Need.LOGIN}),
    DeskRole.OFFICER: frozenset({Need.NOTHING, Need.LOGIN, Need.DECIDE}),
    DeskRole.REVIEWER: frozenset({Need.NOTHING, Need.LOGIN, Need.DECIDE, Need.APPROVE}),
    DeskRole.OPERATOR: frozenset({Need.NOTHING, Need.LOGIN, Need.DECIDE, Need.OPERATE}),
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in; ``districts`` is None for all. ``token`` is their session's, as the browser has it."""

    account: str
    name: str
    role: DeskRole
    districts: tuple[str, ...] | None
    token: str

    def may(self, need: Need | str) -> bool:
        """Whether their role allows something."""
        return Need(need) in _MAY[self.role]

    def sees(self, district: str | None) -> bool:
        """Whether they see a district; what belongs to none is seen by who sees all."""
        return self.districts is None or district in self.districts

    def seen(self, districts: Iterable[str]) -> list[str]:
        """Those of the districts that they see."""
        return [district for district in districts if self.sees(district)]

    @property
    def who(self) -> Who:
        """Whose word it is, for the record."""
        return Who(self.name, self.account)

"""The states of portals and rounds in Chinese, as commands print them: in the words of the office."""

from __future__ import annotations

from config.wording import Wording
from ledger.states import PortalState

UNKNOWN = "尚未看过"
ROUND_FAILED = "抓取出错"


def state_word(state: PortalState | None, wording: Wording) -> str:
    """The word for a state; for None that nothing is known yet."""
    return UNKNOWN if state is None else wording.portals[state.value]

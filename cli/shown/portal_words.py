"""The states of portals and rounds in Chinese, as commands print them."""

from __future__ import annotations

from ledger.states import PortalState

STATE_WORDS = {
    PortalState.HEALTHY: "正常",
    PortalState.UNREACHABLE: "无法访问",
    PortalState.BLOCKED: "访问被拦截",
    PortalState.LAYOUT_CHANGED: "版面有变",
    PortalState.NOT_PERMITTED: "不允许抓取",
    PortalState.PAUSED: "已暂停",
}
UNKNOWN = "尚未看过"
ROUND_FAILED = "抓取出错"


def state_word(state: PortalState | None) -> str:
    """The word for a state; for None that nothing is known yet."""
    return UNKNOWN if state is None else STATE_WORDS[state]

"""What a look at a column is worth, against this portal's own history; only a good look shows an absence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.settings import COMMON_CAUSE_SHARE
from ledger.crawling.articles import KnownArticle
from ledger.models import Look
from ledger.states import STANDING_THERE, PortalState

# From the gravest: what the operators must know of first is the state of the portal.
_GRAVITY = (
    PortalState.BLOCKED,
    PortalState.NOT_PERMITTED,
    PortalState.UNREACHABLE,
    PortalState.LAYOUT_CHANGED,
    PortalState.HEALTHY,
)


# So many reports may vanish from a list without the list having become another one.
_MOST_GONE = 4


@dataclass(frozen=True, slots=True)
class Listed:
    """What was read from the list pages of a column.

    ``former`` are the reports that stood there before, ``gone`` how many of them do not any more.
    """

    rows: int
    dropped: int
    dated: int
    recognised: bool
    former: int = 0
    gone: int = 0


def former_reports(known: Iterable[KnownArticle], column: str, since: datetime) -> list[KnownArticle]:
    """The reports of all seasons that were last seen in a column at ``since`` or later, and never called withdrawn."""
    return [
        one
        for one in known
        if one.column == column and one.outcome in STANDING_THERE and not one.withdrawn and one.last_seen_at >= since
    ]


def judge_list(listed: Listed, before: Look | None, had_dates: bool) -> tuple[PortalState, str]:
    """The state and the sentence of a list whose pages were all read.

    ``before`` is the last good look since the portal file's facts were observed: who has checked a new layout writes
    the day into the file's ``observed`` and thereby accepts it.
    """
    changed = PortalState.LAYOUT_CHANGED
    check = "请核对栏目；如属正常改版，请改正门户文件并更新其中的 observed 日期"
    if listed.rows == 0:
        if before is not None and before.rows > 0:
            return changed, f"栏目以前有 {before.rows} 条，现在一条也没有；{check}"
        if not listed.recognised:
            return changed, "栏目页上没有条目，也认不出是列表页；请核对门户文件中的栏目地址和类型"
        return PortalState.HEALTHY, "栏目目前没有条目"
    if before is not None and listed.rows * 2 < before.rows:
        return changed, f"栏目以前有 {before.rows} 条，现在只有 {listed.rows} 条；{check}"
    if listed.gone > max(_MOST_GONE, COMMON_CAUSE_SHARE * listed.former):
        return changed, f"栏目中以前有的 {listed.former} 份报告，现在有 {listed.gone} 份不在列表上；{check}"
    if had_dates and listed.dated == 0:
        return changed, f"栏目的条目以前有日期，现在都没有；{check}"
    kept = listed.rows - listed.dropped
    if before is not None and before.rows > before.dropped and kept == 0:
        return changed, f"栏目的 {listed.rows} 条没有一条能认出是年度报告，以前有；{check}"
    return PortalState.HEALTHY, ""


def gravest(states: Sequence[tuple[PortalState, str]]) -> tuple[PortalState, str]:
    """The state of a portal from those of its looks, with its sentence."""
    return min(states, key=lambda one: _GRAVITY.index(one[0]))

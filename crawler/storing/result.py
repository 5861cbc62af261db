"""How a round ended, as it is handed from the round's process to whoever asked for it."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from datetime import datetime

from config.settings import Settings
from ledger.states import PortalState, RoundFailure, RoundState

# How a portal is found whose round its own pages ended; the other failures say nothing about it.
_FOUND = {
    RoundFailure.TIME_LIMIT: PortalState.UNREACHABLE,
    RoundFailure.MEMORY_LIMIT: PortalState.LAYOUT_CHANGED,
    RoundFailure.STALLED: PortalState.LAYOUT_CHANGED,
    RoundFailure.DIED: PortalState.LAYOUT_CHANGED,
    RoundFailure.ERROR: PortalState.LAYOUT_CHANGED,
}
# So a process dies, too, whose memory is used up: in a parser, in the C library, by the kernel.
_OUT_OF_MEMORY = (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGKILL)


def found_after(failure: RoundFailure | None) -> PortalState | None:
    """The state of a portal whose round failed so; None where that says nothing about the portal."""
    return _FOUND.get(failure) if failure is not None else None


def failure_sentence(
    failure: RoundFailure | None, settings: Settings, limit_seconds: float, exit_code: int | None = None
) -> str:
    """What people read of a round that was broken off; ``exit_code`` is that of its process, where it died."""
    match failure:
        case RoundFailure.STOPPED:
            return "服务正在停止，这一轮没有做完"
        case RoundFailure.TIME_LIMIT:
            return f"这一轮超过 {limit_seconds:g} 秒仍未结束，已中止"
        case RoundFailure.STALLED:
            return f"门户的某个页面让程序停在一处超过 {settings.crawl_stall_seconds:g} 秒（处理器时间），这一轮已中止"
        case RoundFailure.MEMORY_LIMIT:
            return f"门户的页面用尽了 {settings.crawl_memory_megabytes} MB 内存，这一轮已中止"
        case RoundFailure.NOT_STARTED:
            return "抓取进程无法启动"
        case RoundFailure.DIED:
            ended = f"抓取进程意外终止（退出码 {exit_code}）"
            return f"{ended}，{_if_memory(settings)}" if exit_code in _OUT_OF_MEMORY else ended
        case _:
            return "抓取进程没有给出这个门户的结果"


def _if_memory(settings: Settings) -> str:
    return (
        "可能是内存用尽：请查看本机的可用内存；够用的，可调大 "
        f"NIANBAO_CRAWL_MEMORY_MEGABYTES（现为 {settings.crawl_memory_megabytes} MB）"
    )


@dataclass(frozen=True, slots=True)
class LookResult:
    """One look at one column, as in ``ledger.models.Look``."""

    column: str
    found: PortalState
    complete: bool
    rows: int
    dropped: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One round over one portal. ``found`` is None where the round itself failed, and ``failure`` says why.

    ``figures``: requests, unchanged (304), bytes, new_articles, new_versions, failed_articles, and
    retry_after (seconds that the portal asked to be left in peace).
    """

    portal: str
    state: RoundState
    found: PortalState | None
    sentence: str
    failure: RoundFailure | None = None
    looks: tuple[LookResult, ...] = ()
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewWork:
    """A round has found documents, which wait in the ledger since ``at``: the queue is worth filling."""

    at: datetime

"""Whether documents are being read: workers that are busy, deaf, gone, or cannot be reached, told apart.

A canary that comes back shows that the queue is being emptied. One that does not, while workers beat, shows nothing by
itself: it may stand behind a thousand documents. Who beats, has nothing in hand and took nothing all the while is deaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from config.settings import Settings
from ledger.machinery.canaries import CanaryState, canary_state, moment_of_return
from ledger.machinery.heartbeat import WORKER, heartbeats, is_alive, silent_after, takes_from
from ledger.models import Heartbeat
from ledger.states import Queue
from monitor.calendar import chinese_moment

# A healthy worker that waits beside others is passed over so many times for each of them with a chance of one in a
# billion: whoever waits is given the next task at random.
PASSED_OVER = 20
# One canary may be lost with the broker's memory; two were not.
ENOUGH_CANARIES = 2
WHO = {Queue.READ: "读取进程", Queue.SCAN: "识别扫描件的读取进程"}


class ReadingWord(StrEnum):
    """UNKNOWN: no canary has come back or is overdue yet."""

    OK = "ok"
    BUSY = "busy"
    UNKNOWN = "unknown"
    DEAF = "deaf"
    GONE = "gone"
    BROKER_AWAY = "broker_away"


@dataclass(frozen=True)
class ReadingState:
    """How reading stands, and what that rests on; ``passed_over`` beat, but take nothing while others do."""

    word: ReadingWord
    sentence: str
    canary: CanaryState
    alive: tuple[Heartbeat, ...]
    passed_over: tuple[Heartbeat, ...]
    last_taken: datetime | None


def reading_state(session: Session, settings: Settings, now: datetime, queue: Queue = Queue.READ) -> ReadingState:
    """How reading from a queue stands at ``now`` (by the ledger's clock)."""
    canary = canary_state(session, queue)
    beats = [beat for beat in heartbeats(session, WORKER) if takes_from(beat, queue)]
    alive = tuple(beat for beat in beats if is_alive(beat, settings, now))
    taken = [beat.last_work_at for beat in beats if beat.last_work_at is not None]
    last_taken = max([*taken, *([canary.last_back_at] if canary.last_back_at else [])], default=None)
    word, sentence = _judge(settings, now, canary, alive, last_taken, WHO[queue])
    return ReadingState(word, sentence, canary, alive, _passed_over(session, alive, queue), last_taken)


def _judge(
    settings: Settings,
    now: datetime,
    canary: CanaryState,
    alive: Sequence[Heartbeat],
    last_taken: datetime | None,
    who: str,
) -> tuple[ReadingWord, str]:
    limit = timedelta(minutes=settings.deaf_after_minutes)
    names = "、".join(sorted(beat.name for beat in alive)[:5]) + (" 等" if len(alive) > 5 else "")
    running = f"{len(alive)}个{who}有心跳（{names}）"
    last = f"最后一次取到任务是{chinese_moment(last_taken)}" if last_taken else "从未取到过任务"
    if canary.unpublished >= settings.bad_looks_before_alert:
        since = chinese_moment(canary.unpublished_since) if canary.unpublished_since else ""
        return ReadingWord.BROKER_AWAY, f"消息队列自{since}起无法访问，任务发不出去"
    if not alive:
        return ReadingWord.GONE, f"没有{who}在运行；{last}"
    if canary.waiting_since is None or now - canary.waiting_since <= limit:
        known = last_taken is not None
        return (ReadingWord.OK if known else ReadingWord.UNKNOWN), f"{running}，{last}"
    sent = f"{chinese_moment(canary.waiting_since)}发出的探测任务还没有轮到"
    if last_taken is not None and now - last_taken <= limit:
        return ReadingWord.BUSY, f"{running}，正在逐份读取；{sent}"
    if any(_has_work_in_hand(beat, settings, now) for beat in alive):
        return ReadingWord.BUSY, f"{running}，手上的文档尚未读完；{sent}"
    if canary.waiting < ENOUGH_CANARIES:
        return ReadingWord.UNKNOWN, f"{running}；{sent}"
    return (
        ReadingWord.DEAF,
        f"{running}，却取不到任务：自{chinese_moment(canary.waiting_since)}起发出的{canary.waiting}个探测任务"
        f"没有一个被领取，{last}",
    )


def _has_work_in_hand(beat: Heartbeat, settings: Settings, now: datetime) -> bool:
    """Whether it is busy with something that it may still be busy with: Celery ends a task at its limit."""
    if not beat.busy or beat.last_work_at is None:
        return False
    return now - beat.last_work_at <= timedelta(seconds=settings.task_limit_seconds) + silent_after(settings)


def _passed_over(session: Session, alive: Sequence[Heartbeat], queue: Queue) -> tuple[Heartbeat, ...]:
    if len(alive) < 2:
        return ()
    before = moment_of_return(session, PASSED_OVER * len(alive), queue)
    if before is None:
        return ()
    return tuple(beat for beat in alive if not beat.busy and (beat.last_work_at or beat.started_at or beat.at) < before)

"""The weekly summary in a few lines: for chat groups, and in English for who asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.calendar import chinese_day, day_of
from monitor.channels.chat.short_form import fitting, plain

if TYPE_CHECKING:
    from monitor.weekly.write import Weekly

_ORIGINAL = "The full summary follows in Chinese."


def for_chat(weekly: Weekly, number: str) -> str:
    """The summary for a chat group, with the number by which a copy is known."""
    return fitting(_lines(weekly), number)


def english_subject(weekly: Weekly) -> str:
    """The subject for an English reader."""
    missing = sum(season.total.missing for season in weekly.seasons)
    state = f", {missing} not published" if missing else ""
    years = ", ".join(str(season.year) for season in weekly.seasons)
    return f"[nianbao] Weekly summary: {weekly.district}, reports for {years}, {day_of(weekly.as_of)}{state}"


def english_lines(weekly: Weekly) -> Iterator[str]:
    """Where each season stands, in a sentence."""
    for season in weekly.seasons:
        total = season.total
        yield (
            f"Reports for {season.year}: {total.expected} due, {total.published} published ({total.on_time} on time, "
            f"{total.late} late, {total.disputed} with a disputed date), {total.missing} overdue, "
            f"{total.pending} not yet due, {total.withdrawn} withdrawn, {total.unverifiable} not verifiable; "
            f"{season.new_problems} new findings."
        )
    yield _ORIGINAL


def _lines(weekly: Weekly) -> Iterator[str]:
    for season in weekly.seasons:
        total = season.total
        yield (
            f"{season.year}年度（截至{chinese_day(day_of(weekly.as_of))}）：应公布{total.expected}，"
            f"已公布{total.published}（按时{total.on_time}，逾期{total.late}，日期待核{total.disputed}），"
            f"未公布{total.missing}，未到期{total.pending}，未能核实{total.unverifiable}，已撤下{total.withdrawn}；"
            f"本周新发现问题{season.new_problems}处。"
        )
        yield from (f"· 未公布：{plain(one.name)}，{plain(one.sentence)}" for one in season.missing)
    for portal in weekly.portals:
        yield f"· 未能查看：{plain(portal.name)}，{plain(portal.sentence)}"

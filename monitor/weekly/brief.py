"""The weekly summary in a few lines: for chat groups, and in English for who asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.calendar import chinese_day, day_of
from monitor.channels.chat.short_form import fitting, lines_of, plain
from monitor.letters.letter import Letter
from monitor.season.counts import HEADINGS
from monitor.season.report_year import Season
from monitor.weekly.area import AreaWeekly, AreaYear
from monitor.weekly.summary import Weekly

_ORIGINAL = "The full summary follows in Chinese."


def for_chat(weekly: Weekly, number: str, letter: Letter | None = None) -> str:
    """The summary for a chat group, after what its readers are due beside it; ``number`` is that of a copy."""
    return fitting([*(lines_of(letter) if letter is not None else ()), *_lines(weekly)], number)


def english_subject(weekly: Weekly) -> str:
    """The subject for an English reader."""
    of = _years(weekly)
    missing = sum(one.total["missing"] for one in of)
    state = f", {missing} not published" if missing else ""
    years = ", ".join(str(one.year) for one in of)
    return f"[nianbao] Weekly summary: {weekly.district}, reports for {years}, {day_of(weekly.as_of)}{state}"


def english_lines(weekly: Weekly) -> Iterator[str]:
    """Where each season stands, in a sentence."""
    for season in weekly.seasons:
        yield f"Reports for {season.year}: {season.total.english}; {season.new_problems} new findings."
    for year in weekly.years if isinstance(weekly, AreaWeekly) else ():
        yield f"Reports for {year.year} of {len(year.lines)} districts: {year.total.english}."
    yield _ORIGINAL


def _years(weekly: Weekly) -> Sequence[Season | AreaYear]:
    return weekly.years if isinstance(weekly, AreaWeekly) else weekly.seasons


def _lines(weekly: Weekly) -> Iterator[str]:
    for season in weekly.seasons:
        as_of = chinese_day(day_of(weekly.as_of))
        yield f"{season.year}年度（截至{as_of}）：{season.total.sentence}；本周新发现问题{season.new_problems}处。"
        yield from (f"· {HEADINGS['missing']}：{plain(one.name)}，{plain(one.sentence)}" for one in season.missing)
    if not weekly.seasons:
        yield f"{plain(weekly.district)}：{plain(weekly.headline)}。"
    for year in weekly.years if isinstance(weekly, AreaWeekly) else ():
        yield f"{year.year}年度：{year.total.sentence}。"
        for line in year.lines:
            dark = "" if line.watched else "，门户未能查看"
            yield f"· {plain(line.district)}：{line.counts.sentence}，待处理{line.waiting}份{dark}"
    for portal in weekly.portals:
        yield f"· 未能查看：{plain(portal.name)}，{plain(portal.sentence)}"

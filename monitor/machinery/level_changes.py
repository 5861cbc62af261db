"""Changes of the levels of rules in the operators' weekly: announced, with what they would have done last season."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from config.register import Register
from config.rules import RuleEntry
from config.severity import Severity
from ledger.standings.counts import found_by_rule
from monitor.calendar import chinese_day, day_of
from monitor.letters.letter import Item, Line


def level_changes(session: Session, register: Register, after: datetime, now: datetime) -> Item:
    """The changes that begin after ``now``, and those that began since ``after``."""
    changing = [
        (code, entry, entry.since)
        for code, entry in register.rules.rules.items()
        if entry.enabled and entry.since is not None and entry.since > day_of(after)
    ]
    coming = sum(since > day_of(now) for _, _, since in changing)
    return Item(
        Severity.WARNING if changing else "info",
        "规则级别",
        f"将要变动{coming}条，本周已变动{len(changing) - coming}条" if changing else "没有变动",
        "生效日期之前，问题、事项和信函都按原来的级别。" if coming else "",
        lines=tuple(
            Line(f"{code} {entry.title}", _told(session, register, code, entry, since))
            for code, entry, since in changing
        ),
    )


def _told(session: Session, register: Register, code: str, entry: RuleEntry, since: date) -> str:
    levels = register.wording.levels
    former = levels[entry.formerly] if entry.formerly is not None else ""
    # The season in which it begins is about the year before; the season before that one is known.
    year = since.year - 2
    found = found_by_rule(session, code, year)
    said = f"{year}年度没有这条规则的问题"
    if found.places:
        said = f"{year}年度有{found.reports}份报告共{found.places}处，届时为{levels[entry.severity]}"
        if entry.severity is Severity.ERROR and found.seen_once:
            said += f"（其中{found.seen_once}处的数字只看过一次，不能认定为错误）"
    begins = f"自{chinese_day(since)}起由{former}改为{levels[entry.severity]}"
    return f"{begins}；{said}；试算：nianbao replay --what-if {code}={entry.severity.value} --year {year}"

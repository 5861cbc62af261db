"""Due dates of a district as a calendar (RFC 5545): a whole day for each date on which reports are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from web.feeds.cleaned import shown

MEDIA_TYPE = "text/calendar"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day on which reports for a year are due, of how many agencies."""

    day: date
    year: int
    agencies: int


def due_calendar(district: str, days: Iterable[DueDay], address: str, now: datetime) -> bytes:
    """The calendar; ``address`` is the desk's own ("": not known)."""
    from icalendar import Calendar, Event, vUri  # here, as few subscribe to one

    name = shown(district, LONGEST_NAME)
    calendar = Calendar()
    calendar.add("prodid", "-//nianbao//due dates//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{name}年报期限")
    for one in days:
        event = Event()
        # The same day of the same district is the same event, however often it is asked for.
        event.add("uid", f"{one.day.isoformat()}.{one.year}.{quote(district, safe='')}@nianbao.invalid")
        event.add("dtstamp", now)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event.add("summary", f"{name}：{one.year}年度政府信息公开工作年度报告到期（{one.agencies}个机关）")
        event.add("transp", "TRANSPARENT")
        if address:
            event.add("url", vUri(f"{address}/?district={quote(district, safe='')}&year={one.year}"))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written

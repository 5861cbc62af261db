"""The time zone of every day that is told or asked for, and how a day is told; moments themselves are kept in UTC."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def chinese_day(day: date) -> str:
    """A day as a letter writes it: 2020年1月31日."""
    return f"{day.year}年{day.month}月{day.day}日"

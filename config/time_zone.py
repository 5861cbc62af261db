"""The time zone of every day that is told or asked for; moments themselves are kept in UTC."""

from __future__ import annotations

from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

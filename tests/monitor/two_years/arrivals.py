"""The mails of the two seasons as rows of the clerk's table."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

from config.agencies import load_districts
from tests.monitor.two_years.inbox_table import Row, arrived_row

NOT_ABOUT = ("云山区政务公开办公室", "临水区政务公开办公室")
PORTALS = {"云山区人民政府门户网站": "云山区门户", "临水区人民政府门户网站": "临水区门户"}


def names(home: Path) -> dict[str, str]:
    """From every name of an agency to its everyday name; an office that is addressed is none."""
    found = dict.fromkeys(NOT_ABOUT, "")
    for district in load_districts(home).values():
        if district.portal in ("yunshan", "linshui"):
            found |= {name: agency.short for agency in district.agencies for name in agency.names}
    return found


def rows(messages: Iterable[EmailMessage], home: Path) -> list[Row]:
    """A row for each mail, in the order of arrival."""
    known = names(home)
    return [arrived_row(message, known, PORTALS) for message in messages]


def without_times(row: Row) -> Row:
    """A row whatever the day: mail that waits comes later."""
    return Row("", "", row.recipient, row.subject, row.about)

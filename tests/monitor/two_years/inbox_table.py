"""What arrived and what was expected, as the same rows: day, hour, recipient, subject, about whom."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from config.time_zone import SHANGHAI
from tests.monitor.reading_mail import text_of

# In an office's weekly summary those count who are listed as missing, in the operators' nobody; what else stands in
# them has tests of its own.
SUMMARY = "周报 ——"
MISSING = re.compile(r"^未公布（\d+）\n((?:  · .*\n)+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One mail; ``about`` are the everyday names of agencies, and of portals, sorted."""

    day: str
    hour: str
    recipient: str
    subject: str
    about: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.day} {self.hour} {self.recipient} {self.subject} 〔{'、'.join(self.about)}〕"


def expected_rows(path: Path) -> list[Row]:
    """The rows of a table written by hand."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(row["日期"], row["时刻"], row["收件人"], row["主题"], tuple(sorted(row["关于"].split("、"))))
            for row in csv.DictReader(file)
        ]


def arrived_row(message: EmailMessage, agencies: Mapping[str, str], portals: Mapping[str, str]) -> Row:
    """A mail as it arrived. ``agencies`` and ``portals`` lead from every name to the everyday one.

    Portals count in what operators get alone: an office is told of agencies.
    """
    sent = parsedate_to_datetime(str(message["Date"])).astimezone(SHANGHAI)
    subject = str(message["Subject"])
    text = f"{subject}\n{text_of(message)}".replace("\r\n", "\n")
    if SUMMARY in text:
        letter, _, summary = text.partition(SUMMARY)
        text = "\n".join([letter, *MISSING.findall(summary)])
    elif "周报" in subject or "月报" in subject:
        text = "\n".join(MISSING.findall(text))
    elif "每周运行情况" in subject:
        text = ""
    recipient = str(message["To"])
    everyday = {**agencies, **(portals if recipient.startswith("operators@") else dict.fromkeys(portals, ""))}
    known = re.compile("|".join(sorted(map(re.escape, everyday), key=len, reverse=True)))
    about = {everyday[name] for name in known.findall(text)} - {""}
    return Row(f"{sent:%Y-%m-%d}", f"{sent:%H:%M}", recipient, subject, tuple(sorted(about or {""})))


def differences(expected: list[Row], arrived: list[Row]) -> list[str]:
    """What did not arrive, and what was not expected, line by line; of twins each counts."""
    left = sorted(arrived)
    missing = []
    for row in sorted(expected):
        if row in left:
            left.remove(row)
        else:
            missing.append(row)
    lines = [(row, f"不该有：{row}") for row in left] + [(row, f"没有到：{row}") for row in missing]
    return [line for _, line in sorted(lines)]

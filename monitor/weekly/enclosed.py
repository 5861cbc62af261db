"""What lies in the mail of a weekly summary beside its text: two pictures a season, and the 台账 as a spreadsheet.

The mail says everything without them: it goes out also where the archive cannot take them, and says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from ledger.archive import ArchiveError, open_archive
from ledger.messages.enclosures import Enclosed
from monitor.calendar import day_of
from monitor.channels.mail.message import MOST_ENCLOSED_BYTES
from monitor.season.report_year import Season

log = logging.getLogger("nianbao.monitor")

PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Shown:
    """The content ids of the pictures by report year, and the name of the spreadsheet; None where it is left out."""

    curves: dict[int, str]
    grids: dict[int, str]
    book: str | None


NOTHING_SHOWN = Shown({}, {}, None)


@dataclass(frozen=True, slots=True)
class Made:
    """Something made for a summary: a picture that its HTML shows (``content_id``), or the spreadsheet."""

    name: str
    media_type: str
    content_id: str | None
    content: bytes


def keep_for_mail(
    settings: Settings, district: str, seasons: Sequence[Season], book: bytes, now: datetime, reserved: int = 0
) -> tuple[list[Enclosed], Shown]:
    """Draws the pictures and keeps them and the spreadsheet in the archive, as far as a mail may carry them.

    ``reserved`` bytes are left for what else will lie in it.
    """
    made = made_for_mail(settings, district, seasons, book, now, reserved)
    try:
        archive = open_archive(settings)
        enclosed = [Enclosed(one.name, one.media_type, one.content_id, archive.put(one.content)) for one in made]
    except ArchiveError as error:
        log.warning("%s的周报未能带上图表和台账：%s", district, error)
        return [], NOTHING_SHOWN
    return enclosed, shown_of(settings, seasons, made, now)


def made_for_mail(
    settings: Settings, district: str, seasons: Sequence[Season], book: bytes, now: datetime, reserved: int = 0
) -> list[Made]:
    """The pictures and the spreadsheet, as far as a mail may carry them; nothing is kept."""
    made, room = [], MOST_ENCLOSED_BYTES - reserved
    for one in _made(settings, district, seasons, book, now):
        if len(one.content) <= room:
            made.append(one)
            room -= len(one.content)
    return made


def shown_of(settings: Settings, seasons: Sequence[Season], made: Sequence[Made], now: datetime) -> Shown:
    """What a summary shows of what was made for it."""
    shown = {one.content_id for one in made}
    years = [season.year for season in seasons]
    return Shown(
        {year: cid for year in years if (cid := _content_id(settings, "progress", year, now)) in shown},
        {year: cid for year in years if (cid := _content_id(settings, "agencies", year, now)) in shown},
        next((one.name for one in made if one.content_id is None), None),
    )


def book_name(district: str, now: datetime) -> str:
    """What the spreadsheet in a summary of this moment is called."""
    return f"{district}年度报告台账{day_of(now)}.xlsx"


def _made(settings: Settings, district: str, seasons: Sequence[Season], book: bytes, now: datetime) -> Iterator[Made]:
    from monitor.charts.curve import draw_curve
    from monitor.charts.grid import draw_grid

    for season in seasons:
        year = season.year
        for name, drawn in (("progress", draw_curve(season.progress)), ("agencies", draw_grid(season.groups))):
            yield Made(f"{name}-{year}.png", PNG, _content_id(settings, name, year, now), drawn)
    if book:
        yield Made(book_name(district, now), XLSX, None, book)


def _content_id(settings: Settings, name: str, year: int, now: datetime) -> str:
    return f"{name}.{year}.{day_of(now):%Y%m%d}@{settings.mail_domain}"

"""Recorded list pages of a portal, and what a person has confirmed that its family finds on them.

``nianbao portals new`` writes such a folder beside a draft portal file, with a test that reads it; a family that learns
something new is tried against every recorded page of an office in this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from config.portals import PortalColumn, PortalFile
from config.yaml_file import DataFile, read_yaml
from crawler.families import family_of
from crawler.families.family import SubList
from crawler.pages.page import Page
from report.titles import judge_title

EXPECTED = "expected.yaml"


class ExpectedEntry(DataFile):
    """One entry of a recorded page; ``report``: its title says that it is an annual report, of ``year`` if that tells.

    ``why`` says why it is none.
    """

    title: str
    address: str
    listed: str | None = None
    report: bool
    year: int | None = None
    why: str | None = None


class RecordedPage(DataFile):
    """One recorded page: the file of its bytes, the column that it was read for, and what the family finds on it.

    ``following`` are the pages that the list goes on with, ``lists`` the lists below it.
    """

    file: str
    column: str
    asked: str
    address: str
    media_type: str = ""
    entries: tuple[ExpectedEntry, ...] = ()
    following: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


class Recording(DataFile):
    """The recorded pages of a portal, and who has confirmed what is expected of them (nobody, in a draft)."""

    recorded_on: date
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    pages: tuple[RecordedPage, ...]


def load_recording(folder: Path) -> Recording:
    """The recording in a folder. Raises ConfigurationError where it does not fit."""
    return read_yaml(folder / EXPECTED, Recording)


def read_again(portal: PortalFile, folder: Path, recorded: RecordedPage) -> RecordedPage:
    """What the portal's family finds today on a recorded page."""
    content_type = {"content-type": recorded.media_type} if recorded.media_type else {}
    body = (folder / recorded.file).read_bytes()
    page = Page(recorded.asked, recorded.address, 200, body, content_type, encoding=portal.encoding)
    column = next(one for one in portal.columns if one.id == recorded.column)
    return _read(portal, column, page, recorded.file)


def record(portal: PortalFile, pages: Sequence[tuple[PortalColumn, Page]], folder: Path, day: date) -> Recording:
    """Writes pages into a folder with what the portal's family finds on them, unconfirmed; returns what it wrote."""
    folder.mkdir(parents=True)
    recorded = []
    for number, (column, page) in enumerate(pages, start=1):
        file = f"page-{number}.{'html' if page.is_html else 'txt'}"
        (folder / file).write_bytes(page.body)
        recorded.append(_read(portal, column, page, file))
    recording = Recording(recorded_on=day, pages=tuple(recorded))
    words = _plain(recording.model_dump(mode="json"))
    text = yaml.safe_dump(words, allow_unicode=True, sort_keys=False, width=1000)
    (folder / EXPECTED).write_text(f"{_HEAD}{text}", encoding="utf-8")
    return recording


_HEAD = """\
# 这些网页录制下来之后，程序从中读出的条目。请打开原网页逐条核对：
# 有没有漏掉的、多出的；report 是否判断得对（不是年度报告的，why 说明原因）；日期和年度是否正确。
# 读错的地方先改正门户文件（family、columns、encoding、json_rows），再改正这里。
# 全部核对无误后，在 confirmed_by 写上核对人，在 confirmed_on 写上日期；在此之前测试不会通过。
"""


def _read(portal: PortalFile, column: PortalColumn, page: Page, file: str) -> RecordedPage:
    family = family_of(portal, column)
    entries = []
    for entry in family.entries(page):
        judged = judge_title(entry.title)
        entries.append(
            ExpectedEntry(
                title=entry.title,
                address=entry.address,
                listed=entry.listed,
                report=judged.is_report,
                year=entry.year or judged.year,
                why=None if judged.is_report else judged.reason,
            )
        )
    lists = family.sublists(page, column, SubList(page.asked))
    return RecordedPage(
        file=file,
        column=column.id,
        asked=page.asked,
        address=page.address,
        media_type=page.headers.get("content-type", ""),
        entries=tuple(entries),
        following=tuple(family.next_pages(page, column)),
        lists=tuple(one.address for one in lists),
    )


def _plain(value: Any) -> Any:
    """The value without what is empty, as it is written by hand; who has confirmed stays, to be filled in."""
    if isinstance(value, dict):
        return {
            key: _plain(inner)
            for key, inner in value.items()
            if inner not in (None, [], "") or key in ("confirmed_by", "confirmed_on")
        }
    return [_plain(inner) for inner in value] if isinstance(value, list) else value

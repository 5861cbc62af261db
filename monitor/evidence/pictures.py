"""Pictures of pages for the page of evidence, as the workers drew and kept them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ledger.archive import Archive, ArchiveError
from ledger.reading.page_pictures import PictureKept

log = logging.getLogger("nianbao.monitor")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture: its size in points, and PNGs of it, each smaller than the one before."""

    page: int
    width: float
    height: float
    sizes: tuple[bytes, ...]


def load_pictures(archive: Archive, kept: Sequence[PictureKept]) -> dict[int, PagePicture]:
    """The pages with their pictures, by number; a page whose pictures the archive does not give is left out."""
    found = {}
    for page, of in groupby(kept, key=lambda one: one.page):
        rows = list(of)
        try:
            sizes = tuple(archive.get(one.sha256) for one in rows)
        except ArchiveError as error:
            log.warning("核对依据中没有页面图像：%s", error)
            continue
        found[page] = PagePicture(page, rows[0].width, rows[0].height, sizes)
    return found

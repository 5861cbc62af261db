"""Pictures of pages on which something was found: which there are, and where in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import PagePicture


@dataclass(frozen=True, slots=True)
class PictureKept:
    """A page (from 1) as a picture: its size in points, and the sha256 of the picture in the archive.

    Of each page there are several, of growing ``rank`` and shrinking size.
    """

    page: int
    rank: int
    width: float
    height: float
    sha256: str


def pages_kept(session: Session, document: str) -> set[int]:
    """The pages of a document (its sha256) of which there are pictures."""
    return set(session.scalars(select(PagePicture.page).where(PagePicture.document == document)))


def keep_pictures(session: Session, document: str, pictures: Sequence[PictureKept]) -> None:
    """Writes where the pictures of a document are; doing it twice gives the same rows."""
    rows = [
        {
            "document": document,
            "page": one.page,
            "rank": one.rank,
            "width": one.width,
            "height": one.height,
            "sha256": one.sha256,
        }
        for one in pictures
    ]
    insert_or_ignore(session, PagePicture, rows)


def pictures_of(session: Session, document: str) -> list[PictureKept]:
    """All pictures of a document, by page, the largest first."""
    query = select(PagePicture).where(PagePicture.document == document).order_by(PagePicture.page, PagePicture.rank)
    return [PictureKept(row.page, row.rank, row.width, row.height, row.sha256) for row in session.scalars(query)]

"""Which versions stand for a report now, and what was last read of each: asked in one question for a whole district."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from ledger.models import Article, Fetch, ReadingRow, Version
from ledger.one_of import one_of

# By version id, the oldest first: the sha256 of its document and the reader version of its last reading, None unread.
Versions = dict[int, tuple[str, str] | None]
# By agency and report year.
Current = dict[tuple[str, int], Versions]

_QUESTION = (
    select(
        Version.id,
        Version.article_id,
        Version.role,
        Fetch.round_id,
        Article.agency,
        Article.year,
        Version.sha256,
        ReadingRow.reader,
    )
    .join(Article, Article.id == Version.article_id)
    .outerjoin(Fetch, Fetch.id == Version.fetch_id)
    .outerjoin(ReadingRow, ReadingRow.sha256 == Version.sha256)
    .where(
        or_(
            and_(one_of(Article.agency, "agencies"), Article.year == bindparam("year")),
            and_(
                one_of(Article.agency, "beside"),
                or_(Article.year == bindparam("before"), Article.year == bindparam("after")),
            ),
        ),
        Article.withdrawn_at.is_(None),
    )
    .order_by(Version.id.desc(), ReadingRow.read_at.desc(), ReadingRow.reader.desc())
)


def current_versions(session: Session, agencies: Collection[str], year: int, beside: Collection[str] = ()) -> Current:
    """The versions that stand for the reports of agencies for a year now; of ``beside`` for the years around it too.

    In each article that is not withdrawn, and for the page and its attachments apart: what the last round brought
    that brought anything new. A corrected file often has another name, so the address tells nothing.
    """
    asked = {"agencies": list(agencies), "year": year, "beside": list(beside), "before": year - 1, "after": year + 1}
    newest_round: dict[tuple[int, str], int | None] = {}
    found: Current = {}
    for version_id, article, role, round_id, agency, of, sha256, reader in session.connection().execute(
        _QUESTION, asked
    ):
        if agency is None or of is None:
            continue
        versions = found.setdefault((agency, of), {})
        if version_id in versions:
            continue  # an earlier reading of the same
        place = (article, role)
        if place not in newest_round:
            newest_round[place] = round_id
        elif round_id is None or newest_round[place] != round_id:
            continue
        versions[version_id] = (sha256, reader) if reader is not None else None
    return {whose: dict(reversed(versions.items())) for whose, versions in found.items()}


def newest_reading(versions: Versions) -> tuple[str, str] | None:
    """The last reading of the newest version that was read; None where none was."""
    return next((reading for reading in reversed(versions.values()) if reading is not None), None)

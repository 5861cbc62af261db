"""The families that columns were found to be of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.insert import insert_or_update
from ledger.models import FoundFamily


def known_family(session: Session, portal: str, column: str, since: datetime) -> str | None:
    """The family that a column was found to be of at ``since`` or later; None where that is to be found."""
    return session.scalar(
        select(FoundFamily.family).where(
            FoundFamily.portal == portal, FoundFamily.column == column, FoundFamily.found_at >= since
        )
    )


def found_families(session: Session, portal: str) -> dict[str, str]:
    """By column of a portal, the family that it was last found to be of."""
    rows = session.execute(select(FoundFamily.column, FoundFamily.family).where(FoundFamily.portal == portal))
    return dict(rows.all())


def keep_family(session: Session, portal: str, column: str, family: str, signs: Sequence[str], at: datetime) -> None:
    """Keeps what was found, in place of what was found before."""
    row = {"portal": portal, "column": column, "family": family, "signs": list(signs), "found_at": at}
    insert_or_update(session, FoundFamily, row)

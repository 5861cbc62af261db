"""A few figures of many reports, without reading the reports whole: from the digests that are kept beside readings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import ReadingRow
from ledger.reading.corrections import corrected, corrections_of
from ledger.reading.readings import digests, stored_reading
from report.comparing.digest import MAKING, digest_of

_AT_ONCE = 500
Numbers = Mapping[str, int | Decimal]


def some_figures(session: Session, documents: Collection[str], keys: Sequence[str]) -> dict[str, Numbers]:
    """By document (sha256), those of the figures ``keys`` that are numbers read with certainty, by its last reading.

    What people corrected stands in the place of what the machine read. A document that was not read, or whose reading
    is not understood any more, is left out.
    """
    wanted = sorted(set(documents))
    found: dict[str, Numbers] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found |= _some(session, wanted[start : start + _AT_ONCE], keys)
    return found


def _some(session: Session, documents: Sequence[str], keys: Sequence[str]) -> dict[str, Numbers]:
    making = ReadingRow.digest["making"].as_integer()
    columns = [ReadingRow.digest[("numbers", key)].as_string() for key in keys]
    rows = (
        session.connection()
        .execute(
            select(ReadingRow.sha256, ReadingRow.reader, making, *columns)
            .where(ReadingRow.sha256.in_(documents))
            .order_by(ReadingRow.read_at, ReadingRow.reader)
        )
        .all()
    )
    found: dict[str, Numbers] = {}
    last: dict[str, tuple[str, str]] = {}
    for sha256, reader, made, *values in rows:
        last[sha256] = (sha256, reader)
        if made == MAKING:
            found[sha256] = {key: _number(value) for key, value in zip(keys, values, strict=True) if value is not None}
        else:
            found.pop(sha256, None)
    unknown = {reading for sha256, reading in last.items() if sha256 not in found}
    found |= {sha256: digest.numbers for (sha256, _), digest in digests(session, unknown).items()}
    for sha256, said in corrections_of(session, documents).items():
        report = stored_reading(session, *last[sha256]) if sha256 in last else None
        if report is not None:
            found[sha256] = digest_of(corrected(report, said)).numbers
    return found


def _number(text: str) -> int | Decimal:
    return int(text) if text.isdecimal() else Decimal(text)

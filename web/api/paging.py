"""Lists in pages: how many rows, and where the next page begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar, cast

from fastapi import Query

from web.answers import NotFound, Rejected
from web.desk import Desk
from web.visitor import Visitor

PREFIX = "/api/v1"
Row = TypeVar("Row")
MOST_ROWS = 500
# Of what is not told by a question alone whose it is, so many rows are looked through for one page.
MOST_LOOKED_THROUGH = 5_000

Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="每页最多几条 · rows of a page")]
Cursor = Annotated[
    str, Query(max_length=300, description="上一页的 next，原样写回 · `next` of the page before, as it was given")
]
DistrictName = Annotated[str, Query(max_length=60, description="只要一个区 · of one district only")]
Year = Annotated[int | None, Query(ge=1990, le=2200, description="只要一个报告年度 · of one report year only")]
AgencyId = Annotated[str, Query(max_length=100, description="只要一个机关（id） · of one agency, by its id")]


def cursor_after(*key: str | int) -> str:
    """Where a page ends, as the next one is asked for."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(cursor: str, *kinds: type[str] | type[int]) -> tuple[str | int, ...] | None:
    """The key after which a page begins; None where it is the first. Raises Rejected where the cursor is none."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        key = None
    if not isinstance(key, list) or [type(one) for one in key] != list(kinds) or not all(map(_is_bounded, key)):
        raise Rejected("cursor 不是上一页给出的 next；请从第一页开始")
    return tuple(key)


def number_of(cursor: str) -> int | None:
    """The number after which a page begins, None where it is the first. Raises Rejected where the cursor is none."""
    key = key_of(cursor, int)
    return cast(int, key[0]) if key is not None else None


def name_of(cursor: str) -> str | None:
    """The same for a name."""
    key = key_of(cursor, str)
    return cast(str, key[0]) if key is not None else None


def chosen_districts(desk: Desk, visitor: Visitor, district: str) -> list[str]:
    """The district that is asked for, or all that the visitor sees. Raises NotFound where they do not see it."""
    seen = visitor.seen(desk.register.districts)
    if district and district not in seen:
        raise NotFound
    return [district] if district else seen


def sifted(
    fetch: Callable[[int | None], Sequence[Row]],
    keep: Callable[[Row], bool],
    number: Callable[[Row], int],
    after: int | None,
    most: int,
) -> tuple[list[Row], int | None]:
    """A page of those rows that are to be kept, and the number after which the next begins (None: there is no more).

    ``fetch`` gives the rows after a number. A page may be short, or empty, where many rows are not to be kept.
    """
    kept: list[Row] = []
    looked = 0
    while looked < MOST_LOOKED_THROUGH:
        rows = fetch(after)
        for row in rows:
            if keep(row):
                if len(kept) == most:
                    return kept, after
                kept.append(row)
            after = number(row)
        looked += len(rows)
        if not rows:
            return kept, None
    return kept, after


def _is_bounded(value: str | int) -> bool:
    return len(value) <= 200 and value.isprintable() if isinstance(value, str) else 0 <= value < 2**31

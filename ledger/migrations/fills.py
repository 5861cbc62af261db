"""What stands in a column today, for rows of a program that had no such column: it read it from an identity or a text.

The migration that adds a column fills it. During an upgrade the earlier program goes on writing rows without it for a
while. The monitor fills those of its own tables when it starts and once a day; an article gets its columns when a
crawler looks at it again, which it does daily with such pages.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import Update

from ledger.database import Ledger

# The beginning of a notice's identity, and its purpose.
_PURPOSES = {
    "alert:": "alert",
    "digest:": "digest",
    "correction:": "correction",
    "corrections:": "corrections",
    "reminder:": "reminder",
    "internal:": "internal_date",
    "weekly:": "weekly",
    "weekly-operators:": "weekly",
}
_NOTICES = sa.table("notices", sa.column("identity"), sa.column("purpose"))
_ARTICLES = sa.table("articles", sa.column("address", sa.String()), sa.column("page_address"))
_FINDINGS = sa.table("findings", sa.column("rule"), sa.column("found"), sa.column("change"))
# One year's report of a page that shows one at a time was known by the page's address, a mark and the year.
_YEAR = "#____"


def fills_of_0012() -> dict[str, Update]:
    """By table, the statement that fills the column that migration 0012 added, where it is empty."""
    address, identity = _ARTICLES.c.address, _NOTICES.c.identity
    purpose: Any = sa.case(*((identity.like(f"{begins}%"), said) for begins, said in _PURPOSES.items()))
    change = sa.case((_FINDINGS.c.found.like("gone %"), "gone"), else_="figures")
    return {
        "notices": sa.update(_NOTICES).where(_NOTICES.c.purpose.is_(None)).values(purpose=purpose),
        "articles": sa.update(_ARTICLES)
        .where(_ARTICLES.c.page_address.is_(None), address.like(f"%{_YEAR}"))
        .values(page_address=sa.func.substr(address, 1, sa.func.length(address) - len(_YEAR))),
        "findings": sa.update(_FINDINGS)
        .where(_FINDINGS.c.change.is_(None), _FINDINGS.c.rule == "P05")
        .values(change=change),
    }


def fill_for_monitor(ledger: Ledger) -> None:
    """Fills what an earlier program left empty in the monitor's tables; doing it again changes nothing."""
    fills = fills_of_0012()
    with ledger.write() as session:
        for table in ("notices", "findings"):
            session.execute(fills[table])

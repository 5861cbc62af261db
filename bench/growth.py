"""``make bench``: how large a ledger is after a year of looks, before and after what nothing rests on is forgotten.

A year of 17 portals with 3 columns each: looked at every hour from January to April, daily else; a list page changes
once a week; every column gets 20 reports in the season. Rows are written as the crawler writes them, with accounts.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from config.settings import load_settings
from ledger.database import Ledger, open_ledger
from ledger.keeping.pruning import prune
from ledger.models import Article, ListPage, Look, PortalRow, Round
from ledger.states import ArticleOutcome, PortalState, RoundState
from monitor.calendar import end_of

PORTALS, COLUMNS, REPORTS = 17, 3, 20
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DUE = end_of(date(2026, 1, 31))
HOURLY_UNTIL = datetime(2026, 5, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
ACCOUNT = {
    "pieces": 60,
    "understood": 40,
    "named": 18,
    "unaccounted": 2,
    "examples": [{"text": "通知公告", "kind": "link"}],
}


def main() -> None:
    """Prints the sizes."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(load_settings(home=Path(folder)))
        for portal in range(PORTALS):
            _year_of(ledger, f"p{portal}")
        before = _used(ledger), _looks(ledger)
        for days in (400, 120):
            started = time.perf_counter()
            pruned = prune(ledger, END - timedelta(days=days), [DUE])
            took = time.perf_counter() - started
            print(  # noqa: T201
                f"a year: {before[1]} looks, {before[0] / 1e6:.1f} MB; kept {days} days: {_looks(ledger)} looks, "
                f"{_used(ledger) / 1e6:.1f} MB ({pruned.looks} looks, {pruned.rounds} rounds forgotten in {took:.1f} s)"
            )
        ledger.close()


def _moments() -> Iterator[datetime]:
    moment = BEGIN
    while moment < END:
        yield moment
        moment += timedelta(hours=1 if moment < HOURLY_UNTIL else 24)


def _year_of(ledger: Ledger, portal: str) -> None:
    with ledger.write() as session:
        session.add(PortalRow(portal=portal, next_due_at=BEGIN, failures=0, sentence=""))
        session.flush()
        session.execute(insert(Article), list(_articles(portal)))
        pages: list[dict[str, Any]] = []
        known: set[str] = set()
        rounds: list[dict[str, Any]] = []
        looks: list[dict[str, Any]] = []
        first = (session.scalar(select(func.max(Round.id))) or 0) + 1
        for number, moment in enumerate(_moments(), start=first):
            common = {"portal": portal, "begun_at": moment, "ended_at": moment, "found": PortalState.HEALTHY}
            figures = {"requests": 12, "new_articles": 0}
            rounds.append({**common, "id": number, "state": RoundState.DONE, "sentence": "", "figures": figures})
            for column in range(COLUMNS):
                account = sha256(f"{portal} {column} {moment.isocalendar()[:2]}".encode()).hexdigest()
                if account not in known:
                    known.add(account)
                    pages.append(_page(portal, column, account, moment))
                looks.append(
                    {
                        **common,
                        "round_id": number,
                        "column": f"c{column}",
                        "complete": True,
                        "rows": 40,
                        "dropped": 18,
                        "sentence": "",
                        "pages": [account],
                        "accounted": ACCOUNT,
                        "paging": {"lists": [{"seen": 3, "read": 3, "followed_to_end": True, "stated_count": 60}]},
                    }
                )
        session.execute(insert(ListPage), pages)
        session.execute(insert(Round), rounds)
        session.execute(insert(Look), looks)


def _page(portal: str, column: int, account: str, moment: datetime) -> dict[str, Any]:
    reports = {str(year): [f"{portal}-{column}-{unit}" for unit in range(REPORTS)] for year in range(2020, 2026)}
    pieces: list[dict[str, Any]] = [{"text": "某某局关于有关事项的通知", "agencies": [], "year": None}] * 2
    return {
        "account": account,
        "portal": portal,
        "column": f"c{column}",
        "address": f"http://{portal}.example/c{column}/",
        "sha256": account,
        "first_seen_at": moment,
        "garbled": False,
        "accounted": ACCOUNT,
        "reports": reports,
        "unaccounted": {"pieces": pieces, "mentions": []},
    }


def _articles(portal: str) -> Iterator[dict[str, Any]]:
    for column in range(COLUMNS):
        for unit in range(REPORTS):
            seen = BEGIN + timedelta(days=10 + unit, hours=column)
            yield {
                **{"portal": portal, "column": f"c{column}", "address": f"http://{portal}.example/{column}/{unit}"},
                **{"title": "年度报告", "outcome": ArticleOutcome.REPORT, "agency": f"{portal}-{column}-{unit}"},
                **{"year": 2025, "reason": "", "first_seen_at": seen, "last_seen_at": seen, "gone_times": 0},
                "baseline": False,
            }


def _used(ledger: Ledger) -> int:
    """Bytes in use; SQLite takes what was freed for new rows, and gives nothing back to the disk."""
    with ledger.read() as session:
        pages, free, size = (
            session.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "freelist_count", "page_size")
        )
    return (int(pages or 0) - int(free or 0)) * int(size or 0)


def _looks(ledger: Ledger) -> int:
    with ledger.read() as session:
        return session.scalar(select(func.count(Look.id))) or 0


if __name__ == "__main__":
    main()

"""The columns of a portal as a proof of absence needs them: their looks, what people said of them, what is in doubt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from config.portals import AUTO, PortalColumn
from config.register import Register
from ledger.crawling.families import found_families
from ledger.models import ColumnConfirmation
from ledger.standings.confirmations import confirmations
from ledger.standings.proofs import AccountedLook, accounted_looks, look_confirmed, opened_as
from ledger.standings.questions import DoubtfulArticle, doubtful_articles
from monitor.calendar import day_of
from monitor.standings.proof import FROM_LOOK_TO_LOOK, ColumnFacts, Confirmed


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something listed where the report belongs that may be it, and why that cannot be told."""

    title: str
    reason: str

    def __str__(self) -> str:
        return f"《{self.title}》：{self.reason}"


class PortalColumns:
    """The columns of one portal; each question is asked of the ledger once, and only where somebody needs it."""

    def __init__(self, session: Session, register: Register, portal: str) -> None:
        self._session = session
        self._register = register
        self._portal = portal
        self._looks: dict[datetime, tuple[dict[str, list[AccountedLook]], dict[str, tuple[str, int]]]] = {}

    def facts(
        self,
        columns: Sequence[PortalColumn],
        year: int,
        after: datetime,
        next_round: datetime | None = None,
        *,
        looked_at: bool = True,
    ) -> tuple[ColumnFacts, ...]:
        """What is known of some columns from the looks begun at or after a moment, for a report year.

        What a person said of a column counts where it was said after that moment. ``looked_at`` is false where nobody
        needs the looks.
        """
        looks, opened = self._since(after) if looked_at else ({}, {})
        return tuple(
            ColumnFacts(
                column.name,
                tuple(looks.get(column.id, ())),
                _last_word(self._said.get((column.id, year), ()), after),
                self._families.get(column.id),
                _next_look(looks.get(column.id, ()), next_round),
                opened,
            )
            for column in columns
        )

    def doubts(self, agency: str, year: int, columns: Collection[str]) -> Iterator[Doubt]:
        """What may be this agency's report: named as such, or unassigned in a column where it belongs."""
        for article in self._doubtful:
            if article.agency not in (None, agency) or article.year not in (None, year):
                continue
            if article.agency is None and article.column not in columns:
                continue
            if article.year is None and article.earliest and day_of(article.earliest).year < year:
                continue  # older than the year it would report on
            yield Doubt(article.title[:80], article.reason or article.outcome.value)

    def _since(self, after: datetime) -> tuple[dict[str, list[AccountedLook]], dict[str, tuple[str, int]]]:
        """The looks by column, and what entries that say too little were recognised as when they were opened."""
        if after not in self._looks:
            looks = accounted_looks(self._session, self._portal, after)
            self._looks[after] = looks, opened_as(self._session, self._portal, _to_open(looks.values()))
        return self._looks[after]

    @cached_property
    def _said(self) -> dict[tuple[str, int], list[Confirmed]]:
        said = confirmations(self._session, self._portal)
        return {key: [_confirmed(self._session, row) for row in rows] for key, rows in said.items()}

    @cached_property
    def _families(self) -> dict[str, str]:
        """By column, the family that the portal's file names, or that was found."""
        file = self._register.portals.get(self._portal)
        named = {column.id: column.family or file.family for column in file.columns} if file is not None else {}
        found = found_families(self._session, self._portal)
        return found | {column: name for column, name in named.items() if name != AUTO}

    @cached_property
    def _doubtful(self) -> list[DoubtfulArticle]:
        return doubtful_articles(self._session, [self._portal])


def _to_open(looks: Iterable[list[AccountedLook]]) -> set[str]:
    """The addresses of entries that say too little, on pages that were looked at."""
    return {
        one.address
        for of_column in looks
        for look in of_column
        for one in look.mentions
        if one.to_open and one.address is not None
    }


def _next_look(looks: Sequence[AccountedLook], next_round: datetime | None) -> datetime | None:
    """When a column will be read wholly again: at a round, and a while after it was read wholly."""
    if next_round is None or not looks:
        return next_round
    return max(next_round, looks[-1].begun_at + FROM_LOOK_TO_LOOK)


def _confirmed(session: Session, row: ColumnConfirmation) -> Confirmed:
    return Confirmed(row.said_by, row.said_at, row.why, look_confirmed(session, row.look_id).texts)


def _last_word(said: Sequence[Confirmed], after: datetime) -> Confirmed | None:
    """The last word on a column that was said after a moment: before, an absence meant nothing."""
    return next((word for word in reversed(said) if word.at >= after), None)

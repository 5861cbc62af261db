"""An account of a list page, or of all pages of a column: how many pieces, understood, named, unaccounted."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ledger.crawling.account_kinds import Fate, PieceKind, PieceName

MOST_EXAMPLES = 20
LONGEST_TEXT = 120
MOST_UNACCOUNTED = 200
MOST_MENTIONS = 500
REPORTISH = re.compile(r"年度?报告|年报|信息公开.{0,12}报告")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a list page: what it is, what it says, where it leads (canonical), and what it was taken for.

    ``agencies`` are the agencies of the register that it names; of a report the one whose it is, with its ``year``.
    ``report``: words of a report stand in it, perhaps behind what is kept of its text.
    """

    kind: PieceKind
    text: str
    name: PieceName
    address: str | None = None
    agencies: frozenset[str] = frozenset()
    year: int | None = None
    report: bool = False

    @property
    def fate(self) -> Fate:
        """Understood, named, or unaccounted."""
        return self.name.fate

    @property
    def mentions(self) -> bool:
        """Whether it says something of agencies, though it is nobody's report: a proof of absence has to look at it."""
        return bool(self.agencies) and (self.name.speaks or (self.name.leads and self.year is not None))

    def as_mention(self) -> dict[str, Any]:
        """The piece for the ledger where it mentions agencies (``ledger.standings.proofs.Mention``)."""
        return self.as_json() | {"report": self.has_report_words, "to_open": self.name is PieceName.TO_OPEN}

    @property
    def has_report_words(self) -> bool:
        """Whether it speaks of a report."""
        return self.report or REPORTISH.search(self.text) is not None

    def as_json(self) -> dict[str, Any]:
        """The piece for ``probe``, ``why`` and the ledger."""
        written: dict[str, Any] = {"kind": self.kind.value, "text": self.text, "name": self.name.value}
        if self.address is not None:
            written["address"] = self.address
        if self.agencies:
            written["agencies"] = sorted(self.agencies)
        if self.year is not None:
            written["year"] = self.year
        return written


@dataclass(frozen=True, slots=True)
class Accounted:
    """The contract's ``accounted``: counts, and examples of what is unaccounted."""

    pieces: int = 0
    understood: int = 0
    named: int = 0
    unaccounted: int = 0
    examples: tuple[Piece, ...] = ()

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Accounted:
        """The figures of some pieces."""
        all_pieces = list(pieces)
        fates = [piece.fate for piece in all_pieces]
        left = [piece for piece in all_pieces if piece.fate is Fate.UNACCOUNTED]
        return cls(
            len(fates),
            fates.count(Fate.UNDERSTOOD),
            fates.count(Fate.NAMED),
            len(left),
            tuple(left[:MOST_EXAMPLES]),
        )

    def __add__(self, other: Accounted) -> Accounted:
        """Both together."""
        return Accounted(
            self.pieces + other.pieces,
            self.understood + other.understood,
            self.named + other.named,
            self.unaccounted + other.unaccounted,
            (self.examples + other.examples)[:MOST_EXAMPLES],
        )

    def as_json(self) -> dict[str, Any]:
        """As in contract.md, section 4."""
        return {
            "pieces": self.pieces,
            "understood": self.understood,
            "named": self.named,
            "unaccounted": self.unaccounted,
            "examples": [piece.as_json() for piece in self.examples],
        }


@dataclass(frozen=True)
class PageAccount:
    """The account of one list page; ``garbled``: its text cannot be read, so that nothing on it proves anything."""

    address: str
    pieces: tuple[Piece, ...]
    garbled: bool = False

    @cached_property
    def accounted(self) -> Accounted:
        """The figures."""
        return Accounted.of(self.pieces)

    @cached_property
    def sha256(self) -> str:
        """The hash of what the page holds: the same for two loads, whatever counters and session numbers say."""
        content = [self.address, self.garbled, [_lasting(piece) for piece in self.pieces]]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def as_row(self) -> dict[str, Any]:
        """The account for the ledger, without what is only navigation (``ledger.models.ListPage``)."""
        names = Counter(piece.name.value for piece in self.pieces)
        reports: dict[str, set[str]] = {}
        for piece in self.pieces:
            if piece.name is PieceName.REPORT and piece.year is not None:
                reports.setdefault(str(piece.year), set()).update(piece.agencies)
        left = [piece for piece in self.pieces if piece.fate is Fate.UNACCOUNTED]
        mentions = [piece for piece in self.pieces if piece.mentions]
        if len(left) > MOST_UNACCOUNTED or len(mentions) > MOST_MENTIONS:
            count = max(len(left), len(mentions))
            left = [*left[:MOST_UNACCOUNTED], Piece(PieceKind.ROW, f"另有 {count} 处", PieceName.UNKNOWN)]
        return {
            "account": self.sha256,
            "address": self.address,
            "garbled": self.garbled,
            "accounted": self.accounted.as_json() | {"names": dict(sorted(names.items()))},
            "reports": {year: sorted(agencies) for year, agencies in sorted(reports.items())},
            "unaccounted": {
                "pieces": [piece.as_json() for piece in left],
                "mentions": [piece.as_mention() for piece in mentions[:MOST_MENTIONS]],
            },
        }


def _lasting(piece: Piece) -> list[Any]:
    """What makes a piece the same at every load: of navigation and the like only where it leads, whatever it says."""
    if piece.fate is Fate.NAMED and not piece.mentions:
        return [piece.kind.value, piece.name.value, piece.address or ""]
    if piece.fate is Fate.NAMED:
        says = [piece.has_report_words, sorted(piece.agencies), piece.year]
        return [piece.kind.value, piece.name.value, piece.address or "", *says]
    return [piece.kind.value, piece.name.value, piece.address or "", piece.text, sorted(piece.agencies), piece.year]


@dataclass(frozen=True)
class ColumnAccount:
    """The account of a look at a column: that of each of its pages, in the order in which they were read."""

    pages: tuple[PageAccount, ...] = field(default=())

    @cached_property
    def accounted(self) -> Accounted:
        """The figures of all pages together."""
        return sum((page.accounted for page in self.pages), Accounted())

    @property
    def garbled(self) -> bool:
        """Whether the text of any page cannot be read."""
        return any(page.garbled for page in self.pages)

    @property
    def pieces(self) -> Iterable[Piece]:
        """The pieces of all pages."""
        return (piece for page in self.pages for piece in page.pieces)

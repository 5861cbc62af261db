"""Whether it is proved that an agency's report is not there (design, decision 17), and if not, what is lacking.

A column proves an absence where two looks at it after the due date each do, and the last one does: every row accounted
for, every pager followed to its end (else the look is not complete), the text readable, nothing left over that could be
this report, and somebody's report for the year recognised, so that it is known what one looks like there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ledger.standings.proofs import AccountedLook, LeftOver
from monitor.calendar import chinese_moment

LOOKS_FOR_MISSING = 2
# As often a list is read wholly (crawler.visiting.article_visit.DAILY).
FROM_LOOK_TO_LOOK = timedelta(hours=20)


class Lack(StrEnum):
    """What a proof of absence lacks."""

    NO_COLUMN = "no_column"
    NEVER_LOOKED = "never_looked"
    PORTAL = "portal"
    NO_LOOK = "no_look"
    ONE_LOOK = "one_look"
    NO_ACCOUNT = "no_account"
    GARBLED = "garbled"
    LEFT_OVER = "left_over"
    NO_WITNESS = "no_witness"
    COMMON_CAUSE = "common_cause"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who said, when and why, that a column is to be believed for a report year."""

    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column where the report belongs, and its complete, healthy looks since the due date, in order.

    ``confirmed``: a person's word that the column is to be believed for this report year, though nobody's report was
    recognised in it, or many turned missing at once. ``family`` is the one by which it is read, where that is known.
    """

    name: str
    looks: tuple[AccountedLook, ...] = ()
    confirmed: Confirmed | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The two looks at a column that prove an absence, or what is lacking; ``left`` is what could be the report."""

    column: ColumnFacts
    looks: tuple[AccountedLook, ...] = ()
    lack: Lack | None = None
    left: LeftOver | None = None

    @property
    def sentence(self) -> str:
        """What is lacking, for people, and when it will come where that is known."""
        name = f"“{self.column.name}”栏目"
        if self.lack is Lack.ONE_LOOK:
            following = chinese_moment(self.looks[0].begun_at + FROM_LOOK_TO_LOOK)
            return f"期限之后对{name}尚未查满两次，第2次完整查看将于{following}以后进行"
        left = f"“{self.left.text[:40]}”" if self.left is not None and self.left.text else "脚本或框架中的内容"
        words = {
            Lack.NO_LOOK: f"期限之后尚未完整查看过{name}",
            Lack.NO_ACCOUNT: f"对{name}的查看没有逐项核对的记录，须重新查看",
            Lack.GARBLED: f"{name}的文字是乱码，无法辨认",
            Lack.LEFT_OVER: f"{name}中有未能辨认的内容（{left}），可能就是该报告，须人工核对",
            Lack.NO_WITNESS: (
                f"{name}中没有认出任何机关该年度的报告，可能是没有读懂该栏目，须人工确认（nianbao looks confirm）"
            ),
        }
        return words.get(self.lack, "") if self.lack is not None else ""


def prove(column: ColumnFacts, agency: str, year: int) -> Proof:
    """The proof that a column gives of the absence of one agency's report for one year, or what it lacks."""
    if not column.looks:
        return Proof(column, lack=Lack.NO_LOOK)
    last = column.looks[-1]
    lack, left = _lack(last, column, agency, year)
    if lack is not None:
        return Proof(column, lack=lack, left=left)
    proving = [look for look in column.looks if _lack(look, column, agency, year)[0] is None]
    if len(proving) < LOOKS_FOR_MISSING:
        return Proof(column, tuple(proving), Lack.ONE_LOOK)
    return Proof(column, tuple(proving[:LOOKS_FOR_MISSING]))


def proofs_of(columns: Sequence[ColumnFacts], agency: str, year: int) -> list[Proof]:
    """The proofs that count for an agency's report of a year, of all columns where it belongs."""
    return _relevant([prove(column, agency, year) for column in columns], agency)


def _relevant(proofs: Sequence[Proof], agency: str) -> list[Proof]:
    """The proofs that count for an agency: where only another's reports ever stood, no witness is lacking for it."""
    own = [one for one in proofs if one.lack is not Lack.NO_WITNESS or _whose(one.column) in (None, agency)]
    return own or list(proofs)


def _whose(column: ColumnFacts) -> str | None:
    return column.looks[-1].only_unit if column.looks else None


def _lack(look: AccountedLook, column: ColumnFacts, agency: str, year: int) -> tuple[Lack | None, LeftOver | None]:
    if not look.has_account:
        return Lack.NO_ACCOUNT, None
    if look.garbled:
        return Lack.GARBLED, None
    left = next((one for one in look.left if one.may_be(agency, year)), None)
    if left is not None:
        return Lack.LEFT_OVER, left
    recognised = look.reports.get(year, frozenset()) - {agency}
    former = any(agency in agencies for of, agencies in look.reports.items() if of < year)
    is_own = look.only_unit == agency and former
    return (None, None) if recognised or is_own or column.confirmed is not None else (Lack.NO_WITNESS, None)


def second_look(proofs: Sequence[Proof]) -> datetime:
    """When the last of the looks that complete the proofs was begun."""
    return max(proof.looks[LOOKS_FOR_MISSING - 1].begun_at for proof in proofs)

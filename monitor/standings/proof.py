"""Whether it is proved that an agency's report is not there (design, decision 17), and if not, what is lacking.

A column proves an absence where two looks at it after the due date each do, and the last one does: every row accounted
for, every pager followed to its end (else the look is not complete), the text readable, nothing left over that could be
this report, nothing else that speaks of the agency and of such a report or its year, and somebody's report for the year
recognised, so that it is known what one looks like there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ledger.standings.proofs import AccountedLook
from monitor.calendar import chinese_moment, day_of

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
    MENTIONED = "mentioned"
    NO_WITNESS = "no_witness"
    COMMON_CAUSE = "common_cause"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who said, when and why, that a column is to be believed for a report year.

    ``texts``: what could not be accounted for, and what names agencies, as it stood before that person.
    """

    by: str
    at: datetime
    why: str
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column where the report belongs, and its complete, healthy looks since the due date, in order.

    ``confirmed``: a person's word that the column is to be believed for this report year, though nobody's report was
    recognised in it, or many turned missing at once. ``family`` is the one by which it is read, where that is known.
    ``next_look`` is when it will be read wholly again, at the earliest; None where the portal is paused. ``opened``:
    what entries that say too little were recognised as, by address: an agency and a report year.
    """

    name: str
    looks: tuple[AccountedLook, ...] = ()
    confirmed: Confirmed | None = None
    family: str | None = None
    next_look: datetime | None = None
    opened: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """The two looks at a column that prove an absence, or what is lacking; ``text`` is what could be the report."""

    column: ColumnFacts
    looks: tuple[AccountedLook, ...] = ()
    lack: Lack | None = None
    text: str = ""
    next_look: datetime | None = None

    @property
    def sentence(self) -> str:
        """What is lacking, for people."""
        return self._lacking("期限之后")

    @property
    def of_former(self) -> str:
        """What is lacking where the report was there before, for people."""
        return self._lacking("最后一次查到之后")

    def _lacking(self, since: str) -> str:
        name = f"“{self.column.name}”栏目"
        said = f"“{self.text[:40]}”" if self.text else "脚本或框架中的内容"
        words = {
            Lack.NO_LOOK: f"{since}尚未完整查看过{name}",
            Lack.ONE_LOOK: f"{since}对{name}尚未查满两次",
            Lack.NO_ACCOUNT: f"对{name}的查看没有逐项核对的记录，须重新查看",
            Lack.GARBLED: f"{name}的文字是乱码，无法辨认",
            Lack.LEFT_OVER: f"{name}中有未能辨认的内容（{said}），可能就是该报告，须人工核对",
            Lack.MENTIONED: f"{name}中有提到该机关的内容（{said}），可能与该报告有关，须人工核对",
            Lack.NO_WITNESS: (
                f"{name}中没有认出任何机关该年度的报告，可能是没有读懂该栏目，须人工确认（nianbao looks confirm）"
            ),
        }
        return words.get(self.lack, "") if self.lack is not None else ""

    @property
    def following(self) -> str:
        """When the next whole look will be, for people; empty where that is not known."""
        if self.next_look is None:
            return ""
        which = f"第{LOOKS_FOR_MISSING}次" if self.lack is Lack.ONE_LOOK else "下次"
        return f"{which}完整查看将于{chinese_moment(self.next_look)}以后进行"


def prove(column: ColumnFacts, agency: str, year: int, apart: timedelta) -> Proof:
    """The proof that a column gives of the absence of one agency's report for one year, or what it lacks.

    The two looks are begun at least ``apart`` one after the other.
    """
    if not column.looks:
        return Proof(column, lack=Lack.NO_LOOK, next_look=column.next_look)
    lack, text = _lack(column.looks[-1], column, agency, year)
    if lack is not None:
        return Proof(column, lack=lack, text=text, next_look=column.next_look)
    proving = [look for look in column.looks if _lack(look, column, agency, year)[0] is None]
    first = proving[0]
    second = next((look for look in proving if look.begun_at - first.begun_at >= apart), None)
    if second is None:
        next_look = max(column.next_look, first.begun_at + apart) if column.next_look is not None else None
        return Proof(column, (first,), Lack.ONE_LOOK, next_look=next_look)
    return Proof(column, (first, second))


def proofs_of(columns: Sequence[ColumnFacts], agency: str, year: int, apart: timedelta) -> list[Proof]:
    """The proofs that count for an agency's report of a year, of all columns where it belongs."""
    return _relevant([prove(column, agency, year, apart) for column in columns], agency)


def _relevant(proofs: Sequence[Proof], agency: str) -> list[Proof]:
    """The proofs that count for an agency: where only another's reports ever stood, no witness is lacking for it."""
    own = [one for one in proofs if one.lack is not Lack.NO_WITNESS or _whose(one.column) in (None, agency)]
    return own or list(proofs)


def _whose(column: ColumnFacts) -> str | None:
    return column.looks[-1].only_unit if column.looks else None


def _lack(look: AccountedLook, column: ColumnFacts, agency: str, year: int) -> tuple[Lack | None, str]:
    """What one look lacks to prove the absence, and the text that stands in its way."""
    if not look.has_account:
        return Lack.NO_ACCOUNT, ""
    if look.garbled:
        return Lack.GARBLED, ""
    # What a person saw and said of is no reason any more.
    seen = column.confirmed.texts if column.confirmed is not None else frozenset[str]()
    for left in look.left:
        if left.may_be(agency, year) and left.text not in seen:
            return Lack.LEFT_OVER, left.text
    for mention in look.mentions:
        if mention.is_about(agency, year) and mention.text not in seen and mention.address not in column.opened:
            return Lack.MENTIONED, mention.text
    # A report that the list calls this agency's stands there, whatever its page was taken for.
    if agency in look.reports.get(year, frozenset()) and column.confirmed is None:
        return Lack.MENTIONED, f"写明{year}年度的报告"
    # A report of a year that is not over is one of another year with a slip in its title.
    slips = [of for of, agencies in look.reports.items() if of >= day_of(look.begun_at).year and agency in agencies]
    if slips and column.confirmed is None:
        return Lack.MENTIONED, f"写明{slips[0]}年度的报告"
    recognised = look.reports.get(year, frozenset()) - {agency}
    former = any(agency in agencies for of, agencies in look.reports.items() if of < year)
    is_own = look.only_unit == agency and former
    return (None, "") if recognised or is_own or column.confirmed is not None else (Lack.NO_WITNESS, "")


def second_look(proofs: Sequence[Proof]) -> datetime:
    """When the last of the looks that complete the proofs was begun."""
    return max(proof.looks[LOOKS_FOR_MISSING - 1].begun_at for proof in proofs)

"""How good a season's reports are, and how good what was said of them: clean, put right, taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.severity import Severity
from ledger.reading.states_of_reports import report_readings
from ledger.standings.accusations import Accusations, accusations
from ledger.standings.questions import StandingThen
from ledger.standings.summary import Problem
from ledger.states import Standing

_PUBLISHED = (Standing.ON_TIME, Standing.LATE, Standing.DATE_DISPUTED)


@dataclass(frozen=True, slots=True)
class Quality:
    """``days`` after the last due date that passed (None before the first) ``clean`` of the ``read`` reports have no
    open error.

    ``unread`` were published and not read: they are not called clean. ``said`` is what letters said of them.
    """

    days: int | None
    read: int
    clean: int
    unread: int
    said: Accusations

    @property
    def sentences(self) -> list[str]:
        """The same in words."""
        when = "目前" if self.days is None else f"期限后{self.days}天"
        if self.read:
            clean = f"{when}，已读取的{self.read}份报告中{self.clean}份没有未解决的错误"
            clean += f"，另有{self.unread}份尚未读出，不计在内" if self.unread else ""
        else:
            clean = f"{when}，还没有已读取的报告" + (f"（{self.unread}份尚未读出）" if self.unread else "")
        said = self.said
        if not said.told:
            return [f"{clean}。"]
        share = f"{100 * said.taken_back / said.told:.1f}".removesuffix(".0")
        return [
            f"{clean}。",
            f"本年度报告已通知{said.told}件，其中{said.put_right}件已更正，{said.taken_back}件由本系统撤回（{share}%）。",
        ]


def quality_of(
    session: Session,
    district: str,
    year: int,
    standings: Sequence[StandingThen],
    problems: Collection[Problem],
    today: date,
    moment: datetime,
) -> Quality:
    """The quality of a report year at a moment; ``problems`` are those that held then."""
    wrong = {one.agency for one in problems if one.severity == Severity.ERROR}
    published = [row.agency for row in standings if row.standing in _PUBLISHED]
    readings = report_readings(session, moment, district, [year])
    read = [one for one in published if (one, year) in readings and readings[one, year].is_known]
    over = [row.due for row in standings if row.due < today]
    return Quality(
        (today - max(over)).days if over else None,
        len(read),
        sum(one not in wrong for one in read),
        len(published) - len(read),
        accusations(session, district, year, moment),
    )

"""The publication date is evidence, not a field (design, decision 6): when was one report published, in time or not?

Four kinds of witness, each good for something else:

- our own first sighting is the latest it can have been;
- our own last complete look that did not find it is the earliest it can have been;
- the time inside a record id or an address is when the record was made: not published before that, but perhaps
  much later, and made anew when a portal is migrated;
- what the page, its label or the list states is a claim: editable, but a statement of the agency's own;
- how long ago the list says that it was (3天前) is such a claim too, but only of the latest day: a stored page goes on
  saying it, so that it can say in time and never late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.standings.questions import DateWitness
from ledger.states import EvidenceSource, Standing
from monitor.calendar import chinese_day, day_of, end_of, season_of
from report.titles import is_revised

STATEMENTS = (
    EvidenceSource.ENTERED,
    EvidenceSource.PAGE_LABEL,
    EvidenceSource.VISIBLE_DATE,
    EvidenceSource.LIST_DATE,
)
AGES = (EvidenceSource.LIST_AGE,)
CREATIONS = (EvidenceSource.RECORD_ID, EvidenceSource.ADDRESS)


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """One report as found: when it was first seen, its witnesses, and the last look that did not find it yet.

    ``moved_on``: days that the portal states for reports of former years too, so that they are those of a move.
    """

    article_id: int
    title: str
    address: str
    first_seen_at: datetime
    withdrawn_at: datetime | None = None
    witnesses: tuple[DateWitness, ...] = ()
    absent_at: datetime | None = None
    moved_on: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Publication:
    """Whether a report was published in time: ON_TIME, LATE or DATE_DISPUTED, on which day, and why."""

    standing: Standing
    published: date | None
    sentence: str


def judge_publication(report: ReportFacts, year: int, due: date) -> Publication:
    """Judges one report of a report year against its due date.

    1. Seen by ourselves before the due date ended: in time, whatever the others say.
    2. What a person entered with a date decides.
    3. In time where something says so, nothing speaks against it, and our own looks do not refute it.
    4. Late only where everything that bears on it says so, and it cannot be an old report in a new place: we had
       looked before without finding it, or the page itself says so within its own season.
    5. In every other case the date is disputed. (A migrated report is never called late, nor a revised one whose first
       version nobody could have seen.)
    """
    end = end_of(due)
    if report.first_seen_at < end:
        return _in_time(report, due)
    entered = [witness for witness in report.witnesses if witness.source is EvidenceSource.ENTERED]
    if entered:
        return _in_time(report, due) if day_of(entered[-1].moment) <= due else _late(report, due)
    told = [witness for witness in report.witnesses if day_of(witness.moment) not in report.moved_on]
    statements = [witness for witness in told if witness.source in STATEMENTS]
    creations = [witness for witness in told if witness.source in CREATIONS]
    # A record made in time says nothing about when it was shown, unless nothing else says anything.
    claims = statements or creations
    ages = [witness for witness in report.witnesses if witness.source in AGES]
    in_time = [witness for witness in (*claims, *ages) if day_of(witness.moment) <= due]
    after = [witness for witness in (*statements, *creations) if day_of(witness.moment) > due]
    absent_after = report.absent_at is not None and report.absent_at >= end
    if in_time and not after:
        if any(_credible(witness, report.absent_at) for witness in in_time):
            return _in_time(report, due)
        return _disputed(report, due, "门户上的日期虽在期限之内，系统在该日期之后却仍未查到这份报告")
    if in_time:
        return _disputed(report, due, "各项证据分别落在期限前后")
    if not absent_after and is_revised(report.title):
        return _disputed(report, due, "标题写明是修改或重新发布的版本，它之前的版本是何时公布的，无从得知")
    if not absent_after and len(told) < len(report.witnesses) and not after:
        return _disputed(report, due, "门户上标注的日期与多份往年报告的相同，可能是网站迁移或重新导入的日期")
    if not after and not absent_after:
        return _disputed(report, due, "没有证据说明它是在期限之前还是之后公布的")
    begin, finish = season_of(year)
    if report.absent_at is not None or (statements and begin <= report.first_seen_at < finish):
        return _late(report, due)
    return _disputed(report, due, "首次巡查时已在门户上，记录时间在期限之后，可能是迁移的旧报告")


def evidence_of(report: ReportFacts, due: date) -> dict[str, Any]:
    """What the judgement rests on, as JSON: first sighting, last look without it, and each witness."""
    return {
        "first_seen": report.first_seen_at.isoformat(),
        "last_look_without": report.absent_at.isoformat() if report.absent_at else None,
        "address": report.address,
        "witnesses": [
            {
                "source": witness.source.value,
                "value": witness.value,
                "day": day_of(witness.moment).isoformat(),
                "in_time": day_of(witness.moment) <= due,
            }
            for witness in report.witnesses
            if witness.source is not EvidenceSource.FIRST_SEEN
        ],
    }


def _in_time(report: ReportFacts, due: date) -> Publication:
    published = min(_best_day(report), due)
    sentence = f"{chinese_day(published)}公布，在期限{chinese_day(due)}之内{_entered_by(report)}"
    return Publication(Standing.ON_TIME, published, sentence)


def _late(report: ReportFacts, due: date) -> Publication:
    best = _best_day(report)
    published = best if best > due else day_of(report.first_seen_at)
    days = (published - due).days
    sentence = f"{chinese_day(published)}公布，期限为{chinese_day(due)}，逾期{days}天{_entered_by(report)}"
    return Publication(Standing.LATE, published, sentence)


def _entered_by(report: ReportFacts) -> str:
    """Whose word it is, where a person entered the date."""
    entered = [witness.value for witness in report.witnesses if witness.source is EvidenceSource.ENTERED]
    return f"（人工登记：{entered[-1]}）" if entered else ""


def _disputed(report: ReportFacts, due: date, why: str) -> Publication:
    seen = chinese_day(day_of(report.first_seen_at))
    return Publication(Standing.DATE_DISPUTED, None, f"已公布（系统{seen}首次发现，期限为{chinese_day(due)}），但{why}")


def _credible(witness: DateWitness, absent_at: datetime | None) -> bool:
    """Whether a claimed moment is not refuted by a look of ours that did not find the report later than that."""
    if absent_at is None:
        return True
    moment = witness.moment if witness.precise else end_of(day_of(witness.moment))
    return moment >= absent_at


def _best_day(report: ReportFacts) -> date:
    """The most trusted statement between the making of the record and our first sighting, else the nearest bound."""
    entered = [witness for witness in report.witnesses if witness.source is EvidenceSource.ENTERED]
    if entered:
        return day_of(entered[-1].moment)
    latest = day_of(report.first_seen_at)
    made = [day_of(witness.moment) for witness in report.witnesses if witness.source in CREATIONS]
    made = [day for day in made if day <= latest]
    earliest = max([*made, *([day_of(report.absent_at)] if report.absent_at else [])], default=date.min)
    for source in (*STATEMENTS, *AGES):
        for witness in report.witnesses:
            if witness.source is source and earliest <= day_of(witness.moment) <= latest:
                return day_of(witness.moment)
    return max(made) if made else day_of(report.first_seen_at)

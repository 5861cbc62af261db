"""One report year of a district as its weekly summary tells it: what stands, what is new, what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity, gravity
from ledger.messages.rectifications import Asked, rectifications_at
from ledger.reading.quarantine import quarantined
from ledger.standings import summary as rows
from ledger.standings.questions import StandingThen, doubtful_articles, first_rounds, standings_at
from ledger.standings.summary import Change, NewReport, Problem
from ledger.states import IncidentOutcome, RectificationResult, Standing
from monitor.calendar import chinese_day, day_of
from monitor.season.counts import KINDS, Counts, compared, year_before
from monitor.season.progress import Progress, progress_of
from monitor.season.quality import Quality, quality_of
from report.form import TABLE_NAMES, figure_names

WEEK = timedelta(days=7)
# The states in the order in which an office looks at them.
STATES = (
    Standing.MISSING,
    Standing.LATE,
    Standing.WITHDRAWN,
    Standing.DATE_DISPUTED,
    Standing.UNVERIFIABLE,
    Standing.PENDING,
    Standing.ON_TIME,
    Standing.EXEMPT,
)
# Where a finding without a cell of a table stands, by the family of its rule.
PLACES = {
    "P": "公布情况",
    "D": "结构与正文",
    "T": "表格",
    "Y": "与上年对照",
    "N": "正文与表格",
    "A": "与所属机关对照",
    "X": "未能读出",
}
RESULTS = {
    RectificationResult.DONE: "已整改",
    RectificationResult.NOT_DONE: "未整改",
    RectificationResult.DROPPED: "已撤回要求",
}
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date with the kinds of agency it is for; ``days`` are left, or over where negative."""

    kinds: str
    due: date
    days: int

    @property
    def words(self) -> str:
        """The distance in words."""
        if self.days > 0:
            return f"还有{self.days}天"
        return "今天到期" if self.days == 0 else f"已过{-self.days}天"


@dataclass(frozen=True, slots=True)
class Named:
    """An agency by name with a sentence."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Group:
    """The agencies that stand alike, by their short names."""

    standing: Standing
    words: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """The agencies whose reports are due in so many days, by their short names."""

    days: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problems:
    """The new findings of one rule in one table, of ``reports`` reports."""

    place: str
    rule: str
    title: str
    severity: str
    reports: int
    found: tuple[Problem, ...]


@dataclass(frozen=True)
class Season:
    """One report year of a district at the moment of the summary.

    ``newly_missing`` of the missing were not so a week ago; 0 where nobody was watching then.
    """

    year: int
    due_dates: tuple[DueDate, ...]
    counts: tuple[Counts, ...]
    total: Counts
    groups: tuple[Group, ...]
    progress: Progress
    new: list[NewReport] = field(default_factory=list)
    missing: list[Named] = field(default_factory=list)
    newly_missing: int = 0
    pending: list[Awaited] = field(default_factory=list)
    late: list[Named] = field(default_factory=list)
    unverifiable: list[Named] = field(default_factory=list)
    problems: list[Problems] = field(default_factory=list)
    new_problems: int = 0
    older_problems: int = 0
    changed: list[Change] = field(default_factory=list)
    withdrawn: list[Change] = field(default_factory=list)
    remedied: list[Named] = field(default_factory=list)
    taken_back: list[Named] = field(default_factory=list)
    rectifications: list[Named] = field(default_factory=list)
    human: list[Named] = field(default_factory=list)
    open_problems: list[Named] = field(default_factory=list)
    quality: Quality | None = None

    @property
    def news(self) -> str:
        """What the week brought, in one clause."""
        counted = (
            ("新增未公布", self.newly_missing, "家"),
            ("新公布", len(self.new), "份"),
            ("新发现问题", self.new_problems, "处"),
            ("已更正、已解决", len(self.remedied), "项"),
            ("本系统撤回通知", len(self.taken_back), "项"),
        )
        return "，".join(f"{what}{count}{unit}" for what, count, unit in counted if count) or "没有新的变化"


def season_at(
    session: Session, register: Register, district: str, year: int, standings: Sequence[StandingThen], moment: datetime
) -> Season:
    """The season of a report year at a moment; ``standings`` are those of its watched agencies at that moment."""
    today, after = day_of(moment), moment - WEEK
    week_ago = _standings_then(session, register, district, year, after)
    # What nobody was there to see a year ago cannot be compared with.
    year_ago = _standings_then(session, register, district, year - 1, year_before(moment))
    last_season = _standings_then(session, register, district, year - 1, moment) if year_ago else None
    words = register.wording.kinds
    short = {agency.id: agency.short for agency in register.districts[district].agencies}
    present = [kind for kind in KINDS if any(row.kind == kind for row in standings)]
    every_problem = rows.one_a_matter(rows.problems_at(session, moment, district, year))
    problems = [one for one in every_problem if one.severity != Severity.HUMAN]
    new_problems = [one for one in problems if one.opened_at > after]
    ended = rows.ended_matters(session, district, year, after, moment)
    return Season(
        year=year,
        due_dates=_due_dates(register, standings, today),
        counts=tuple(compared(words[kind], kind, standings, week_ago, year_ago) for kind in present),
        total=compared("合计", None, standings, week_ago, year_ago),
        groups=tuple(_groups(register, short, standings)),
        progress=progress_of(year, standings, last_season, today),
        new=rows.new_reports(session, district, year, after, moment),
        missing=[
            Named(row.name, f"逾期{(today - row.due).days}天") for row in standings if row.standing is Standing.MISSING
        ],
        newly_missing=_newly_missing(standings, week_ago),
        pending=list(_awaited(short, standings, today)),
        late=[Named(row.name, row.sentence) for row in standings if row.standing is Standing.LATE],
        unverifiable=[Named(row.name, row.sentence) for row in standings if row.standing is Standing.UNVERIFIABLE],
        problems=list(_by_table(register, new_problems)),
        new_problems=len(new_problems),
        older_problems=len(problems) - len(new_problems),
        changed=rows.changed_reports(session, district, year, after, moment),
        withdrawn=rows.withdrawn_reports(session, district, year, after, moment),
        remedied=[Named(one.name, _ended(one)) for one in ended if one.outcome == IncidentOutcome.REMEDIED],
        taken_back=[Named(one.name, _ended(one)) for one in ended if one.outcome == IncidentOutcome.REFUTED],
        rectifications=list(_rectifications(session, district, year, moment)),
        open_problems=list(_open_problems(register, problems, today)),
        quality=quality_of(session, district, year, standings, problems, today, moment),
        human=[
            *(Named(row.name, row.sentence) for row in standings if row.standing is Standing.DATE_DISPUTED),
            *(Named(one.name, one.message) for one in every_problem if one.severity == Severity.HUMAN),
            *_unread(session, register, district, year, moment),
        ],
    )


def _standings_then(
    session: Session, register: Register, district: str, year: int, moment: datetime
) -> list[StandingThen] | None:
    """The standings for a report year at a moment; None where nobody was watching the portal then."""
    begun = first_rounds(session).get(register.districts[district].portal)
    if begun is None or begun > moment:
        return None
    found = standings_at(session, moment, district=district, years=[year])
    return [row for row in found if register.watches(row.agency, row.year)] or None


def _newly_missing(standings: Sequence[StandingThen], week_ago: Sequence[StandingThen] | None) -> int:
    """How many are missing that were known a week ago and not missing then."""
    not_yet = {row.agency for row in week_ago or () if row.standing is not Standing.MISSING}
    return sum(row.standing is Standing.MISSING and row.agency in not_yet for row in standings)


def _awaited(short: dict[str, str], standings: Sequence[StandingThen], today: date) -> Iterator[Awaited]:
    names: dict[int, list[str]] = {}
    for row in standings:
        if row.standing is Standing.PENDING:
            names.setdefault((row.due - today).days, []).append(short.get(row.agency, row.name))
    for days in sorted(names):
        yield Awaited(days, tuple(names[days]))


def _groups(register: Register, short: dict[str, str], standings: Sequence[StandingThen]) -> Iterator[Group]:
    for standing in STATES:
        names = tuple(short.get(row.agency, row.name) for row in standings if row.standing is standing)
        if names:
            yield Group(standing, register.wording.standings[standing.value], names)


def _by_table(register: Register, problems: Sequence[Problem]) -> Iterator[Problems]:
    """The findings by severity, table and rule: the gravest first, then the most frequent."""
    grouped: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        grouped.setdefault((problem.severity, place_of(register, problem), problem.rule), []).append(problem)
    ordered = sorted(
        grouped.items(), key=lambda item: (_SEVERITIES.index(item[0][0]), -len(item[1]), item[0][1], item[0][2])
    )
    for (severity, place, rule), found in ordered:
        reports = len({problem.agency for problem in found})
        yield Problems(place, rule, register.rules.rules[rule].title, severity, reports, tuple(found))


def place_of(register: Register, problem: Problem) -> str:
    """Where in a report a finding stands: its table, else what its rule is about."""
    for cell in problem.cells:
        for names in figure_names(register).values():
            if cell in names:
                return TABLE_NAMES[names[cell].table]
    return PLACES[problem.rule[0]]


def _open_problems(register: Register, problems: Sequence[Problem], today: date) -> Iterator[Named]:
    """Whose problems are open, how many, and since when: those with errors first, then who has waited longest."""
    by_agency: dict[str, list[Problem]] = {}
    for one in problems:
        by_agency.setdefault(one.agency, []).append(one)

    def urgency(ones: list[Problem]) -> tuple[int, datetime]:
        return min(gravity(one.severity) for one in ones), min(one.opened_at for one in ones)

    for ones in sorted(by_agency.values(), key=urgency):
        counts = {level: sum(one.severity == level for one in ones) for level in Severity}
        found = "、".join(f"{register.wording.levels[level]}{count}处" for level, count in counts.items() if count)
        since = day_of(min(one.opened_at for one in ones))
        yield Named(ones[0].name, f"{found}，自{chinese_day(since)}起，已{(today - since).days}天")


def _ended(one: rows.Ended) -> str:
    return f"{chinese_day(day_of(one.at))}，{one.resolution}（原通知：{one.told}）"


def _rectifications(session: Session, district: str, year: int, moment: datetime) -> Iterator[Named]:
    """What was asked for and is still open, and what ended in the last week."""
    for asked in rectifications_at(session, district, year, moment):
        closed = asked.row.closed_at
        if closed is None or closed > moment - WEEK:
            yield Named(asked.agency.name, _rectification(asked, moment))


def _rectification(asked: Asked, moment: datetime) -> str:
    row, today = asked.row, day_of(moment)
    what = f"{chinese_day(row.asked_on)}要求“{row.asked_for}”，期限{chinese_day(row.due_on)}"
    if row.closed_at is not None and row.closed_at <= moment and row.result is not None:
        return f"{what}，已办结：{RESULTS[row.result]}"
    if asked.answer is not None and asked.answer.first_seen_at <= moment:
        return f"{what}，{chinese_day(day_of(asked.answer.first_seen_at))}已发现新版本，待复核"
    days = (row.due_on - today).days
    return f"{what}，" + (f"已逾期{-days}天，未见新版本" if days < 0 else f"还有{days}天")


def _unread(session: Session, register: Register, district: str, year: int, moment: datetime) -> Iterator[Named]:
    """What may be a report of this year, but could not be assigned, opened or read."""
    portal = register.districts[district].portal
    for article in doubtful_articles(session, [portal]):
        old = article.year is None and article.earliest is not None and day_of(article.earliest).year < year
        if article.year in (None, year) and article.first_seen_at <= moment and not old:
            reason = article.reason or register.wording.troubles[article.outcome.value]
            yield Named(f"《{article.title}》", reason)
    for document in quarantined(session):
        if document.portal == portal and document.year == year and document.since <= moment:
            yield Named(f"《{document.title}》", f"{register.wording.troubles['quarantined']}：{document.sentence}")


def _due_dates(register: Register, standings: Sequence[StandingThen], today: date) -> tuple[DueDate, ...]:
    kinds: dict[date, list[str]] = {}
    for kind in KINDS:
        for due in sorted({row.due for row in standings if row.kind == kind}):
            kinds.setdefault(due, []).append(register.wording.kinds[kind])
    return tuple(DueDate("、".join(names), due, (due - today).days) for due, names in sorted(kinds.items()))

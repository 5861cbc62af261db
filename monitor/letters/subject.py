"""The subject says the news: short names first, then what happened; what matters stands in its first 20 characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity, gravity
from ledger.messages.incidents import is_accusing
from ledger.messages.matters import by_matter
from ledger.messages.notices import Telling
from ledger.models import Agency, Incident, Obligation, Rectification, StandingRow
from ledger.states import IncidentKind
from monitor.calendar import day_of
from monitor.letters.contents import Contents, Ended
from monitor.letters.names import called, is_wide

MOST_NAMES = 3
NAMES_BEFORE_A_COUNT = 2
MOST_REPORTS = 2
# Of what happened; a mail program shows a third of that.
MOST_CHARACTERS = 90

_HAPPENED = {
    IncidentKind.MISSING: "{names}未公布",
    IncidentKind.LATE: "{names}逾期公布",
    IncidentKind.WITHDRAWN: "{names}报告撤下",
    IncidentKind.RECTIFICATION: "{names}整改逾期",
    IncidentKind.DATE_DISPUTED: "{names}公布日期待核",
}
# Of one agency alone, how many days.
_OF_ONE = {
    IncidentKind.LATE: "{names}逾期{days}天公布",
    IncidentKind.RECTIFICATION: "{names}整改逾期{days}天",
}
_STILL = {
    IncidentKind.MISSING: "{names}逾期{days}天未公布",
    IncidentKind.WITHDRAWN: "{names}撤下{days}天",
    IncidentKind.RECTIFICATION: "{names}整改逾期{days}天",
    IncidentKind.FINDING: "{names}{days}天未更正",
    IncidentKind.DATE_DISPUTED: "{names}日期待核{days}天",
}
_ENDED = {
    IncidentKind.FINDING: "已更正",
    IncidentKind.WITHDRAWN: "已恢复",
    IncidentKind.RECTIFICATION: "已有新版本",
}
_GRAVITY = (*_HAPPENED, IncidentKind.FINDING, IncidentKind.INTERNAL_DATE)


def subject_of(session: Session, register: Register, contents: Contents, today: date) -> str:
    """The subject of a letter with these contents; at its end it says of which years' reports."""
    named = "、".join(map(str, sorted(contents.years)))
    return f"{joined(subject_parts(session, register, contents, today))}〔{named}年报〕"


def joined(parts: Iterable[str]) -> str:
    """The parts of a subject as far as there is room."""
    kept: list[str] = []
    left = 0
    for part in parts:
        if kept and len("；".join([*kept, part])) > MOST_CHARACTERS:
            left += 1
        else:
            kept.append(part)
    more = f"等{len(kept) + left}件事" if left else ""
    return f"{'；'.join(kept)}{more}"


def subject_parts(session: Session, register: Register, contents: Contents, today: date) -> list[str]:
    """What happened, the gravest first: news, reminders, and what ended where an office had been told of a fault."""
    names = _Names(session, register, wide=is_wide(register, contents.office))
    parts = [*_news(session, register, names, contents.news, today), *_still(session, names, contents.reminders, today)]
    accusing = [one for one in contents.ended if is_accusing(one.incident)]
    parts += _ends(register, names, accusing or ([] if parts else contents.ended))
    return parts


class _Names:
    """Short names in the order of the register."""

    def __init__(self, session: Session, register: Register, *, wide: bool) -> None:
        self._session = session
        self._wide = wide
        self._order = {agency: number for number, agency in enumerate(register.agencies)}

    def sorted(self, agencies: Iterable[str | None]) -> list[str]:
        """These agencies, each once, in the order of the register."""
        return sorted({agency for agency in agencies if agency}, key=lambda one: (self._order.get(one, 1 << 30), one))

    def short(self, agency: str) -> str:
        """What everybody calls an agency."""
        row = self._session.get(Agency, agency)
        return called(row, wide=self._wide) if row is not None else agency

    def joined(self, agencies: Iterable[str | None]) -> str:
        """Several names, or the first of them and how many there are."""
        names = [self.short(agency) for agency in self.sorted(agencies)]
        if len(names) <= MOST_NAMES:
            return "、".join(names)
        return f"{'、'.join(names[:NAMES_BEFORE_A_COUNT])}等{len(names)}家"


def _news(session: Session, register: Register, names: _Names, news: Sequence[Incident], today: date) -> Iterator[str]:
    findings = [one for one in news if one.kind is IncidentKind.FINDING]
    errors = {(one.agency, one.year) for one in findings if one.level == Severity.ERROR}
    told_of_findings = False
    for kind in _GRAVITY:
        ones = [one for one in news if one.kind is kind]
        if kind is IncidentKind.DATE_DISPUTED and errors:
            yield from _found(session, register, names, findings)
            told_of_findings = True
        if kind is IncidentKind.FINDING:
            if findings and not told_of_findings:
                yield from _found(session, register, names, findings)
        elif kind is IncidentKind.INTERNAL_DATE:
            awaited = names.sorted(agency for one in ones for agency in one.detail["awaited"])
            if awaited:
                yield f"{names.joined(awaited)}过了内部时限未公布"
        elif ones:
            alone = len({one.agency for one in ones}) == 1 and kind in _OF_ONE
            words = _OF_ONE[kind] if alone else _HAPPENED[kind]
            days = _days_over(session, ones[0], today) if alone else 0
            yield words.format(names=names.joined(one.agency for one in ones), days=days)


def _found(session: Session, register: Register, names: _Names, findings: Sequence[Incident]) -> Iterator[str]:
    """What was found in one or two reports; how much in how many where there are more."""
    reports: dict[str, list[Incident]] = {}
    for one in findings:
        reports.setdefault(one.agency or "", []).append(one)
    worst = {agency: min(gravity(one.level) for one in ones) for agency, ones in reports.items()}
    agencies = sorted(names.sorted(reports), key=lambda agency: worst[agency])
    if len(agencies) > MOST_REPORTS:
        first = "、".join(names.short(agency) for agency in agencies[:NAMES_BEFORE_A_COUNT])
        yield f"{first}等{len(agencies)}份报告{len(by_matter(findings))}处问题"
        return
    for agency in agencies:
        yield f"{names.short(agency)}：{_briefly(register, reports[agency])}"


def _briefly(register: Register, findings: Sequence[Incident]) -> str:
    """What is wrong in a report: each sort of fault once, with how many matters there are, the gravest first."""
    counts: dict[str, int] = {}
    for first, *_ in by_matter(sorted(findings, key=lambda one: (gravity(one.level), one.detail["rule"]))):
        brief = register.rules.rules[first.detail["rule"]].brief
        counts[brief] = counts.get(brief, 0) + 1
    return "、".join(brief.replace("#", str(count)) for brief, count in counts.items())


def _still(session: Session, names: _Names, tellings: Sequence[Telling], today: date) -> Iterator[str]:
    grouped: dict[tuple[int, int], list[Telling]] = {}
    for one in tellings:
        grouped.setdefault((list(_STILL).index(one.incident.kind), one.reminders + 1), []).append(one)
    for (_, time), ones in sorted(grouped.items()):
        days = max(_days_over(session, one.incident, today, day_of(one.first)) for one in ones)
        words = _STILL[ones[0].incident.kind]
        yield words.format(names=names.joined(one.incident.agency for one in ones), days=days) + f"（第{time}次催办）"


def _days_over(session: Session, incident: Incident, today: date, told: date | None = None) -> int:
    """Days over the date that an incident is about; where it is about none, since it was ``told``."""
    if incident.kind is IncidentKind.RECTIFICATION:
        row = session.get(Rectification, incident.detail["rectification"])
        return (today - row.due_on).days if row is not None else 0
    if incident.kind in (IncidentKind.MISSING, IncidentKind.LATE):
        owed = session.get(Obligation, (incident.agency, incident.year))
        standing = session.get(StandingRow, (incident.agency, incident.year))
        until = standing.published if standing is not None and incident.kind is IncidentKind.LATE else today
        return ((until or today) - owed.due).days if owed is not None else 0
    return (today - (told or today)).days


def _ends(register: Register, names: _Names, ended: Sequence[Ended]) -> Iterator[str]:
    wrong = [one.incident for one in ended if one.was_wrong]
    if wrong:
        accusing = [one for one in wrong if is_accusing(one)]
        what = "原提示"
        if accusing:
            several = len({one.agency for one in accusing}) > 1 or len({one.kind for one in accusing}) > 1
            what = "原通知" if several else f"“{_accusation(register, accusing)}”"
        yield f"{names.joined(one.agency for one in accusing or wrong)}更正：{what}不成立"
    put_right: dict[str, list[str | None]] = {}
    for agency in names.sorted(one.incident.agency for one in ended if not one.was_wrong):
        kinds = {one.incident.kind for one in ended if one.incident.agency == agency and not one.was_wrong}
        word = next((word for kind, word in _ENDED.items() if kind in kinds), "已解决")
        put_right.setdefault(word, []).append(agency)
    for word, agencies in put_right.items():
        yield f"{names.joined(agencies)}{word}"


def _accusation(register: Register, incidents: Sequence[Incident]) -> str:
    if incidents[0].kind is IncidentKind.FINDING:
        return _briefly(register, incidents)
    return _HAPPENED[incidents[0].kind].format(names="")

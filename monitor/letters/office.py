"""Writes letters to offices: of a day, of one matter, or of what still waits; what is in them, monitor.notices says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity, gravity
from ledger.messages.matters import by_matter
from ledger.messages.notices import Telling
from ledger.models import Incident, PortalRow
from ledger.states import IncidentKind, PortalState
from monitor.calendar import chinese_day, chinese_moment, day_of
from monitor.letters import digests
from monitor.letters.acting import answer_day, asked_of, is_own_government, telephone_words
from monitor.letters.alert import TAGS, correction, greeting, report_part
from monitor.letters.contents import Contents
from monitor.letters.letter import Fact, Item, Letter, Line, Part
from monitor.letters.names import is_wide
from monitor.letters.subject import subject_of

# So many reports are told cell by cell; of the others what was found in how many.
MOST_PARTS = 10
_UNSEEN = "该区门户目前不能正常查看，其中有的可能已经公布而系统尚未看到。"


def office_letter(session: Session, register: Register, contents: Contents, contact: str, now: datetime) -> Letter:
    """The letter with these contents; they are not empty, and all of one office."""
    today = day_of(now)
    if not contents.news and not contents.reminders and len(contents.reports) == 1:
        return correction(session, register, contents.ended, contact, today, contents.office)
    subject = subject_of(session, register, contents, today)
    first = next(contents.incidents)
    hello, wide = greeting(register, contents.office or first.district), is_wide(register, contents.office)
    reports = {(one.agency, one.year) for one in contents.news}
    if not contents.reminders and not contents.ended and len(reports) == 1 and first.agency is not None:
        part = report_part(session, register, contents.news, today, wide=wide)
        lead = f"{part.heading}有下列情况，请查看："
        return Letter(subject, hello, lead, part.items, part.advice, part.facts, contact)
    parts, others = _parts(session, register, contents.news, today, wide)
    items = [
        *_internal_dates(session, register, contents.news, now, wide),
        *digests.items(session, register, [one for one in contents.news if _is_listed(one)], today, wide=wide),
        *digests.items(session, register, others, today, wide=wide),
        *_reminders(session, register, contents.reminders, now, wide),
        *digests.ended_items(session, register, contents.ended, wide=wide),
    ]
    advice = [*_advice(contents, contact, bool(others))]
    return Letter(
        subject,
        hello,
        _lead(session, contents, wide),
        tuple(items),
        tuple(advice),
        tuple(_facts(contents, others)),
        contact,
        parts=parts,
    )


def _lead(session: Session, contents: Contents, wide: bool) -> str:
    if not contents.news and not contents.reminders:
        wrong = any(one.was_wrong for one in contents.ended)
        return "此前通知的下列事项已有结果" + ("，其中更正的以本邮件为准。" if wrong else "，无须再处理。")
    if not contents.news:
        urged = any(not is_own_government(session, one.incident, wide=wide) for one in contents.reminders)
        return "下列情况此前已经通知，至今尚未解决" + ("，请继续督促。" if urged else "。")
    return "下列情况合并为一封信，请查看："


def _is_listed(incident: Incident) -> bool:
    """Whether it is one line among others like it, and has no part of its own."""
    return incident.kind not in (IncidentKind.FINDING, IncidentKind.INTERNAL_DATE)


def _parts(
    session: Session, register: Register, news: Sequence[Incident], today: date, wide: bool
) -> tuple[tuple[Part, ...], list[Incident]]:
    """The reports that are told in full, the gravest first, and what was found in those for which there is no room."""
    reports: dict[tuple[str | None, int | None], list[Incident]] = {}
    for one in news:
        if one.kind is IncidentKind.FINDING:
            reports.setdefault((one.agency, one.year), []).append(one)
    ordered = sorted(reports.values(), key=lambda ones: min(gravity(one.level) for one in ones))
    parts = tuple(report_part(session, register, ones, today, wide=wide) for ones in ordered[:MOST_PARTS])
    return parts, [one for ones in ordered[MOST_PARTS:] for one in ones]


def _internal_dates(
    session: Session, register: Register, news: Sequence[Incident], now: datetime, wide: bool
) -> Iterator[Item]:
    """Who was awaited by a district's own earlier date; nobody is late by it."""
    for one in news:
        if one.kind is not IncidentKind.INTERNAL_DATE:
            continue
        portal = session.get(PortalRow, register.districts[one.district or ""].portal)
        unseen = _UNSEEN if portal is not None and portal.state is not PortalState.HEALTHY else ""
        lines = tuple(digests.awaited_lines(session, register, one, day_of(now)))
        expected = asked_of(session, register, one.kind.value, one, wide=wide)
        yield Item(
            Severity.WARNING,
            TAGS[one.kind],
            f"{one.district}{len(lines)}家" if wide else f"{len(lines)}家",
            one.sentence + unseen,
            expected=expected,
            lines=lines,
        )


def _reminders(
    session: Session, register: Register, tellings: Sequence[Telling], now: datetime, wide: bool
) -> Iterator[Item]:
    grouped: dict[tuple[IncidentKind, int, bool], list[Telling]] = {}
    for one in tellings:
        own = is_own_government(session, one.incident, wide=wide)
        grouped.setdefault((one.incident.kind, one.reminders + 1, own), []).append(one)
    for (kind, time, own), ones in grouped.items():
        first = {one.incident.id: one.first for one in ones}
        matters = by_matter([one.incident for one in ones])
        lines = [
            _reminded(session, register, matter, day_of(min(first[one.id] for one in matter)), wide)
            for matter in matters[: digests.MOST_LINES]
        ]
        left = [digests.name_of(session, register, matter[0], wide=wide) for matter in matters[digests.MOST_LINES :]]
        yield Item(
            min((one.incident.level for one in ones), key=gravity),
            f"第{time}次{'提示' if own else '催办'}",
            f"{TAGS.get(kind, '尚未更正')}，{len(matters)}项",
            "",
            expected=asked_of(session, register, kind.value, ones[0].incident, wide=wide),
            lines=(*lines, *digests.named_only(left)),
        )


def _reminded(session: Session, register: Register, matter: Sequence[Incident], told: date, wide: bool) -> Line:
    first = matter[0]
    answer = answer_day(session, first, told, wide=wide)
    known = [
        f"{chinese_day(told)}首次通知",
        f"应于{chinese_day(answer)}前反馈" if answer is not None else "",
        f"事项编号{digests.numbers(matter)}",
    ]
    sentence = "；".join(dict.fromkeys(one.sentence for one in matter)) + f"（{'，'.join(filter(None, known))}）"
    return Line(
        digests.name_of(session, register, first, wide=wide),
        sentence + telephone_words(session, register, first),
        digests.original_of(session, register, first),
    )


def _advice(contents: Contents, contact: str, shortened: bool) -> Iterator[str]:
    if shortened:
        yield f"如需其余各处的单元格和依据，请回复本邮件（{contact}）索取。"
    if contents.reminders:
        yield f"已在处理、暂不需要再提醒的，请回复本邮件（{contact}），写明事项编号和原因，登记后不再提醒。"


def _facts(contents: Contents, others: Sequence[Incident]) -> Iterator[Fact]:
    """Facts of what has no part of its own; ``others`` are findings for which there was no room."""
    told = [*(one for one in contents.news if one.kind is not IncidentKind.FINDING), *others]
    if told:
        moments = sorted(one.opened_at for one in told)
        begin, end = chinese_moment(moments[0]), chinese_moment(moments[-1])
        yield Fact("发现时间", begin if begin == end else f"{begin}至{end}")

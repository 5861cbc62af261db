"""Many things at once as lists, sorted by what happened, with everybody in them by name; digests for operators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import gravity
from ledger.messages.matters import by_matter
from ledger.models import Agency, Incident, Obligation
from ledger.states import Audience, IncidentKind
from monitor.calendar import chinese_day, chinese_moment
from monitor.letters.acting import column_facts, expected_of, is_own_government, telephone_words
from monitor.letters.alert import TAGS, asked_for, copy_for
from monitor.letters.contents import Ended, ends_of
from monitor.letters.letter import Fact, Item, Letter, Line
from monitor.letters.names import called

# So many of one sort get a line with a sentence; the others are named.
MOST_LINES = 40
NAMES_IN_A_LINE = 30
_ORDER = (*TAGS, *(kind for kind in IncidentKind if kind not in TAGS))


def for_operators(
    session: Session, register: Register, incidents: Sequence[Incident], contact: str, today: date
) -> Letter:
    """The letter that tells the operators of many matters of the machinery at once."""
    return Letter(
        f"【年报·运行】汇总：{len(incidents)}个事项需要处理",
        "系统运维人员：",
        "下列事项合并为一封邮件。",
        tuple(items(session, register, incidents, today)),
        ("查看全部：nianbao incidents list",),
        (Fact("发现时间", _span(incidents)),),
        contact,
    )


def reminder_for_operators(
    session: Session, register: Register, incidents: Sequence[Incident], contact: str, today: date
) -> Letter:
    """The letter that reminds the operators of what was told before and is still open."""
    command = f"nianbao incidents acknowledge {incidents[0].id} --by 姓名 --why 原因"
    return Letter(
        f"【年报·运行】仍未解决：{len(incidents)}个事项",
        "系统运维人员：",
        "下列事项此前已经通知，至今仍未解决。",
        tuple(items(session, register, incidents, today)),
        (f"已在处理、暂不需要再提醒的，可以登记：{command}",),
        (Fact("首次发现", _span(incidents)), Fact("事项编号", numbers(incidents))),
        contact,
    )


def recovered(session: Session, register: Register, resolved: Sequence[Ended], contact: str, today: date) -> Letter:
    """The letter that tells the operators of many matters that are over; no day (``today``) stands in it."""
    lead = "此前通知的下列运行问题已经解除。"
    told = tuple(ended_items(session, register, resolved))
    return Letter("【年报·运行】已恢复正常", "系统运维人员：", lead, told, contact=contact)


def ended_items(
    session: Session, register: Register, resolved: Sequence[Ended], *, wide: bool = False
) -> Iterator[Item]:
    """What was told and has ended: what had been wrong, and what was put right."""
    sorts = (
        ("更正", [one for one in resolved if one.was_wrong]),
        ("已解决", [one for one in resolved if not one.was_wrong]),
    )
    for tag, ones in sorts:
        if ones:
            count = len(ends_of(ones))
            yield Item("info", tag, f"{count}处", "", lines=tuple(_ended_lines(session, register, ones, wide)))


def awaited_lines(session: Session, register: Register, incident: Incident, today: date) -> Iterator[Line]:
    """Who has not published by a district's own date: everybody by name, with the days until the due date."""
    for agency in incident.detail["awaited"]:
        row, owed = session.get(Agency, agency), session.get(Obligation, (agency, incident.year))
        if row is not None and owed is not None:
            yield Line(row.name, f"期限{chinese_day(owed.due)}，还有{(owed.due - today).days}天")


def numbers(incidents: Sequence[Incident]) -> str:
    """The numbers of matters, by which somebody answers: an incident's own where it has none of an office."""
    found = list(dict.fromkeys(incident.matter or str(incident.id) for incident in incidents))
    more = f"等{len(found)}项" if len(found) > MOST_LINES else ""
    return "、".join(found[:MOST_LINES]) + more


def items(
    session: Session, register: Register, incidents: Sequence[Incident], today: date, *, wide: bool = False
) -> Iterator[Item]:
    """One item a sort of thing: the gravest first, findings by their rule, the office's own government apart.

    ``wide``: it is for an office over several districts; names say of which district.
    """
    sorts: dict[tuple[int, int, str, bool], list[Incident]] = {}
    for incident in incidents:
        own = is_own_government(session, incident, wide=wide)
        key = (_ORDER.index(incident.kind), gravity(incident.level), incident.detail.get("rule", ""), own)
        sorts.setdefault(key, []).append(incident)
    for _, ones in sorted(sorts.items(), key=lambda pair: pair[0]):
        first = ones[0]
        if first.kind is IncidentKind.FINDING:
            rule = first.detail["rule"]
            about = len({(one.agency, one.year) for one in ones})
            heading = f"{register.rules.rules[rule].failed}（{rule}），{about}份报告共{len(by_matter(ones))}处"
            tag = register.wording.levels[first.level]
            expected = expected_of(session, register, asked_for(register, rule, first.level), ones, today, wide=wide)
        elif first.audience is Audience.OFFICE:
            tag, heading = TAGS[first.kind], f"{len(ones)}份报告"
            expected = expected_of(session, register, first.kind.value, ones, today, wide=wide)
        else:
            words = register.wording
            tag, heading, expected = words.operators[first.kind.value], f"{len(ones)}个", words.remedy[first.kind.value]
        yield Item(first.level, tag, heading, "", expected=expected, lines=tuple(_lines(session, register, ones, wide)))


def _lines(session: Session, register: Register, incidents: Sequence[Incident], wide: bool) -> Iterator[Line]:
    grouped: dict[tuple[object, ...], list[Incident]] = {}
    for incident in incidents:
        whose = (incident.agency, incident.year) if incident.audience is Audience.OFFICE else (incident.id,)
        grouped.setdefault(whose, []).append(incident)
    listed = list(grouped.values())
    for ones in listed[:MOST_LINES]:
        several = len(by_matter(ones))
        more = f"（等{several}处）" if several > 1 else ""
        link = ones[0].detail.get("address", "")
        if ones[0].audience is Audience.OFFICE:
            more += f"{telephone_words(session, register, ones[0])}〔事项编号{numbers(ones)}〕"
            link = original_of(session, register, ones[0])
        yield Line(name_of(session, register, ones[0], wide=wide), ones[0].sentence + more, link)
    yield from named_only([name_of(session, register, ones[0], wide=wide) for ones in listed[MOST_LINES:]])


def _ended_lines(session: Session, register: Register, resolved: Sequence[Ended], wide: bool) -> Iterator[Line]:
    ends = ends_of(resolved)
    for end in ends[:MOST_LINES]:
        number = f"〔事项编号{end.matter}〕" if end.matter else ""
        yield Line(name_of(session, register, end.first, wide=wide), f"{end.told}。{end.sentence}{number}")
    names = dict.fromkeys(name_of(session, register, end.first, wide=wide) for end in ends[MOST_LINES:])
    yield from named_only(list(names))


def named_only(names: Sequence[str]) -> Iterator[Line]:
    """Those for whom there is no room, by name alone."""
    for start in range(0, len(names), NAMES_IN_A_LINE):
        yield Line("另有", "、".join(names[start : start + NAMES_IN_A_LINE]))


def original_of(session: Session, register: Register, incident: Incident) -> str:
    """Where an office looks itself: the report, or the column in which it was looked for; "" where neither is known."""
    copy = copy_for(session, incident)
    columns = column_facts(session, register, incident) if copy is None else []
    return copy.article if copy is not None else columns[0].link if columns else ""


def name_of(session: Session, register: Register, incident: Incident, *, wide: bool = False) -> str:
    """What a list calls the report, the document or the portal that an incident is about."""
    if incident.audience is Audience.OFFICE:
        agency = session.get(Agency, incident.agency)
        return f"{called(agency, wide=wide) if agency is not None else incident.agency}{incident.year}年"
    if "title" in incident.detail:
        return f"《{incident.detail['title'][:80]}》"
    return register.portal_name(incident.detail["portal"]) if "portal" in incident.detail else "系统"


def _span(incidents: Sequence[Incident]) -> str:
    moments = sorted(incident.opened_at for incident in incidents)
    begin, end = chinese_moment(moments[0]), chinese_moment(moments[-1])
    return begin if begin == end else f"{begin}至{end}"

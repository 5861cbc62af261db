"""Writes digests: many things at once as one letter, sorted by what happened, with everybody in it by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from config.register import Register
from ledger.models import Agency, Incident
from ledger.states import Audience, IncidentKind
from monitor.calendar import chinese_moment
from monitor.letters.alert import GRAVITY, LEVEL_TAGS, TAGS, copy_for, greeting
from monitor.letters.letter import Fact, Item, Letter, Line

# So many of one sort get a line with a sentence; the others are named.
MOST_LINES = 40
NAMES_IN_A_LINE = 30
_ORDER = (*TAGS, *(kind for kind in IncidentKind if kind not in TAGS))


def digest(session: Session, register: Register, incidents: Sequence[Incident], contact: str) -> Letter:
    """The letter that tells of many incidents of one district, or of the machinery, at once."""
    first = incidents[0]
    items = tuple(_items(session, register, incidents))
    found = Fact("发现时间", _span(incidents))
    if first.audience is Audience.OPERATORS:
        return Letter(
            f"【年报·运行】汇总：{len(incidents)}个事项需要处理",
            "系统运维人员：",
            "下列事项合并为一封邮件。",
            items,
            ("查看全部：nianbao incidents list",),
            (found,),
            contact,
        )
    reports = len({(incident.agency, incident.year) for incident in incidents})
    return Letter(
        f"【年报·汇总】{first.district}：{reports}份年度报告有需要处理的情况（{len(incidents)}处）",
        greeting(register, first.district),
        "下列情况合并为一封邮件，每份报告不再单独发送。",
        items,
        (f"如需每一处的单元格和依据，请回复本邮件（{contact}）索取。",),
        (found,),
        contact,
    )


def reminder(session: Session, register: Register, incidents: Sequence[Incident], contact: str) -> Letter:
    """The letter that reminds of what was told before and is still open."""
    first = incidents[0]
    items = tuple(_items(session, register, incidents))
    told = Fact("首次发现", _span(incidents))
    numbers = Fact("事项编号", _numbers(incidents))
    if first.audience is Audience.OPERATORS:
        command = f"nianbao incidents acknowledge {first.id} --by 姓名 --why 原因"
        advice = (f"已在处理、暂不需要再提醒的，可以登记：{command}",)
        subject = f"【年报·运行】仍未解决：{len(incidents)}个事项"
        lead = "下列事项此前已经通知，至今仍未解决。"
        return Letter(subject, "系统运维人员：", lead, items, advice, (told, numbers), contact)
    reports = len({(incident.agency, incident.year) for incident in incidents})
    return Letter(
        f"【年报·催办】{first.district}：{reports}份年度报告的问题尚未解决（{len(incidents)}处）",
        greeting(register, first.district),
        "下列情况此前已经通知，至今尚未解决，请继续督促。",
        items,
        (f"已在处理、暂不需要再提醒的，请回复本邮件（{contact}），写明事项编号和原因，登记后不再提醒。",),
        (told, numbers),
        contact,
    )


def corrections(
    session: Session, register: Register, resolved: Sequence[tuple[Incident, str, bool]], contact: str
) -> Letter:
    """The letter that takes back, or reports as put right, many things at once.

    ``resolved`` holds each incident, how it ended, and whether it had been wrong.
    """
    first = resolved[0][0]
    sorts = (("更正", [one for one in resolved if one[2]]), ("已解决", [one for one in resolved if not one[2]]))
    items = tuple(
        Item("info", tag, f"{len(ones)}处", "", lines=tuple(_ended_lines(session, register, ones)))
        for tag, ones in sorts
        if ones
    )
    if first.audience is Audience.OPERATORS:
        lead = "此前通知的下列运行问题已经解除。"
        return Letter("【年报·运行】已恢复正常", "系统运维人员：", lead, items, contact=contact)
    word = "更正" if sorts[0][1] else "已解决"
    lead = (
        "此前发出的通知有下列需要更正之处，请以本邮件为准，原通知的有关内容不再作为依据。"
        if sorts[0][1]
        else "此前通知的下列问题已经解决，无须再处理。"
    )
    subject = f"【年报·{word}】{first.district}：{len(resolved)}处"
    return Letter(subject, greeting(register, first.district), lead, items, contact=contact)


def _numbers(incidents: Sequence[Incident]) -> str:
    numbers = [str(incident.id) for incident in incidents]
    more = f"等{len(numbers)}项" if len(numbers) > MOST_LINES else ""
    return "、".join(numbers[:MOST_LINES]) + more


def _items(session: Session, register: Register, incidents: Sequence[Incident]) -> Iterator[Item]:
    """One item a sort of thing: the gravest first, findings by their rule."""
    sorts: dict[tuple[int, int, str], list[Incident]] = {}
    for incident in incidents:
        key = (_ORDER.index(incident.kind), GRAVITY.get(incident.level, len(GRAVITY)), incident.detail.get("rule", ""))
        sorts.setdefault(key, []).append(incident)
    for _, ones in sorted(sorts.items(), key=lambda pair: pair[0]):
        first = ones[0]
        if first.kind is IncidentKind.FINDING:
            rule = first.detail["rule"]
            about = len({(one.agency, one.year) for one in ones})
            heading = f"不符合“{register.rules.rules[rule].title}”（{rule}），{about}份报告共{len(ones)}处"
            tag, expected = LEVEL_TAGS[first.level], register.wording.expected[first.level]
        elif first.audience is Audience.OFFICE:
            tag, heading = TAGS[first.kind], f"{len(ones)}份报告"
            expected = register.wording.expected.get(first.kind.value, "")
        else:
            words = register.wording
            tag, heading, expected = words.operators[first.kind.value], f"{len(ones)}个", words.remedy[first.kind.value]
        yield Item(first.level, tag, heading, "", expected=expected, lines=tuple(_lines(session, register, ones)))


def _lines(session: Session, register: Register, incidents: Sequence[Incident]) -> Iterator[Line]:
    grouped: dict[tuple[object, ...], list[Incident]] = {}
    for incident in incidents:
        whose = (incident.agency, incident.year) if incident.audience is Audience.OFFICE else (incident.id,)
        grouped.setdefault(whose, []).append(incident)
    listed = list(grouped.values())
    for ones in listed[:MOST_LINES]:
        more = f"（等{len(ones)}处）" if len(ones) > 1 else ""
        copy = copy_for(session, ones[0]) if ones[0].audience is Audience.OFFICE else None
        link = copy.article if copy is not None else ones[0].detail.get("address", "")
        yield Line(_name(session, register, ones[0]), ones[0].sentence + more, link)
    yield from _named_only([_name(session, register, ones[0]) for ones in listed[MOST_LINES:]])


def _ended_lines(
    session: Session, register: Register, resolved: Sequence[tuple[Incident, str, bool]]
) -> Iterator[Line]:
    for incident, sentence, _ in resolved[:MOST_LINES]:
        yield Line(_name(session, register, incident), f"原通知：{incident.sentence}。{sentence}")
    names = dict.fromkeys(_name(session, register, incident) for incident, _, _ in resolved[MOST_LINES:])
    yield from _named_only(list(names))


def _named_only(names: Sequence[str]) -> Iterator[Line]:
    for start in range(0, len(names), NAMES_IN_A_LINE):
        yield Line("另有", "、".join(names[start : start + NAMES_IN_A_LINE]))


def _name(session: Session, register: Register, incident: Incident) -> str:
    if incident.audience is Audience.OFFICE:
        agency = session.get(Agency, incident.agency)
        return f"{agency.short if agency is not None else incident.agency}{incident.year}年"
    if "title" in incident.detail:
        return f"《{incident.detail['title'][:80]}》"
    return register.portal_name(incident.detail["portal"]) if "portal" in incident.detail else "系统"


def _span(incidents: Sequence[Incident]) -> str:
    moments = sorted(incident.opened_at for incident in incidents)
    begin, end = chinese_moment(moments[0]), chinese_moment(moments[-1])
    return begin if begin == end else f"{begin}至{end}"

"""Writes letters about incidents: an agency's report to its office, the machinery to the operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity, gravity
from config.wording import Wording
from ledger.messages.findings import explained_before
from ledger.messages.matters import by_matter
from ledger.models import FindingRow, Incident, StandingRow
from ledger.reading.copies import ArchivedCopy, copy_of, form_and_figures, newest_copy
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import Audience, IncidentKind, Standing
from monitor.calendar import chinese_day, chinese_moment, day_of
from monitor.letters.acting import column_facts, expected_of, telephone_of
from monitor.letters.changed_report import changed_report
from monitor.letters.contents import Contents, Ended, ends_of
from monitor.letters.desk_links import place_at_desk
from monitor.letters.letter import Fact, Item, Letter, LetterCell, Line, Part
from monitor.letters.subject import subject_of
from report.findings.in_words import cells_in_words, names_in, suggestion_in_words

MOST_CELLS = 8
MOST_ITEMS = 30

TAGS = {
    IncidentKind.MISSING: "未公布",
    IncidentKind.LATE: "逾期公布",
    IncidentKind.WITHDRAWN: "报告撤下",
    IncidentKind.DATE_DISPUTED: "日期待核",
    IncidentKind.RECTIFICATION: "整改逾期",
    IncidentKind.INTERNAL_DATE: "内部时限已过",
}


def report_part(
    session: Session, register: Register, incidents: Sequence[Incident], today: date, *, wide: bool = False
) -> Part:
    """What happened to one agency's report for one year; an answer is expected so many days after ``today``.

    ``wide``: it is for an office over several districts.
    """
    ordered = sorted(incidents, key=lambda incident: (incident.kind is IncidentKind.FINDING, gravity(incident.level)))
    first = ordered[0]
    standing = _standing(session, first)
    copy = next((found for found in (copy_for(session, incident) for incident in ordered) if found), None)
    form, figures = form_and_figures(session, copy.sha256) if copy else (None, {})
    items, advice = [], []
    matters = by_matter(ordered)
    for matter in matters[:MOST_ITEMS]:
        found = findings_of(session, matter)
        item = _of_findings(register, matter, found, form, figures) if found else _item(register, matter, standing)
        what = asked_for(register, found[0].rule, found[0].severity) if found else matter[0].kind.value
        item = replace(item, expected=expected_of(session, register, what, matter, today, wide=wide))
        items.append(replace(item, lines=explained_lines(session, register, found)))
        advice += [
            suggestion_in_words(names_in(register, form), figures, one.suggestion) for one in found if one.suggestion
        ]
    if len(matters) > MOST_ITEMS:
        items.append(Item("info", "其余", f"另有{len(matters) - MOST_ITEMS}处", "如需全部明细，请回复本邮件索取。"))
    items += changed_report(session, register, ordered)
    found_at = Fact("发现时间", chinese_moment(min(incident.opened_at for incident in incidents)))
    return Part(
        report_name(session, first),
        tuple(items),
        tuple(dict.fromkeys(advice)),
        (*_facts(session, register, first, standing, copy), found_at),
    )


def correction(
    session: Session,
    register: Register,
    resolved: Sequence[Ended],
    contact: str,
    today: date,
    office: str | None = None,
) -> Letter:
    """The letter that takes back, or reports as put right, what was told before of one report or the machinery."""
    wrong = any(refuted for _, _, refuted in resolved)
    first = resolved[0][0]
    if first.audience is Audience.OPERATORS:
        items = tuple(Item("info", "已恢复", incident.sentence, sentence) for incident, sentence, _ in resolved)
        return Letter(
            "【年报·运行】已恢复正常", "系统运维人员：", "此前通知的运行问题已经解除。", items, contact=contact
        )
    standing, name = _standing(session, first), report_name(session, first)
    items = tuple(
        Item("info", "更正" if end.was_wrong else "已解决", end.told, end.sentence, matter=end.matter)
        for end in ends_of(resolved)
    )
    items += tuple(changed_report(session, register, [incident for incident, _, _ in resolved]))
    lead = (
        f"此前就{name}发出的通知有需要更正之处，请以本邮件为准，原通知不再作为依据。"
        if wrong
        else f"此前就{name}通知的问题已经解决，{_left_to_do(resolved)}。"
    )
    facts = _facts(session, register, first, standing, _newest_of(session, first) or copy_for(session, first))
    subject = subject_of(session, register, Contents(ended=resolved, office=office), today)
    return Letter(subject, greeting(register, office or first.district), lead, items, (), facts, contact)


def _left_to_do(resolved: Sequence[Ended]) -> str:
    asked_for = any(incident.kind is IncidentKind.RECTIFICATION for incident, _, _ in resolved)
    return "要求的整改请复核" if asked_for else "无须再处理"


def to_operators(register: Register, incidents: Sequence[Incident], contact: str) -> Letter:
    """The letter to the operators about one kind of trouble of one portal, or of the machinery."""
    kind = incidents[0].kind
    words = register.wording
    tag = words.operators[kind.value]
    portal = incidents[0].detail.get("portal")
    where = f"{register.portal_name(portal)}：" if portal else ""
    items = [
        Item(
            incident.level if kind is not IncidentKind.UNASSIGNED else Severity.WARNING,
            tag,
            f"《{incident.detail['title']}》" if "title" in incident.detail else "",
            incident.sentence,
            link=incident.detail.get("address", ""),
        )
        for incident in incidents[:MOST_ITEMS]
    ]
    rest = len(incidents) - len(items)
    if rest > 0:
        items.append(Item("info", tag, f"另有{rest}条", "请用 nianbao status 查看全部。"))
    count = f"（{len(incidents)}条）" if len(incidents) > 1 else ""
    return Letter(
        f"【年报·运行】{where}{tag}{count}",
        "系统运维人员：",
        words.meaning[kind.value],
        tuple(items),
        (
            f"怎么看：{words.look[kind.value]}",
            f"怎么办：{words.remedy[kind.value]}",
            f"运行手册：{runbook_page(kind)}；全部状况：nianbao status",
        ),
        (Fact("发现时间", chinese_moment(min(incident.opened_at for incident in incidents))),),
        contact,
    )


def runbook_page(kind: IncidentKind) -> str:
    """The page of the runbook on a kind of incident."""
    return f"docs/runbook/{kind.value.replace('_', '-')}.md"


def incident_word(wording: Wording, kind: IncidentKind) -> str:
    """What a kind of incident is called, in letters, commands and at the desk."""
    if kind is IncidentKind.FINDING:
        return "报告内容"
    return TAGS.get(kind) or wording.operators[kind.value]


def _item(register: Register, matter: Sequence[Incident], standing: StandingThen | None) -> Item:
    incident = matter[0]
    basis = standing.basis if standing and incident.kind in (IncidentKind.MISSING, IncidentKind.LATE) else ""
    return Item(
        incident.level,
        TAGS[incident.kind],
        "",
        "；".join(one.sentence for one in matter),
        basis=basis,
        matter=incident.matter or "",
        desk=place_at_desk(incident, None),
    )


def findings_of(session: Session, incidents: Sequence[Incident]) -> list[FindingRow]:
    """The findings of which these incidents are, in their order."""
    keys = [one.detail["fingerprint"] for one in incidents if "fingerprint" in one.detail]
    rows = (session.get(FindingRow, key) for key in keys)
    return [row for row in rows if row is not None]


def _of_findings(
    register: Register,
    matter: Sequence[Incident],
    findings: Sequence[FindingRow],
    form: str | None,
    figures: dict[str, Any],
) -> Item:
    """What one correction would mend: each rule that is broken, each cell once."""
    gravest = findings[0]
    titles = dict.fromkeys(f"{register.rules.rules[one.rule].failed}（{one.rule}）" for one in findings)
    cells = {
        cell.key: LetterCell(cell.label, cell.found, cell.proposed)
        for one in findings
        for cell in cells_in_words(
            names_in(register, form), one.cells, one.expected, one.suggestion, figures, MOST_CELLS
        )
    }
    return Item(
        gravest.severity,
        register.wording.levels[gravest.severity],
        "，".join(titles),
        "；".join(dict.fromkeys(one.message + _on_page(one) for one in findings)),
        tuple(cells.values()),
        "；".join(dict.fromkeys(one.basis for one in findings)),
        matter=matter[0].matter or "",
        desk=place_at_desk(matter[0], gravest),
    )


def explained_lines(session: Session, register: Register, findings: Sequence[FindingRow]) -> tuple[Line, ...]:
    """What was explained in earlier years of the same: an office asks an agency once."""
    before = [row for row in (explained_before(session, one) for one in findings) if row is not None]
    lines = (Line(f"{row.year}年度同一处曾有说明", explanation_in_words(register, row)) for row in before)
    return tuple(dict.fromkeys(lines))


def explanation_in_words(register: Register, finding: FindingRow) -> str:
    """What a person said of a finding, when, and what it was taken for."""
    at = f"{chinese_day(day_of(finding.said_at))}，" if finding.said_at is not None else ""
    state = register.wording.findings[finding.state.value]
    return f"{at}{finding.said_by}：{finding.said_why}（当时登记为{state}）"


def _on_page(finding: FindingRow) -> str:
    page = finding.place.get("page")
    return f"（第{page}页）" if page else ""


def asked_for(register: Register, rule: str, level: str) -> str:
    """What is asked about a finding of a rule, a word of wording.expected: what only a person can tell is looked at."""
    return level if level == Severity.HUMAN else register.rules.rules[rule].asks


def _standing(session: Session, incident: Incident) -> StandingThen | None:
    if incident.agency is None or incident.year is None:
        return None
    found = standings_at(session, district=incident.district, years=[incident.year])
    return next((row for row in found if row.agency == incident.agency), None)


def copy_for(session: Session, incident: Incident) -> ArchivedCopy | None:
    """The copy of a report from which an incident about it was read; None where there is none."""
    if "fingerprint" in incident.detail:
        finding = session.get(FindingRow, incident.detail["fingerprint"])
        return copy_of(session, finding.version_id) if finding is not None else None
    return _newest_of(session, incident)


def _newest_of(session: Session, incident: Incident) -> ArchivedCopy | None:
    row = session.get(StandingRow, (incident.agency, incident.year))
    return newest_copy(session, row.article_id) if row is not None and row.article_id is not None else None


def _facts(
    session: Session,
    register: Register,
    incident: Incident,
    standing: StandingThen | None,
    copy: ArchivedCopy | None,
) -> tuple[Fact, ...]:
    facts = []
    if standing is not None:
        facts.append(Fact("机关", f"{standing.name}（{register.wording.kinds[standing.kind]}）"))
        telephone = telephone_of(session, register, incident)
        facts += [Fact("联系电话", telephone)] if telephone else []
        facts.append(Fact("公布期限", f"{chinese_day(standing.due)}（{standing.basis}）"))
        facts.append(Fact("公布状况", f"{register.wording.standings[standing.standing.value]}。{standing.sentence}"))
        if standing.standing in (Standing.LATE, Standing.DATE_DISPUTED):
            facts.append(Fact("日期证据", _evidence(register, standing.evidence)))
    if copy is not None:
        facts.append(Fact("原文", copy.article, copy.article))
        if copy.address != copy.article:
            facts.append(Fact("附件", copy.address, copy.address))
        words = f"{chinese_moment(copy.fetched_at)}取得，sha256 {copy.sha256}"
        facts.append(Fact("所核副本", words, page=f"/reports/{incident.agency}/{incident.year}"))
    facts += column_facts(session, register, incident)
    return tuple(facts)


def _evidence(register: Register, evidence: dict[str, Any]) -> str:
    """Every date that bears on when a report was published, with where it stands."""
    dates = [
        f"{register.wording.evidence[one['source']]}为{chinese_day(date.fromisoformat(one['day']))}"
        for one in evidence.get("witnesses", [])
    ]
    if evidence.get("last_look_without"):
        dates.append(f"{chinese_moment(datetime.fromisoformat(evidence['last_look_without']))}查看时还没有")
    dates.append(f"系统{chinese_moment(datetime.fromisoformat(evidence['first_seen']))}首次发现")
    return "；".join(dates)


def report_name(session: Session, incident: Incident) -> str:
    """What a letter calls the report that an incident is about."""
    standing = _standing(session, incident)
    name = standing.name if standing is not None else incident.agency
    return f"{name}{incident.year}年政府信息公开工作年度报告"


def greeting(register: Register, key: str | None) -> str:
    """How a letter addresses an office, by what notices know it by: its district, or its area."""
    office = register.offices.known_by(key)
    return f"{office.name}：" if office is not None else f"{key}政府信息公开工作主管部门："

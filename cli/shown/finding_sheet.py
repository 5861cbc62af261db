"""One finding as a sheet that a person reads: what is wrong, where, how it was confirmed, what would mend it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text
from sqlalchemy.orm import Session

from cli.shown.output import console, plain
from config.register import Register
from config.severity import Severity
from ledger.messages.findings import explained_before
from ledger.models import Agency, FindingRow
from ledger.reading.copies import copy_of, form_and_figures
from monitor.calendar import chinese_moment
from monitor.letters.alert import explanation_in_words
from report.findings.in_words import cells_in_words, names_in, place_in_words, suggestion_in_words

# A rule that names more cells says so in its sentence.
MOST_CELLS = 12


def print_finding(session: Session, register: Register, finding: FindingRow) -> None:
    """Prints a finding for people: Chinese first, its sentence in English below."""
    out = console()
    words = register.wording
    head = f"{words.levels[finding.severity]} · {words.findings[finding.state]} · {finding.rule}"
    out.print(Text(f"{head} {register.rules.rules[finding.rule].title}", style="bold"), soft_wrap=True)
    out.print(Text(plain(f"{finding.message}。")), soft_wrap=True)
    if finding.message_en:
        out.print(Text(plain(finding.message_en), style="dim"), soft_wrap=True)
    out.print()
    for name, value in _lines(session, register, finding):
        out.print(Text(f"{name}：", style="bold") + Text(plain(value)), soft_wrap=True)


def _lines(session: Session, register: Register, finding: FindingRow) -> Iterator[tuple[str, str]]:
    owner = session.get(Agency, finding.agency) if finding.agency is not None else None
    copy = copy_of(session, finding.version_id)
    form, figures = form_and_figures(session, copy.sha256) if copy is not None else (None, {})
    names = names_in(register, form)
    name = f"{owner.name}（{owner.district}）" if owner is not None else "未能归属"
    yield "机关和年度", f"{name}，{finding.year}年度" if finding.year is not None else name
    where = place_in_words(finding.place)
    if where:
        yield "位置", where
    # What nobody could read has cells too, but nothing to put beside them.
    if finding.severity != Severity.HUMAN:
        for cell in cells_in_words(names, finding.cells, finding.expected, finding.suggestion, figures, MOST_CELLS):
            yield cell.label, cell.found + (f"（似应为{cell.proposed}）" if cell.proposed else "")
    if finding.suggestion:
        yield "建议", suggestion_in_words(names, figures, finding.suggestion)
    if finding.confirmed_by:
        yield "核实", "；".join(register.wording.confirmations[way] for way in finding.confirmed_by)
    elif finding.severity == Severity.ERROR and finding.cells:
        yield "核实", "没有留下第二次核对的记录"
    yield "依据", finding.basis
    yield "发现", chinese_moment(finding.opened_at)
    if finding.resolved_at is not None:
        yield "解决", chinese_moment(finding.resolved_at)
    if finding.said_by:
        at = f"{chinese_moment(finding.said_at)}，" if finding.said_at is not None else ""
        yield "登记", f"{at}{finding.said_by}：{finding.said_why}"
    before = explained_before(session, finding)
    if before is not None:
        yield f"{before.year}年度", explanation_in_words(register, before)
    if copy is not None:
        yield "原文", copy.article
        if copy.address != copy.article:
            yield "附件", copy.address
        yield "所核副本", f"{chinese_moment(copy.fetched_at)}取得，sha256 {copy.sha256}"
    if finding.matter:
        yield "事项编号", finding.matter
    yield "编号", finding.fingerprint

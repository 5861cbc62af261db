"""What a probe found, in words: the portal, each of its columns, every entry that would be taken or dropped and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cli.shown.output import plain
from cli.shown.portal_words import state_word
from config.wording import Wording
from crawler.accounts.paging import PagingState
from crawler.families.family import ListEntry
from crawler.survey.probe import Probe, ProbedColumn
from crawler.visiting.entries import Judgement

NOTHING = "没有取到任何条目。"


def lines(probe: Probe, name: str, wording: Wording) -> Iterator[str]:
    """The lines that a person reads; what comes from the portal is made plain text.

    ``name`` is the portal's, ``wording`` has the words for its states.
    """
    yield f"门户“{plain(name)}”（{probe.portal}）：{state_word(probe.found, wording)}。{_found(probe)}"
    for column in probe.columns:
        yield f"栏目“{plain(column.name)}”（{column.column}）：{state_word(column.found, wording)}"
        yield from (f"  {line}" for line in _column(column, wording))


def _found(probe: Probe) -> str:
    taken = {entry.address: judged for column in probe.columns for entry, judged in column.taken}
    if not taken:
        return NOTHING
    years = Counter(judged.year for judged in taken.values())
    by_year = "、".join(f"{year or '年度不明'}{'年度' if year else ''} {years[year]} 篇" for year in _ordered(years))
    unknown = sum(judged.agency is None and not judged.needs_page for judged in taken.values())
    more = f"其中 {unknown} 篇认不出机关，请核对机关名录。" if unknown else ""
    return f"会取 {len(taken)} 篇年度报告（{by_year}）。{more}"


def _ordered(years: Counter[int | None]) -> list[int | None]:
    return sorted(years, key=lambda year: -(year or 0))


def _column(column: ProbedColumn, wording: Wording) -> Iterator[str]:
    yield from _reading(column, wording)
    entries = len(column.taken) + len(column.dropped)
    if column.sentence:
        yield plain(column.sentence)
    if not entries:
        yield NOTHING
        return
    read = "读到" if column.sentence else "共"
    yield f"{read} {entries} 条，会取 {len(column.taken)} 条，弃用 {len(column.dropped)} 条。"
    for entry, judged in column.taken:
        yield _taken(entry, judged)
    for entry, reason in column.dropped:
        yield f"弃  {plain(entry.title)}  因为：{plain(reason)}"


def _taken(entry: ListEntry, judged: Judgement) -> str:
    if judged.needs_page:
        return f"取  {plain(entry.title)}  → 列表上的标题不完整，打开文章后再认"
    known = f"{judged.agency or '未识别机关'}，{judged.year or '年度不明'}"
    return f"取  {plain(entry.title)}  → {known}{f'（{plain(judged.reason)}）' if judged.reason else ''}"


def _reading(column: ProbedColumn, wording: Wording) -> Iterator[str]:
    """By which family the column was read, how its lists ended, and what of its pages was accounted for."""
    found = column.family
    if found is None:
        return
    signs = f"（特征：{'、'.join(plain(sign) for sign in found.signs)}）" if found.signs else ""
    yield f"类型：{found.family}{signs}"
    for state in column.paging:
        yield _paging(state, wording)
    accounted = column.accounted
    yield (
        f"页面内容共 {accounted.pieces} 处：认出 {accounted.understood} 处，知道是别的内容 {accounted.named} 处，"
        f"未认出 {accounted.unaccounted} 处"
    )
    for piece in accounted.examples:
        where = f"  {plain(piece.address)}" if piece.address else ""
        yield f"未认出  {wording.pieces[piece.kind]}“{plain(piece.text)}”{where}"


def _paging(state: PagingState, wording: Wording) -> str:
    stated = [f"{state.stated_count} 条"] if state.stated_count is not None else []
    stated += [f"{state.stated_pages} 页"] if state.stated_pages is not None else []
    says = f"，列表写明共 {'、'.join(stated)}" if stated else ""
    seen = f"见到“{'”“'.join(plain(pager.text) for pager in state.seen[:3])}”，" if state.seen else ""
    left = f"：{'；'.join(plain(pager.text) for pager in state.unfollowed[:3])}" if state.unfollowed else ""
    return f"翻页：{seen}读了 {state.pages} 页 {state.read} 条{says}；{wording.paging_ends[state.end]}{left}"

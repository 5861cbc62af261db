"""X01: what could not be read, so that a person looks."""

from __future__ import annotations

from collections.abc import Iterator

from config.rules import RulesFile
from config.severity import Severity
from report.figure import UNREADABLE
from report.findings.catalogue import CATALOGUE, Broken, Held, Verdict, formless_rule
from report.findings.finding import Check, Finding, Outcome, RuleResult
from report.form import TABLE_NAMES, Form
from report.report import Gap, Report, Unread
from workers.rules.cells import place_of
from workers.rules.context import Context

# Why → what a person is told, in Chinese and English; ``what`` is a label of the form or a remark of the reader.
SENTENCES = {
    Unread.TABLE_MISSING: ("没有读到{what}，可能缺失、为图片或文档不完整", "Not found: {what}"),
    Unread.ROW_MISSING: ("没有读到{what}，文档可能不完整", "Not found: {what}"),
    Unread.CELLS_MISSING: ("格子不全，数字属于哪一列无法确定：{what}", "Cells are missing: {what}"),
    Unread.UNCERTAIN: ("读出的内容不能确定：{what}", "Read with doubt: {what}"),
    Unread.SECTION_MISSING: ("没有读到“{what}”，文档可能不完整", "Section not found: {what}"),
    Unread.GARBLED_TEXT: ("文字无法辨认：{what}", "Garbled text: {what}"),
    Unread.NO_TEXT: ("没有可读的文字，可能是扫描件或图片：{what}", "No text to read: {what}"),
    Unread.NOT_A_REPORT: ("不像是政府信息公开工作年度报告：{what}", "This does not look like an annual report: {what}"),
    Unread.UNACCOUNTED: ("有内容没有读懂，缺少与否不作判断：{what}", "Seen but not understood: {what}"),
    Unread.UNKNOWN_LABEL: (
        "表中有各版表式都没有的行或列，所在之处不作判断：{what}",
        "Rows or columns that no form has: {what}",
    ),
    Unread.DISAGREEING: ("两次核对读出的内容不一致：{what}", "A second look does not agree: {what}"),
    Unread.UNKNOWN_FORM: ("表式须核对：{what}", "The form is not certain: {what}"),
}


@formless_rule("X01", basis="未能读出的内容不作判断，须人工核对")
def x01(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Everything of the report could be read; what could not is for a person to look at."""
    for gaps in _alike(report, form):
        yield _gap(report, gaps)
    told = {key for gap in report.gaps for key in gap.cells}
    doubtful: dict[int, list[str]] = {}
    for key, figure in report.figures.items():
        if key not in told and (figure.state is UNREADABLE or not figure.certain):
            table = form.names[key].table if form is not None else 0
            doubtful.setdefault(table, []).append(key)
    for table, keys in doubtful.items():
        where = TABLE_NAMES.get(table, "表格")
        yield Broken(
            message=f"{where}有{len(keys)}格没有读出或不能确定，须人工核对",
            message_en=f"{len(keys)} cells could not be read with certainty; a person has to look.",
            cells=tuple(keys),
            place=place_of(report, keys),
        )
    if not report.gaps and not doubtful:
        yield Held()


def unread_check(kind: str, sentence: str, rules: RulesFile) -> Check:
    """The check of a document of which nothing could be read: X01 alone.

    ``kind`` and ``sentence`` are those of the ReadError. Without results where X01 is switched off.
    """
    entry, setting = CATALOGUE["X01"], rules.rules["X01"]
    if not setting.enabled:
        return Check()
    finding = Finding(
        rule=entry.code,
        severity=Severity(setting.severity),
        cells=(),
        expected=None,
        found=kind,
        message=sentence.rstrip("。"),
        message_en=f"The document could not be read ({kind}); a person has to look.",
        basis=entry.basis,
    )
    return Check({entry.code: RuleResult(entry.code, Outcome.FAIL, (finding,))})


def _alike(report: Report, form: Form | None) -> list[list[Gap]]:
    """The gaps of one kind in one table together: nine rows without a cell are one thing to look at."""
    groups: dict[tuple[Unread, int], list[Gap]] = {}
    for gap in report.gaps:
        table = form.names[gap.cells[0]].table if form is not None and gap.cells else 0
        groups.setdefault((gap.why, table), []).append(gap)
    return list(groups.values())


def _gap(report: Report, gaps: list[Gap]) -> Broken:
    why = gaps[0].why
    words, words_en = SENTENCES[why]
    names = "、".join(dict.fromkeys(gap.what for gap in gaps))
    cells = tuple(dict.fromkeys(key for gap in gaps for key in gap.cells))
    count = f"（{len(cells)}格）" if len(cells) > 1 else ""
    return Broken(
        message=f"{words.format(what=names)}{count}，须人工核对",
        message_en=f"{words_en.format(what=names)}; a person has to look.",
        cells=cells,
        found=why.value,
        place=place_of(report, cells),
    )

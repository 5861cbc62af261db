"""X01: what could not be read, so that a person looks."""

from __future__ import annotations

from collections.abc import Iterator

from report.figure import State
from report.form import Form
from report.report import Gap, Report, Unread
from workers.rules.catalogue import Broken, Held, Verdict, formless_rule
from workers.rules.cells import TABLES, place_of
from workers.rules.context import Context

# Why → what a person is told, in Chinese and English.
SENTENCES = {
    Unread.TABLE_MISSING: ("没有读到{what}，可能缺失、为图片或文档不完整", "Not found: {what}"),
    Unread.ROW_MISSING: ("没有读到{what}，文档可能不完整", "Not found: {what}"),
    Unread.CELLS_MISSING: ("{what}的格子不全，各数字属于哪一列无法确定", "Cells are missing: {what}"),
    Unread.UNCERTAIN: ("{what}读出的内容不能确定", "Read with doubt: {what}"),
    Unread.SECTION_MISSING: ("没有读到“{what}”，文档可能不完整", "Section not found: {what}"),
    Unread.GARBLED_TEXT: ("{what}的文字是乱码", "Garbled text: {what}"),
    Unread.NO_TEXT: ("{what}没有可读的文字，可能是扫描件或图片", "No text to read: {what}"),
    Unread.NOT_A_REPORT: ("{what}不像是政府信息公开工作年度报告", "This does not look like an annual report: {what}"),
    Unread.UNKNOWN_FORM: ("没有认出{what}使用的表式", "Form not recognised: {what}"),
}


@formless_rule("X01", basis="未能读出的内容不作判断，须人工核对")
def x01(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Everything of the report could be read; what could not is for a person to look at."""
    for gap in report.gaps:
        yield _gap(report, gap)
    told = {key for gap in report.gaps for key in gap.cells}
    doubtful: dict[int, list[str]] = {}
    for key, figure in report.figures.items():
        if key not in told and (figure.state is State.UNREADABLE or not figure.certain):
            table = form.names[key].table if form is not None else 0
            doubtful.setdefault(table, []).append(key)
    for table, keys in doubtful.items():
        where = TABLES.get(table, "表格")
        yield Broken(
            message=f"{where}有{len(keys)}格没有读出或不能确定，须人工核对",
            message_en=f"{len(keys)} cells could not be read with certainty; a person has to look.",
            cells=tuple(keys),
            place=place_of(report, keys),
        )
    if not report.gaps and not doubtful:
        yield Held()


def _gap(report: Report, gap: Gap) -> Broken:
    words, words_en = SENTENCES[gap.why]
    count = f"（{len(gap.cells)}格）" if len(gap.cells) > 1 else ""
    return Broken(
        message=f"{words.format(what=gap.what)}{count}，须人工核对",
        message_en=f"{words_en.format(what=gap.what)}; a person has to look.",
        cells=gap.cells,
        found=gap.why.value,
        place=place_of(report, gap.cells),
    )

"""D01 and D03: whose report this is, by its title and by its text."""

from __future__ import annotations

from collections.abc import Iterator

from report.agency_names import is_one_of, of_another_place, resemble
from report.findings.catalogue import Broken, Held, Undecided, Verdict, formless_rule
from report.form import Form
from report.numerals import fold_width, without_space
from report.report import Report
from report.text.other_bodies import other_bodies
from report.title_marks import bare_title
from report.titles import STANDARD, judge_title, left_behind
from workers.rules.context import Context

_NOT_LEFT = frozenset({"", "更新", "全文", "正文"})


@formless_rule(
    "D01",
    basis="《中华人民共和国政府信息公开条例》第四十九条；国办公开办函〔2021〕30号《政府信息公开工作年度报告格式》",
)
def d01(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """The title names the agency and the year in the standard wording, 政府信息公开工作年度报告.

    2023年 and 2023年度, before or behind the agency or in brackets at the end, are all right. Titles of the years
    before the unified form are not judged.
    """
    if report.title is None:
        yield Undecided("没有读到标题")
        return
    if context.predates_forms(report):
        return
    judgement = judge_title(report.title)
    title = without_space(fold_width(report.title))
    bare = bare_title(report.title)
    if any(words in title and words not in bare for words in (STANDARD, "信息公开")):
        # 某局2024年…年度报告>附件: what was taken for the way to the page, or a column, may be the title.
        yield Undecided(f"标题“{title}”带有网页的路径或栏目，看不出哪一段是报告的标题")
        return
    lacking = []
    if judgement.agency_text is None and not _named_beside(report, context):
        lacking.append("机关名称")
    if judgement.year is None:
        lacking.append("年度")
    if lacking:
        yield Broken(
            message=f"标题“{title}”没有写明{'和'.join(lacking)}",
            message_en=f"The title does not name the {' and '.join(_ENGLISH[what] for what in lacking)}.",
            expected="、".join(lacking),
            found=title,
        )
    behind = left_behind(report.title, STANDARD)
    if STANDARD not in title:
        yield Broken(
            message=f"标题“{title}”没有使用规范用语“{STANDARD}”",
            message_en="The title is not in the standard wording of the form.",
            expected=STANDARD,
            found=title,
        )
    elif behind not in _NOT_LEFT:
        yield Broken(
            message=f"标题“{title}”在“{STANDARD}”之后还有“{behind}”，疑为残留文字",
            message_en="Something is left over behind the title.",
            expected=title[: title.rindex(STANDARD) + len(STANDARD)],
            found=title,
        )
    elif not lacking:
        yield Held()


_ENGLISH = {"机关名称": "agency", "年度": "year"}


@formless_rule("D03", basis="《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息")
def d03(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """The text speaks of this agency: no other stands where it says whose report this is, who compiled it, or to whom
    the requests were addressed.

    Superiors, platforms, whoever was trained, whom the report goes to, and what was passed on from elsewhere may be
    named. That another body received requests is for a person to look at.
    """
    names = context.names(report)
    if not names:
        yield Undecided("没有认出报告的机关")
        return
    yield from _registered(report, context)
    found = other_bodies(report, names, context.is_government(report))
    for other in found:
        elsewhere = of_another_place(other.name, names)
        if not other.certain and not elsewhere:
            yield Undecided(f"正文写“{other.quote}”，看不出这是报告机关“{names[0]}”的别称、所属单位，还是其他机关")
            continue
        if not elsewhere and any(resemble(other.name, name) for name in names):
            yield Undecided(f"正文写“{other.quote}”，与报告机关“{names[0]}”名称相近，可能是更名或别称")
            continue
        yield Broken(
            message=f"报告机关为“{names[0]}”，正文却写“{other.quote}”，疑为其他机关报告的残留",
            message_en=f"The report is that of another agency ({names[0]}), yet its text takes {other.name} for it.",
            expected=names[0],
            found=other.name,
            quote=other.quote,
        )
    if not found:
        yield Held() if any(text.strip() for text in report.texts()) else Undecided("没有读到正文")


def _registered(report: Report, context: Context) -> Iterator[Verdict]:
    """Whether the agency that the report names is the one whose report it should be."""
    if report.agency is None or not context.agency_names or is_one_of(report.agency, context.agency_names):
        return
    right = context.agency_names[0]
    letters = without_space(report.agency)
    if any(letters.endswith(without_space(name)) for name in context.other_names if len(name) > 2):
        yield Broken(
            message=f"这里应是“{right}”的报告，报告写的机关却是“{report.agency}”",
            message_en=f"This should be the report of {right}, but it names {report.agency}.",
            expected=right,
            found=report.agency,
        )
    else:
        yield Undecided(f"报告写的机关是“{report.agency}”，登记的名称是“{right}”，可能是更名或别称")


def _named_beside(report: Report, context: Context) -> bool:
    """Whether the agency stands alone on a line under or above the title."""
    lines = {without_space(line) for line in report.opening.splitlines()[:4]}
    return any(without_space(name) in lines for name in context.names(report))
